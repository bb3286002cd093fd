// Copyright the camel-viamdata authors. SPDX-License-Identifier: Apache-2.0
package io.github.camelviamdata.client;

import io.grpc.Status;
import java.util.Locale;

/** What to do when the service refuses a dataset. Neither its codes nor its texts are documented. */
public final class DatasetAdvice {

    private DatasetAdvice() {}

    /** A sentence to be added where the text of the service names a sequence; else an empty text. */
    public static String of(Status status) {
        String text = status.getDescription();
        boolean refused = switch (status.getCode()) {
            case INVALID_ARGUMENT, NOT_FOUND, FAILED_PRECONDITION, OUT_OF_RANGE, ALREADY_EXISTS, UNIMPLEMENTED -> true;
            default -> false;
        };
        return refused && text != null && text.toLowerCase(Locale.ROOT).contains("sequence")
                ? ". A dataset of sequences accepts no single items: remove its ID from the option datasetIds and the"
                        + " header CamelViamDataDatasetIds, and mark a span of time by operation=sequence instead"
                : "";
    }
}
