// Copyright the camel-viamdata authors. SPDX-License-Identifier: Apache-2.0
package io.github.camelviamdata.testing.service;

import static org.assertj.core.api.Assertions.assertThat;

import com.google.protobuf.ByteString;
import com.google.protobuf.Timestamp;
import io.github.camelviamdata.message.ProtoValues;
import io.github.camelviamdata.proto.data.v1.BinaryData;
import io.github.camelviamdata.proto.data.v1.BinaryDataByFilterRequest;
import io.github.camelviamdata.proto.data.v1.BinaryDataByFilterResponse;
import io.github.camelviamdata.proto.data.v1.BinaryDataByIDsRequest;
import io.github.camelviamdata.proto.data.v1.BinaryDataByIDsResponse;
import io.github.camelviamdata.proto.data.v1.CreateBinaryDataSignedURLRequest;
import io.github.camelviamdata.proto.data.v1.CreateBinaryDataSignedURLResponse;
import io.github.camelviamdata.proto.data.v1.DataRequest;
import io.github.camelviamdata.proto.data.v1.DeleteBinaryDataByIDsRequest;
import io.github.camelviamdata.proto.data.v1.DeleteBinaryDataByIDsResponse;
import io.github.camelviamdata.proto.data.v1.RemoveTagsFromBinaryDataByIDsRequest;
import io.github.camelviamdata.proto.data.v1.RemoveTagsFromBinaryDataByIDsResponse;
import io.github.camelviamdata.proto.datasync.v1.SensorMetadata;
import io.github.camelviamdata.proto.datasync.v1.UploadMetadata;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

/** Requests that the component does not send, but other clients may. */
class InMemoryDataServiceTest {

    private static final Places PLACES = new Places() {
        @Override
        public String uri(String id) {
            return "uri of " + id;
        }

        @Override
        public String signedUrl(String id) {
            return "signed URL of " + id;
        }
    };

    private final DataStore store = new DataStore();
    private final InMemoryDataService service = new InMemoryDataService(store, PLACES, change -> () -> {});

    private void add(String id, int seconds, int size) {
        SensorMetadata sensor = SensorMetadata.newBuilder()
                .setTimeRequested(Timestamp.newBuilder().setSeconds(seconds))
                .build();
        UploadMetadata upload = UploadMetadata.newBuilder().addTags("a").build();
        store.items()
                .add(UploadedData.item(id, upload, sensor, size, ByteString.copyFrom(new byte[size])), Instant.now());
    }

    private BinaryDataByFilterResponse list(int limit, String last) {
        return (BinaryDataByFilterResponse) service.answer(
                "BinaryDataByFilter",
                BinaryDataByFilterRequest.newBuilder()
                        .setDataRequest(DataRequest.newBuilder().setLimit(limit).setLast(last))
                        .build()
                        .toByteArray());
    }

    private List<BinaryData> byIds(boolean includeBinary, String... ids) {
        BinaryDataByIDsRequest request = BinaryDataByIDsRequest.newBuilder()
                .setIncludeBinary(includeBinary)
                .addAllBinaryDataIds(List.of(ids))
                .build();
        return ((BinaryDataByIDsResponse) service.answer("BinaryDataByIDs", request.toByteArray())).getDataList();
    }

    private static List<String> ids(List<BinaryData> data) {
        return data.stream().map(item -> item.getMetadata().getBinaryDataId()).toList();
    }

    @Test
    void pagesAreInTheOrderOfCaptureAndEndWithAnEmptyOne() {
        add("late", 9, 1);
        add("first of equal ones", 5, 1);
        add("second of equal ones", 5, 1);
        add("early", 1, 1);

        List<String> listed = new ArrayList<>();
        BinaryDataByFilterResponse page = list(3, "");
        while (page.getDataCount() > 0) {
            assertThat(page.getCount()).isEqualTo(page.getDataCount()).isLessThanOrEqualTo(3);
            listed.addAll(ids(page.getDataList()));
            page = list(3, page.getLast());
        }

        assertThat(listed).containsExactly("early", "first of equal ones", "second of equal ones", "late");
    }

    @Test
    void aPageHasFiftyItemsByDefault() {
        for (int i = 0; i < 51; i++) {
            add("item-" + i, i, 1);
        }

        assertThat(list(0, "").getDataCount()).isEqualTo(50);
    }

    @Test
    void theBytesOfALargeItemAreElsewhere() {
        add("small", 1, 1_000_000);
        add("large", 2, 1_000_001);

        assertThat(byIds(true, "large", "small"))
                .extracting(item -> item.getBinary().size())
                .containsExactly(1_000_000, 0);
        assertThat(byIds(false, "small").get(0).getBinary().isEmpty()).isTrue();
        assertThat(byIds(true, "large").get(0).getMetadata().getUri()).isEqualTo("uri of large");
        assertThat(byIds(true, "large").get(0).getMetadata().getFileSizeBytes()).isEqualTo(1_000_001);
    }

    @Test
    void unknownIdsAreLeftOut() throws Exception {
        add("known", 1, 1);

        RemoveTagsFromBinaryDataByIDsResponse untagged = (RemoveTagsFromBinaryDataByIDsResponse) service.answer(
                "RemoveTagsFromBinaryDataByIDs",
                RemoveTagsFromBinaryDataByIDsRequest.newBuilder()
                        .addTags("a")
                        .addBinaryDataIds("known")
                        .addBinaryDataIds("unknown")
                        .build()
                        .toByteArray());
        DeleteBinaryDataByIDsResponse deleted = (DeleteBinaryDataByIDsResponse) service.answer(
                "DeleteBinaryDataByIDs",
                DeleteBinaryDataByIDsRequest.newBuilder()
                        .addBinaryDataIds("known")
                        .addBinaryDataIds("unknown")
                        .build()
                        .toByteArray());

        assertThat(untagged.getDeletedCount()).isEqualTo(1);
        assertThat(deleted.getDeletedCount()).isEqualTo(1);
        assertThat(byIds(false, "known", "unknown")).isEmpty();
        assertThat(list(9, "").getDataCount()).isZero();
    }

    @Test
    void aSignedUrlExpires() {
        Instant before = Instant.now();

        CreateBinaryDataSignedURLResponse url = (CreateBinaryDataSignedURLResponse) service.answer(
                "CreateBinaryDataSignedURL",
                CreateBinaryDataSignedURLRequest.newBuilder()
                        .setBinaryDataId("item")
                        .build()
                        .toByteArray());

        assertThat(url.getSignedUrl()).isEqualTo("signed URL of item");
        assertThat(ProtoValues.instant(url.getExpiresAt())).isAfterOrEqualTo(before.plus(Duration.ofMinutes(15)));
    }

    @Test
    void anItemReplacesTheOneWithItsId() {
        add("item", 1, 1);
        add("item", 2, 3);

        assertThat(list(9, "").getDataList())
                .extracting(item -> item.getMetadata().getFileSizeBytes())
                .containsExactly(3L);
    }
}
