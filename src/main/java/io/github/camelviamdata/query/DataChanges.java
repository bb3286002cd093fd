// Copyright the camel-viamdata authors. SPDX-License-Identifier: Apache-2.0
package io.github.camelviamdata.query;

import io.github.camelviamdata.client.UploadSettings;
import io.github.camelviamdata.client.ViamDataClient;
import io.github.camelviamdata.proto.data.v1.DataServiceGrpc;
import java.util.List;
import java.util.concurrent.CompletionStage;

/** Changes what belongs to items, or deletes them. Each of the calls may be made again: it changes nothing more then. */
final class DataChanges {

    private final ViamDataClient client;
    private final UploadSettings how;

    DataChanges(ViamDataClient client, UploadSettings how) {
        this.client = client;
        this.how = how;
    }

    CompletionStage<?> addTags(List<String> ids, List<String> tags) {
        return client.call(DataServiceGrpc.getAddTagsToBinaryDataByIDsMethod(), DataRequests.addTags(ids, tags), how);
    }

    CompletionStage<?> removeFromDataset(List<String> ids, String datasetId) {
        return client.call(
                DataServiceGrpc.getRemoveBinaryDataFromDatasetByIDsMethod(),
                DataRequests.removeFromDataset(ids, datasetId),
                how);
    }

    CompletionStage<?> delete(List<String> ids) {
        return client.call(DataServiceGrpc.getDeleteBinaryDataByIDsMethod(), DataRequests.delete(ids), how);
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
