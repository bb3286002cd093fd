// Copyright the camel-viamdata authors. SPDX-License-Identifier: Apache-2.0
package io.github.camelviamdata.query;

import io.github.camelviamdata.ViamDataConfiguration;
import io.github.camelviamdata.ViamDataDownload;
import io.github.camelviamdata.ViamDataFilter;
import io.github.camelviamdata.ViamDataOnDone;
import io.github.camelviamdata.ViamDataPolling;
import io.github.camelviamdata.ViamDataTagMatch;
import io.github.camelviamdata.ViamDataType;
import io.github.camelviamdata.message.PlainText;
import io.github.camelviamdata.proto.data.v1.Filter;
import java.time.Duration;
import java.util.List;
import java.util.UUID;
import org.apache.camel.spi.IdempotentRepository;

/**
 * What a consumer reads and what it does with it.
 *
 * @param filter which items to take
 * @param resource whose readings to take; null for binary data
 * @param ofPart whether they are of one part
 * @param repository remembers the IDs of items that were done; null where nothing does
 * @param following how to follow the time of capture; null where each poll lists from the beginning
 */
record ReadSettings(
        Filter filter,
        Resource resource,
        boolean ofPart,
        ViamDataOnDone onDone,
        List<String> doneTags,
        ViamDataDownload download,
        IdempotentRepository repository,
        Following following,
        boolean shuffle,
        int maxMessagesPerPoll,
        int parallelDownloads) {

    private static final long MOST_LOOK_BACK = Duration.ofDays(366).toMillis();

    /**
     * How to follow the time of capture.
     *
     * @param overlap how far behind the position data that came late is looked for often; 0 for not
     * @param rescan the same, seldom
     */
    record Following(Watermark watermark, Duration overlap, Duration rescan) {}

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
        boolean tabular = filter.getDataType() == ViamDataType.tabular;
        Following following = following(polling, made, tabular);
        checkRepetition(polling, filter, following);
        return new ReadSettings(
                made,
                tabular ? resource(made, options, polling) : null,
                !made.getPartId().isEmpty(),
                polling.getOnDone(),
                doneTags,
                polling.getDownload(),
                polling.getIdempotentRepository(),
                following,
                polling.isShuffle(),
                polling.getMaxMessagesPerPoll(),
                polling.getParallelDownloads());
    }

    /** The service exports readings of one component, by time, and changes none. */
    private static Resource resource(Filter filter, ViamDataConfiguration options, ViamDataPolling polling) {
        Filter others = filter.toBuilder()
                .clearPartId()
                .clearComponentType()
                .clearComponentName()
                .clearMethod()
                .clearInterval()
                .build();
        if (!others.equals(Filter.getDefaultInstance())) {
            throw new IllegalArgumentException("The option dataType=tabular goes only with the part, componentType,"
                    + " componentName, methodName, from and until: the service selects readings by nothing else");
        } else if (polling.getOnDone() != ViamDataOnDone.none) {
            throw new IllegalArgumentException("The option dataType=tabular does not go with onDone="
                    + polling.getOnDone() + ": the service changes no readings");
        } else if (polling.getWatermark() == null) {
            throw new IllegalArgumentException("The option dataType=tabular needs the option watermark. To read once,"
                    + " use operation=export of a producer");
        }
        return Resource.of(filter.getPartId(), options);
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

    private static Following following(ViamDataPolling polling, Filter filter, boolean tabular) {
        between("overlap", polling.getOverlap(), 0, MOST_LOOK_BACK);
        between("rescan", polling.getRescan(), 0, MOST_LOOK_BACK);
        if (polling.getWatermark() == null) {
            if (polling.getWatermarkKey() != null) {
                throw new IllegalArgumentException("The option watermarkKey needs the option watermark");
            }
            return null;
        } else if (!filter.getDatasetId().isEmpty()) {
            throw new IllegalArgumentException(
                    "The option watermark does not go with datasetId, because data of any age"
                            + " gets into a dataset. Set onDone=removeFromDataset, or idempotentRepository, instead");
        } else if (polling.getIdempotentRepository() == null) {
            throw new IllegalArgumentException(
                    "The option watermark needs the option idempotentRepository, because what"
                            + " was delivered is listed again with what came late");
        } else if (polling.isShuffle()) {
            throw new IllegalArgumentException("The option shuffle does not go with watermark, which follows an order");
        }
        return new Following(
                new Watermark(polling.getWatermark(), key(polling.getWatermarkKey(), filter, tabular)),
                Duration.ofMillis(polling.getOverlap()),
                Duration.ofMillis(polling.getRescan()));
    }

    /** By default made of the filter without its times, so that it is the same for the same filter. */
    private static String key(String option, Filter filter, boolean tabular) {
        String key = PlainText.resolved("The option watermarkKey", option);
        if (key != null && !key.isBlank()) {
            return key.strip();
        }
        byte[] whole = filter.toBuilder().clearInterval().build().toByteArray();
        return (tabular ? "viamdata-readings-" : "viamdata-") + UUID.nameUUIDFromBytes(whole);
    }

    /** Each poll lists from the beginning, so delivered items have to leave the list or be remembered. */
    private static void checkRepetition(ViamDataPolling polling, ViamDataFilter filter, Following following) {
        boolean leaves = polling.getOnDone() == ViamDataOnDone.removeFromDataset
                || polling.getOnDone() == ViamDataOnDone.delete
                || polling.getOnDone() == ViamDataOnDone.addTags && filter.getTagMatch() == ViamDataTagMatch.untagged;
        if (!leaves
                && following == null
                && polling.getIdempotentRepository() == null
                && polling.getRepeatCount() == 0) {
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
                Filter.getDefaultInstance(),
                null,
                false,
                ViamDataOnDone.none,
                List.of(),
                download,
                null,
                null,
                false,
                1,
                1);
    }
}
