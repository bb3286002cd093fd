// Copyright the camel-viamdata authors. SPDX-License-Identifier: Apache-2.0
package io.github.camelviamdata.client;

import io.github.camelviamdata.upload.ReadProgress;
import java.io.FilterInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.time.Duration;

/** A stream from the network in which no read takes longer than a limit. A pause between two reads is the reader's own. */
final class WatchedStream extends FilterInputStream {

    private final ReadProgress progress = new ReadProgress();
    private final ClientThreads threads;
    private final Duration limit;
    private final StallWatch watch;
    private volatile boolean reading;
    private volatile boolean stalled;

    WatchedStream(InputStream in, ClientThreads threads, Duration limit) {
        super(in);
        this.threads = threads;
        this.limit = limit;
        this.watch = new StallWatch(threads, progress, () -> limit, this::stalled);
        watch.start();
    }

    /** On the timer. */
    private void stalled() {
        if (reading) {
            stalled = true;
            threads.execute(this::closeQuietly);
        } else {
            watch.start();
        }
    }

    @Override
    public int read() throws IOException {
        byte[] one = new byte[1];
        return read(one, 0, 1) < 0 ? -1 : one[0] & 0xff;
    }

    @Override
    public int read(byte[] bytes, int offset, int length) throws IOException {
        progress.advance();
        reading = true;
        try {
            int count = in.read(bytes, offset, length);
            check();
            if (count < 0) {
                watch.stop();
            }
            return count;
        } catch (IOException e) {
            check();
            throw e;
        } finally {
            reading = false;
        }
    }

    /** Closing a stream ends it for a thread that waits in it, as if it were complete. */
    private void check() throws IOException {
        if (stalled) {
            throw new IOException("no byte came for " + limit.toMillis() + " ms (idleTimeout)");
        }
    }

    private void closeQuietly() {
        try {
            close();
        } catch (IOException e) {
            // The thread that reads learns of it.
        }
    }

    @Override
    public void close() throws IOException {
        watch.stop();
        super.close();
    }
}
