// Copyright the camel-viamdata authors. SPDX-License-Identifier: Apache-2.0
package io.github.camelviamdata;

/** What a message is uploaded as. */
public enum ViamDataOperation {
    /** One picture, point cloud, clip or other payload captured by a component. */
    binary,
    /** Readings of a sensor. */
    tabular,
    /** An arbitrary file. */
    file,
    /** A file in which a machine's own agent keeps what it has captured: each payload, or all readings, that it holds. */
    capture
}
