// Copyright the camel-viamdata authors. SPDX-License-Identifier: Apache-2.0
package io.github.camelviamdata.server;

import io.github.camelviamdata.ViamDataConstants;
import io.grpc.Status;
import io.grpc.stub.StreamObserver;
import java.util.Map;
import java.util.function.BiFunction;
import org.apache.camel.Exchange;
import org.apache.camel.Message;
import org.apache.camel.TypeConversionException;
import org.apache.camel.spi.UnitOfWork;
import org.apache.camel.util.ObjectHelper;

/** Runs the route on an upload and answers the client when it has finished. */
final class UploadRoute {

    private final ViamDataServerConsumer consumer;
    private final FileIds ids;

    UploadRoute(ViamDataServerConsumer consumer, FileIds ids) {
        this.consumer = consumer;
        this.ids = ids;
    }

    /**
     * @param response makes the answer from the file ID and the binary data ID
     */
    <R> void process(
            Map<String, Object> headers,
            UploadBody body,
            BiFunction<String, String, R> response,
            StreamObserver<R> client) {
        Exchange exchange = consumer.createExchange(false);
        try {
            beginUnitOfWork(exchange);
            headers.forEach(exchange.getMessage()::setHeader);
            exchange.getMessage().setBody(body.handOver(exchange));
        } catch (Exception e) {
            body.discard();
            exchange.setException(e);
            finish(exchange, response, client);
            return;
        }
        consumer.getAsyncProcessor().process(exchange, doneSync -> finish(exchange, response, client));
    }

    /** The unit of work is the consumer's, so that its completions run before the answer, and on every path. */
    private void beginUnitOfWork(Exchange exchange) throws Exception {
        UnitOfWork work = consumer.createUoW(exchange);
        // A pooled exchange brings a used one, which the route would take for its own otherwise.
        if (work.onPrepare(exchange)) {
            exchange.getExchangeExtension().setUnitOfWork(work);
        }
    }

    private <R> void finish(Exchange exchange, BiFunction<String, String, R> response, StreamObserver<R> client) {
        try {
            R answer = answer(exchange, response);
            Status status = RouteStatus.of(exchange);
            Exception failure = exchange.getException();
            consumer.doneUoW(exchange);
            if (failure != null) {
                consumer.getExceptionHandler().handleException("Error processing upload", exchange, failure);
            }
            if (status.isOk()) {
                client.onNext(answer);
                client.onCompleted();
            } else {
                client.onError(status.asRuntimeException());
            }
        } finally {
            consumer.releaseExchange(exchange, false);
        }
    }

    private <R> R answer(Exchange exchange, BiFunction<String, String, R> response) {
        if (exchange.getException() == null) {
            try {
                return answer(exchange.getMessage(), response);
            } catch (TypeConversionException e) {
                exchange.setException(e);
            }
        }
        return null;
    }

    /** An upload arrives without an ID, so one at the end of the route was set by the route, be it by a relay's upload. */
    private <R> R answer(Message message, BiFunction<String, String, R> response) {
        String fileId = message.getHeader(ViamDataConstants.FILE_ID, String.class);
        String binaryDataId = message.getHeader(ViamDataConstants.BINARY_DATA_ID, String.class);
        String id = ObjectHelper.isEmpty(fileId) ? binaryDataId : fileId;
        if (ObjectHelper.isEmpty(id)) {
            id = ids.next();
        }
        return response.apply(id, ObjectHelper.isEmpty(binaryDataId) ? id : binaryDataId);
    }
}
