// Copyright the camel-viamdata authors. SPDX-License-Identifier: Apache-2.0

/**
 * Uploads that are stored once: the key of an upload, the ledger that notes it, and the question to the service. It knows exchanges,
 * uploads and the client; only the component knows it. Nothing is null unless its Javadoc says so.
 */
package io.github.camelviamdata.once;
