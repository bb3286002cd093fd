// Copyright the camel-viamdata authors. SPDX-License-Identifier: Apache-2.0
package io.github.camelviamdata.architecture.broken.server;

/** Breaks SECRETS: compares in a way that the rule does not know. */
public final class ApiKeys {

    boolean accepts(String key) {
        return key.hashCode() == 1;
    }
}
