// Copyright the camel-viamdata authors. SPDX-License-Identifier: Apache-2.0
package io.github.camelviamdata.server;

import io.github.camelviamdata.ViamDataConstants;
import io.github.camelviamdata.transport.LogLimit;
import io.grpc.Metadata;
import io.grpc.Status;
import io.grpc.stub.StreamObserver;
import java.util.Map;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.function.BiFunction;
import org.apache.camel.AsyncCallback;
import org.apache.camel.Exchange;
import org.apache.camel.Message;
import org.apache.camel.Route;
import org.apache.camel.spi.ExceptionHandler;
import org.apache.camel.spi.InflightRepository;
import org.apache.camel.spi.UnitOfWork;
import org.apache.camel.support.LoggingExceptionHandler;
import org.apache.camel.util.ObjectHelper;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The exchange of one upload. It ends once, in {@link #end}, whether the route calls back or throws: that completes the unit of
 * work, deletes the spool file, answers the client and handles the failure.
 */
final class UploadExchange<R> implements AsyncCallback {

    private static final Logger LOG = LoggerFactory.getLogger(UploadExchange.class);

    private static final LogLimit ERRORS = new LogLimit();

    private final ViamDataServerConsumer consumer;
    private final UploadBody body;
    private final BiFunction<String, String, R> response;
    private final StreamObserver<R> client;
    private final AtomicBoolean completed = new AtomicBoolean();

    private Exchange exchange;

    /**
     * @param response makes the answer of the file ID and the binary data ID
     */
    UploadExchange(
            ViamDataServerConsumer consumer,
            UploadBody body,
            BiFunction<String, String, R> response,
            StreamObserver<R> client) {
        this.consumer = consumer;
        this.body = body;
        this.response = response;
        this.client = client;
    }

    /** Runs the route. The client gets an answer, whatever fails. */
    void run(Map<String, Object> headers) {
        try {
            exchange = consumer.createExchange(false);
            beginUnitOfWork();
            headers.forEach(exchange.getMessage()::setHeader);
            exchange.getMessage().setBody(body.handOver(exchange));
            consumer.getAsyncProcessor().process(exchange, this);
        } catch (Throwable failure) {
            // Camel makes an exception a failure of the exchange, but not an Error.
            if (completed.compareAndSet(false, true)) {
                fail(failure);
            }
        }
    }

    /** The consumer owns the unit of work, so that its completions run before the answer, and on every path. */
    private void beginUnitOfWork() throws Exception {
        UnitOfWork work = consumer.createUoW(exchange);
        // A pooled exchange still has the unit of work of its last use, which the route would otherwise continue with.
        if (work.onPrepare(exchange)) {
            exchange.getExchangeExtension().setUnitOfWork(work);
        }
    }

    @Override
    public void done(boolean doneSync) {
        if (completed.compareAndSet(false, true)) {
            end();
            // Not after an Error: threads of the route may still use the exchange, so it must not go back to the pool.
            consumer.releaseExchange(exchange, false);
        }
    }

    private void fail(Throwable failure) {
        if (exchange == null) {
            guard("delete what was spooled", body::discard);
            LOG.error("Cannot create an exchange for an upload", failure);
            client.onError(RouteStatus.INTERNAL.asRuntimeException());
            return;
        }
        exchange.setException(failure);
        guard("leave the routes", this::leaveRoutes);
        end();
    }

    /** After an Error, Camel still counts the exchange as in flight in its routes, and a stop would wait for it. */
    private void leaveRoutes() {
        UnitOfWork work = exchange.getUnitOfWork();
        Route route = work == null ? null : work.popRoute();
        while (route != null) {
            inflight().remove(exchange, route.getRouteId());
            route = work.popRoute();
        }
    }

    private void end() {
        R answer = answer();
        Status status = RouteStatus.of(exchange);
        Metadata trailers = RouteStatus.trailers(exchange);
        Exception failure = exchange.getException();
        guard("complete the unit of work", this::completeUnitOfWork);
        guard("delete what was spooled", body::discard);
        guard("answer the client", () -> {
            if (status.isOk()) {
                client.onNext(answer);
                client.onCompleted();
            } else {
                client.onError(status.asRuntimeException(trailers));
            }
        });
        if (failure != null) {
            guard("handle the failure of an upload with the exceptionHandler", () -> handle(failure));
        }
    }

    private void handle(Exception failure) {
        ExceptionHandler handler = consumer.getExceptionHandler();
        // A client may cause an Error again and again, each with a stack trace of a thousand lines.
        boolean logged = failure.getCause() instanceof Error && handler instanceof LoggingExceptionHandler;
        if (!logged || ERRORS.tryAcquire().isPresent()) {
            handler.handleException("Error processing upload", exchange, failure);
        }
    }

    private void completeUnitOfWork() {
        try {
            consumer.doneUoW(exchange);
        } catch (Throwable e) {
            // After an Error in one completion the others do not run, and one of those deletes the file.
            inflight().remove(exchange);
            body.delete();
            throw e;
        }
    }

    private InflightRepository inflight() {
        return consumer.getEndpoint().getCamelContext().getInflightRepository();
    }

    /** Runs a step that may call foreign code, and logs what it throws: the next steps have to run. */
    private static void guard(String what, Runnable step) {
        try {
            step.run();
        } catch (Throwable e) {
            LOG.warn("Failed to {}", what, e);
        }
    }

    private R answer() {
        if (exchange.getException() == null) {
            try {
                return answer(exchange.getMessage());
            } catch (Throwable e) {
                exchange.setException(e);
            }
        }
        return null;
    }

    /** An upload arrives without an ID. If there is one at the end of the route, the route set it, such as by its own upload. */
    private R answer(Message message) {
        String fileId = message.getHeader(ViamDataConstants.FILE_ID, String.class);
        String binaryDataId = message.getHeader(ViamDataConstants.BINARY_DATA_ID, String.class);
        String id = ObjectHelper.isEmpty(fileId) ? binaryDataId : fileId;
        if (ObjectHelper.isEmpty(id)) {
            id = consumer.getEndpoint().getComponent().nextFileId();
        }
        return response.apply(id, ObjectHelper.isEmpty(binaryDataId) ? id : binaryDataId);
    }
}
