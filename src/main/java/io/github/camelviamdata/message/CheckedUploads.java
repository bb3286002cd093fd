// Copyright the camel-viamdata authors. SPDX-License-Identifier: Apache-2.0
package io.github.camelviamdata.message;

import io.github.camelviamdata.ViamDataException;
import io.github.camelviamdata.ViamDataRejectedException;
import io.grpc.Status;

/** Uploads that are made one by one, so that any of them may be found to be bad. */
final class CheckedUploads implements Uploads {

    private final Uploads uploads;
    private final String partId;
    private boolean begun;

    CheckedUploads(Uploads uploads, String partId) {
        this.uploads = uploads;
        this.partId = partId;
    }

    @Override
    public Upload next() {
        try {
            Upload next = uploads.next();
            begun = true;
            return next;
        } catch (RuntimeException | StackOverflowError e) {
            throw rejected(begun ? "The rest was not uploaded. " : "Nothing was uploaded. ", e, partId);
        }
    }

    @Override
    public boolean isExhausted() {
        return uploads.isExhausted();
    }

    @Override
    public void close() {
        uploads.close();
    }

    /** What tells the route that a message, or the rest of it, cannot be uploaded as it is. */
    static ViamDataRejectedException rejected(String consequence, Throwable e, String partId) {
        // Others come of the code of a value: of its conversion, or of a collection that changes meanwhile.
        boolean explained = e instanceof IllegalArgumentException;
        String reason = explained
                ? e.getMessage()
                : "The body or a header cannot be read: " + e.getClass().getName();
        return new ViamDataRejectedException(
                consequence + reason,
                explained ? e.getCause() : e,
                ViamDataException.Progress.none(Status.Code.INVALID_ARGUMENT, partId));
    }
}
