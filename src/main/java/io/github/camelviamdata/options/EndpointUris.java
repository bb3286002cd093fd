// Copyright the camel-viamdata authors. SPDX-License-Identifier: Apache-2.0
package io.github.camelviamdata.options;

import java.util.regex.Pattern;

/** The spelling of options in endpoint URIs. */
public final class EndpointUris {

    private static final Pattern DASHED_KEY = Pattern.compile("([?&])api-key(-id)?=", Pattern.CASE_INSENSITIVE);

    private EndpointUris() {}

    /**
     * The URI with {@code apiKey} for {@code api-key}. Camel accepts both for the option, but masks only the first one when it prints
     * the URI.
     */
    public static String maskable(String uri) {
        return DASHED_KEY
                .matcher(uri)
                .replaceAll(match -> match.group(1) + (match.group(2) == null ? "apiKey=" : "apiKeyId="));
    }
}
