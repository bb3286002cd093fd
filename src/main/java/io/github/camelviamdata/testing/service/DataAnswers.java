// Copyright the camel-viamdata authors. SPDX-License-Identifier: Apache-2.0
package io.github.camelviamdata.testing.service;

import io.github.camelviamdata.message.ProtoValues;
import io.github.camelviamdata.proto.data.v1.AddBinaryDataToDatasetByIDsRequest;
import io.github.camelviamdata.proto.data.v1.AddBinaryDataToDatasetByIDsResponse;
import io.github.camelviamdata.proto.data.v1.AddBoundingBoxToImageByIDRequest;
import io.github.camelviamdata.proto.data.v1.AddBoundingBoxToImageByIDResponse;
import io.github.camelviamdata.proto.data.v1.AddTagsToBinaryDataByIDsRequest;
import io.github.camelviamdata.proto.data.v1.AddTagsToBinaryDataByIDsResponse;
import io.github.camelviamdata.proto.data.v1.BinaryData;
import io.github.camelviamdata.proto.data.v1.BinaryDataByFilterRequest;
import io.github.camelviamdata.proto.data.v1.BinaryDataByFilterResponse;
import io.github.camelviamdata.proto.data.v1.BinaryDataByIDsRequest;
import io.github.camelviamdata.proto.data.v1.BinaryDataByIDsResponse;
import io.github.camelviamdata.proto.data.v1.BinaryMetadata;
import io.github.camelviamdata.proto.data.v1.BoundingBox;
import io.github.camelviamdata.proto.data.v1.CreateBinaryDataSignedURLRequest;
import io.github.camelviamdata.proto.data.v1.CreateBinaryDataSignedURLResponse;
import io.github.camelviamdata.proto.data.v1.CreateSequenceRequest;
import io.github.camelviamdata.proto.data.v1.CreateSequenceResponse;
import io.github.camelviamdata.proto.data.v1.DataRequest;
import io.github.camelviamdata.proto.data.v1.DeleteBinaryDataByIDsRequest;
import io.github.camelviamdata.proto.data.v1.DeleteBinaryDataByIDsResponse;
import io.github.camelviamdata.proto.data.v1.RemoveBinaryDataFromDatasetByIDsRequest;
import io.github.camelviamdata.proto.data.v1.RemoveBinaryDataFromDatasetByIDsResponse;
import io.github.camelviamdata.proto.data.v1.RemoveTagsFromBinaryDataByIDsRequest;
import io.github.camelviamdata.proto.data.v1.RemoveTagsFromBinaryDataByIDsResponse;
import io.grpc.Status;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.UUID;
import java.util.function.UnaryOperator;

/** What the data service answers requests with, and what they change. Unknown IDs are left out, as Viam leaves them out of lists. */
final class DataAnswers {

    /** Largest item in bytes that goes into an answer. The bytes of a larger one are elsewhere. */
    private static final int MOST_INLINE = 1_000_000;

    private static final int DEFAULT_LIMIT = 50;

    private final ItemStore items;
    private final List<DataStore.Sequence> sequences;
    private final Places places;

    DataAnswers(DataStore store, Places places) {
        this.items = store.items();
        this.sequences = store.sequences();
        this.places = places;
    }

    BinaryDataByFilterResponse list(BinaryDataByFilterRequest request) {
        DataRequest wanted = request.getDataRequest();
        long limit = wanted.getLimit() == 0 ? DEFAULT_LIMIT : wanted.getLimit();
        ItemStore.Page page = items.page(wanted.getFilter(), wanted.getLast(), limit);
        return BinaryDataByFilterResponse.newBuilder()
                .addAllData(shown(page.items(), request.getIncludeBinary()))
                .setCount(page.items().size())
                .setLast(page.last())
                .build();
    }

    BinaryDataByIDsResponse byIds(BinaryDataByIDsRequest request) {
        List<BinaryData> found = items.byIds(request.getBinaryDataIdsList());
        return BinaryDataByIDsResponse.newBuilder()
                .addAllData(shown(found, request.getIncludeBinary()))
                .setCount(found.size())
                .build();
    }

    private List<BinaryData> shown(List<BinaryData> data, boolean includeBinary) {
        return data.stream().map(item -> shown(item, includeBinary)).toList();
    }

    private BinaryData shown(BinaryData item, boolean includeBinary) {
        BinaryMetadata metadata = item.getMetadata();
        BinaryData.Builder shown =
                item.toBuilder().setMetadata(metadata.toBuilder().setUri(places.uri(metadata.getBinaryDataId())));
        if (!includeBinary || metadata.getFileSizeBytes() > MOST_INLINE) {
            shown.clearBinary();
        }
        return shown.build();
    }

    CreateBinaryDataSignedURLResponse signedUrl(CreateBinaryDataSignedURLRequest request) {
        return CreateBinaryDataSignedURLResponse.newBuilder()
                .setSignedUrl(places.signedUrl(request.getBinaryDataId()))
                .setExpiresAt(ProtoValues.timestamp(Instant.now()
                        .plusSeconds(60L * (request.hasExpirationMinutes() ? request.getExpirationMinutes() : 15))))
                .build();
    }

    AddTagsToBinaryDataByIDsResponse addTags(AddTagsToBinaryDataByIDsRequest request) {
        changeTags(request.getBinaryDataIdsList(), tags -> union(tags, request.getTagsList()));
        return AddTagsToBinaryDataByIDsResponse.getDefaultInstance();
    }

    RemoveTagsFromBinaryDataByIDsResponse removeTags(RemoveTagsFromBinaryDataByIDsRequest request) {
        int changed = changeTags(request.getBinaryDataIdsList(), tags -> without(tags, request.getTagsList()));
        return RemoveTagsFromBinaryDataByIDsResponse.newBuilder()
                .setDeletedCount(changed)
                .build();
    }

    private int changeTags(Collection<String> ids, UnaryOperator<List<String>> change) {
        return items.change(ids, metadata -> {
            BinaryMetadata.Builder changed = metadata.toBuilder();
            changed.getCaptureMetadataBuilder()
                    .clearTags()
                    .addAllTags(change.apply(metadata.getCaptureMetadata().getTagsList()));
            return changed.build();
        });
    }

    AddBinaryDataToDatasetByIDsResponse addToDataset(AddBinaryDataToDatasetByIDsRequest request) {
        List<String> dataset = List.of(request.getDatasetId());
        changeDatasets(request.getBinaryDataIdsList(), datasets -> union(datasets, dataset));
        return AddBinaryDataToDatasetByIDsResponse.getDefaultInstance();
    }

    RemoveBinaryDataFromDatasetByIDsResponse removeFromDataset(RemoveBinaryDataFromDatasetByIDsRequest request) {
        List<String> dataset = List.of(request.getDatasetId());
        changeDatasets(request.getBinaryDataIdsList(), datasets -> without(datasets, dataset));
        return RemoveBinaryDataFromDatasetByIDsResponse.getDefaultInstance();
    }

    private void changeDatasets(Collection<String> ids, UnaryOperator<List<String>> change) {
        items.change(
                ids,
                metadata -> metadata.toBuilder()
                        .clearDatasetIds()
                        .addAllDatasetIds(change.apply(metadata.getDatasetIdsList()))
                        .build());
    }

    private static List<String> union(List<String> texts, List<String> more) {
        List<String> all = new ArrayList<>(texts);
        more.stream().filter(text -> !all.contains(text)).forEach(all::add);
        return all;
    }

    private static List<String> without(List<String> texts, List<String> less) {
        return texts.stream().filter(text -> !less.contains(text)).toList();
    }

    AddBoundingBoxToImageByIDResponse addBox(AddBoundingBoxToImageByIDRequest request) {
        String id = UUID.randomUUID().toString();
        BoundingBox.Builder box = BoundingBox.newBuilder()
                .setId(id)
                .setLabel(request.getLabel())
                .setXMinNormalized(request.getXMinNormalized())
                .setYMinNormalized(request.getYMinNormalized())
                .setXMaxNormalized(request.getXMaxNormalized())
                .setYMaxNormalized(request.getYMaxNormalized());
        if (request.hasConfidence()) {
            box.setConfidence(request.getConfidence());
        }
        int changed = items.change(List.of(request.getBinaryDataId()), metadata -> {
            BinaryMetadata.Builder annotated = metadata.toBuilder();
            annotated.getAnnotationsBuilder().addBboxes(box);
            return annotated.build();
        });
        if (changed == 0) {
            throw Status.NOT_FOUND
                    .withDescription("There is no item " + request.getBinaryDataId())
                    .asRuntimeException();
        }
        return AddBoundingBoxToImageByIDResponse.newBuilder().setBboxId(id).build();
    }

    DeleteBinaryDataByIDsResponse delete(DeleteBinaryDataByIDsRequest request) {
        return DeleteBinaryDataByIDsResponse.newBuilder()
                .setDeletedCount(items.delete(request.getBinaryDataIdsList()))
                .build();
    }

    CreateSequenceResponse createSequence(CreateSequenceRequest request) {
        String id = UUID.randomUUID().toString();
        sequences.add(new DataStore.Sequence(id, request));
        return CreateSequenceResponse.newBuilder().setId(id).build();
    }
}
