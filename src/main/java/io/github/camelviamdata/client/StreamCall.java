// Copyright the camel-viamdata authors. SPDX-License-Identifier: Apache-2.0
package io.github.camelviamdata.client;

import io.grpc.CallOptions;
import io.grpc.ClientCall;
import io.grpc.ManagedChannel;
import io.grpc.Metadata;
import io.grpc.MethodDescriptor;
import io.grpc.Status;
import java.time.Duration;
import java.util.concurrent.ScheduledFuture;

/**
 * A call with one request and a stream of answers. It has an answer once the first message, or the end of an empty stream, has
 * arrived; it is not made again after that.
 */
final class StreamCall<Q, R> extends RetriedCall<ResponseStream<R>> {

    private final ViamDataClient client;
    private final MethodDescriptor<Q, R> method;
    private final Q request;
    private final UploadSettings settings;

    StreamCall(ViamDataClient client, MethodDescriptor<Q, R> method, Q request, UploadSettings settings) {
        super(client, settings, true, status -> false);
        this.client = client;
        this.method = method;
        this.request = request;
        this.settings = settings;
    }

    @Override
    void call(ManagedChannel channel, CallOptions options, OneCall attempt) {
        ClientCall<Q, R> call = channel.newCall(method, options);
        First first = new First(call, attempt);
        first.start();
    }

    /** Waits for the first message of an attempt, for as long as requestTimeout says. */
    private final class First extends ClientCall.Listener<R> {

        private final ClientCall<Q, R> call;
        private final OneCall attempt;
        private final ResponseStream<R> stream;
        private volatile boolean late;
        private ScheduledFuture<?> limit;
        // gRPC calls a listener by one thread at a time, but not always by the same.
        private volatile boolean answered;

        First(ClientCall<Q, R> call, OneCall attempt) {
            this.call = call;
            this.attempt = attempt;
            this.stream = new ResponseStream<>(call, settings.idleTimeout(), client.failures());
        }

        void start() {
            Duration timeout = settings.requestTimeout();
            limit = client.threads().schedule(this::expire, timeout);
            call.start(this, new Metadata());
            stream.begin();
            call.sendMessage(request);
            call.halfClose();
        }

        private void expire() {
            late = true;
            call.cancel("no answer within requestTimeout", null);
        }

        private void answer() {
            if (!answered) {
                answered = true;
                limit.cancel(false);
                attempt.answered(stream);
            }
        }

        @Override
        public void onMessage(R message) {
            stream.add(message);
            answer();
        }

        @Override
        public void onClose(Status status, Metadata trailers) {
            limit.cancel(false);
            if (answered || status.isOk()) {
                stream.end(status);
                answer();
            } else {
                attempt.failed(
                        late ? Status.DEADLINE_EXCEEDED.withDescription("no answer within requestTimeout") : status,
                        trailers);
            }
        }
    }
}
