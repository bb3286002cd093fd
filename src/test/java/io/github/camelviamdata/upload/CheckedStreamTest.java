// Copyright the camel-viamdata authors. SPDX-License-Identifier: Apache-2.0
package io.github.camelviamdata.upload;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.ByteArrayInputStream;
import java.io.EOFException;
import java.io.FilterInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.InterruptedIOException;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Streams that are longer or shorter than expected, and such as bend the contract of {@link InputStream#read}. */
class CheckedStreamTest {

    private static final byte[] BYTES = {1, 2, 3, 4, 5};

    private static CheckedStream whole(InputStream stream, long length) {
        return new CheckedStream(stream, length, true, null);
    }

    @ParameterizedTest
    @ValueSource(longs = {5, Payload.UNKNOWN_LENGTH})
    void givesAllBytesOfTheExpectedLength(long length) throws IOException {
        assertThat(whole(new ByteArrayInputStream(BYTES), length).readAllBytes())
                .isEqualTo(BYTES);
        CheckedStream single = whole(new ByteArrayInputStream(BYTES), length);
        for (byte expected : BYTES) {
            assertThat(single.read()).isEqualTo(expected);
        }
        assertThat(single.read()).isEqualTo(-1);
        assertThat(single.read()).isEqualTo(-1);
    }

    @Test
    void aByteAbove127IsNotTheEnd() throws IOException {
        assertThat(whole(new ByteArrayInputStream(new byte[] {-1}), 1).read()).isEqualTo(255);
    }

    @Test
    void failsAtTheEndOfAStreamThatIsTooShort() throws IOException {
        CheckedStream stream = whole(new ByteArrayInputStream(BYTES), 6);

        assertThat(stream.readNBytes(5)).isEqualTo(BYTES);
        for (int i = 0; i < 2; i++) {
            assertThatThrownBy(stream::read)
                    .isInstanceOf(EOFException.class)
                    .hasMessage("the end came after 5 of 6 bytes");
        }
    }

    @Test
    void failsAtEachReadBehindTheLength() throws IOException {
        CheckedStream stream = whole(new ByteArrayInputStream(BYTES), 4);

        assertThat(stream.readNBytes(4)).containsExactly(1, 2, 3, 4);
        for (int i = 0; i < 2; i++) {
            assertThatThrownBy(stream::read)
                    .isInstanceOf(IOException.class)
                    .hasMessage("there are more than the 4 bytes that there were at first");
        }
    }

    @Test
    void readsOneByteBehindTheLengthAtMost() throws IOException {
        InputStream bytes = new ByteArrayInputStream(BYTES);

        assertThatThrownBy(() -> whole(bytes, 2).read(new byte[5])).isInstanceOf(IOException.class);

        assertThat(bytes.available()).isEqualTo(2);
    }

    @Test
    void aPartEndsAtItsLengthAndLeavesTheRest() throws IOException {
        InputStream bytes = new ByteArrayInputStream(BYTES);
        CheckedStream part = new CheckedStream(bytes, 3, false, null);

        assertThat(part.available()).isEqualTo(3);
        assertThat(part.readAllBytes()).containsExactly(1, 2, 3);
        assertThat(part.read()).isEqualTo(-1);
        assertThat(bytes.readAllBytes()).containsExactly(4, 5);
        assertThatThrownBy(() -> new CheckedStream(new ByteArrayInputStream(BYTES), 6, false, null).readAllBytes())
                .isInstanceOf(EOFException.class);
    }

    @Test
    void skippedBytesCount() throws IOException {
        CheckedStream stream = whole(new ByteArrayInputStream(BYTES), 6);

        stream.skipNBytes(4);

        assertThat(stream.read()).isEqualTo(5);
        assertThatThrownBy(stream::read).isInstanceOf(EOFException.class);
    }

    /** Some streams say that they have ended when they are asked for no byte. */
    @Test
    void asksForNoByteOnlyItself() throws IOException {
        CheckedStream stream = whole(
                new FilterInputStream(new ByteArrayInputStream(BYTES)) {
                    @Override
                    public int read(byte[] target, int offset, int max) throws IOException {
                        return max == 0 ? -1 : super.read(target, offset, max);
                    }
                },
                5);

        assertThat(stream.read(new byte[0])).isZero();
        assertThat(stream.readNBytes(1)).containsExactly(1);
        assertThat(stream.readAllBytes()).hasSize(4);
    }

    @Test
    void waitsForAByteOfAStreamThatReturnsNone() throws IOException {
        ReadProgress progress = new ReadProgress();
        long before = progress.last();
        CheckedStream stream = new CheckedStream(new Hesitant(3), 5, true, progress);

        assertThat(stream.read(new byte[2])).isEqualTo(2);

        assertThat(progress.last()).isGreaterThan(before);
    }

    @Test
    void anInterruptEndsAReadOfAStreamThatReturnsNone() {
        ReadProgress progress = new ReadProgress();
        long before = progress.last();
        CheckedStream stream = new CheckedStream(new Hesitant(Integer.MAX_VALUE), 5, true, progress);
        Thread.currentThread().interrupt();
        try {
            assertThatThrownBy(() -> stream.read(new byte[2])).isInstanceOf(InterruptedIOException.class);
        } finally {
            assertThat(Thread.interrupted()).isTrue();
        }
        assertThat(progress.last()).isEqualTo(before);
    }

    @Test
    void closesTheStream() throws IOException {
        boolean[] closed = new boolean[1];
        whole(
                        new ByteArrayInputStream(BYTES) {
                            @Override
                            public void close() {
                                closed[0] = true;
                            }
                        },
                        5)
                .close();

        assertThat(closed[0]).isTrue();
    }

    /** Returns 0 bytes some times before each read that returns any. */
    private static final class Hesitant extends FilterInputStream {

        private final int times;
        private int hesitated;

        Hesitant(int times) {
            super(new ByteArrayInputStream(BYTES));
            this.times = times;
        }

        @Override
        public int read(byte[] target, int offset, int max) throws IOException {
            if (hesitated++ < times) {
                return 0;
            }
            hesitated = 0;
            return super.read(target, offset, max);
        }
    }
}
