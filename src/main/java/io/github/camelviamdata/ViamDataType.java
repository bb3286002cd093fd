// Copyright the camel-viamdata authors. SPDX-License-Identifier: Apache-2.0
package io.github.camelviamdata;

/** What kind of data a consumer reads. */
public enum ViamDataType {
    /** Pictures, point clouds, files and what else was uploaded as binary data. */
    binary,
    /** Readings of a sensor. */
    tabular
}
