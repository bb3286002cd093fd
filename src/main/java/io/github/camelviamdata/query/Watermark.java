// Copyright the camel-viamdata authors. SPDX-License-Identifier: Apache-2.0
package io.github.camelviamdata.query;

import java.time.DateTimeException;
import java.time.Instant;
import org.apache.camel.spi.StateRepository;

/**
 * A time of capture that outlives the process.
 *
 * @param repository where it is kept, as ISO-8601 text. May block and throw
 * @param key under which it is kept
 */
record Watermark(StateRepository<String, String> repository, String key) {

    /**
     * @return null where there is none yet
     * @throws IllegalStateException if the repository has something else under the key
     */
    Instant load() {
        String text = repository.getState(key);
        try {
            return text == null ? null : Instant.parse(text);
        } catch (DateTimeException e) {
            throw new IllegalStateException(
                    "The repository of the option watermark has '" + text + "' under " + key
                            + "; it must be a time such as 2026-03-01T06:00:00Z. Correct it, or remove it to read from the"
                            + " beginning",
                    e);
        }
    }

    void save(Instant time) {
        repository.setState(key, time.toString());
    }
}
