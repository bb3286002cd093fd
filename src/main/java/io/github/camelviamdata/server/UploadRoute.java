// Copyright the camel-viamdata authors. SPDX-License-Identifier: Apache-2.0
package io.github.camelviamdata.server;

import io.grpc.stub.StreamObserver;
import java.util.Map;
import java.util.function.BiFunction;

/** Runs the route on an upload and answers the client when it has finished. */
final class UploadRoute {

    private final ViamDataServerConsumer consumer;
    private final FileIds ids;

    UploadRoute(ViamDataServerConsumer consumer, FileIds ids) {
        this.consumer = consumer;
        this.ids = ids;
    }

    /**
     * Ends with an answer, whatever fails.
     *
     * @param response makes the answer from the file ID and the binary data ID
     */
    <R> void process(
            Map<String, Object> headers,
            UploadBody body,
            BiFunction<String, String, R> response,
            StreamObserver<R> client) {
        new UploadExchange<>(consumer, ids, body, response, client).run(headers);
    }
}
