// Copyright the camel-viamdata authors. SPDX-License-Identifier: Apache-2.0
package io.github.camelviamdata;

/** How the service is asked whether it has an upload. */
public enum ViamDataIdentity {
    /** By a tag, which each upload gets. */
    tag,
    /** By part, component, method and the time requested. */
    time
}
