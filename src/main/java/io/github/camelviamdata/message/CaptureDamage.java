// Copyright the camel-viamdata authors. SPDX-License-Identifier: Apache-2.0
package io.github.camelviamdata.message;

/** The place from which on a capture file is damaged or cut off. */
final class CaptureDamage extends Exception {

    private static final long serialVersionUID = 1L;

    CaptureDamage(String what) {
        super(what, null, false, false);
    }
}
