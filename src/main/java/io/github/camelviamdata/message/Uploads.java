// Copyright the camel-viamdata authors. SPDX-License-Identifier: Apache-2.0
package io.github.camelviamdata.message;

import io.github.camelviamdata.ViamDataRejectedException;

/** The uploads that one message makes, in their order. Mostly one; each is made when it is asked for. */
@FunctionalInterface
public interface Uploads extends AutoCloseable {

    /** One upload. */
    static Uploads of(Upload upload) {
        return new SingleUpload(upload);
    }

    /**
     * The next upload, or null after the last. May read from a disk.
     *
     * @throws ViamDataRejectedException if what comes next cannot be uploaded; there is nothing after it
     */
    Upload next();

    /** Whether it is known, without reading anything, that there is no other one. */
    default boolean isExhausted() {
        return false;
    }

    /** Lets go of what the uploads that are left would be made of. */
    @Override
    default void close() {}
}
