// Copyright the camel-viamdata authors. SPDX-License-Identifier: Apache-2.0
package io.github.camelviamdata;

/** The unit of times that are given as numbers since 1970-01-01T00:00:00Z. */
public enum ViamDataTimeUnit {
    /** Seconds, with a fraction of up to nine digits; further ones are cut off. */
    seconds(9),
    /** Milliseconds. */
    milliseconds(6),
    /** Microseconds. */
    microseconds(3),
    /** Nanoseconds. */
    nanoseconds(0);

    private final int nanoDigits;

    ViamDataTimeUnit(int nanoDigits) {
        this.nanoDigits = nanoDigits;
    }

    /** The power of ten of one such unit in nanoseconds: 6 for milliseconds. */
    public int nanoDigits() {
        return nanoDigits;
    }
}
