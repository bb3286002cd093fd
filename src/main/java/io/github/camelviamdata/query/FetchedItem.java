// Copyright the camel-viamdata authors. SPDX-License-Identifier: Apache-2.0
package io.github.camelviamdata.query;

import io.github.camelviamdata.message.SpoolFiles;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Path;
import org.apache.camel.Exchange;
import org.apache.camel.converter.stream.FileInputStreamCache;
import org.apache.camel.support.SynchronizationAdapter;
import org.apache.camel.util.IOHelper;

/**
 * An item with its bytes.
 *
 * @param bytes an array; the path of a file; a stream; or null for none
 */
record FetchedItem(Item item, Object bytes) {

    /** The message body. What it reads from exists for as long as the exchange. */
    Object body(Exchange exchange) throws IOException {
        if (bytes instanceof Path file) {
            // A copy belongs to the exchange, which deletes the file at its end.
            return new FileInputStreamCache(file.toFile()).copy(exchange);
        } else if (bytes instanceof InputStream stream) {
            exchange.getExchangeExtension().addOnCompletion(new SynchronizationAdapter() {
                @Override
                public void onDone(Exchange done) {
                    IOHelper.close(stream);
                }
            });
        }
        return bytes;
    }

    /** How many bytes were downloaded, as far as that is known before a stream is read. */
    long length() {
        return bytes instanceof byte[] array ? array.length : bytes == null ? 0 : item.size();
    }

    /** Releases what no exchange has got. */
    void discard() {
        if (bytes instanceof Path file) {
            SpoolFiles.delete(file);
        } else if (bytes instanceof InputStream stream) {
            IOHelper.close(stream);
        }
    }
}
