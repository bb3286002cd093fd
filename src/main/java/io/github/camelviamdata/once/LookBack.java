// Copyright the camel-viamdata authors. SPDX-License-Identifier: Apache-2.0
package io.github.camelviamdata.once;

import io.github.camelviamdata.ViamDataIdentity;
import io.github.camelviamdata.client.UploadResult;
import io.github.camelviamdata.client.UploadSettings;
import io.github.camelviamdata.client.ViamDataClient;
import io.github.camelviamdata.message.ProtoValues;
import io.github.camelviamdata.proto.data.v1.BinaryData;
import io.github.camelviamdata.proto.data.v1.BinaryDataByFilterRequest;
import io.github.camelviamdata.proto.data.v1.BinaryDataByFilterResponse;
import io.github.camelviamdata.proto.data.v1.BinaryMetadata;
import io.github.camelviamdata.proto.data.v1.CaptureInterval;
import io.github.camelviamdata.proto.data.v1.DataRequest;
import io.github.camelviamdata.proto.data.v1.DataServiceGrpc;
import io.github.camelviamdata.proto.data.v1.Filter;
import io.github.camelviamdata.proto.data.v1.Order;
import io.github.camelviamdata.proto.data.v1.RemoveTagsFromBinaryDataByIDsRequest;
import io.github.camelviamdata.proto.data.v1.TagsFilter;
import io.github.camelviamdata.proto.data.v1.TagsFilterType;
import io.github.camelviamdata.proto.datasync.v1.UploadMetadata;
import io.github.camelviamdata.upload.Payload;
import io.github.camelviamdata.upload.Upload;
import java.time.Duration;
import java.time.Instant;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletionStage;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Asks the service whether it has an upload. */
final class LookBack {

    private static final Logger LOG = LoggerFactory.getLogger(LookBack.class);

    // The service may round a time to what it stores.
    private static final Duration TOLERANCE = Duration.ofMillis(1);
    private static final int MOST_HITS = 100;

    private final Upload upload;
    private final ViamDataIdentity identity;
    private final String tag;

    /** @param tag of the upload, by {@link ViamDataIdentity#tag} */
    LookBack(Upload upload, ViamDataIdentity identity, String tag) {
        this.upload = upload;
        this.identity = identity;
        this.tag = tag;
    }

    /** Whether there is anything to ask by. */
    boolean isPossible() {
        return !upload.isTabular() && (identity == ViamDataIdentity.tag || hasTime());
    }

    private boolean hasTime() {
        return !upload.isFile() && upload.contents().get(0).getMetadata().hasTimeRequested();
    }

    /** Asks once. Of several hits the oldest counts. */
    CompletionStage<Optional<UploadResult>> ask(ViamDataClient client, UploadSettings how) {
        return client.call(DataServiceGrpc.getBinaryDataByFilterMethod(), request(), how)
                .thenApply(this::oldest);
    }

    private BinaryDataByFilterRequest request() {
        return BinaryDataByFilterRequest.newBuilder()
                .setDataRequest(DataRequest.newBuilder()
                        .setFilter(filter())
                        .setLimit(MOST_HITS)
                        .setSortOrder(Order.ORDER_ASCENDING))
                .build();
    }

    private Filter.Builder filter() {
        UploadMetadata metadata = upload.metadata();
        Filter.Builder filter = Filter.newBuilder().setPartId(metadata.getPartId());
        if (identity == ViamDataIdentity.tag) {
            return filter.setTagsFilter(TagsFilter.newBuilder()
                    .setType(TagsFilterType.TAGS_FILTER_TYPE_MATCH_BY_OR)
                    .addTags(tag));
        }
        Instant time =
                ProtoValues.instant(upload.contents().get(0).getMetadata().getTimeRequested());
        return filter.setComponentType(metadata.getComponentType())
                .setComponentName(metadata.getComponentName())
                .setMethod(metadata.getMethodName())
                .setInterval(CaptureInterval.newBuilder()
                        .setStart(ProtoValues.timestamp(time.minus(TOLERANCE)))
                        .setEnd(ProtoValues.timestamp(time.plus(TOLERANCE))));
    }

    private Optional<UploadResult> oldest(BinaryDataByFilterResponse response) {
        List<BinaryMetadata> hits = response.getDataList().stream()
                .map(BinaryData::getMetadata)
                .filter(this::isSame)
                .sorted(Comparator.comparing(hit -> ProtoValues.instant(hit.getTimeReceived())))
                .toList();
        if (hits.size() > 1) {
            LOG.warn(
                    "The service has the same data {} times. The oldest counts; the others are {}",
                    hits.size(),
                    hits.subList(1, hits.size()).stream()
                            .map(BinaryMetadata::getBinaryDataId)
                            .toList());
        }
        return hits.stream()
                .findFirst()
                .map(hit -> new UploadResult("", hit.getBinaryDataId(), hit.getFileSizeBytes(), 0));
    }

    /**
     * What the upload does not say, the service may have added. What the service does not say cannot differ. A tag stands for the key,
     * and the time of a message that comes again may be that of its arrival.
     */
    private boolean isSame(BinaryMetadata hit) {
        long length = upload.payload().length();
        String extension = upload.metadata().getFileExtension();
        return (length == Payload.UNKNOWN_LENGTH || hit.getFileSizeBytes() == 0 || length == hit.getFileSizeBytes())
                && (extension.isEmpty() || hit.getFileExt().isEmpty() || extension.equals(hit.getFileExt()))
                && (identity == ViamDataIdentity.tag || !hit.hasTimeRequested() || isSameTime(hit));
    }

    private boolean isSameTime(BinaryMetadata hit) {
        Instant sent =
                ProtoValues.instant(upload.contents().get(0).getMetadata().getTimeRequested());
        return Duration.between(sent, ProtoValues.instant(hit.getTimeRequested()))
                        .abs()
                        .compareTo(TOLERANCE)
                <= 0;
    }

    /** Takes the tag off the data that is noted as done. If that fails, it stays. */
    void removeTag(ViamDataClient client, UploadSettings how, String binaryDataId) {
        client.call(
                        DataServiceGrpc.getRemoveTagsFromBinaryDataByIDsMethod(),
                        RemoveTagsFromBinaryDataByIDsRequest.newBuilder()
                                .addTags(tag)
                                .addBinaryDataIds(binaryDataId)
                                .build(),
                        how)
                .whenComplete((removed, error) -> {
                    if (error != null) {
                        LOG.info("The tag {} stays on {}: {}", tag, binaryDataId, error.getMessage());
                    }
                });
    }
}
