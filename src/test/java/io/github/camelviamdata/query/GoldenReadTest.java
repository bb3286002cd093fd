// Copyright the camel-viamdata authors. SPDX-License-Identifier: Apache-2.0
package io.github.camelviamdata.query;

import static org.assertj.core.api.Assertions.assertThat;

import com.google.protobuf.MessageLite;
import io.github.camelviamdata.ViamDataConfiguration;
import io.github.camelviamdata.ViamDataFilter;
import io.github.camelviamdata.proto.data.v1.CaptureInterval;
import io.github.camelviamdata.proto.data.v1.Filter;
import io.github.camelviamdata.support.Golden;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** Requests that read and change what is stored equal those of Viam's own client, byte for byte. */
class GoldenReadTest {

    private static final String PART = "11111111-2222-3333-4444-555555555555";
    private static final Resource TANK = new Resource(PART, "tank", "rdk:component:sensor", "Readings");
    private static final List<String> IDS = List.of("org/loc/aaaa", "org/loc/bbbb");

    /**
     * Of a page, this component never asks for the bytes: of that request the flag is added. The request without a filter is
     * refused here, see {@code FiltersTest}.
     */
    private static final Map<String, MessageLite> REQUESTS = Map.of(
            "export-tabular", DataRequests.export(TANK, span()),
            "read-filter-part-asc", DataRequests.page(part(), 100, ""),
            "read-filter-page-two", DataRequests.page(part(), 100, "opaque-token"),
            "read-filter-include-binary",
                    DataRequests.page(dataset(), 1, "").toBuilder()
                            .setIncludeBinary(true)
                            .build(),
            "read-by-ids", DataRequests.byIds(IDS, true),
            "tags-add", DataRequests.addTags(IDS, List.of("seen", "ok")),
            "dataset-remove", DataRequests.removeFromDataset(IDS, "dataset_1"),
            "delete-by-ids", DataRequests.delete(IDS));

    private static CaptureInterval span() {
        ViamDataFilter filter = new ViamDataFilter();
        filter.setFrom("2026-03-01T06:00:00Z");
        filter.setUntil("2026-03-01T07:30:00.250Z");
        return Filters.interval(filter);
    }

    private static Filter part() {
        return Filters.of(PART, new ViamDataConfiguration(), new ViamDataFilter());
    }

    private static Filter dataset() {
        ViamDataFilter filter = new ViamDataFilter();
        filter.setDatasetId("dataset_1");
        return Filters.of(null, new ViamDataConfiguration(), filter);
    }

    static List<Golden> recorded() {
        return Golden.reads()
                .filter(golden -> !golden.name().equals("read-filter-empty"))
                .toList();
    }

    @ParameterizedTest
    @MethodSource("recorded")
    void equalsWhatWasRecorded(Golden golden) {
        assertThat(REQUESTS).containsKey(golden.name());
        assertThat(REQUESTS.get(golden.name()).toByteArray()).isEqualTo(golden.bytes());
    }
}
