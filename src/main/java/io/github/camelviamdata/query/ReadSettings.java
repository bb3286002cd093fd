// Copyright the camel-viamdata authors. SPDX-License-Identifier: Apache-2.0
package io.github.camelviamdata.query;

import io.github.camelviamdata.ViamDataConfiguration;
import io.github.camelviamdata.ViamDataDownload;
import io.github.camelviamdata.ViamDataFilter;
import io.github.camelviamdata.ViamDataOnDone;
import io.github.camelviamdata.ViamDataPolling;
import io.github.camelviamdata.ViamDataTagMatch;
import io.github.camelviamdata.proto.data.v1.Filter;
import java.util.List;
import org.apache.camel.spi.IdempotentRepository;

/**
 * What a consumer reads and what it does with it.
 *
 * @param filter which items to take
 * @param ofPart whether they are of one part
 * @param repository remembers the IDs of items that were done; null where nothing does
 */
record ReadSettings(
        Filter filter,
        boolean ofPart,
        ViamDataOnDone onDone,
        List<String> doneTags,
        ViamDataDownload download,
        IdempotentRepository repository,
        boolean shuffle,
        int maxMessagesPerPoll,
        int parallelDownloads) {

    /**
     * @param partId of the machine part to take data of, or null for any
     * @throws IllegalArgumentException if an option is wrong, or contradicts another one; the text names it
     */
    static ReadSettings of(
            String partId, ViamDataConfiguration options, ViamDataFilter filter, ViamDataPolling polling) {
        Filter made = Filters.of(partId, options, filter);
        between("maxMessagesPerPoll", polling.getMaxMessagesPerPoll(), 1, 100_000);
        between("parallelDownloads", polling.getParallelDownloads(), 1, 64);
        between("initialDelay", polling.getInitialDelay(), 0, Integer.MAX_VALUE);
        between("delay", polling.getDelay(), 1, Integer.MAX_VALUE);
        between("repeatCount", polling.getRepeatCount(), 0, Long.MAX_VALUE);
        List<String> doneTags = Filters.list("doneTags", polling.getDoneTags());
        checkOnDone(polling, made, doneTags);
        checkRepetition(polling, filter);
        return new ReadSettings(
                made,
                !made.getPartId().isEmpty(),
                polling.getOnDone(),
                doneTags,
                polling.getDownload(),
                polling.getIdempotentRepository(),
                polling.isShuffle(),
                polling.getMaxMessagesPerPoll(),
                polling.getParallelDownloads());
    }

    private static void checkOnDone(ViamDataPolling polling, Filter filter, List<String> doneTags) {
        ViamDataOnDone onDone = polling.getOnDone();
        if (onDone == ViamDataOnDone.removeFromDataset && filter.getDatasetId().isEmpty()) {
            throw new IllegalArgumentException("The option onDone=removeFromDataset needs the option datasetId");
        } else if (onDone == ViamDataOnDone.addTags && doneTags.isEmpty()) {
            throw new IllegalArgumentException("The option onDone=addTags needs the option doneTags");
        } else if (onDone != ViamDataOnDone.addTags && !doneTags.isEmpty()) {
            throw new IllegalArgumentException("The option doneTags is for onDone=addTags; onDone is " + onDone);
        } else if (onDone == ViamDataOnDone.delete && !polling.isAllowDelete()) {
            throw new IllegalArgumentException(
                    "The option onDone=delete deletes each item for good once its exchange has"
                            + " ended. Confirm it by allowDelete=true");
        }
    }

    /** Each poll lists from the beginning, so something has to tell what was delivered. */
    private static void checkRepetition(ViamDataPolling polling, ViamDataFilter filter) {
        boolean leaves = polling.getOnDone() == ViamDataOnDone.removeFromDataset
                || polling.getOnDone() == ViamDataOnDone.delete
                || polling.getOnDone() == ViamDataOnDone.addTags && filter.getTagMatch() == ViamDataTagMatch.untagged;
        if (!leaves && polling.getIdempotentRepository() == null && polling.getRepeatCount() == 0) {
            throw new IllegalArgumentException("Each poll would deliver the same items again. Set"
                    + " onDone=removeFromDataset, or idempotentRepository, or tagMatch=untagged with onDone=addTags;"
                    + " or repeatCount=1 to read once");
        }
    }

    private static void between(String option, long value, long least, long most) {
        if (value < least || value > most) {
            throw new IllegalArgumentException(
                    "The option " + option + " is " + value + "; it must be from " + least + " to " + most);
        }
    }

    String datasetId() {
        return filter.getDatasetId();
    }

    /** Whether another process may take an item out of the list while this one has it. */
    boolean isQueue() {
        return onDone == ViamDataOnDone.removeFromDataset;
    }

    /** For single items, whatever the list that names them. */
    static ReadSettings ofItem(ViamDataDownload download) {
        return new ReadSettings(
                Filter.getDefaultInstance(), false, ViamDataOnDone.none, List.of(), download, null, false, 1, 1);
    }
}
