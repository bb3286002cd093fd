// Copyright the camel-viamdata authors. SPDX-License-Identifier: Apache-2.0

/** Locks of files, and what several rooms need of folders. Knows no other room. Nothing is null unless its Javadoc says so. */
package io.github.camelviamdata.files;
