// Copyright the camel-viamdata authors. SPDX-License-Identifier: Apache-2.0
package io.github.camelviamdata.client;

import com.google.protobuf.ByteString;
import io.github.camelviamdata.ViamDataDelivery;
import io.github.camelviamdata.ViamDataException;
import io.github.camelviamdata.ViamDataUploadMode;
import io.github.camelviamdata.client.CallOutcome.UploadIds;
import io.github.camelviamdata.message.BytesPayload;
import io.github.camelviamdata.message.Payload;
import io.github.camelviamdata.message.PayloadReader;
import io.github.camelviamdata.message.Upload;
import io.grpc.CallOptions;
import io.grpc.Channel;
import io.grpc.Status;
import io.grpc.StatusRuntimeException;
import java.io.IOException;
import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.ThreadLocalRandom;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.BiConsumer;

/**
 * One upload, from its first attempt to its end: a token, a call, and another attempt where that can help. It ends exactly
 * once, whatever happens, and never holds a thread while it waits.
 */
final class UploadTask {

    private final ViamDataClient client;
    private final Upload upload;
    private final UploadSettings settings;
    private final int storedBefore;
    private final BiConsumer<UploadResult, ViamDataException> done;
    private final long began;
    private final AtomicBoolean ended = new AtomicBoolean();
    private final AtomicInteger attempts = new AtomicInteger();

    private Payload payload;
    private volatile boolean tokenReplaced;
    private volatile boolean answerMissing;
    private volatile String token;
    private volatile UploadCall call;
    private volatile String cancelled;

    /**
     * @param storedBefore number of uploads of the same message that are stored already
     * @param done told once, by whatever thread, of the result, or of the failure, the other one being null
     * @param began when the upload was handed over, as {@link System#nanoTime()} tells it
     */
    UploadTask(
            ViamDataClient client,
            Upload upload,
            UploadSettings settings,
            int storedBefore,
            BiConsumer<UploadResult, ViamDataException> done,
            long began) {
        this.client = client;
        this.upload = upload;
        this.settings = settings;
        this.storedBefore = storedBefore;
        this.done = done;
        this.began = began;
        this.payload = upload.payload();
    }

    void start() {
        if (cancelled != null) {
            return;
        }
        if (attempts.incrementAndGet() > 1) {
            client.tell(ClientListener::triedAgain);
        }
        CompletableFuture<String> fetched = client.tokens().get(settings.requestTimeout());
        if (fetched.isDone() && !fetched.isCompletedExceptionally()) {
            authenticated(fetched.join(), null);
        } else {
            fetched.handleAsync(
                            (token, error) -> {
                                authenticated(token, error);
                                return null;
                            },
                            client.executor())
                    .exceptionally(error -> {
                        // No thread, no memory.
                        ended(CallOutcome.notMade(error));
                        return null;
                    });
        }
    }

    private void authenticated(String token, Throwable error) {
        this.token = token;
        if (cancelled != null) {
            return;
        } else if (error != null) {
            ended(CallOutcome.notMade(refusal(error)));
            return;
        }
        try {
            call(client.channel());
        } catch (StatusRuntimeException | Error e) {
            ended(CallOutcome.notMade(e));
        } catch (IOException | RuntimeException e) {
            ended(CallOutcome.unreadable(e, 0));
        }
    }

    /** Whatever status the service gives to a credential that it does not take, it is a matter of authentication. */
    private static Status refusal(Throwable error) {
        Status status = error instanceof TimeoutException
                ? Status.DEADLINE_EXCEEDED.withDescription("no token within requestTimeout")
                : Status.fromThrowable(error);
        String text = "Authenticate failed" + (status.getDescription() == null ? "" : ": " + status.getDescription());
        return Failures.isTransient(status)
                ? status.withDescription(text)
                : Status.UNAUTHENTICATED
                        .withDescription(text.replaceFirst("failed", "ended in " + status.getCode()))
                        .withCause(status.getCause());
    }

    private void call(Channel channel) throws IOException {
        int limit = unaryLimit();
        if (payload instanceof BytesPayload bytes && payload.length() <= limit) {
            begun(unary(channel, bytes.bytes()));
            return;
        }
        PayloadReader reader = payload.open();
        ByteString head = ByteString.EMPTY;
        if (payload.length() <= limit) {
            try {
                head = readHead(reader, limit);
            } catch (IOException | RuntimeException | Error e) {
                reader.close();
                throw e;
            }
            if (head.size() <= limit) {
                reader.close();
                payload = Payload.of(head);
                begun(unary(channel, head));
                return;
            }
        }
        StreamRpc<?, ?> rpc = upload.isFile() ? StreamRpc.FILE : StreamRpc.BINARY;
        StreamingCall<?, ?> stream =
                new StreamingCall<>(rpc, upload, settings, client.timer(), head, reader, this::ended);
        stream.start(channel, authorized(CallOptions.DEFAULT));
        begun(stream);
    }

    private UploadCall unary(Channel channel, ByteString bytes) {
        return UnaryCall.start(
                channel, authorized(UnaryCall.OPTIONS), settings.requestTimeout(), upload, bytes, this::ended);
    }

    private CallOptions authorized(CallOptions options) {
        return token == null ? options : options.withCallCredentials(new BearerToken(token));
    }

    /** Whoever cancels the upload meanwhile either finds the call or is found here. */
    private void begun(UploadCall call) {
        this.call = call;
        String reason = cancelled;
        if (reason != null) {
            call.cancel(reason);
        }
    }

    /** The largest payload to send in one message; below any length, known or not, where it has to be a stream. */
    private int unaryLimit() {
        if (upload.isTabular()) {
            return Integer.MAX_VALUE;
        } else if (upload.isFile() || settings.uploadMode() == ViamDataUploadMode.streaming) {
            return Integer.MIN_VALUE;
        }
        return settings.uploadMode() == ViamDataUploadMode.unary ? Integer.MAX_VALUE : settings.streamingThreshold();
    }

    /** All of a payload if it is within the limit, else a little more than the limit. */
    private ByteString readHead(PayloadReader reader, int limit) throws IOException {
        int step = payload.length() == Payload.UNKNOWN_LENGTH
                ? settings.chunkSize()
                : Math.toIntExact(payload.length() + 1);
        ByteString head = ByteString.EMPTY;
        ByteString piece;
        do {
            piece = reader.read(step);
            head = head.concat(piece);
        } while (piece.size() == step && head.size() <= limit);
        return head;
    }

    private void ended(CallOutcome outcome) {
        answerMissing |= outcome.delivery() == ViamDataDelivery.unknown;
        if (outcome.status().isOk()) {
            UploadIds ids = outcome.ids();
            finish(new UploadResult(ids.fileId(), ids.binaryDataId(), outcome.bytesSent(), attempts.get()), null);
        } else if (isTokenToBeReplaced(outcome)) {
            tokenReplaced = true;
            client.tokens().invalidate(token);
            again(Duration.ZERO);
        } else if (isToBeRetried(outcome)) {
            Duration pause = settings.backoff(attempts.get(), ThreadLocalRandom.current());
            Duration asked = outcome.pushBack().delay();
            again(asked.compareTo(pause) > 0 ? asked : pause);
        } else {
            fail(outcome);
        }
    }

    private boolean isTokenToBeReplaced(CallOutcome outcome) {
        return cancelled == null
                && outcome.status().getCode() == Status.Code.UNAUTHENTICATED
                && token != null
                && !tokenReplaced
                && client.tokens().isReplaceable()
                && payload.isRepeatable();
    }

    private boolean isToBeRetried(CallOutcome outcome) {
        return cancelled == null
                && Failures.isTransient(outcome.status())
                && outcome.readError() == null
                && attempts.get() < settings.maxAttempts()
                && !outcome.pushBack().noRetry()
                // The service must not be asked sooner than it said, nor the source be held for longer than the option.
                && outcome.pushBack().delay().compareTo(settings.maxRetryDelay()) <= 0
                && payload.isRepeatable();
    }

    private void again(Duration delay) {
        // gRPC's own wait before it connects again grows to minutes, which the attempts would all fail in.
        client.reconnect();
        try {
            client.timer().schedule(this::startByExecutor, delay.toNanos(), TimeUnit.NANOSECONDS);
        } catch (RejectedExecutionException e) {
            cancel("the client was closed");
        }
    }

    private void startByExecutor() {
        try {
            client.executor().execute(this::start);
        } catch (RejectedExecutionException e) {
            cancel("the client was closed");
        } catch (Error e) {
            // No thread, no memory.
            fail(CallOutcome.notMade(e));
        }
    }

    /** Ends the upload, if it has not ended. */
    void cancel(String reason) {
        cancelled = reason;
        UploadCall last = call;
        if (last != null) {
            last.cancel(reason);
        }
        fail(CallOutcome.notMade(Status.CANCELLED.withDescription(reason)));
    }

    private void fail(CallOutcome outcome) {
        finish(
                null,
                client.failures()
                        .exception(
                                outcome,
                                settings,
                                upload,
                                answerMissing ? ViamDataDelivery.unknown : outcome.delivery(),
                                storedBefore,
                                payload.isRepeatable(),
                                attempts.get(),
                                token));
    }

    private void finish(UploadResult result, ViamDataException failure) {
        if (ended.compareAndSet(false, true)) {
            client.report(upload, result, failure, began);
            done.accept(result, failure);
        }
    }
}
