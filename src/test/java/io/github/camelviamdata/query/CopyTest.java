// Copyright the camel-viamdata authors. SPDX-License-Identifier: Apache-2.0
package io.github.camelviamdata.query;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import com.google.protobuf.Any;
import com.google.protobuf.Value;
import io.github.camelviamdata.proto.data.v1.Annotations;
import io.github.camelviamdata.proto.data.v1.BinaryData;
import io.github.camelviamdata.proto.data.v1.BoundingBox;
import io.github.camelviamdata.proto.data.v1.Classification;
import io.github.camelviamdata.proto.datasync.v1.UploadMetadata;
import io.github.camelviamdata.service.StoredData;
import io.github.camelviamdata.service.TestService;
import io.grpc.Status;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.apache.camel.builder.RouteBuilder;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** A route from a consumer to a producer copies. */
class CopyTest extends ReadTestSupport {

    private final TestService target = TestService.plaintext();
    private final StoredData copies = new StoredData();

    @AfterEach
    void closeTarget() {
        target.close();
    }

    private void copy(String from, String to) throws Exception {
        copies.serve(target, call -> Status.OK);
        context.addRoutes(new RouteBuilder() {
            @Override
            public void configure() {
                from(from).to(to);
            }
        });
    }

    @Test
    void everyFieldIsEqual() throws Exception {
        for (int i = 0; i < 1000; i++) {
            stored.add(
                    itemId(i),
                    upload(i)
                            .addTags("tag-" + i)
                            .addTags("\u00e4\u4e16")
                            .addDatasetIds("dataset_2")
                            .addDatasetIds(DATASET)
                            .setPartId("part-" + i % 3)
                            .putMethodParameters(
                                    "quality",
                                    Any.pack(
                                            Value.newBuilder().setNumberValue(i).build()))
                            .build(),
                    sensor(i).toBuilder()
                            .setAnnotations(Annotations.newBuilder()
                                    .addBboxes(BoundingBox.newBuilder()
                                            .setId("box")
                                            .setLabel("person")
                                            .setXMaxNormalized(0.5)
                                            .setConfidence(0.25))
                                    .addClassifications(
                                            Classification.newBuilder().setLabel("day")))
                            .build(),
                    payload(i, i == 500 ? LARGE : i % 50));
        }
        copy(queue("maxMessagesPerPoll=1000"), "viamdata:?" + target.options());

        await().atMost(60, TimeUnit.SECONDS)
                .until(() -> stored.inDataset(DATASET).isEmpty());

        assertThat(comparable(copies.all())).isEqualTo(comparable(stored.all()));
    }

    @Test
    void aFileIsCopiedAsAFile() throws Exception {
        stored.add(
                itemId(0),
                UploadMetadata.newBuilder()
                        .setPartId(PART)
                        .setFileName("notes.txt")
                        .setFileExtension(".txt")
                        .addDatasetIds(DATASET)
                        .build(),
                io.github.camelviamdata.proto.datasync.v1.SensorMetadata.getDefaultInstance(),
                "notes".getBytes(java.nio.charset.StandardCharsets.UTF_8));
        copy(queue(), "viamdata:?" + target.options());

        await().until(() -> stored.inDataset(DATASET).isEmpty());

        assertThat(target.onlyUpload().method()).isEqualTo("FileUpload");
        assertThat(copies.fileNames()).containsExactly("notes.txt");
    }

    @Test
    void aCopyForAnotherPartIsThatPartsOwn() throws Exception {
        stored.add(itemId(0), upload(0).addDatasetIds(DATASET).build(), sensor(0), payload(0, 5));
        copy(queue().replace("viamdata:?", "viamdata:" + PART + "?"), "viamdata:another-part?" + target.options());

        await().until(() -> stored.inDataset(DATASET).isEmpty());

        assertThat(target.onlyUpload().metadata().getPartId()).isEqualTo("another-part");
    }

    /** IDs and places are the service's own. */
    private static List<BinaryData> comparable(List<BinaryData> items) {
        return items.stream()
                .map(item -> item.toBuilder()
                        .setMetadata(item.getMetadata().toBuilder()
                                .clearBinaryDataId()
                                .clearUri())
                        .build())
                .toList();
    }
}
