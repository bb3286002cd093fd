// Copyright the camel-viamdata authors. SPDX-License-Identifier: Apache-2.0
package io.github.camelviamdata.query;

import io.github.camelviamdata.ViamDataConstants;
import io.github.camelviamdata.query.ChangeOperation.Change;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.function.BooleanSupplier;
import org.apache.camel.Exchange;

/** The changes of one message, batch after batch. The first one that fails ends them. */
final class ChangeBatches implements DataOutcome {

    private final String what;
    private final List<String> ids;
    private final List<Change> changes;
    private final boolean deletes;
    private final BooleanSupplier ended;
    // One call happens before the next one.
    private int changed;
    private long deleted;
    private Throwable failure;

    /**
     * @param what is done, at the beginning of a sentence
     * @param changes to make to each batch, one after another
     * @param deletes whether they delete
     * @param ended whether no further call is to begin
     */
    ChangeBatches(String what, List<String> ids, List<Change> changes, boolean deletes, BooleanSupplier ended) {
        this.what = what;
        this.ids = ids;
        this.changes = changes;
        this.deletes = deletes;
        this.ended = ended;
    }

    /** Completes normally, even after a failure: there is something to say of what was changed before. */
    CompletionStage<DataOutcome> run() {
        return next().handle((none, error) -> {
            failure = error;
            return this;
        });
    }

    private CompletionStage<Void> next() {
        if (changed >= ids.size() || ended.getAsBoolean()) {
            return CompletableFuture.completedFuture(null);
        }
        List<String> batch = ids.subList(changed, Math.min(ids.size(), changed + DataRequests.MOST));
        return change(batch, 0).thenCompose(none -> {
            changed += batch.size();
            return next();
        });
    }

    private CompletionStage<Void> change(List<String> batch, int first) {
        if (first == changes.size()) {
            return CompletableFuture.completedFuture(null);
        }
        return changes.get(first).call(batch).thenCompose(count -> {
            deleted += count;
            return change(batch, first + 1);
        });
    }

    @Override
    public void applyTo(Exchange exchange) {
        exchange.getMessage().setHeader(ViamDataConstants.CHANGED_COUNT, changed);
        if (deletes) {
            exchange.getMessage().setHeader(ViamDataConstants.DELETED_COUNT, deleted);
        }
        if (failure != null) {
            String before = changed == 0 ? "" : "The first " + changed + " of " + ids.size() + " items are done. ";
            String first = ids.get(changed);
            throw ReadFailures.change(
                    before + what + " for " + (ids.size() == 1 ? first : "those from " + first + " on"), failure);
        }
    }
}
