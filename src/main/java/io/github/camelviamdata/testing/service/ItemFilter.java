// Copyright the camel-viamdata authors. SPDX-License-Identifier: Apache-2.0
package io.github.camelviamdata.testing.service;

import com.google.protobuf.Timestamp;
import io.github.camelviamdata.message.ProtoValues;
import io.github.camelviamdata.proto.data.v1.BinaryMetadata;
import io.github.camelviamdata.proto.data.v1.BoundingBox;
import io.github.camelviamdata.proto.data.v1.CaptureInterval;
import io.github.camelviamdata.proto.data.v1.CaptureMetadata;
import io.github.camelviamdata.proto.data.v1.Filter;
import io.github.camelviamdata.proto.data.v1.TagsFilter;
import java.time.Instant;
import java.util.Collection;
import java.util.List;
import java.util.function.Predicate;

/** What a request asks for: all fields have to match, and of a list one value. A text matches only as it was sent. */
record ItemFilter(Filter filter) implements Predicate<BinaryMetadata> {

    @Override
    public boolean test(BinaryMetadata item) {
        CaptureMetadata capture = item.getCaptureMetadata();
        return isSource(capture)
                && isOneOf(filter.getMimeTypeList(), capture.getMimeType())
                && isOneOf(filter.getLocationIdsList(), capture.getLocationId())
                && isOneOf(filter.getOrganizationIdsList(), capture.getOrganizationId())
                && (filter.getDatasetId().isEmpty() || item.getDatasetIdsList().contains(filter.getDatasetId()))
                && hasTags(capture.getTagsList())
                && hasLabel(item.getAnnotations().getBboxesList())
                && isWithin(filter.getInterval(), item.getTimeRequested());
    }

    private boolean isSource(CaptureMetadata capture) {
        return isEqual(filter.getPartId(), capture.getPartId())
                && isEqual(filter.getPartName(), capture.getPartName())
                && isEqual(filter.getRobotId(), capture.getRobotId())
                && isEqual(filter.getRobotName(), capture.getRobotName())
                && isEqual(filter.getComponentType(), capture.getComponentType())
                && isEqual(filter.getComponentName(), capture.getComponentName())
                && isEqual(filter.getMethod(), capture.getMethodName());
    }

    private boolean hasTags(List<String> tags) {
        TagsFilter wanted = filter.getTagsFilter();
        return switch (wanted.getType()) {
            case TAGS_FILTER_TYPE_TAGGED -> !tags.isEmpty();
            case TAGS_FILTER_TYPE_UNTAGGED -> tags.isEmpty();
            default -> !filter.hasTagsFilter() || wanted.getTagsList().stream().anyMatch(tags::contains);
        };
    }

    private boolean hasLabel(List<BoundingBox> boxes) {
        return filter.getBboxLabelsCount() == 0
                || boxes.stream().map(BoundingBox::getLabel).anyMatch(filter.getBboxLabelsList()::contains);
    }

    /** Whether a time lies in an interval, both ends of which belong to it and may be absent. */
    static boolean isWithin(CaptureInterval interval, Timestamp timestamp) {
        Instant time = ProtoValues.instant(timestamp);
        return (!interval.hasStart() || !time.isBefore(ProtoValues.instant(interval.getStart())))
                && (!interval.hasEnd() || !time.isAfter(ProtoValues.instant(interval.getEnd())));
    }

    private static boolean isEqual(String wanted, String stored) {
        return wanted.isEmpty() || wanted.equals(stored);
    }

    private static boolean isOneOf(Collection<String> wanted, String stored) {
        return wanted.isEmpty() || wanted.contains(stored);
    }
}
