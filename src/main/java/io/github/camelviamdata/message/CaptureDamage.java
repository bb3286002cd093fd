// Copyright the camel-viamdata authors. SPDX-License-Identifier: Apache-2.0
package io.github.camelviamdata.message;

/** A capture file is damaged or cut off from this place on. */
final class CaptureDamage extends Exception {

    private static final long serialVersionUID = 1L;

    CaptureDamage(String what) {
        super(what, null, false, false);
    }
}
