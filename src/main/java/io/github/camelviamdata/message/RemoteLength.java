// Copyright the camel-viamdata authors. SPDX-License-Identifier: Apache-2.0
package io.github.camelviamdata.message;

import io.github.camelviamdata.upload.Payload;
import io.github.camelviamdata.upload.PayloadReader;
import io.github.camelviamdata.upload.ReadProgress;
import java.io.IOException;
import java.io.InputStream;
import org.apache.camel.Exchange;
import org.apache.camel.WrappedFile;

/**
 * The length that a server listed for a file, as of FTP. A transfer that breaks off, or that converts line ends, makes another
 * one of it: by default {@code ftp:} does so.
 */
final class RemoteLength {

    private RemoteLength() {}

    /** The number of bytes of the file on its server, or {@link Payload#UNKNOWN_LENGTH}. */
    static long of(Exchange exchange, WrappedFile<?> file) {
        long length;
        try {
            length = file.getFileLength();
        } catch (NoSuchMethodError e) {
            // Camel's first versions have it in the header alone.
            Long header = exchange.getMessage().getHeader(Exchange.FILE_LENGTH, Long.class);
            length = header == null ? 0 : header;
        }
        // A server that lists no lengths, or a consumer that does not ask for a list, gives 0 or -1.
        return length > 0 ? length : Payload.UNKNOWN_LENGTH;
    }

    /**
     * @throws IllegalArgumentException if both lengths are known and differ
     */
    static void check(long length, long remoteLength) {
        if (length != Payload.UNKNOWN_LENGTH && remoteLength != Payload.UNKNOWN_LENGTH && length != remoteLength) {
            throw new IllegalArgumentException(notWhole(length + " bytes", remoteLength));
        }
    }

    /** A reader that fails where the stream ends before or after that length, if it is known. */
    static PayloadReader reader(InputStream stream, long remoteLength, ReadProgress progress) {
        return new StreamReader(stream, remoteLength, progress) {
            @Override
            IOException otherLength(long count) {
                return new IOException(notWhole(count > remoteLength ? "more bytes" : count + " bytes", remoteLength));
            }
        };
    }

    private static String notWhole(String found, long remoteLength) {
        return "The body is not whole: it has " + found + ", and the file has " + remoteLength
                + " on its server. The transfer broke off or changed it; set the option binary=true of ftp: and ftps:";
    }
}
