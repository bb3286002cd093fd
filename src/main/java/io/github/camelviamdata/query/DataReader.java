// Copyright the camel-viamdata authors. SPDX-License-Identifier: Apache-2.0
package io.github.camelviamdata.query;

import io.github.camelviamdata.client.BytesReader;
import io.github.camelviamdata.client.ResponseStream;
import io.github.camelviamdata.client.UploadSettings;
import io.github.camelviamdata.client.ViamDataClient;
import io.github.camelviamdata.proto.data.v1.BinaryData;
import io.github.camelviamdata.proto.data.v1.BinaryDataByFilterResponse;
import io.github.camelviamdata.proto.data.v1.BinaryDataByIDsResponse;
import io.github.camelviamdata.proto.data.v1.CaptureInterval;
import io.github.camelviamdata.proto.data.v1.DataServiceGrpc;
import io.github.camelviamdata.proto.data.v1.ExportTabularDataResponse;
import io.github.camelviamdata.proto.data.v1.Filter;
import io.github.camelviamdata.proto.data.v1.GetLatestTabularDataResponse;
import io.grpc.Status;
import java.util.List;
import java.util.concurrent.CompletionStage;

/** Lists what is stored, and asks for single items. */
final class DataReader {

    private final ViamDataClient client;
    private final UploadSettings how;

    DataReader(ViamDataClient client, UploadSettings how) {
        this.client = client;
        this.how = how;
    }

    /**
     * A part of a list. One without an item is the end.
     *
     * @param last where the next page begins; an empty text where there is none
     */
    record Page(List<Item> items, String last) {

        private static Page of(BinaryDataByFilterResponse response) {
            return new Page(
                    response.getDataList().stream()
                            .map(BinaryData::getMetadata)
                            .map(Item::new)
                            .toList(),
                    response.getLast());
        }
    }

    /** @param last where the page before ended, or an empty text */
    CompletionStage<Page> page(Filter filter, String last) {
        return page(filter, DataRequests.MOST, last);
    }

    /** @param limit how many items to ask for, from 1 to {@link DataRequests#MOST} */
    CompletionStage<Page> page(Filter filter, int limit, String last) {
        return client.call(DataServiceGrpc.getBinaryDataByFilterMethod(), DataRequests.page(filter, limit, last), how)
                .thenApply(Page::of);
    }

    /** @param ids at most {@link DataRequests#MOST}. The answer leaves out what the service does not have */
    CompletionStage<List<BinaryData>> byIds(List<String> ids, boolean includeBinary) {
        return client.call(
                        DataServiceGrpc.getBinaryDataByIDsMethod(),
                        DataRequests.byIds(ids, includeBinary),
                        how,
                        DataReader::isTooLarge)
                .thenApply(BinaryDataByIDsResponse::getDataList);
    }

    /** Whether an answer with bytes is larger than the service sends, or this side accepts. */
    static boolean isTooLarge(Status status) {
        return status.getCode() == Status.Code.RESOURCE_EXHAUSTED
                || String.valueOf(status.getDescription()).contains("INCLUDE_BINARY_TOO_LARGE");
    }

    /** @see ViamDataClient#download */
    <T> CompletionStage<T> download(String uri, BytesReader<T> reader) {
        return client.download(uri, reader, how);
    }

    /** A URL that gives the bytes of an item without a credential, and so is one itself. */
    CompletionStage<String> signedUrl(String id) {
        return client.call(DataServiceGrpc.getCreateBinaryDataSignedURLMethod(), DataRequests.signedUrl(id), how)
                .thenApply(response -> response.getSignedUrl());
    }

    /** All readings of a component, the oldest first. */
    CompletionStage<ResponseStream<ExportTabularDataResponse>> export(Resource resource, CaptureInterval interval) {
        return client.stream(
                DataServiceGrpc.getExportTabularDataMethod(), DataRequests.export(resource, interval), how);
    }

    /** The latest reading of a component; an empty one without any within a year. */
    CompletionStage<GetLatestTabularDataResponse> latest(Resource resource) {
        return client.call(DataServiceGrpc.getGetLatestTabularDataMethod(), DataRequests.latest(resource), how);
    }

    String target() {
        return client.target();
    }
}
