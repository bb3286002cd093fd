// Copyright the camel-viamdata authors. SPDX-License-Identifier: Apache-2.0
package io.github.camelviamdata.source;

import io.github.camelviamdata.ViamDataAuthenticationException;
import io.github.camelviamdata.ViamDataRejectedException;
import io.github.camelviamdata.ViamDataUnavailableException;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Consumer;
import org.apache.camel.AsyncCallback;
import org.apache.camel.AsyncProducer;
import org.apache.camel.CamelContext;
import org.apache.camel.CamelContextAware;
import org.apache.camel.Endpoint;
import org.apache.camel.Exchange;
import org.apache.camel.Processor;
import org.apache.camel.spi.ShutdownPrepared;
import org.apache.camel.support.AsyncProcessorSupport;
import org.apache.camel.support.ExchangeHelper;
import org.apache.camel.support.service.ServiceHelper;
import org.apache.camel.util.ObjectHelper;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Sends each message of a source to the route that uploads it until it is stored or put aside, and only then lets the source
 * acknowledge it. Each attempt gets a copy of the original message, whatever the route did to an earlier one.
 *
 * <ul>
 *   <li>While the service is unavailable, or does not accept the credentials, messages wait without a time limit: see
 *       {@link Outage}. They block no thread.
 *   <li>A message that is refused for good is put aside.
 *   <li>A message that fails otherwise, such as in another step of the route, is put aside after three attempts.
 *   <li>If putting aside fails, such as on a full disk, it is retried until it succeeds.
 * </ul>
 *
 * <p>At a stop, waiting messages fail, so that they stay with their source.
 */
public final class SteadyDelivery extends AsyncProcessorSupport implements CamelContextAware, ShutdownPrepared {

    private static final Logger LOG = LoggerFactory.getLogger(SteadyDelivery.class);
    private static final int MAX_ATTEMPTS = 3;

    private CamelContext camelContext;
    private String sink;
    private Processor putAside;
    private volatile int maxInFlight = 64;
    private Outage.Pause pause = new Outage.Pause(1_000, 30_000);
    private final Set<Delivery> waiting = ConcurrentHashMap.newKeySet();
    private Semaphore permits;
    private AsyncProducer producer;
    private ScheduledExecutorService timer;
    private Outage outage;
    private volatile boolean stopping;

    @Override
    public CamelContext getCamelContext() {
        return camelContext;
    }

    @Override
    public void setCamelContext(CamelContext camelContext) {
        this.camelContext = camelContext;
    }

    /** URI of the endpoint to send messages to; mandatory. */
    public void setSink(String sink) {
        this.sink = sink;
    }

    /** Puts a message aside; mandatory. Finds the reason in the exchange property {@link Exchange#EXCEPTION_CAUGHT}. */
    public void setPutAside(Processor putAside) {
        this.putAside = putAside;
    }

    /** How many messages may be in flight at once, those that wait included; from 1, 64 by default. */
    public void setMaxInFlight(int maxInFlight) {
        this.maxInFlight = maxInFlight;
    }

    /** The longest pause before another attempt, in milliseconds, from 1; 30000 by default. The first is a second at most. */
    public void setMaxPauseMillis(long millis) {
        this.pause = new Outage.Pause(Math.min(1_000, millis), millis);
    }

    @Override
    protected void doStart() throws Exception {
        stopping = false;
        permits = new Semaphore(maxInFlight);
        Endpoint endpoint = camelContext.getEndpoint(sink);
        producer = endpoint.createAsyncProducer();
        ServiceHelper.startService(producer);
        timer = camelContext.getExecutorServiceManager().newSingleThreadScheduledExecutor(this, "viamdata-delivery");
        outage = new Outage(timer, pause);
    }

    @Override
    protected void doStop() throws Exception {
        prepareShutdown(false, false);
        camelContext.getExecutorServiceManager().shutdownNow(timer);
        ServiceHelper.stopService(producer);
    }

    @Override
    public void prepareShutdown(boolean suspendOnly, boolean forced) {
        // Waiting messages may continue when a suspended route is resumed.
        if (!suspendOnly) {
            stopping = true;
            waiting.forEach(Delivery::cancel);
        }
    }

    @Override
    public boolean process(Exchange exchange, AsyncCallback callback) {
        Delivery delivery = new Delivery(exchange, callback);
        try {
            while (!permits.tryAcquire(100, TimeUnit.MILLISECONDS)) {
                if (stopping) {
                    throw stopped();
                }
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            exchange.setException(e);
            callback.done(true);
            return true;
        } catch (RejectedExecutionException e) {
            exchange.setException(e);
            callback.done(true);
            return true;
        }
        if (delivery.enqueue() && outage.admits(delivery)) {
            delivery.run();
        }
        return false;
    }

    private static RejectedExecutionException stopped() {
        return new RejectedExecutionException("The route stops. The message stays with its source");
    }

    private final class Delivery implements Runnable {

        private final Exchange exchange;
        private final AsyncCallback callback;
        private final AtomicInteger failures = new AtomicInteger();
        // Kept here, because the delivery may end after the next start, which makes new permits.
        private final Semaphore permit = permits;
        private Exception reason;

        Delivery(Exchange exchange, AsyncCallback callback) {
            this.exchange = exchange;
            this.callback = callback;
        }

        @Override
        public void run() {
            // Only the thread that removes it continues.
            if (!waiting.remove(this)) {
                return;
            }
            if (stopping) {
                complete(stopped());
            } else if (reason != null) {
                putAside();
            } else {
                attempt();
            }
        }

        @SuppressWarnings("checkstyle:IllegalCatch")
        private void attempt() {
            Exchange attempt = ExchangeHelper.createCorrelatedCopy(exchange, false);
            // A route may both call back and throw.
            AtomicBoolean completed = new AtomicBoolean();
            Consumer<Exception> completion = failure -> {
                if (completed.compareAndSet(false, true)) {
                    attemptCompleted(failure);
                }
            };
            try {
                producer.process(attempt, doneSync -> completion.accept(attempt.getException()));
            } catch (Throwable e) {
                completion.accept(exception(e));
            }
        }

        private void attemptCompleted(Exception failure) {
            if (failure == null) {
                outage.end();
                complete(null);
            } else if (stopping) {
                complete(failure);
            } else if (isTransient(failure)) {
                awaitService(failure);
            } else if (hasCause(failure, ViamDataRejectedException.class)
                    || failures.incrementAndGet() >= MAX_ATTEMPTS) {
                outage.end();
                reason = failure;
                putAside();
            } else {
                outage.end();
                retry(failure, "is tried again");
            }
        }

        private void awaitService(Exception failure) {
            long millis = enqueue() ? outage.failed(this) : 0;
            if (millis > 0) {
                LOG.warn("Messages wait. The next attempt is in {} ms: {}", millis, failure.getMessage());
            }
        }

        private void retry(Exception failure, String what) {
            long millis = pause.after(Math.max(1, failures.get()));
            LOG.warn("A message {} in {} ms: {}", what, millis, failure.toString());
            if (enqueue()) {
                timer.schedule(this, millis, TimeUnit.MILLISECONDS);
            }
        }

        @SuppressWarnings("checkstyle:IllegalCatch")
        private void putAside() {
            exchange.setProperty(Exchange.EXCEPTION_CAUGHT, reason);
            try {
                putAside.process(exchange);
                LOG.warn("A message is put aside: {}", reason.getMessage());
            } catch (Throwable e) {
                failures.incrementAndGet();
                retry(exception(e), "could not be put aside, which is tried again");
                return;
            }
            complete(null);
        }

        /** Makes the delivery wait. False if the route is stopping, which has completed it. */
        boolean enqueue() {
            waiting.add(this);
            if (stopping) {
                cancel();
            }
            return !stopping;
        }

        void cancel() {
            if (waiting.remove(this)) {
                complete(stopped());
            }
        }

        private void complete(Exception failure) {
            permit.release();
            if (failure != null) {
                exchange.setException(failure);
            }
            callback.done(false);
        }
    }

    /** A throwable of foreign code as an exception for an exchange. */
    static Exception exception(Throwable e) {
        return e instanceof Exception exception ? exception : new IllegalStateException(e);
    }

    private static boolean isTransient(Exception failure) {
        return hasCause(failure, ViamDataUnavailableException.class)
                || hasCause(failure, ViamDataAuthenticationException.class)
                // Thrown while the route that uploads is stopped. By name: its class is in an optional library.
                || failure.getClass().getSimpleName().equals("KameletConsumerNotAvailableException");
    }

    private static boolean hasCause(Exception failure, Class<? extends Exception> kind) {
        return ObjectHelper.getException(kind, failure) != null;
    }
}
