// Copyright the camel-viamdata authors. SPDX-License-Identifier: Apache-2.0
package io.github.camelviamdata.client;

import io.github.camelviamdata.ViamDataOperation;
import io.grpc.Status;
import java.util.EnumMap;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.LongAdder;

/** Counters of a client since it was made. Safe for use by many threads, which do not wait for each other. */
public final class ClientStatistics implements ClientListener {

    // Part IDs come from messages, so their number is bounded.
    private static final int MAX_REFUSED_PARTS = 1000;

    private final Map<UploadOutcome, Map<ViamDataOperation, LongAdder>> uploads = new EnumMap<>(UploadOutcome.class);
    private final Map<TokenFetch, LongAdder> tokenRequests = new EnumMap<>(TokenFetch.class);
    private final Map<OnceCheck, LongAdder> onceChecks = new EnumMap<>(OnceCheck.class);
    private final Map<ItemEnd, LongAdder> items = new EnumMap<>(ItemEnd.class);
    private final LongAdder downloadedBytes = new LongAdder();
    private final LongAdder uploadedBytes = new LongAdder();
    private final LongAdder retries = new LongAdder();
    private final Map<String, UploadFailure> refusedParts = new ConcurrentHashMap<>();
    private volatile UploadFailure refusal;
    private volatile UploadFailure lastFailure;

    ClientStatistics() {
        for (UploadOutcome outcome : UploadOutcome.values()) {
            Map<ViamDataOperation, LongAdder> counts = new EnumMap<>(ViamDataOperation.class);
            for (ViamDataOperation operation : ViamDataOperation.values()) {
                counts.put(operation, new LongAdder());
            }
            uploads.put(outcome, counts);
        }
        for (TokenFetch outcome : TokenFetch.values()) {
            tokenRequests.put(outcome, new LongAdder());
        }
        for (OnceCheck check : OnceCheck.values()) {
            onceChecks.put(check, new LongAdder());
        }
        for (ItemEnd end : ItemEnd.values()) {
            items.put(end, new LongAdder());
        }
    }

    @Override
    public void uploadEnded(UploadEnd end) {
        uploads.get(end.outcome()).get(end.operation()).increment();
        if (end.outcome() == UploadOutcome.stored) {
            uploadedBytes.add(end.bytes());
            accepted(end.partId());
        } else {
            lastFailure = end.failure();
            if (end.outcome() == UploadOutcome.authentication) {
                refused(end.partId(), end.failure());
            }
        }
    }

    private void accepted(String partId) {
        // A volatile read is cheaper than a write, and refusals are rare.
        if (refusal != null) {
            refusal = null;
        }
        if (!refusedParts.isEmpty()) {
            refusedParts.remove(partId);
        }
    }

    private void refused(String partId, UploadFailure failure) {
        if (failure.status() != Status.Code.PERMISSION_DENIED) {
            refusal = failure;
        } else if (refusedParts.size() < MAX_REFUSED_PARTS) {
            refusedParts.put(partId, failure);
        }
    }

    @Override
    public void uploadRetried() {
        retries.increment();
    }

    @Override
    public void onceChecked(OnceCheck check) {
        onceChecks.get(check).increment();
    }

    @Override
    public void itemEnded(ItemEnd end, long bytes) {
        items.get(end).increment();
        downloadedBytes.add(bytes);
    }

    @Override
    public void tokenRequested(TokenFetch outcome) {
        tokenRequests.get(outcome).increment();
    }

    /** Number of uploads with this operation and this outcome. */
    public long uploads(UploadOutcome outcome, ViamDataOperation operation) {
        return uploads.get(outcome).get(operation).sum();
    }

    /** Number of uploads with this outcome. */
    public long uploads(UploadOutcome outcome) {
        return uploads.get(outcome).values().stream().mapToLong(LongAdder::sum).sum();
    }

    /** Number of payload bytes stored. */
    public long uploadedBytes() {
        return uploadedBytes.sum();
    }

    /** Number of attempts beyond the first of each upload. */
    public long retries() {
        return retries.sum();
    }

    /** Number of checks of uploads that are to be stored once, with this result. */
    public long onceChecks(OnceCheck check) {
        return onceChecks.get(check).sum();
    }

    /** Number of exchanges of items that were read, with this end. */
    public long items(ItemEnd end) {
        return items.get(end).sum();
    }

    /** Number of bytes of items that were read, those of failed exchanges included. */
    public long downloadedBytes() {
        return downloadedBytes.sum();
    }

    /** Number of requests for an access token with this outcome. */
    public long tokenRequests(TokenFetch outcome) {
        return tokenRequests.get(outcome).sum();
    }

    /** The last upload that failed, even if others have been stored since. */
    public Optional<UploadFailure> lastFailure() {
        return Optional.ofNullable(lastFailure);
    }

    /**
     * The last upload that the service refused because of the credential, if it has stored none since.
     *
     * @param partId a part that the credential has to be allowed to upload to as well, or null
     */
    public Optional<UploadFailure> refusal(String partId) {
        UploadFailure refused = refusal;
        return Optional.ofNullable(refused != null || partId == null ? refused : refusedParts.get(partId));
    }
}
