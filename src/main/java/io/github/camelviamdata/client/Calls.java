// Copyright the camel-viamdata authors. SPDX-License-Identifier: Apache-2.0
package io.github.camelviamdata.client;

import java.util.concurrent.CompletionStage;
import java.util.function.BooleanSupplier;

/**
 * Calls that belong to one message.
 *
 * @param <T> what they lead to
 */
public interface Calls<T> {
    /**
     * Begins the first call. What it throws is the failure of all.
     *
     * @param ended whether the message has ended meanwhile, so that no further call is to begin
     */
    CompletionStage<T> begin(BooleanSupplier ended);

    /** Releases a result that came after the message had ended. */
    default void discard(T result) {}
}
