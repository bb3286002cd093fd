// Copyright the camel-viamdata authors. SPDX-License-Identifier: Apache-2.0
package io.github.camelviamdata.faults;

import io.github.camelviamdata.ViamDataConstants;
import java.io.InputStream;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.HexFormat;
import java.util.zip.CRC32C;
import org.apache.camel.Exchange;
import org.apache.camel.builder.RouteBuilder;
import org.apache.camel.main.Main;
import org.apache.camel.support.processor.idempotent.FileIdempotentRepository;
import org.apache.camel.support.processor.state.FileStateRepository;

/**
 * A program that reads until it is ended, and notes the ID, the length and the checksum of each item in a file. Its arguments are the
 * URI to read, a folder for what it keeps, and the file.
 */
public final class ReadProgram {

    /** How many exchanges it has in flight at the most. */
    static final int THREADS = 8;

    private ReadProgram() {}

    public static void main(String[] arguments) throws Exception {
        Path folder = Path.of(arguments[1]);
        FileChannel notes = FileChannel.open(
                Path.of(arguments[2]), StandardOpenOption.CREATE, StandardOpenOption.APPEND, StandardOpenOption.WRITE);
        Main main = new Main();
        main.bind(
                "watermark",
                FileStateRepository.fileStateRepository(
                        folder.resolve("watermark").toFile()));
        main.bind(
                "known",
                FileIdempotentRepository.fileIdempotentRepository(
                        folder.resolve("known").toFile(), 100_000, 100_000_000));
        main.configure().addRoutesBuilder(new RouteBuilder() {
            @Override
            public void configure() {
                // The thread that polls takes part when the others are busy.
                from(arguments[0])
                        .threads(THREADS - 1, THREADS - 1)
                        .maxQueueSize(0)
                        .process(exchange -> notes.write(ByteBuffer.wrap(note(exchange))));
            }
        });
        main.run();
    }

    private static byte[] note(Exchange exchange) throws Exception {
        CRC32C checksum = new CRC32C();
        long length = 0;
        try (InputStream body = exchange.getMessage().getBody(InputStream.class)) {
            byte[] buffer = new byte[65_536];
            for (int count = body.read(buffer); count > 0; count = body.read(buffer)) {
                checksum.update(buffer, 0, count);
                length += count;
            }
        }
        return (exchange.getMessage().getHeader(ViamDataConstants.BINARY_DATA_ID) + " " + length + " "
                        + HexFormat.of().toHexDigits((int) checksum.getValue()) + "\n")
                .getBytes(StandardCharsets.UTF_8);
    }
}
