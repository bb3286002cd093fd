// Copyright the camel-viamdata authors. SPDX-License-Identifier: Apache-2.0

/**
 * Reading back: the requests of Viam's data service, lists in pages, bytes, and what a message says of an item. It knows the client;
 * only the component knows it. Nothing is null unless its Javadoc says so.
 */
package io.github.camelviamdata.query;
