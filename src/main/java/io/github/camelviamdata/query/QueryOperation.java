// Copyright the camel-viamdata authors. SPDX-License-Identifier: Apache-2.0
package io.github.camelviamdata.query;

import io.github.camelviamdata.ViamDataConstants;
import io.github.camelviamdata.ViamDataException;
import io.github.camelviamdata.ViamDataTimeUnit;
import io.github.camelviamdata.client.Calls;
import io.github.camelviamdata.message.HeaderValues;
import io.github.camelviamdata.proto.data.v1.CaptureInterval;
import io.github.camelviamdata.proto.data.v1.Filter;
import io.github.camelviamdata.query.DataReader.Page;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.function.BooleanSupplier;
import org.apache.camel.Exchange;
import org.apache.camel.Message;

/** Lists the metadata of items, the oldest first. */
final class QueryOperation implements DataOperation {

    private final DataReader reader;
    private final Filter filter;
    private final ViamDataTimeUnit timeUnit;
    private final int maxResults;

    /**
     * @throws IllegalArgumentException if an option is wrong, or if none says what to list
     */
    QueryOperation(DataOperations.Settings settings, DataReader reader) {
        this.reader = reader;
        this.filter = Filters.of(settings.partId(), settings.options(), settings.filter());
        this.timeUnit = settings.options().getTimeUnit();
        this.maxResults = settings.filter().getMaxResults();
        if (maxResults < 1 || maxResults > 100_000) {
            throw new IllegalArgumentException(
                    "The option maxResults is " + maxResults + "; it must be from 1 to 100000");
        }
    }

    @Override
    public Calls<DataOutcome> prepare(Exchange exchange) {
        Filter.Builder asked = filter.toBuilder();
        CaptureInterval span = Spans.of(new HeaderValues(exchange, timeUnit), filter.getInterval());
        if (span.hasStart() || span.hasEnd()) {
            asked.setInterval(span);
        }
        DataCalls calls = ended -> new Pages(asked.build(), ended).next("");
        return calls;
    }

    @Override
    public ViamDataException failure(Throwable error) {
        return ReadFailures.exception("Listing what " + reader.target() + " stores", error);
    }

    /** The pages of one list. One item more than asked for shows that there are more. */
    private final class Pages {

        private final Filter asked;
        private final BooleanSupplier ended;
        private final List<Map<String, Object>> items = new ArrayList<>();

        Pages(Filter asked, BooleanSupplier ended) {
            this.asked = asked;
            this.ended = ended;
        }

        CompletionStage<DataOutcome> next(String last) {
            int limit = Math.min(DataRequests.MOST, maxResults + 1 - items.size());
            return reader.page(asked, limit, last).thenCompose(page -> {
                page.items().forEach(item -> items.add(ItemHeaders.of(item, null, false)));
                boolean more = isFollowed(page, last) && items.size() <= maxResults && !ended.getAsBoolean();
                return more ? next(page.last()) : CompletableFuture.completedFuture(this::applyTo);
            });
        }

        private boolean isFollowed(Page page, String last) {
            return !page.items().isEmpty()
                    && !page.last().isEmpty()
                    && !page.last().equals(last);
        }

        private void applyTo(Exchange exchange) {
            boolean more = items.size() > maxResults;
            Message message = exchange.getMessage();
            message.setBody(more ? new ArrayList<>(items.subList(0, maxResults)) : items);
            message.setHeader(ViamDataConstants.MORE, more);
            // It would name another item than the body does.
            message.removeHeader(ViamDataConstants.BINARY_DATA_ID);
        }
    }
}
