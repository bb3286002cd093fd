// Copyright the camel-viamdata authors. SPDX-License-Identifier: Apache-2.0
package io.github.camelviamdata.query;

import io.github.camelviamdata.ViamDataDownload;
import io.github.camelviamdata.client.BytesReader;
import io.github.camelviamdata.message.SpoolFiles;
import io.github.camelviamdata.proto.data.v1.BinaryData;
import io.github.camelviamdata.upload.CheckedStream;
import io.github.camelviamdata.upload.Payload;
import io.grpc.Status;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;

/**
 * Gets the bytes of items: small ones with their metadata in one call, large ones from the item's URI into a file. Asks for each
 * item again, and leaves it out if another process has done it meanwhile.
 */
final class ItemBytes {

    /** Largest item in bytes that travels in a message. */
    static final int MOST_INLINE = 1_000_000;

    private final DataReader reader;
    private final ReadSettings settings;
    private final Path directory;

    /** @param directory where large items are kept */
    ItemBytes(DataReader reader, ReadSettings settings, Path directory) {
        this.reader = reader;
        this.settings = settings;
        this.directory = directory;
    }

    /** Completes with null if the item no longer exists, or is no longer in the dataset that is read. */
    CompletionStage<FetchedItem> fetch(Item item) {
        boolean inline = settings.download() != ViamDataDownload.none && item.size() <= MOST_INLINE;
        if (settings.download() == ViamDataDownload.none && !settings.isQueue()) {
            return CompletableFuture.completedFuture(new FetchedItem(item, null));
        }
        return reader.byIds(List.of(item.id()), inline)
                .handle((found, error) -> {
                    if (error == null) {
                        return found.isEmpty() ? gone() : found(item, found.get(0), inline);
                    }
                    // What the list says of the item is enough to fetch it from elsewhere.
                    return inline && isToBeFetched(error)
                            ? fromUri(item)
                            : CompletableFuture.<FetchedItem>failedFuture(ReadFailures.cause(error));
                })
                .thenCompose(next -> next);
    }

    private static CompletionStage<FetchedItem> gone() {
        return CompletableFuture.completedFuture(null);
    }

    private CompletionStage<FetchedItem> found(Item listed, BinaryData data, boolean inline) {
        Item item = new Item(data.getMetadata());
        String dataset = settings.datasetId();
        if (settings.isQueue() && listed.isIn(dataset) && !item.isIn(dataset)) {
            return gone();
        } else if (settings.download() == ViamDataDownload.none) {
            return CompletableFuture.completedFuture(new FetchedItem(item, null));
        }
        long length = data.getBinary().size();
        if (inline && (length == item.size() || item.size() == 0 && length > 0)) {
            return CompletableFuture.completedFuture(new FetchedItem(item, OwnArray.of(data.getBinary())));
        }
        return fromUri(item);
    }

    /** A service may also say UNAVAILABLE, at each attempt, of what is too large. */
    private static boolean isToBeFetched(Throwable error) {
        Status status = Status.fromThrowable(ReadFailures.cause(error));
        return DataReader.isTooLarge(status) || status.getCode() == Status.Code.UNAVAILABLE;
    }

    private CompletionStage<FetchedItem> fromUri(Item item) {
        String uri = item.metadata().getUri();
        CompletionStage<String> place =
                uri.isEmpty() ? reader.signedUrl(item.id()) : CompletableFuture.completedFuture(uri);
        BytesReader<Object> bytes = settings.download() == ViamDataDownload.stream
                ? (stream, length) -> checked(stream, expected(item, length))
                : (stream, length) -> spool(stream, expected(item, length), directory);
        return place.thenCompose(found -> reader.download(found, bytes)).thenApply(body -> new FetchedItem(item, body));
    }

    /** What the service says of an item counts more than what a server of files says. */
    private static long expected(Item item, long length) {
        return item.size() > 0 ? item.size() : Math.max(length, Payload.UNKNOWN_LENGTH);
    }

    private static InputStream checked(InputStream stream, long length) {
        return new CheckedStream(stream, length, true, null) {
            @Override
            protected IOException otherLength(long count) {
                return new IOException("the data has " + (count < length ? "only " : "at least ") + count
                        + " bytes, and the service says " + length);
            }
        };
    }

    static Path spool(InputStream stream, long length, Path directory) throws IOException {
        Path file = Files.createTempFile(directory, "viamdata-read-", ".tmp");
        try {
            try (InputStream in = checked(stream, length);
                    OutputStream out = Files.newOutputStream(file)) {
                in.transferTo(out);
            }
            return file;
        } catch (Throwable e) {
            SpoolFiles.delete(file);
            throw e;
        }
    }
}
