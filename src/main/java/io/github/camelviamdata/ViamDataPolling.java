// Copyright the camel-viamdata authors. SPDX-License-Identifier: Apache-2.0
package io.github.camelviamdata;

import java.time.Duration;
import org.apache.camel.spi.IdempotentRepository;
import org.apache.camel.spi.StateRepository;
import org.apache.camel.spi.UriParam;
import org.apache.camel.spi.UriParams;

/** How a consumer asks for items, and what it does with them. Setters check nothing; the start of a consumer does. */
@UriParams
public class ViamDataPolling {

    @UriParam(
            label = "consumer",
            defaultValue = "none",
            enums = "none,removeFromDataset,addTags,delete",
            description = "What to do with an item once its exchange has ended without a failure: `removeFromDataset` "
                    + "takes it out of `datasetId`, `addTags` gives it the `doneTags`, `delete` deletes it for "
                    + "good, with `allowDelete`. An item whose exchange failed stays as it is, and is delivered "
                    + "again.")
    private ViamDataOnDone onDone = ViamDataOnDone.none;

    @UriParam(label = "consumer", description = "Tags for `onDone=addTags`, separated by commas.")
    private String doneTags;

    @UriParam(
            label = "reading",
            defaultValue = "false",
            description = "Whether `onDone=delete` and `operation=delete` may delete. Deleted data cannot be restored.")
    private boolean allowDelete = false;

    @UriParam(
            label = "reading",
            defaultValue = "body",
            enums = "body,stream,none",
            description =
                    "The body of messages of a consumer, and after `operation=get`: `body` has all of the data before"
                            + " the route begins, in memory up to 1 MB and in Camel's stream cache above; `stream` is read from the"
                            + " service while the route reads it, and only once; `none` is null, so that only metadata is asked for.")
    private ViamDataDownload download = ViamDataDownload.body;

    @UriParam(
            label = "consumer",
            description = "Remembers the binary data IDs of items that were done. It is asked before anything is "
                    + "downloaded.")
    private IdempotentRepository idempotentRepository;

    @UriParam(
            label = "consumer",
            javaType = "org.apache.camel.spi.StateRepository",
            description =
                    "Follows the time of capture: keeps the time up to which everything was done, under `watermarkKey`,"
                            + " so that a later start continues from there. Needs `idempotentRepository`. By default each poll"
                            + " lists from the beginning.")
    private StateRepository<String, String> watermark;

    @UriParam(
            label = "consumer",
            description = "The key in the repository of `watermark`. By default one that is made of the filter "
                    + "without `from` and `until`.")
    private String watermarkKey;

    @UriParam(
            label = "consumer",
            javaType = "java.time.Duration",
            defaultValue = "3600000",
            description =
                    "With `watermark`: how late data may be listed. Data captured up to this long before the newest is listed"
                            + " again whenever a 60th of this time has passed, each minute by default, and delivered if it is new."
                            + " From 0 to 366 days; 0 for not.")
    private long overlap = Duration.ofHours(1).toMillis();

    @UriParam(
            label = "consumer",
            javaType = "java.time.Duration",
            defaultValue = "86400000",
            description =
                    "As `overlap`, but listed again whenever a 24th of it has passed, each hour by default, and when the"
                            + " route starts. From 0 to 366 days; 0 for not.")
    private long rescan = Duration.ofDays(1).toMillis();

    @UriParam(
            label = "consumer",
            defaultValue = "false",
            description = "Whether to deliver any of the first items of a list, up to ten times `maxMessagesPerPoll` "
                    + "and 10000, so that several processes that share a dataset seldom take the same one. By "
                    + "default the oldest comes first. Not with `watermark`.")
    private boolean shuffle = false;

    @UriParam(
            label = "consumer",
            defaultValue = "100",
            description =
                    "Maximum number of items to deliver in one poll, from 1 to 100000. Their metadata is held in memory.")
    private int maxMessagesPerPoll = 100;

    @UriParam(
            label = "consumer",
            defaultValue = "4",
            description = "How many items to download at once, ahead of the route, from 1 to 64. Each may take 1 MB of "
                    + "memory.")
    private int parallelDownloads = 4;

    @UriParam(
            label = "consumer",
            javaType = "java.time.Duration",
            defaultValue = "1000",
            description = "How long to wait before the first poll. Not below 0.")
    private long initialDelay = 1000;

    @UriParam(
            label = "consumer",
            javaType = "java.time.Duration",
            defaultValue = "5000",
            description = "How long to wait before the next poll. Above 0.")
    private long delay = 5000;

    @UriParam(
            label = "consumer",
            defaultValue = "false",
            description = "Whether to poll again at once after a poll that had messages.")
    private boolean greedy = false;

    @UriParam(
            label = "consumer",
            defaultValue = "false",
            description = "Whether a poll without an item sends a message without a body.")
    private boolean sendEmptyMessageWhenIdle = false;

    @UriParam(label = "consumer", defaultValue = "0", description = "Maximum number of polls; 0 for no limit.")
    private long repeatCount = 0;

    @UriParam(
            label = "consumer",
            defaultValue = "0",
            description = "How many polls to skip after as many idle or failed polls as `backoffIdleThreshold` or"
                    + " `backoffErrorThreshold` says; 0 for none.")
    private int backoffMultiplier = 0;

    @UriParam(
            label = "consumer",
            defaultValue = "0",
            description = "Number of polls in a row without an item after which `backoffMultiplier` applies.")
    private int backoffIdleThreshold = 0;

    @UriParam(
            label = "consumer",
            defaultValue = "0",
            description = "Number of failed polls in a row after which `backoffMultiplier` applies.")
    private int backoffErrorThreshold = 0;

    public ViamDataOnDone getOnDone() {
        return onDone;
    }

    /** Default {@code none}; not null. */
    public void setOnDone(ViamDataOnDone onDone) {
        this.onDone = onDone;
    }

    public String getDoneTags() {
        return doneTags;
    }

    /** Separated by commas. Default null, without {@code onDone=addTags} only. */
    public void setDoneTags(String doneTags) {
        this.doneTags = doneTags;
    }

    public boolean isAllowDelete() {
        return allowDelete;
    }

    /** Default false. */
    public void setAllowDelete(boolean allowDelete) {
        this.allowDelete = allowDelete;
    }

    public ViamDataDownload getDownload() {
        return download;
    }

    /** Default {@code body}; not null. */
    public void setDownload(ViamDataDownload download) {
        this.download = download;
    }

    public IdempotentRepository getIdempotentRepository() {
        return idempotentRepository;
    }

    /** Default null: nothing is remembered. Started by Camel or its owner. */
    public void setIdempotentRepository(IdempotentRepository idempotentRepository) {
        this.idempotentRepository = idempotentRepository;
    }

    public StateRepository<String, String> getWatermark() {
        return watermark;
    }

    /** Default null: the time of capture is not followed. Started by the consumer, and stopped by its owner. */
    public void setWatermark(StateRepository<String, String> watermark) {
        this.watermark = watermark;
    }

    public String getWatermarkKey() {
        return watermarkKey;
    }

    /** Default null: one that is made of the filter. */
    public void setWatermarkKey(String watermarkKey) {
        this.watermarkKey = watermarkKey;
    }

    public long getOverlap() {
        return overlap;
    }

    /** Default 3600000 milliseconds; from 0 to 366 days. */
    public void setOverlap(long overlap) {
        this.overlap = overlap;
    }

    public long getRescan() {
        return rescan;
    }

    /** Default 86400000 milliseconds; from 0 to 366 days. */
    public void setRescan(long rescan) {
        this.rescan = rescan;
    }

    public boolean isShuffle() {
        return shuffle;
    }

    /** Default false. */
    public void setShuffle(boolean shuffle) {
        this.shuffle = shuffle;
    }

    public int getMaxMessagesPerPoll() {
        return maxMessagesPerPoll;
    }

    /** Default 100; from 1 to 100000. */
    public void setMaxMessagesPerPoll(int maxMessagesPerPoll) {
        this.maxMessagesPerPoll = maxMessagesPerPoll;
    }

    public int getParallelDownloads() {
        return parallelDownloads;
    }

    /** Default 4; from 1 to 64. */
    public void setParallelDownloads(int parallelDownloads) {
        this.parallelDownloads = parallelDownloads;
    }

    public long getInitialDelay() {
        return initialDelay;
    }

    /** Default 1000 milliseconds; from 0. */
    public void setInitialDelay(long initialDelay) {
        this.initialDelay = initialDelay;
    }

    public long getDelay() {
        return delay;
    }

    /** Default 5000 milliseconds; from 1. */
    public void setDelay(long delay) {
        this.delay = delay;
    }

    public boolean isGreedy() {
        return greedy;
    }

    /** Default false. */
    public void setGreedy(boolean greedy) {
        this.greedy = greedy;
    }

    public boolean isSendEmptyMessageWhenIdle() {
        return sendEmptyMessageWhenIdle;
    }

    /** Default false. */
    public void setSendEmptyMessageWhenIdle(boolean sendEmptyMessageWhenIdle) {
        this.sendEmptyMessageWhenIdle = sendEmptyMessageWhenIdle;
    }

    public long getRepeatCount() {
        return repeatCount;
    }

    /** Default 0, no limit. */
    public void setRepeatCount(long repeatCount) {
        this.repeatCount = repeatCount;
    }

    public int getBackoffMultiplier() {
        return backoffMultiplier;
    }

    /** Default 0: no poll is left out. Needs one of the thresholds. */
    public void setBackoffMultiplier(int backoffMultiplier) {
        this.backoffMultiplier = backoffMultiplier;
    }

    public int getBackoffIdleThreshold() {
        return backoffIdleThreshold;
    }

    /** Default 0: idle polls do not count. */
    public void setBackoffIdleThreshold(int backoffIdleThreshold) {
        this.backoffIdleThreshold = backoffIdleThreshold;
    }

    public int getBackoffErrorThreshold() {
        return backoffErrorThreshold;
    }

    /** Default 0: failed polls do not count. */
    public void setBackoffErrorThreshold(int backoffErrorThreshold) {
        this.backoffErrorThreshold = backoffErrorThreshold;
    }
}
