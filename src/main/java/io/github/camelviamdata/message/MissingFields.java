// Copyright the camel-viamdata authors. SPDX-License-Identifier: Apache-2.0
package io.github.camelviamdata.message;

import java.util.ArrayList;
import java.util.List;

/** Collects required fields that have no value, so that one error names them all. */
final class MissingFields {

    private final List<String> options = new ArrayList<>();
    private final List<String> headers = new ArrayList<>();

    void require(String option, String header, String value) {
        if (value == null || value.isBlank()) {
            options.add(option);
            headers.add(header);
        }
    }

    /**
     * @throws IllegalArgumentException if a required field has no value
     */
    void check() {
        if (!options.isEmpty()) {
            throw new IllegalArgumentException("Missing: " + String.join(", ", options)
                    + ". Set the endpoint option of that name, or the header " + String.join(", ", headers));
        }
    }
}
