// Copyright the camel-viamdata authors. SPDX-License-Identifier: Apache-2.0
package io.github.camelviamdata;

/** The body of the messages of a consumer. */
public enum ViamDataDownload {
    /** All of the data, before the route begins. */
    body,
    /** A stream from the service, which can be read once. */
    stream,
    /** None: only metadata is asked for. */
    none
}
