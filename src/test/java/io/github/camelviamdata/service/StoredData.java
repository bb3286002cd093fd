// Copyright the camel-viamdata authors. SPDX-License-Identifier: Apache-2.0
package io.github.camelviamdata.service;

import com.google.protobuf.InvalidProtocolBufferException;
import com.google.protobuf.MessageLite;
import com.google.protobuf.Timestamp;
import io.github.camelviamdata.proto.data.v1.BinaryData;
import io.github.camelviamdata.proto.data.v1.BinaryDataByFilterRequest;
import io.github.camelviamdata.proto.data.v1.BinaryDataByFilterResponse;
import io.github.camelviamdata.proto.data.v1.BinaryMetadata;
import io.github.camelviamdata.proto.data.v1.CaptureMetadata;
import io.github.camelviamdata.proto.data.v1.Filter;
import io.github.camelviamdata.proto.data.v1.RemoveTagsFromBinaryDataByIDsRequest;
import io.github.camelviamdata.proto.data.v1.RemoveTagsFromBinaryDataByIDsResponse;
import io.github.camelviamdata.proto.datasync.v1.DataCaptureUploadResponse;
import io.github.camelviamdata.proto.datasync.v1.SensorMetadata;
import io.github.camelviamdata.proto.datasync.v1.UploadMetadata;
import io.grpc.Status;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Queue;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.ThreadLocalRandom;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Function;

/**
 * What a service has stored. It lists that after a lag, by the filters of Viam's data service, and knows nothing of what it has
 * twice.
 */
public final class StoredData {

    private final Duration leastLag;
    private final Duration mostLag;
    private final Queue<Item> items = new ConcurrentLinkedQueue<>();
    private final Map<TestCall, List<byte[]>> replies = new ConcurrentHashMap<>();
    private final AtomicInteger ids = new AtomicInteger();

    /** What is stored, and from when on it is listed. */
    private record Item(BinaryMetadata metadata, List<String> tags, Instant listedFrom) {}

    /** Each upload is listed after a random time between these. */
    public StoredData(Duration leastLag, Duration mostLag) {
        this.leastLag = leastLag;
        this.mostLag = mostLag;
    }

    /**
     * Lets a service store what it receives, and list it.
     *
     * @param answers how an upload that was stored is answered; null for one that is not even stored, and is refused as
     *     unavailable
     */
    public void serve(TestService service, Function<TestCall, Status> answers) {
        service.answering(call -> {
            Status status = answers.apply(call);
            if (status == null) {
                return Status.UNAVAILABLE;
            }
            replies.put(call, store(call));
            return status;
        });
        service.replying(replies::get);
        service.querying(this::query);
    }

    private List<byte[]> store(TestCall call) {
        String id = TestService.BINARY_DATA_ID + "stored-" + ids.incrementAndGet();
        add(
                id,
                call.metadata(),
                call.method().equals("FileUpload") ? SensorMetadata.getDefaultInstance() : call.sensorMetadata(),
                call.payload().length);
        return List.of(DataCaptureUploadResponse.newBuilder()
                .setBinaryDataId(id)
                .build()
                .toByteArray());
    }

    /** Stores an upload. */
    public void add(String id, UploadMetadata upload, SensorMetadata sensor, long size) {
        Instant now = Instant.now();
        BinaryMetadata metadata = BinaryMetadata.newBuilder()
                .setCaptureMetadata(CaptureMetadata.newBuilder()
                        .setPartId(upload.getPartId())
                        .setComponentType(upload.getComponentType())
                        .setComponentName(upload.getComponentName())
                        .setMethodName(upload.getMethodName()))
                .setTimeRequested(sensor.getTimeRequested())
                .setTimeReceived(
                        Timestamp.newBuilder().setSeconds(now.getEpochSecond()).setNanos(now.getNano()))
                .setFileName(upload.getFileName())
                .setFileExt(upload.getFileExtension())
                .setFileSizeBytes(size)
                .setBinaryDataId(id)
                .build();
        long lag = leastLag.equals(mostLag)
                ? leastLag.toMillis()
                : ThreadLocalRandom.current().nextLong(leastLag.toMillis(), mostLag.toMillis());
        items.add(new Item(metadata, new CopyOnWriteArrayList<>(upload.getTagsList()), now.plusMillis(lag)));
    }

    private MessageLite query(TestCall call) {
        try {
            byte[] request = call.messages().get(0);
            return call.method().equals("BinaryDataByFilter")
                    ? list(BinaryDataByFilterRequest.parseFrom(request))
                    : removeTags(RemoveTagsFromBinaryDataByIDsRequest.parseFrom(request));
        } catch (InvalidProtocolBufferException e) {
            throw new AssertionError(e);
        }
    }

    /** What the service lists by now. */
    public BinaryDataByFilterResponse list(BinaryDataByFilterRequest request) {
        Filter filter = request.getDataRequest().getFilter();
        BinaryDataByFilterResponse.Builder response = BinaryDataByFilterResponse.newBuilder();
        Instant now = Instant.now();
        items.stream()
                .filter(item -> !item.listedFrom().isAfter(now) && matches(item, filter))
                .limit(request.getDataRequest().getLimit())
                .forEach(item -> response.addData(BinaryData.newBuilder()
                        .setMetadata(item.metadata().toBuilder()
                                .setCaptureMetadata(item.metadata().getCaptureMetadata().toBuilder()
                                        .addAllTags(item.tags())))));
        return response.build();
    }

    private static boolean matches(Item item, Filter filter) {
        CaptureMetadata capture = item.metadata().getCaptureMetadata();
        Instant time = instant(item.metadata().getTimeRequested());
        return matches(filter.getPartId(), capture.getPartId())
                && matches(filter.getComponentType(), capture.getComponentType())
                && matches(filter.getComponentName(), capture.getComponentName())
                && matches(filter.getMethod(), capture.getMethodName())
                && (!filter.hasTagsFilter()
                        || filter.getTagsFilter().getTagsList().stream().anyMatch(item.tags()::contains))
                && (!filter.hasInterval()
                        || !time.isBefore(instant(filter.getInterval().getStart()))
                                && !time.isAfter(instant(filter.getInterval().getEnd())));
    }

    private static boolean matches(String asked, String stored) {
        return asked.isEmpty() || asked.equals(stored);
    }

    private static Instant instant(Timestamp time) {
        return Instant.ofEpochSecond(time.getSeconds(), time.getNanos());
    }

    private RemoveTagsFromBinaryDataByIDsResponse removeTags(RemoveTagsFromBinaryDataByIDsRequest request) {
        items.stream()
                .filter(item ->
                        request.getBinaryDataIdsList().contains(item.metadata().getBinaryDataId()))
                .forEach(item -> item.tags().removeAll(request.getTagsList()));
        return RemoveTagsFromBinaryDataByIDsResponse.getDefaultInstance();
    }

    /** The IDs of all that is stored. */
    public List<String> ids() {
        return items.stream().map(item -> item.metadata().getBinaryDataId()).toList();
    }

    /** The names of the files that are stored, in the order in which they came. */
    public List<String> fileNames() {
        return items.stream().map(item -> item.metadata().getFileName()).toList();
    }

    /** The tags of all that is stored. */
    public List<String> tags() {
        List<String> tags = new ArrayList<>();
        items.forEach(item -> tags.addAll(item.tags()));
        return tags;
    }
}
