// Copyright the camel-viamdata authors. SPDX-License-Identifier: Apache-2.0
package io.github.camelviamdata.upload;

import io.github.camelviamdata.ViamDataOperation;
import io.github.camelviamdata.ViamDataRejectedException;
import java.io.UncheckedIOException;
import java.util.Map;

/**
 * The uploads of one message, in their order; usually one. {@link #next()} makes each of them when it is called. Only one thread
 * at a time may call {@link #next()}; the methods that read nothing may be called by any.
 */
public interface Uploads extends AutoCloseable {

    /**
     * One upload, which is made without reading the body. Only an attempt closes a body that can be read once.
     *
     * @param progress where reads of the body are noted; null where it is in memory
     */
    static Uploads of(Upload upload, ReadProgress progress) {
        return new Uploads() {

            private Upload next = upload;

            @Override
            public Upload next() {
                Upload only = next;
                next = null;
                return only;
            }

            @Override
            public boolean isExhausted() {
                return next == null;
            }

            @Override
            public ViamDataOperation operation() {
                return upload.operation();
            }

            @Override
            public String partId() {
                return upload.metadata().getPartId();
            }

            @Override
            public ReadProgress progress() {
                return progress;
            }

            @Override
            public boolean mayBlock() {
                return false;
            }
        };
    }

    /**
     * The next upload, or null after the last.
     *
     * @throws ViamDataRejectedException if what comes next cannot be uploaded; there is nothing after it
     * @throws UncheckedIOException if the body cannot be read
     */
    Upload next();

    /** Whether it is already known, without reading the body, that {@link #next()} has no further upload. */
    default boolean isExhausted() {
        return false;
    }

    /** The operation; for a capture file, the one until its type is read. */
    ViamDataOperation operation();

    /** The machine part the data is meant for, or null where none is known. */
    String partId();

    /** Where reads of the body are noted; null where the body is in memory, so that no read can block. */
    default ReadProgress progress() {
        return null;
    }

    /** Whether {@link #next()} may read the body, and so block. */
    default boolean mayBlock() {
        return progress() != null;
    }

    /** Headers for the message, with what was found in its body. Complete when the uploads have ended. */
    default Map<String, Object> headers() {
        return Map.of();
    }

    /** Releases the body. Called once, after the last upload, however it ended. */
    @Override
    default void close() {}
}
