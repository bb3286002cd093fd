// Copyright the camel-viamdata authors. SPDX-License-Identifier: Apache-2.0
package io.github.camelviamdata.message;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.github.camelviamdata.upload.Payload;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import org.apache.camel.CamelContext;
import org.apache.camel.Exchange;
import org.apache.camel.StreamCache;
import org.apache.camel.component.file.GenericFile;
import org.apache.camel.converter.stream.InputStreamCache;
import org.apache.camel.converter.stream.ReaderCache;
import org.apache.camel.impl.DefaultCamelContext;
import org.apache.camel.support.DefaultExchange;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Payloads of bodies that are streams: how often they can be read, and whether they are whole. */
class PayloadsTest {

    private static final byte[] BYTES = {1, 2, 3, 4, 5};

    private final CamelContext context = new DefaultCamelContext();

    private Payload payload(Object body) {
        Exchange exchange = new DefaultExchange(context);
        exchange.getMessage().setBody(body);
        return Payloads.of(exchange, null);
    }

    @Test
    void aCacheIsResetAfterEachRead() throws IOException {
        InputStreamCache cache = new InputStreamCache(BYTES);
        Payload payload = payload(cache);

        assertThat(payload.head(2).toByteArray()).containsExactly(1, 2);
        try (InputStream stream = payload.open()) {
            assertThat(stream.readAllBytes()).isEqualTo(BYTES);
        }

        assertThat(cache.readAllBytes()).isEqualTo(BYTES);
    }

    @Test
    void whatIsClosedAgainDoesNotDisturbTheNextReader() throws IOException {
        Payload payload = payload(new InputStreamCache(BYTES));
        InputStream first = payload.open();
        first.close();
        InputStream second = payload.open();
        assertThat(second.read()).isEqualTo(1);

        first.close();

        assertThat(second.readAllBytes()).containsExactly(2, 3, 4, 5);
        assertThatThrownBy(payload::open).hasMessage("an earlier read of the body has not ended");
    }

    @Test
    void aReadThatFailsLetsTheNextOneBegin() throws IOException {
        Payload payload = payload(new BrokenOnce());
        assertThatThrownBy(() -> payload.head(2)).hasMessage("broken");

        assertThat(payload.head(2).toByteArray()).containsExactly(1, 2);
    }

    @Test
    void aStreamIsReadOnceFromItsFirstByte() throws IOException {
        InputStream body = new ByteArrayInputStream(BYTES);
        Payload payload = payload(body);

        assertThat(payload.head(2).toByteArray()).containsExactly(1, 2);
        assertThat(payload.head(3).toByteArray()).containsExactly(1, 2, 3);
        assertThat(payload.open().readAllBytes()).isEqualTo(BYTES);
        assertThatThrownBy(() -> payload(body).open()).hasMessageContaining("has been read by an earlier step");
    }

    /** Of a character that takes two {@code char}s, one at the end of a piece and one at the begin of the next. */
    @ParameterizedTest
    @ValueSource(strings = {"UTF-8", "UTF-16", "ISO-2022-JP"})
    void textIsEncodedWholeAndMoreThanOnce(String charset) throws IOException {
        String text =
                "x".repeat(8191) + (charset.equals("ISO-2022-JP") ? "\u65e5\u672c" : "\ud83d\ude00") + "y".repeat(9000);
        Exchange exchange = new DefaultExchange(context);
        exchange.setProperty(Exchange.CHARSET_NAME, charset);
        exchange.getMessage().setBody(new ReaderCache(text));
        Payload payload = Payloads.of(exchange, null);

        for (int i = 0; i < 2; i++) {
            try (InputStream stream = payload.open()) {
                assertThat(stream.readAllBytes()).isEqualTo(text.getBytes(charset));
            }
        }
    }

    @ParameterizedTest
    @CsvSource({"4, more bytes, 0", "6, 5 bytes, 0", "4, more bytes, 2", "6, 5 bytes, 2"})
    void aFileOfAServerHasToBeWhole(long length, String found, int head) throws IOException {
        GenericFile<String> file = new GenericFile<>();
        file.setFile("gate.jpg");
        file.setFileLength(length);
        file.setBody(new ByteArrayInputStream(BYTES));
        Payload payload = payload(file);
        if (head > 0) {
            assertThat(payload.head(head).toByteArray()).isEqualTo(Arrays.copyOf(BYTES, head));
        }

        assertThatThrownBy(() -> payload.open().readAllBytes())
                .isInstanceOf(IOException.class)
                .hasMessageStartingWith("The body is not whole: it has " + found + ", and the file has " + length);
    }

    @Test
    void aFileOfAServerThatIsWholeIsRead() throws IOException {
        GenericFile<String> file = new GenericFile<>();
        file.setFile("gate.jpg");
        file.setFileLength(BYTES.length);
        file.setBody(new ByteArrayInputStream(BYTES));

        assertThat(payload(file).open().readAllBytes()).isEqualTo(BYTES);
        assertThat(payload("text").head(10).toString(StandardCharsets.UTF_8)).isEqualTo("text");
    }

    /** Its first read fails. */
    private static final class BrokenOnce extends ByteArrayInputStream implements StreamCache {

        private boolean broken = true;

        BrokenOnce() {
            super(BYTES);
        }

        @Override
        public synchronized int read(byte[] target, int offset, int max) {
            if (broken) {
                broken = false;
                throw new IllegalStateException("broken");
            }
            return super.read(target, offset, max);
        }

        @Override
        public void writeTo(OutputStream out) throws IOException {
            out.write(BYTES);
        }

        @Override
        public StreamCache copy(Exchange exchange) {
            throw new UnsupportedOperationException();
        }

        @Override
        public boolean inMemory() {
            return true;
        }

        @Override
        public long length() {
            return BYTES.length;
        }

        @Override
        public long position() {
            return pos;
        }
    }
}
