// Copyright the camel-viamdata authors. SPDX-License-Identifier: Apache-2.0
package io.github.camelviamdata.query;

import io.github.camelviamdata.ViamDataConfiguration;
import io.github.camelviamdata.ViamDataDownload;
import io.github.camelviamdata.ViamDataFilter;
import io.github.camelviamdata.ViamDataOnDone;
import io.github.camelviamdata.ViamDataPolling;
import io.github.camelviamdata.client.ClientListener.ItemEnd;
import io.github.camelviamdata.client.UploadSettings;
import io.github.camelviamdata.client.ViamDataClient;
import io.github.camelviamdata.message.SpoolFiles;
import io.github.camelviamdata.query.ReadSettings.Following;
import java.time.Instant;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.List;
import java.util.Queue;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.TimeUnit;
import org.apache.camel.Endpoint;
import org.apache.camel.Exchange;
import org.apache.camel.ExchangePropertyKey;
import org.apache.camel.Processor;
import org.apache.camel.spi.Synchronization;
import org.apache.camel.support.ScheduledBatchPollingConsumer;
import org.apache.camel.support.service.ServiceHelper;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Delivers what the service lists by a filter, the oldest first. Each poll lists from the beginning; items that are done leave
 * the list, or are remembered. An item whose exchange failed stays, and is delivered again once the list was read to its end.
 */
public class ViamDataConsumer extends ScheduledBatchPollingConsumer {

    private static final Logger LOG = LoggerFactory.getLogger(ViamDataConsumer.class);
    private static final long LAST_FLUSH_SECONDS = 10;

    /** Where a consumer has its client from, and how it calls. */
    public interface Connection {
        /** A client, to be released once. */
        ViamDataClient acquire();

        /** The client is used no longer. */
        void release(ViamDataClient client);

        /** How to call; asked once the endpoint has started. */
        UploadSettings how();
    }

    /** Gets what becomes the message of an item. */
    private interface Fetcher {
        /** Completes with null if the item no longer exists. */
        CompletionStage<? extends Fetched> fetch(Listed item);
    }

    private final Connection connection;
    private final ReadSettings settings;
    private Remembered remembered;
    private ItemList list;
    private ViamDataClient client;
    private DataReader reader;
    private Fetcher fetcher;
    private Endings endings;

    /**
     * @param partId of the machine part to take data of, or null for any
     * @throws IllegalArgumentException if an option is wrong; the text names it
     */
    public ViamDataConsumer(
            Endpoint endpoint,
            Processor processor,
            Connection connection,
            String partId,
            ViamDataConfiguration options,
            ViamDataFilter filter,
            ViamDataPolling polling) {
        super(endpoint, processor);
        this.connection = connection;
        this.settings = ReadSettings.of(partId, options, filter, polling);
        setMaxMessagesPerPoll(settings.maxMessagesPerPoll());
        setInitialDelay(polling.getInitialDelay());
        setDelay(polling.getDelay());
        setGreedy(polling.isGreedy());
        setSendEmptyMessageWhenIdle(polling.isSendEmptyMessageWhenIdle());
        setRepeatCount(polling.getRepeatCount());
        setBackoffMultiplier(polling.getBackoffMultiplier());
        setBackoffIdleThreshold(polling.getBackoffIdleThreshold());
        setBackoffErrorThreshold(polling.getBackoffErrorThreshold());
    }

    @Override
    protected void doStart() throws Exception {
        // A start that fails acquires none.
        client = null;
        ServiceHelper.startService(settings.repository());
        // What an earlier start has left in flight is listed anew.
        remembered = new Remembered(settings.repository());
        Following following = settings.following();
        Instant from = null;
        if (following != null) {
            ServiceHelper.startService(following.watermark().repository());
            from = following.watermark().load();
        }
        client = connection.acquire();
        UploadSettings how = connection.how();
        reader = new DataReader(client, how);
        boolean binary = settings.resource() == null;
        fetcher = binary ? items() : item -> CompletableFuture.completedFuture((Reading) item);
        list = following == null
                ? new WholeList(pages(), settings.filter(), remembered, settings.shuffle())
                : new CaptureTimeList(
                        binary ? pages().feed(settings.filter()) : readings(), remembered, following, from);
        DataChanges changes = new DataChanges(client, how);
        endings = new Endings(
                "onDone=" + settings.onDone(),
                ids -> changes.end(settings, ids),
                this::done,
                this::refused,
                Endings.PAUSE);
        super.doStart();
    }

    private Fetcher items() {
        ItemBytes bytes = new ItemBytes(
                reader, settings, SpoolFiles.directory(getEndpoint().getCamelContext()));
        return item -> bytes.fetch((Item) item)
                .thenApply(fetched -> fetched == null ? null : new ItemMessage(fetched, settings));
    }

    private ListPages pages() {
        return new ListPages(reader, this::isBatchAllowed);
    }

    private ItemFeed readings() {
        return new ReadingFeed(reader, settings.resource(), settings.filter().getInterval(), this::isBatchAllowed);
    }

    private void done(String id) {
        remembered.addLater(id);
        list.done(id);
    }

    private void refused(String id) {
        remembered.addLater(id);
        list.refused(id);
    }

    @Override
    protected void doSuspend() throws Exception {
        super.doSuspend();
        endings.flush();
    }

    @Override
    protected void doStop() throws Exception {
        super.doStop();
        if (client != null) {
            finish();
            connection.release(client);
        }
    }

    private void finish() {
        try {
            endings.flush().get(LAST_FLUSH_SECONDS, TimeUnit.SECONDS);
            remembered.addWaiting();
            list.save();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        } catch (Throwable e) {
            LOG.warn(
                    "onDone={}, idempotentRepository or watermark failed at the stop. Some items that are done are"
                            + " delivered again: {}",
                    settings.onDone(),
                    ReadFailures.cause(e).toString());
        }
    }

    @Override
    protected int poll() throws Exception {
        shutdownRunningTask = null;
        pendingExchanges = 0;
        ReadFailures.await("onDone=" + settings.onDone() + " in " + reader.target(), endings.retry());
        remembered.addWaiting();
        list.save();
        List<? extends Listed> items = list.take(settings.maxMessagesPerPoll());
        forceConsumerAsReady();
        return processBatch(new ArrayDeque<>(items));
    }

    @Override
    public int processBatch(Queue<Object> items) throws Exception {
        int total = items.size();
        int delivered = 0;
        Deque<Fetch> ahead = new ArrayDeque<>();
        // A stream is open from then on, and its server waits.
        int most = settings.download() == ViamDataDownload.stream ? 1 : settings.parallelDownloads();
        try {
            for (int index = 0; index < total && isBatchAllowed(); index++) {
                while (ahead.size() < most && !items.isEmpty()) {
                    ahead.add(fetch((Listed) items.poll()));
                }
                pendingExchanges = total - index - 1;
                if (deliver(ahead.remove(), index, total)) {
                    delivered++;
                }
            }
        } finally {
            ahead.forEach(this::abandon);
            items.forEach(item -> list.putBack(((Listed) item).id()));
        }
        return delivered;
    }

    /** An item whose bytes are on their way. */
    private record Fetch(Listed item, CompletableFuture<? extends Fetched> fetched) {}

    private Fetch fetch(Listed item) {
        try {
            return new Fetch(item, fetcher.fetch(item).toCompletableFuture());
        } catch (Throwable e) {
            return new Fetch(item, CompletableFuture.failedFuture(e));
        }
    }

    private void abandon(Fetch fetch) {
        list.putBack(fetch.item().id());
        fetch.fetched().thenAccept(fetched -> {
            if (fetched != null) {
                fetched.discard();
            }
        });
    }

    /** Whether a message was made. */
    private boolean deliver(Fetch fetch, int index, int total) throws InterruptedException {
        String id = fetch.item().id();
        Fetched fetched = null;
        Exchange exchange;
        try {
            fetched = ReadFailures.await("Downloading " + id + " from " + reader.target(), fetch.fetched());
            if (fetched == null) {
                list.gone(id);
                return false;
            }
            exchange = exchange(fetched);
        } catch (InterruptedException e) {
            abandon(fetch);
            throw e;
        } catch (Throwable e) {
            list.putBack(id);
            client.reportItem(ItemEnd.failed, 0);
            if (fetched != null) {
                fetched.discard();
            }
            getExceptionHandler().handleException("The item " + id + " was not delivered, and is tried again", e);
            return false;
        }
        exchange.setProperty(ExchangePropertyKey.BATCH_INDEX, index);
        exchange.setProperty(ExchangePropertyKey.BATCH_SIZE, total);
        exchange.setProperty(ExchangePropertyKey.BATCH_COMPLETE, index == total - 1);
        exchange.getExchangeExtension().addOnCompletion(new End(id, fetched.length()));
        getAsyncProcessor().process(exchange, defaultConsumerCallback(exchange, true));
        return true;
    }

    private Exchange exchange(Fetched fetched) throws Exception {
        Exchange exchange = createExchange(false);
        fetched.applyTo(exchange);
        return exchange;
    }

    /** Ends an item after its exchange, on the thread that ended it. */
    private final class End implements Synchronization {

        private final String id;
        private final long bytes;
        // The consumer may have stopped before the exchange ends.
        private final ViamDataClient used = client;

        private End(String id, long bytes) {
            this.id = id;
            this.bytes = bytes;
        }

        @Override
        public void onComplete(Exchange exchange) {
            used.reportItem(ItemEnd.done, bytes);
            if (settings.onDone() == ViamDataOnDone.none) {
                remember(id);
                list.done(id);
                return;
            }
            // Remembered afterwards: otherwise an item whose process ends in between would never get its ending.
            endings.add(id);
            if (!isStarted()) {
                // No poll follows.
                endings.flush();
            }
        }

        private void remember(String id) {
            try {
                remembered.add(id);
            } catch (Throwable e) {
                getExceptionHandler()
                        .handleException("The item " + id + " is done, and is remembered at the next poll", e);
            }
        }

        @Override
        public void onFailure(Exchange exchange) {
            used.reportItem(ItemEnd.failed, bytes);
            list.putBack(id);
        }

        @Override
        public String toString() {
            return "ViamDataConsumer[" + id + "]";
        }
    }
}
