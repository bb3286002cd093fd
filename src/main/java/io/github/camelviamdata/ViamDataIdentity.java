// Copyright the camel-viamdata authors. SPDX-License-Identifier: Apache-2.0
package io.github.camelviamdata;

/** What the service is asked by whether it has an upload. */
public enum ViamDataIdentity {
    /** A tag of its own, which each upload gets. */
    tag,
    /** Its part, component, method and the time when it was requested. */
    time
}
