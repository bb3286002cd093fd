// Copyright the camel-viamdata authors. SPDX-License-Identifier: Apache-2.0
package io.github.camelviamdata.query;

import io.github.camelviamdata.client.UploadSettings;
import io.github.camelviamdata.client.ViamDataClient;
import io.github.camelviamdata.proto.data.v1.BoundingBox;
import io.github.camelviamdata.proto.data.v1.CreateSequenceRequest;
import io.github.camelviamdata.proto.data.v1.DataServiceGrpc;
import io.grpc.MethodDescriptor;
import java.util.List;
import java.util.concurrent.CompletionStage;

/**
 * Changes what belongs to items, or deletes them. Each call for IDs may be made again, since it changes nothing more then, and
 * completes with how many items were deleted.
 */
final class DataChanges {

    private final ViamDataClient client;
    private final UploadSettings how;

    DataChanges(ViamDataClient client, UploadSettings how) {
        this.client = client;
        this.how = how;
    }

    CompletionStage<Long> addTags(List<String> ids, List<String> tags) {
        return call(DataServiceGrpc.getAddTagsToBinaryDataByIDsMethod(), DataRequests.addTags(ids, tags));
    }

    CompletionStage<Long> removeTags(List<String> ids, List<String> tags) {
        return call(DataServiceGrpc.getRemoveTagsFromBinaryDataByIDsMethod(), DataRequests.removeTags(ids, tags));
    }

    CompletionStage<Long> addToDataset(List<String> ids, String datasetId) {
        return call(DataServiceGrpc.getAddBinaryDataToDatasetByIDsMethod(), DataRequests.addToDataset(ids, datasetId));
    }

    CompletionStage<Long> removeFromDataset(List<String> ids, String datasetId) {
        return call(
                DataServiceGrpc.getRemoveBinaryDataFromDatasetByIDsMethod(),
                DataRequests.removeFromDataset(ids, datasetId));
    }

    CompletionStage<Long> delete(List<String> ids) {
        return client.call(DataServiceGrpc.getDeleteBinaryDataByIDsMethod(), DataRequests.delete(ids), how)
                .thenApply(response -> response.getDeletedCount());
    }

    private <Q> CompletionStage<Long> call(MethodDescriptor<Q, ?> method, Q request) {
        return client.call(method, request, how).thenApply(response -> 0L);
    }

    /** Completes with the ID of the box. Another call adds another box. */
    CompletionStage<String> addBox(String id, BoundingBox box) {
        return client.callOnce(DataServiceGrpc.getAddBoundingBoxToImageByIDMethod(), DataRequests.addBox(id, box), how)
                .thenApply(response -> response.getBboxId());
    }

    /** Completes with the ID of the sequence. Another call creates another sequence. */
    CompletionStage<String> createSequence(CreateSequenceRequest request) {
        return client.callOnce(DataServiceGrpc.getCreateSequenceMethod(), request, how)
                .thenApply(response -> response.getId());
    }

    String target() {
        return client.target();
    }

    /** What is to be done with items that are done; null for nothing. */
    CompletionStage<?> end(ReadSettings settings, List<String> ids) {
        return switch (settings.onDone()) {
            case none -> null;
            case removeFromDataset -> removeFromDataset(ids, settings.datasetId());
            case addTags -> addTags(ids, settings.doneTags());
            case delete -> delete(ids);
        };
    }
}
