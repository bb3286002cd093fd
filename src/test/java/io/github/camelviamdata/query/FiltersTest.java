// Copyright the camel-viamdata authors. SPDX-License-Identifier: Apache-2.0
package io.github.camelviamdata.query;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.google.protobuf.Timestamp;
import io.github.camelviamdata.ViamDataConfiguration;
import io.github.camelviamdata.ViamDataFilter;
import io.github.camelviamdata.ViamDataTagMatch;
import io.github.camelviamdata.proto.data.v1.CaptureInterval;
import io.github.camelviamdata.proto.data.v1.Filter;
import io.github.camelviamdata.proto.data.v1.TagsFilter;
import io.github.camelviamdata.proto.data.v1.TagsFilterType;
import io.github.camelviamdata.support.Shows;
import org.junit.jupiter.api.Test;

/** The filter of requests, from options. */
class FiltersTest {

    private final ViamDataConfiguration options = new ViamDataConfiguration();
    private final ViamDataFilter filter = new ViamDataFilter();

    private Filter made() {
        return Filters.of(null, options, filter);
    }

    @Test
    @Shows({"datasetId", "mimeTypes", "labels", "locationIds", "organizationIds", "from", "until"})
    void eachOptionIsAFieldOfTheFilter() {
        options.setComponentType("rdk:component:camera");
        options.setComponentName("gate");
        options.setMethodName("GetImages");
        options.setTags("seen, ok");
        filter.setDatasetId("dataset_1");
        filter.setMimeTypes("image/jpeg,image/png");
        filter.setLabels("person");
        filter.setLocationIds("l1,l2");
        filter.setOrganizationIds("o1");
        filter.setFrom("2026-03-01T06:00:00Z");
        filter.setUntil("2026-03-01T08:30:00.25+01:00");

        assertThat(Filters.of("part", options, filter))
                .isEqualTo(Filter.newBuilder()
                        .setPartId("part")
                        .setComponentType("rdk:component:camera")
                        .setComponentName("gate")
                        .setMethod("GetImages")
                        .setTagsFilter(TagsFilter.newBuilder()
                                .setType(TagsFilterType.TAGS_FILTER_TYPE_MATCH_BY_OR)
                                .addTags("seen")
                                .addTags("ok"))
                        .setDatasetId("dataset_1")
                        .addMimeType("image/jpeg")
                        .addMimeType("image/png")
                        .addBboxLabels("person")
                        .addLocationIds("l1")
                        .addLocationIds("l2")
                        .addOrganizationIds("o1")
                        .setInterval(CaptureInterval.newBuilder()
                                .setStart(Timestamp.newBuilder().setSeconds(1772344800))
                                .setEnd(Timestamp.newBuilder()
                                        .setSeconds(1772350200)
                                        .setNanos(250_000_000)))
                        .build());
    }

    @Test
    @Shows("tagMatch")
    void takesWhatHasNoTag() {
        filter.setTagMatch(ViamDataTagMatch.untagged);

        assertThat(made().getTagsFilter().getType()).isEqualTo(TagsFilterType.TAGS_FILTER_TYPE_UNTAGGED);

        filter.setTagMatch(ViamDataTagMatch.tagged);

        assertThat(made().getTagsFilter().getType()).isEqualTo(TagsFilterType.TAGS_FILTER_TYPE_TAGGED);
    }

    @Test
    void refusesToReadWhateverThereIs() {
        assertThatThrownBy(this::made)
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("datasetId");

        filter.setMimeTypes(" , ");

        assertThatThrownBy(this::made).isInstanceOf(IllegalArgumentException.class);
    }

    @Test
    void refusesToReadWhateverWasCapturedWithinATime() {
        filter.setFrom("1970-01-01T00:00:00Z");
        filter.setUntil("2100-01-01T00:00:00Z");

        assertThatThrownBy(this::made)
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContainingAll("a part in the URI", "datasetId", "locationIds", "organizationIds");

        filter.setOrganizationIds("o1");

        assertThat(made().hasInterval()).isTrue();
    }

    @Test
    void namesTheOptionThatIsWrong() {
        filter.setFrom("yesterday");

        assertThatThrownBy(this::made).hasMessageContaining("The option from is 'yesterday'");

        filter.setFrom("2026-03-01T06:00:00Z");
        filter.setUntil("2026-03-01T05:00:00Z");

        assertThatThrownBy(this::made).hasMessageContaining("The option until");

        filter.setUntil(null);
        filter.setTagMatch(ViamDataTagMatch.any);

        assertThatThrownBy(this::made).hasMessageContaining("needs the option tags");

        options.setTags("seen");
        filter.setTagMatch(ViamDataTagMatch.untagged);

        assertThatThrownBy(this::made).hasMessageContaining("tagMatch=untagged");

        filter.setTagMatch(null);
        filter.setDatasetId("{{dataset}}");

        assertThatThrownBy(this::made).hasMessageContaining("The option datasetId");
    }

    @Test
    void aPlusSignThatTheUriHasTakenIsRead() {
        filter.setDatasetId("dataset_1");
        filter.setFrom("2026-03-01T08:00:00 02:00");

        assertThat(made().getInterval().getStart().getSeconds()).isEqualTo(1772344800);
    }
}
