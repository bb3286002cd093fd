// Copyright the camel-viamdata authors. SPDX-License-Identifier: Apache-2.0
package io.github.camelviamdata.upload;

import java.io.Closeable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** When the upload of a message last moved: written by the thread that reads and sends the body, read by a timer. */
public final class ReadProgress {

    private static final Logger LOG = LoggerFactory.getLogger(ReadProgress.class);

    private volatile long last = System.nanoTime();
    private volatile Closeable stream;

    /** Some bytes were read or sent just now. */
    public void moved() {
        last = System.nanoTime();
    }

    /** The time of the last {@link #moved()}, as {@link System#nanoTime()} gives it. */
    public long last() {
        return last;
    }

    /** The body is a stream, which a thread may be blocked in. */
    public void reading(Closeable stream) {
        this.stream = stream;
    }

    /** Closes the stream of the body, if it is one, to free a thread that is blocked in it. May block. Never throws. */
    public void abandon() {
        Closeable body = stream;
        if (body != null) {
            try {
                body.close();
            } catch (Throwable e) {
                LOG.debug("A body that stalled could not be closed", e);
            }
        }
    }
}
