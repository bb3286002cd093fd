// Copyright the camel-viamdata authors. SPDX-License-Identifier: Apache-2.0
package io.github.camelviamdata.testing;

import io.github.camelviamdata.ViamDataConstants;
import io.github.camelviamdata.server.ViamDataServerConsumer;
import io.grpc.Status;
import java.net.InetAddress;
import java.util.List;
import java.util.Queue;
import java.util.UUID;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.CountDownLatch;
import org.apache.camel.Exchange;
import org.apache.camel.LoggingLevel;
import org.apache.camel.builder.RouteBuilder;
import org.apache.camel.impl.DefaultCamelContext;
import org.apache.camel.support.LoggingExceptionHandler;
import org.junit.jupiter.api.extension.AfterAllCallback;
import org.junit.jupiter.api.extension.AfterEachCallback;
import org.junit.jupiter.api.extension.BeforeAllCallback;
import org.junit.jupiter.api.extension.BeforeEachCallback;
import org.junit.jupiter.api.extension.ExtensionContext;

/**
 * A {@code viamdata-server} in the place of Viam, for the tests of routes that upload. It speaks the real protocol on a free
 * port of the loopback address, in plaintext, keeps what it receives in memory, and fails on demand.
 *
 * <pre>{@code
 * @RegisterExtension
 * static final ViamDataServerExtension viam = new ViamDataServerExtension();
 * }</pre>
 *
 * <p>In a static field, one server serves all tests of a class, and each test begins with {@link #reset()}. In an instance
 * field, each test has a server of its own. The server starts before the first test, or earlier, when its port is asked for.
 *
 * <p>All methods may be called by any thread.
 */
public final class ViamDataServerExtension
        implements BeforeAllCallback, BeforeEachCallback, AfterEachCallback, AfterAllCallback {

    private static final String ROUTE = "viamdata-server-extension";

    // In the queue of faults: an upload that is kept, but not answered.
    private static final Status.Code LOST_ANSWER = Status.Code.OK;

    private final String apiKeyId = UUID.randomUUID().toString();
    private final String apiKey = UUID.randomUUID().toString();
    private final List<ReceivedUpload> received = new CopyOnWriteArrayList<>();
    private final Queue<Status.Code> faults = new ConcurrentLinkedQueue<>();
    private volatile CountDownLatch released = new CountDownLatch(0);
    private DefaultCamelContext context;
    private volatile LoopbackRelay relay;

    // Nested test classes begin and end within the class around them.
    private int testClasses;

    /** The address to upload to, for the option {@code host}: that of the loopback interface. */
    public String host() {
        return InetAddress.getLoopbackAddress().getHostAddress();
    }

    /**
     * The port to upload to, for the option {@code port}.
     *
     * @throws IllegalStateException if the server cannot start
     */
    public synchronized int port() {
        start();
        return relay.port();
    }

    /** ID of the API key that the server accepts, for the option {@code apiKeyId}. Each extension has one of its own. */
    public String apiKeyId() {
        return apiKeyId;
    }

    /** The API key that the server accepts, for the option {@code apiKey}. */
    public String apiKey() {
        return apiKey;
    }

    /**
     * Host, port, key and the lack of TLS as options of an endpoint: {@code "viamdata:part?" + viam.options()}.
     *
     * @throws IllegalStateException if the server cannot start
     */
    public String options() {
        return "host=" + host() + "&port=" + port() + "&plaintext=true&apiKeyId=" + apiKeyId + "&apiKey=" + apiKey;
    }

    /**
     * The uploads that the server has received, in the order of arrival. An upload is in the list before its client has the
     * answer, and also if the answer is lost, but not if {@link #failNext} fails it. The list is a copy.
     */
    public List<ReceivedUpload> received() {
        return List.copyOf(received);
    }

    /**
     * Fails the next upload that arrives, and does not keep it. Several calls fail as many uploads, in the order of the calls.
     * {@code viamdata} makes another attempt after {@code UNAVAILABLE} and other codes that may pass, and none after
     * {@code INVALID_ARGUMENT}.
     *
     * @param code the status of the answer
     * @throws IllegalArgumentException if the code is {@code OK}
     */
    public void failNext(Status.Code code) {
        if (code == Status.Code.OK) {
            throw new IllegalArgumentException("OK is no failure");
        }
        faults.add(code);
    }

    /**
     * Keeps the next upload that arrives, and breaks all connections instead of answering it. The client cannot know whether it
     * was stored. Other uploads in flight fail with it.
     */
    public void loseAnswer() {
        faults.add(LOST_ANSWER);
    }

    /** Delays the answers to uploads that arrive from now on until {@link #release()}. {@link #received()} has them already. */
    public synchronized void hold() {
        if (released.getCount() == 0) {
            released = new CountDownLatch(1);
        }
    }

    /** Answers the uploads that {@link #hold()} delays, and ends the delay. */
    public void release() {
        released.countDown();
    }

    /** Forgets the uploads received and the faults that have not occurred, and releases delayed answers. */
    public void reset() {
        release();
        faults.clear();
        received.clear();
    }

    @Override
    public synchronized void beforeAll(ExtensionContext test) {
        testClasses++;
        start();
    }

    @Override
    public synchronized void beforeEach(ExtensionContext test) {
        start();
        reset();
    }

    @Override
    public synchronized void afterEach(ExtensionContext test) throws Exception {
        release();
        if (testClasses == 0) {
            stop();
        }
    }

    @Override
    public synchronized void afterAll(ExtensionContext test) throws Exception {
        if (--testClasses == 0) {
            stop();
        }
    }

    private void start() {
        if (context != null) {
            return;
        }
        DefaultCamelContext starting = new DefaultCamelContext();
        try {
            starting.disableJMX();
            // At the end of the tests, calls in flight may be cancelled.
            starting.getShutdownStrategy().setTimeout(1);
            starting.getShutdownStrategy().setSuppressLoggingOnTimeout(true);
            // The test has asked for the faults, so they are not logged as errors.
            starting.getRegistry().bind("quiet", new LoggingExceptionHandler(starting, getClass(), LoggingLevel.DEBUG));
            starting.addRoutes(route());
            starting.start();
            relay = new LoopbackRelay(
                    ((ViamDataServerConsumer) starting.getRoute(ROUTE).getConsumer()).getPort());
            context = starting;
        } catch (Exception | Error e) {
            starting.stop();
            throw new IllegalStateException("The server in the place of Viam cannot start: " + e.getMessage(), e);
        }
    }

    private RouteBuilder route() {
        return new RouteBuilder() {
            @Override
            public void configure() {
                errorHandler(noErrorHandler());
                from(ViamDataConstants.SERVER_SCHEME + ":" + host() + ":0?apiKey=" + apiKeyId + "=" + apiKey
                                + "&exceptionHandler=#quiet&shutdownTimeout=0")
                        .routeId(ROUTE)
                        .process(ViamDataServerExtension.this::receive);
            }
        };
    }

    private void stop() throws Exception {
        release();
        if (context != null) {
            relay.close();
            context.stop();
            context = null;
        }
    }

    private void receive(Exchange exchange) throws InterruptedException {
        Status.Code fault = faults.poll();
        boolean kept = fault == null || fault == LOST_ANSWER;
        CountDownLatch release = released;
        if (kept) {
            received.add(ReceivedUpload.of(exchange));
        }
        release.await();
        if (!kept) {
            throw Status.fromCode(fault)
                    .withDescription("failNext(" + fault + ")")
                    .asRuntimeException();
        } else if (fault == LOST_ANSWER) {
            relay.breakConnections();
        }
    }
}
