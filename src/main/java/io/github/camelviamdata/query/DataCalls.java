// Copyright the camel-viamdata authors. SPDX-License-Identifier: Apache-2.0
package io.github.camelviamdata.query;

import io.github.camelviamdata.client.Calls;

/** The calls of an operation. */
@FunctionalInterface
interface DataCalls extends Calls<DataOutcome> {

    @Override
    default void discard(DataOutcome outcome) {
        outcome.discard();
    }
}
