// Copyright the camel-viamdata authors. SPDX-License-Identifier: Apache-2.0
package io.github.camelviamdata.query;

import io.github.camelviamdata.ViamDataConfiguration;
import io.github.camelviamdata.ViamDataFilter;
import io.github.camelviamdata.ViamDataTagMatch;
import io.github.camelviamdata.message.PlainText;
import io.github.camelviamdata.message.ProtoValues;
import io.github.camelviamdata.proto.data.v1.CaptureInterval;
import io.github.camelviamdata.proto.data.v1.Filter;
import io.github.camelviamdata.proto.data.v1.TagsFilter;
import io.github.camelviamdata.proto.data.v1.TagsFilterType;
import java.time.DateTimeException;
import java.time.Instant;
import java.time.OffsetDateTime;
import java.util.List;
import java.util.function.Consumer;
import java.util.stream.Stream;

/** Makes the filter of requests from the options of an endpoint. */
final class Filters {

    private Filters() {}

    /**
     * @param partId of the machine part to take data of, or null for any
     * @throws IllegalArgumentException if an option is wrong, which the text names, or if none says what to take
     */
    static Filter of(String partId, ViamDataConfiguration options, ViamDataFilter filter) {
        Filter.Builder request = Filter.newBuilder();
        ifGiven(PlainText.id("The part ID", partId), request::setPartId);
        ifGiven(PlainText.id("The option datasetId", filter.getDatasetId()), request::setDatasetId);
        ifGiven(
                PlainText.componentType("The option componentType", options.getComponentType()),
                request::setComponentType);
        ifGiven(PlainText.resolved("The option componentName", options.getComponentName()), request::setComponentName);
        ifGiven(PlainText.resolved("The option methodName", options.getMethodName()), request::setMethod);
        request.addAllMimeType(list("mimeTypes", filter.getMimeTypes()))
                .addAllBboxLabels(list("labels", filter.getLabels()))
                .addAllLocationIds(list("locationIds", filter.getLocationIds()))
                .addAllOrganizationIds(list("organizationIds", filter.getOrganizationIds()));
        addTags(request, list("tags", options.getTags()), filter.getTagMatch());
        CaptureInterval interval = interval(filter);
        if (interval.hasStart() || interval.hasEnd()) {
            request.setInterval(interval);
        }
        if (request.clone().clearInterval().build().equals(Filter.getDefaultInstance())) {
            throw new IllegalArgumentException("Nothing says which data to read"
                    + (request.hasInterval() ? " but the options from and until" : "")
                    + ", and all that the credential may see is never read. Name a part in the URI, or set the option"
                    + " datasetId, locationIds, organizationIds, or another filter");
        }
        return request.build();
    }

    private static void addTags(Filter.Builder request, List<String> tags, ViamDataTagMatch match) {
        if (match == ViamDataTagMatch.any && tags.isEmpty()) {
            throw new IllegalArgumentException("The option tagMatch=any needs the option tags");
        } else if (match != null && match != ViamDataTagMatch.any && !tags.isEmpty()) {
            throw new IllegalArgumentException(
                    "The option tagMatch=" + match + " goes without the option tags: the service cannot combine them");
        } else if (match == ViamDataTagMatch.tagged || match == ViamDataTagMatch.untagged) {
            request.setTagsFilter(TagsFilter.newBuilder()
                    .setType(
                            match == ViamDataTagMatch.tagged
                                    ? TagsFilterType.TAGS_FILTER_TYPE_TAGGED
                                    : TagsFilterType.TAGS_FILTER_TYPE_UNTAGGED));
        } else if (!tags.isEmpty()) {
            request.setTagsFilter(TagsFilter.newBuilder()
                    .setType(TagsFilterType.TAGS_FILTER_TYPE_MATCH_BY_OR)
                    .addAllTags(tags));
        }
    }

    /** An interval from a time on, and not from before its own beginning; null changes nothing. */
    static CaptureInterval since(CaptureInterval interval, Instant from) {
        boolean later =
                from != null && (!interval.hasStart() || from.isAfter(ProtoValues.instant(interval.getStart())));
        return later
                ? interval.toBuilder().setStart(ProtoValues.timestamp(from)).build()
                : interval;
    }

    /** The span of time of capture that options name; empty without any. */
    static CaptureInterval interval(ViamDataFilter filter) {
        Instant from = time("from", filter.getFrom());
        Instant until = time("until", filter.getUntil());
        if (from != null && until != null && until.isBefore(from)) {
            throw new IllegalArgumentException("The option until is " + until + ", which is before from, " + from);
        }
        CaptureInterval.Builder interval = CaptureInterval.newBuilder();
        if (from != null) {
            interval.setStart(ProtoValues.timestamp(from));
        }
        if (until != null) {
            interval.setEnd(ProtoValues.timestamp(until));
        }
        return interval.build();
    }

    private static Instant time(String option, String text) {
        if (isBlank(PlainText.resolved("The option " + option, text))) {
            return null;
        }
        try {
            // A plus sign in a URI becomes a space.
            return OffsetDateTime.parse(text.strip().replace(' ', '+')).toInstant();
        } catch (DateTimeException e) {
            throw new IllegalArgumentException(
                    "The option " + option + " is '" + text
                            + "'; it must be a time with an offset, such as 2026-03-01T06:00:00Z",
                    e);
        }
    }

    /** The texts that an option separates by commas. */
    static List<String> list(String option, String text) {
        PlainText.list("The option " + option, text);
        return text == null
                ? List.of()
                : Stream.of(text.split(","))
                        .map(String::strip)
                        .filter(part -> !part.isEmpty())
                        .distinct()
                        .toList();
    }

    private static void ifGiven(String text, Consumer<String> setter) {
        if (!isBlank(text)) {
            setter.accept(text.strip());
        }
    }

    private static boolean isBlank(String text) {
        return text == null || text.isBlank();
    }
}
