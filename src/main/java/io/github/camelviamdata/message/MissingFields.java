// Copyright the camel-viamdata authors. SPDX-License-Identifier: Apache-2.0
package io.github.camelviamdata.message;

import java.util.List;
import java.util.stream.Stream;

/** Collects required fields that have no value, so that one error names them all. */
final class MissingFields {

    private List<String> options = List.of();
    private List<String> headers = List.of();

    void require(String option, String header, String value) {
        if (value == null || value.isBlank()) {
            options = append(options, option);
            headers = append(headers, header);
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

    private static List<String> append(List<String> list, String element) {
        return Stream.concat(list.stream(), Stream.of(element)).toList();
    }
}
