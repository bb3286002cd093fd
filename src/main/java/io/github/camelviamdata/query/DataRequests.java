// Copyright the camel-viamdata authors. SPDX-License-Identifier: Apache-2.0
package io.github.camelviamdata.query;

import io.github.camelviamdata.proto.data.v1.AddBinaryDataToDatasetByIDsRequest;
import io.github.camelviamdata.proto.data.v1.AddBoundingBoxToImageByIDRequest;
import io.github.camelviamdata.proto.data.v1.AddTagsToBinaryDataByIDsRequest;
import io.github.camelviamdata.proto.data.v1.BinaryDataByFilterRequest;
import io.github.camelviamdata.proto.data.v1.BinaryDataByIDsRequest;
import io.github.camelviamdata.proto.data.v1.BoundingBox;
import io.github.camelviamdata.proto.data.v1.CaptureInterval;
import io.github.camelviamdata.proto.data.v1.CreateBinaryDataSignedURLRequest;
import io.github.camelviamdata.proto.data.v1.DataRequest;
import io.github.camelviamdata.proto.data.v1.DeleteBinaryDataByIDsRequest;
import io.github.camelviamdata.proto.data.v1.ExportTabularDataRequest;
import io.github.camelviamdata.proto.data.v1.Filter;
import io.github.camelviamdata.proto.data.v1.GetLatestTabularDataRequest;
import io.github.camelviamdata.proto.data.v1.Order;
import io.github.camelviamdata.proto.data.v1.RemoveBinaryDataFromDatasetByIDsRequest;
import io.github.camelviamdata.proto.data.v1.RemoveTagsFromBinaryDataByIDsRequest;
import java.util.List;

/** The requests of Viam's data service, as Viam's own clients send them. */
final class DataRequests {

    /** Viam's own clients ask for no more in a page, and name no more IDs. */
    static final int MOST = 100;

    private DataRequests() {}

    /**
     * Metadata by a filter, the oldest first.
     *
     * @param limit from 1 to {@link #MOST}
     * @param last where the page before ended, or an empty text
     */
    static BinaryDataByFilterRequest page(Filter filter, int limit, String last) {
        return BinaryDataByFilterRequest.newBuilder()
                .setDataRequest(DataRequest.newBuilder()
                        .setFilter(filter)
                        .setLimit(limit)
                        .setLast(last)
                        .setSortOrder(Order.ORDER_ASCENDING))
                .build();
    }

    static BinaryDataByIDsRequest byIds(List<String> ids, boolean includeBinary) {
        return BinaryDataByIDsRequest.newBuilder()
                .setIncludeBinary(includeBinary)
                .addAllBinaryDataIds(ids)
                .build();
    }

    static CreateBinaryDataSignedURLRequest signedUrl(String id) {
        return CreateBinaryDataSignedURLRequest.newBuilder().setBinaryDataId(id).build();
    }

    static AddTagsToBinaryDataByIDsRequest addTags(List<String> ids, List<String> tags) {
        return AddTagsToBinaryDataByIDsRequest.newBuilder()
                .addAllTags(tags)
                .addAllBinaryDataIds(ids)
                .build();
    }

    static RemoveTagsFromBinaryDataByIDsRequest removeTags(List<String> ids, List<String> tags) {
        return RemoveTagsFromBinaryDataByIDsRequest.newBuilder()
                .addAllTags(tags)
                .addAllBinaryDataIds(ids)
                .build();
    }

    static AddBinaryDataToDatasetByIDsRequest addToDataset(List<String> ids, String datasetId) {
        return AddBinaryDataToDatasetByIDsRequest.newBuilder()
                .setDatasetId(datasetId)
                .addAllBinaryDataIds(ids)
                .build();
    }

    static RemoveBinaryDataFromDatasetByIDsRequest removeFromDataset(List<String> ids, String datasetId) {
        return RemoveBinaryDataFromDatasetByIDsRequest.newBuilder()
                .setDatasetId(datasetId)
                .addAllBinaryDataIds(ids)
                .build();
    }

    static DeleteBinaryDataByIDsRequest delete(List<String> ids) {
        return DeleteBinaryDataByIDsRequest.newBuilder()
                .addAllBinaryDataIds(ids)
                .build();
    }

    static AddBoundingBoxToImageByIDRequest addBox(String id, BoundingBox box) {
        AddBoundingBoxToImageByIDRequest.Builder request = AddBoundingBoxToImageByIDRequest.newBuilder()
                .setBinaryDataId(id)
                .setLabel(box.getLabel())
                .setXMinNormalized(box.getXMinNormalized())
                .setYMinNormalized(box.getYMinNormalized())
                .setXMaxNormalized(box.getXMaxNormalized())
                .setYMaxNormalized(box.getYMaxNormalized());
        if (box.hasConfidence()) {
            request.setConfidence(box.getConfidence());
        }
        return request.build();
    }

    /** @param interval empty for all times */
    static ExportTabularDataRequest export(Resource resource, CaptureInterval interval) {
        ExportTabularDataRequest.Builder request = ExportTabularDataRequest.newBuilder()
                .setPartId(resource.partId())
                .setResourceName(resource.name())
                .setResourceSubtype(resource.type())
                .setMethodName(resource.method());
        if (interval.hasStart() || interval.hasEnd()) {
            request.setInterval(interval);
        }
        return request.build();
    }

    static GetLatestTabularDataRequest latest(Resource resource) {
        return GetLatestTabularDataRequest.newBuilder()
                .setPartId(resource.partId())
                .setResourceName(resource.name())
                .setResourceSubtype(resource.type())
                .setMethodName(resource.method())
                .build();
    }
}
