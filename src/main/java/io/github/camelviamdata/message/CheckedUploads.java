// Copyright the camel-viamdata authors. SPDX-License-Identifier: Apache-2.0
package io.github.camelviamdata.message;

import io.github.camelviamdata.ViamDataException;
import io.github.camelviamdata.ViamDataOperation;
import io.github.camelviamdata.ViamDataRejectedException;
import io.github.camelviamdata.upload.ReadProgress;
import io.github.camelviamdata.upload.Upload;
import io.github.camelviamdata.upload.Uploads;
import io.grpc.Status;
import java.io.UncheckedIOException;
import java.util.Map;
import java.util.function.Supplier;

/** Makes its uploads when the first one is requested, and turns what that throws into a {@link ViamDataRejectedException}. */
final class CheckedUploads implements Uploads {

    private final Supplier<Uploads> source;
    private final ViamDataOperation operation;
    private final String partId;
    private final ReadProgress progress;
    private volatile Uploads uploads;
    private boolean started;

    /**
     * @param source makes the uploads, and may read the body for that
     * @param progress where reads of the body are noted; null if it is in memory
     */
    CheckedUploads(Supplier<Uploads> source, ViamDataOperation operation, String partId, ReadProgress progress) {
        this.source = source;
        this.operation = operation;
        this.partId = partId;
        this.progress = progress;
    }

    @Override
    public Upload next() {
        try {
            if (uploads == null) {
                uploads = source.get();
            }
            Upload next = uploads.next();
            started = true;
            return next;
        } catch (UncheckedIOException e) {
            // Not a rejection: another read may succeed.
            throw e;
        } catch (RuntimeException | StackOverflowError e) {
            throw rejected(started ? "The rest was not uploaded. " : "Nothing was uploaded. ", e, partId);
        }
    }

    @Override
    public boolean isExhausted() {
        return uploads != null && uploads.isExhausted();
    }

    @Override
    public ViamDataOperation operation() {
        return operation;
    }

    @Override
    public String partId() {
        return partId;
    }

    @Override
    public ReadProgress progress() {
        return progress;
    }

    @Override
    public Map<String, Object> headers() {
        return uploads == null ? Map.of() : uploads.headers();
    }

    @Override
    public void close() {
        if (uploads != null) {
            uploads.close();
        }
    }

    /** The exception for a message that cannot be uploaded as it is, or whose rest cannot. */
    static ViamDataRejectedException rejected(String consequence, Throwable e, String partId) {
        // Foreign code throws others: a converter, or a collection that is changed meanwhile.
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
