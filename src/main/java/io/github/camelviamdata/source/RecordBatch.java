// Copyright the camel-viamdata authors. SPDX-License-Identifier: Apache-2.0
package io.github.camelviamdata.source;

import java.util.ArrayList;
import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicReference;
import org.apache.camel.AsyncCallback;
import org.apache.camel.CamelContext;
import org.apache.camel.CamelContextAware;
import org.apache.camel.Exchange;
import org.apache.camel.Message;
import org.apache.camel.component.kafka.KafkaConstants;
import org.apache.camel.component.kafka.consumer.KafkaManualCommit;
import org.apache.camel.spi.ShutdownPrepared;
import org.apache.camel.support.AsyncProcessorSupport;
import org.apache.camel.support.ExchangeHelper;
import org.apache.camel.support.service.ServiceHelper;

/**
 * Delivers the records of a batch in parallel, and commits the last offset of each partition when all of them are stored or put
 * aside. Nothing else commits. A batch that fails is not committed, so that it is read again.
 *
 * <p>The route that uploads gets a message for each record, with the header {@code CamelViamDataFileName} set to
 * topic-partition-offset; the route may change it.
 */
public final class RecordBatch extends AsyncProcessorSupport implements CamelContextAware, ShutdownPrepared {

    private CamelContext camelContext;
    private SteadyDelivery delivery;

    @Override
    public CamelContext getCamelContext() {
        return camelContext;
    }

    @Override
    public void setCamelContext(CamelContext camelContext) {
        this.camelContext = camelContext;
    }

    /** Delivers each record. */
    public void setDelivery(SteadyDelivery delivery) {
        this.delivery = delivery;
    }

    @Override
    protected void doStart() throws Exception {
        CamelContextAware.trySetCamelContext(delivery, camelContext);
        ServiceHelper.startService(delivery);
    }

    @Override
    protected void doStop() throws Exception {
        ServiceHelper.stopService(delivery);
    }

    @Override
    public void prepareShutdown(boolean suspendOnly, boolean forced) {
        delivery.prepareShutdown(suspendOnly, forced);
    }

    @Override
    public boolean process(Exchange exchange, AsyncCallback callback) {
        List<Message> records = records(exchange);
        AtomicInteger pending = new AtomicInteger(records.size() + 1);
        AtomicReference<Exception> failure = new AtomicReference<>();
        Runnable end = () -> {
            if (pending.decrementAndGet() == 0) {
                finish(exchange, records, failure.get());
                callback.done(false);
            }
        };
        for (Message record : records) {
            Exchange single = ExchangeHelper.createCorrelatedCopy(exchange, false);
            single.setMessage(withFileName(record.copy()));
            delivery.process(single, doneSync -> {
                if (single.getException() != null) {
                    failure.compareAndSet(null, single.getException());
                }
                end.run();
            });
        }
        end.run();
        return false;
    }

    /** The records of a batch, which are exchanges in some versions of Camel, and messages in others. */
    private static List<Message> records(Exchange exchange) {
        List<Message> records = new ArrayList<>();
        if (exchange.getMessage().getBody() instanceof Collection<?> parts) {
            parts.forEach(part -> records.add(part instanceof Exchange one ? one.getMessage() : (Message) part));
        } else {
            records.add(exchange.getMessage());
        }
        return records;
    }

    private static Message withFileName(Message record) {
        record.setHeader("CamelViamDataFileName", topic(record) + "-" + partition(record) + "-" + offset(record));
        return record;
    }

    private static Object topic(Message record) {
        return header(record, "CamelKafkaTopic", "kafka.TOPIC");
    }

    private static Object partition(Message record) {
        return header(record, "CamelKafkaPartition", "kafka.PARTITION");
    }

    private static Object offset(Message record) {
        return header(record, "CamelKafkaOffset", "kafka.OFFSET");
    }

    /** A header that Camel 4.22, and later patches of 4.18 and 4.14, have renamed. */
    private static Object header(Message record, String name, String oldName) {
        return record.getHeader(name, record.getHeader(oldName));
    }

    private static void finish(Exchange exchange, List<Message> records, Exception failure) {
        if (failure != null) {
            exchange.setException(failure);
            return;
        }
        try {
            Map<String, KafkaManualCommit> last = new LinkedHashMap<>();
            for (Message record : records) {
                KafkaManualCommit commit = record.getHeader(KafkaConstants.MANUAL_COMMIT, KafkaManualCommit.class);
                last.put(topic(record) + " " + partition(record), commit);
            }
            last.values().forEach(KafkaManualCommit::commit);
        } catch (Throwable e) {
            exchange.setException(SteadyDelivery.exception(e));
        }
    }
}
