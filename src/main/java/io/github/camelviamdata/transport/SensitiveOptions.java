// Copyright the camel-viamdata authors. SPDX-License-Identifier: Apache-2.0
package io.github.camelviamdata.transport;

import java.util.Arrays;
import java.util.LinkedHashSet;
import java.util.Set;
import org.apache.camel.CamelContext;
import org.apache.camel.ExtendedCamelContext;

/** Tells Camel which options not to show. */
public final class SensitiveOptions {

    private SensitiveOptions() {}

    /**
     * Masks options whose names only contain one of Camel's own keywords. That is enough for URIs, but in its summary of
     * properties Camel masks no option but the very keywords.
     *
     * @param names names of options, in lower case
     */
    public static void mask(CamelContext context, String... names) {
        ExtendedCamelContext extension = context.getCamelContextExtension();
        String present = extension.getAdditionalSensitiveKeywords();
        Set<String> keywords = new LinkedHashSet<>();
        if (present != null) {
            keywords.addAll(Arrays.asList(present.split(",")));
        }
        if (keywords.addAll(Arrays.asList(names))) {
            extension.setAdditionalSensitiveKeywords(String.join(",", keywords));
        }
    }
}
