// Copyright the camel-viamdata authors. SPDX-License-Identifier: Apache-2.0
package io.github.camelviamdata.testing.service;

import static org.assertj.core.api.Assertions.assertThat;

import com.google.protobuf.TextFormat;
import io.github.camelviamdata.proto.data.v1.BinaryMetadata;
import io.github.camelviamdata.proto.data.v1.Filter;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class ItemFilterTest {

    private static final String ITEM = """
            time_requested { seconds: 100 }
            dataset_ids: "dataset"
            annotations { bboxes { label: "person" } classifications { label: "day" } }
            capture_metadata {
              organization_id: "organization" location_id: "location" robot_name: "machine" robot_id: "m1"
              part_name: "part" part_id: "p1" component_type: "camera" component_name: "gate" method_name: "GetImages"
              tags: "a" tags: "b" mime_type: "image/jpeg"
            }
            """;

    private static boolean matches(String filter, String item) throws TextFormat.ParseException {
        return new ItemFilter(TextFormat.parse(filter, Filter.class))
                .test(TextFormat.parse(item, BinaryMetadata.class));
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "",
                "component_name: 'gate' component_type: 'camera' method: 'GetImages'",
                "robot_name: 'machine' robot_id: 'm1' part_name: 'part' part_id: 'p1'",
                "location_ids: 'other' location_ids: 'location'",
                "organization_ids: 'organization'",
                "mime_type: 'image/png' mime_type: 'image/jpeg'",
                "dataset_id: 'dataset'",
                "bbox_labels: 'dog' bbox_labels: 'person'",
                "tags_filter { type: TAGS_FILTER_TYPE_MATCH_BY_OR tags: 'c' tags: 'b' }",
                "tags_filter { type: TAGS_FILTER_TYPE_TAGGED }",
                "interval { start { seconds: 100 } end { seconds: 100 } }",
                "interval { end { seconds: 101 } }"
            })
    void matchesWhatIsEqual(String filter) throws Exception {
        assertThat(matches(filter, ITEM)).isTrue();
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "component_name: 'Gate'",
                "component_type: 'rdk:component:camera'",
                "method: 'GetImage'",
                "robot_name: 'm1'",
                "robot_id: 'machine'",
                "part_name: 'p1'",
                "part_id: 'part'",
                "location_ids: 'organization'",
                "organization_ids: 'location'",
                "mime_type: 'image/png'",
                "dataset_id: 'other'",
                "bbox_labels: 'day'",
                "tags_filter { type: TAGS_FILTER_TYPE_MATCH_BY_OR tags: 'c' }",
                "tags_filter { type: TAGS_FILTER_TYPE_UNTAGGED }",
                "interval { start { seconds: 100 nanos: 1 } }",
                "interval { end { seconds: 99 nanos: 999999999 } }",
                "part_id: 'p1' dataset_id: 'other'"
            })
    void matchesNothingElse(String filter) throws Exception {
        assertThat(matches(filter, ITEM)).isFalse();
    }

    @Test
    void withoutTagsAnItemIsUntagged() throws Exception {
        assertThat(matches("tags_filter { type: TAGS_FILTER_TYPE_UNTAGGED }", ""))
                .isTrue();
        assertThat(matches("tags_filter { type: TAGS_FILTER_TYPE_TAGGED }", "")).isFalse();
    }
}
