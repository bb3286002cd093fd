// Copyright the camel-viamdata authors. SPDX-License-Identifier: Apache-2.0
package io.github.camelviamdata.query;

import io.github.camelviamdata.ViamDataConstants;
import io.github.camelviamdata.ViamDataException;
import io.github.camelviamdata.ViamDataOperation;
import io.github.camelviamdata.ViamDataTimeUnit;
import io.github.camelviamdata.client.CallFailedException;
import io.github.camelviamdata.client.Calls;
import io.github.camelviamdata.client.DatasetAdvice;
import io.github.camelviamdata.message.HeaderValues;
import io.github.camelviamdata.query.DataOperations.Settings;
import java.util.List;
import java.util.concurrent.CompletionException;
import java.util.concurrent.CompletionStage;
import java.util.function.BiFunction;
import java.util.function.Function;
import org.apache.camel.Exchange;

/** Makes the same change to all items that a message names. */
final class ChangeOperation implements DataOperation {

    private final String what;
    private final ViamDataTimeUnit timeUnit;
    private final Function<HeaderValues, List<Change>> changes;
    private final boolean deletes;

    /** A call for at most {@link DataRequests#MOST} items, which completes with how many of them were deleted. */
    interface Change {
        CompletionStage<Long> call(List<String> ids);
    }

    private ChangeOperation(Settings settings, String target, Function<HeaderValues, List<Change>> changes) {
        this.what = "operation=" + settings.options().getOperation() + " in " + target;
        this.timeUnit = settings.options().getTimeUnit();
        this.changes = changes;
        this.deletes = settings.options().getOperation() == ViamDataOperation.delete;
    }

    /**
     * @param change for items and tags
     */
    static ChangeOperation ofTags(
            Settings settings,
            DataChanges service,
            BiFunction<List<String>, List<String>, CompletionStage<Long>> change) {
        List<String> option = Filters.list("tags", settings.options().getTags());
        return new ChangeOperation(settings, service.target(), headers -> {
            List<String> tags = optionElseHeader("tags", option, headers, ViamDataConstants.TAGS);
            return List.of(ids -> change.apply(ids, tags));
        });
    }

    /**
     * @param change for items and a dataset
     * @throws IllegalArgumentException if the option for a filter is set in place of the one for datasets
     */
    static ChangeOperation ofDatasets(
            Settings settings, DataChanges service, BiFunction<List<String>, String, CompletionStage<Long>> change) {
        if (settings.filter().getDatasetId() != null) {
            throw new IllegalArgumentException("The option datasetId is a filter of what is read. For operation="
                    + settings.options().getOperation() + " set the option datasetIds");
        }
        List<String> option = Filters.list("datasetIds", settings.options().getDatasetIds());
        return new ChangeOperation(
                settings,
                service.target(),
                headers -> optionElseHeader("datasetIds", option, headers, ViamDataConstants.DATASET_IDS).stream()
                        .map(dataset -> (Change)
                                ids -> change.apply(ids, dataset).exceptionally(ChangeOperation::refusedDataset))
                        .toList());
    }

    private static Long refusedDataset(Throwable error) {
        Throwable cause = ReadFailures.cause(error);
        String advice = cause instanceof CallFailedException call ? DatasetAdvice.of(call.getStatus()) : "";
        throw new CompletionException(advice.isEmpty() ? cause : ((CallFailedException) cause).withAdvice(advice));
    }

    /**
     * @throws IllegalArgumentException without {@code allowDelete}
     */
    static ChangeOperation delete(Settings settings, DataChanges service) {
        if (!settings.reading().isAllowDelete()) {
            throw new IllegalArgumentException("The option operation=delete deletes for good what messages name."
                    + " Confirm it by allowDelete=true");
        }
        return new ChangeOperation(settings, service.target(), headers -> List.of(service::delete));
    }

    /** Not both: messages of the consumer have all tags and all datasets of their item in these headers. */
    private static List<String> optionElseHeader(
            String name, List<String> option, HeaderValues headers, String header) {
        List<String> values = option.isEmpty() ? headers.texts(header) : option;
        if (values.isEmpty()) {
            throw new IllegalArgumentException(
                    "Nothing says what to add or to remove: set the option " + name + " or the header " + header);
        }
        return values;
    }

    @Override
    public Calls<DataOutcome> prepare(Exchange exchange) {
        List<String> ids = ItemIds.of(exchange.getMessage());
        List<Change> each = changes.apply(new HeaderValues(exchange, timeUnit));
        DataCalls calls = ended -> new ChangeBatches(what, ids, each, deletes, ended).run();
        return calls;
    }

    @Override
    public ViamDataException failure(Throwable error) {
        return ReadFailures.change(what, error);
    }
}
