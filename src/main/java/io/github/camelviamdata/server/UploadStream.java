// Copyright the camel-viamdata authors. SPDX-License-Identifier: Apache-2.0
package io.github.camelviamdata.server;

import com.google.protobuf.ByteString;
import io.github.camelviamdata.transport.LogLimit;
import io.grpc.Status;
import io.grpc.stub.ServerCallStreamObserver;
import io.grpc.stub.StreamObserver;
import java.io.IOException;
import java.util.Map;
import java.util.function.BiConsumer;
import java.util.function.Function;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Spools a stream to the disk, and passes it on when the client half-closes it. Requests one message at a time, so that a slow
 * disk slows the client down.
 *
 * <p>gRPC calls it from one thread at a time.
 *
 * @param <Q> the messages of the stream
 */
final class UploadStream<Q> implements StreamObserver<Q> {

    /**
     * One message of a stream: either the metadata or a piece of the payload.
     *
     * @param headers the metadata as message headers; null for a piece of the payload
     * @param head the bytes before the payload; null for a piece of the payload
     * @param data the piece of the payload; null for the metadata
     */
    record Packet(Map<String, Object> headers, ByteString head, ByteString data) {}

    /** Creates the spool of a stream. */
    @FunctionalInterface
    interface Spools {
        Spool create() throws IOException;
    }

    private static final Logger LOG = LoggerFactory.getLogger(UploadStream.class);

    // A full disk fails every stream.
    private static final LogLimit SPOOL_FAILURES = new LogLimit();

    private final ServerCallStreamObserver<?> client;
    private final Spools spools;
    private final Function<Q, Packet> reader;
    private final BiConsumer<Map<String, Object>, UploadBody> completion;
    private final long maxSize;

    private Map<String, Object> headers;
    private ByteString head;
    private Spool spool;
    private long size;
    private boolean ended;

    /**
     * @param reader reads a message, and throws {@link IllegalArgumentException} if it is malformed
     * @param completion gets the headers and the body of a complete stream
     * @param maxSize largest payload in bytes
     */
    UploadStream(
            ServerCallStreamObserver<?> client,
            Spools spools,
            Function<Q, Packet> reader,
            BiConsumer<Map<String, Object>, UploadBody> completion,
            long maxSize) {
        this.client = client;
        this.spools = spools;
        this.reader = reader;
        this.completion = completion;
        this.maxSize = maxSize;
        client.disableAutoRequest();
        client.request(1);
    }

    @Override
    public void onNext(Q message) {
        if (ended) {
            return;
        }
        try {
            Packet packet = reader.apply(message);
            if (packet.data() != null) {
                size += packet.data().size();
                if (size > maxSize) {
                    // Not RESOURCE_EXHAUSTED, after which clients would send the same upload again.
                    refuse(Status.INVALID_ARGUMENT.withDescription("The upload is larger than " + maxSize + " bytes"));
                    return;
                }
                write(packet);
            } else if (headers == null) {
                headers = packet.headers();
                head = packet.head();
            } else {
                throw new IllegalArgumentException("metadata came twice");
            }
            client.request(1);
        } catch (IllegalArgumentException e) {
            refuse(Status.INVALID_ARGUMENT.withDescription(e.getMessage()));
        } catch (IOException e) {
            failToSpool(e);
        }
    }

    private void write(Packet packet) throws IOException {
        if (headers == null) {
            throw new IllegalArgumentException("metadata is missing: it must be the first message of the stream");
        }
        openSpool();
        spool.write(packet.data());
    }

    private void openSpool() throws IOException {
        if (spool == null) {
            spool = spools.create();
            spool.begin(head);
        }
    }

    @Override
    public void onCompleted() {
        if (ended) {
            return;
        }
        if (headers == null) {
            refuse(Status.INVALID_ARGUMENT.withDescription("metadata is missing: the stream ended before it"));
            return;
        }
        try {
            // Viam's SDKs send only the metadata of an empty file.
            openSpool();
            spool.close();
        } catch (IOException e) {
            failToSpool(e);
            return;
        }
        ended = true;
        completion.accept(headers, spool);
    }

    /** The client cancelled, or its connection broke. */
    @Override
    public void onError(Throwable cause) {
        LOG.debug("Upload stream was cancelled: {}", cause.getMessage());
        end();
    }

    private void failToSpool(IOException e) {
        SPOOL_FAILURES
                .tryAcquire()
                .ifPresent(more ->
                        LOG.warn("Cannot spool an upload stream to disk ({} more since the last such line)", more, e));
        refuse(Status.INTERNAL.withDescription("The server failed to spool the upload"));
    }

    private void refuse(Status status) {
        end();
        client.onError(status.asRuntimeException());
    }

    private void end() {
        ended = true;
        if (spool != null) {
            spool.discard();
        }
    }
}
