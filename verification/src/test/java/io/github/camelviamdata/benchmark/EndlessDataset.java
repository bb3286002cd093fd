// Copyright the camel-viamdata authors. SPDX-License-Identifier: Apache-2.0
package io.github.camelviamdata.benchmark;

import com.google.protobuf.ByteString;
import com.google.protobuf.Timestamp;
import com.google.protobuf.UnsafeByteOperations;
import io.github.camelviamdata.proto.data.v1.BinaryData;
import io.github.camelviamdata.proto.data.v1.BinaryDataByFilterRequest;
import io.github.camelviamdata.proto.data.v1.BinaryDataByFilterResponse;
import io.github.camelviamdata.proto.data.v1.BinaryDataByIDsRequest;
import io.github.camelviamdata.proto.data.v1.BinaryDataByIDsResponse;
import io.github.camelviamdata.proto.data.v1.BinaryMetadata;
import io.github.camelviamdata.proto.data.v1.CaptureMetadata;
import io.github.camelviamdata.proto.data.v1.DataServiceGrpc.DataServiceImplBase;
import io.github.camelviamdata.proto.data.v1.RemoveBinaryDataFromDatasetByIDsRequest;
import io.github.camelviamdata.proto.data.v1.RemoveBinaryDataFromDatasetByIDsResponse;
import io.grpc.stub.StreamObserver;
import java.util.Map;
import java.util.Random;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicLong;

/** A dataset for each size, named by it, which always has further items. */
final class EndlessDataset extends DataServiceImplBase {

    private final AtomicLong ids = new AtomicLong();
    private final Map<Integer, ByteString> bytes = new ConcurrentHashMap<>();

    private static BinaryMetadata metadata(String id) {
        int size = size(id);
        return BinaryMetadata.newBuilder()
                .setBinaryDataId(id)
                .setFileSizeBytes(size)
                .setFileExt(".jpg")
                .addDatasetIds(String.valueOf(size))
                .setTimeRequested(Timestamp.newBuilder().setSeconds(1_772_344_800L))
                .setCaptureMetadata(CaptureMetadata.newBuilder()
                        .setPartId("part")
                        .setComponentType("camera")
                        .setComponentName("gate")
                        .setMethodName("GetImages")
                        .setMimeType("image/jpeg"))
                .build();
    }

    private static int size(String id) {
        return Integer.parseInt(id.substring(0, id.indexOf('/')));
    }

    @Override
    public void binaryDataByFilter(
            BinaryDataByFilterRequest request, StreamObserver<BinaryDataByFilterResponse> answer) {
        String dataset = request.getDataRequest().getFilter().getDatasetId();
        BinaryDataByFilterResponse.Builder page =
                BinaryDataByFilterResponse.newBuilder().setLast(String.valueOf(ids.get()));
        for (long i = 0; i < request.getDataRequest().getLimit(); i++) {
            page.addData(BinaryData.newBuilder().setMetadata(metadata(dataset + "/" + ids.incrementAndGet())));
        }
        answer.onNext(page.build());
        answer.onCompleted();
    }

    @Override
    public void binaryDataByIDs(BinaryDataByIDsRequest request, StreamObserver<BinaryDataByIDsResponse> answer) {
        String id = request.getBinaryDataIds(0);
        answer.onNext(BinaryDataByIDsResponse.newBuilder()
                .addData(BinaryData.newBuilder()
                        .setMetadata(metadata(id))
                        .setBinary(bytes.computeIfAbsent(size(id), EndlessDataset::random)))
                .build());
        answer.onCompleted();
    }

    private static ByteString random(int size) {
        byte[] random = new byte[size];
        new Random(Benchmarks.SEED).nextBytes(random);
        return UnsafeByteOperations.unsafeWrap(random);
    }

    @Override
    public void removeBinaryDataFromDatasetByIDs(
            RemoveBinaryDataFromDatasetByIDsRequest request,
            StreamObserver<RemoveBinaryDataFromDatasetByIDsResponse> answer) {
        answer.onNext(RemoveBinaryDataFromDatasetByIDsResponse.getDefaultInstance());
        answer.onCompleted();
    }
}
