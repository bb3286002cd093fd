// Copyright the camel-viamdata authors. SPDX-License-Identifier: Apache-2.0
package io.github.camelviamdata.upload;

import java.io.Closeable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** When the upload of a message last made progress: written by the thread that reads and sends the body, read by a timer. */
public final class ReadProgress {

    private static final Logger LOG = LoggerFactory.getLogger(ReadProgress.class);

    private volatile long last = System.nanoTime();
    private volatile Closeable stream;

    /** Notes that bytes were read or sent just now. */
    public void advance() {
        last = System.nanoTime();
    }

    /** The time of the last {@link #advance()}, as {@link System#nanoTime()} gives it. */
    public long last() {
        return last;
    }

    /** Sets the stream that the body is, in which a thread may block. */
    public void setStream(Closeable stream) {
        this.stream = stream;
    }

    /** Closes the stream of the body, if there is one, to unblock the thread that reads it. May block. Never throws. */
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
