// Copyright the camel-viamdata authors. SPDX-License-Identifier: Apache-2.0
package io.github.camelviamdata.benchmark;

import java.util.function.Consumer;

/** A way to upload, to be compared with others. */
interface Peer extends AutoCloseable {

    /**
     * Begins an upload.
     *
     * @param body a {@code byte[]}, a list of readings, or a {@link java.nio.file.Path} to stream
     * @param streamed whether to send it as a stream rather than in one message
     * @param done told null, or why it failed
     */
    void upload(Object body, boolean streamed, Consumer<Throwable> done);

    /** Whether {@link #upload} returns only when all is over, so that each upload needs a thread. */
    default boolean isBlocking() {
        return false;
    }

    @Override
    void close();
}
