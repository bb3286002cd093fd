// Copyright the camel-viamdata authors. SPDX-License-Identifier: Apache-2.0
package io.github.camelviamdata.service;

import com.google.protobuf.ByteString;
import com.google.protobuf.InvalidProtocolBufferException;
import com.google.protobuf.MessageLite;
import com.google.protobuf.Timestamp;
import io.github.camelviamdata.proto.data.v1.AddBinaryDataToDatasetByIDsRequest;
import io.github.camelviamdata.proto.data.v1.AddBinaryDataToDatasetByIDsResponse;
import io.github.camelviamdata.proto.data.v1.AddTagsToBinaryDataByIDsRequest;
import io.github.camelviamdata.proto.data.v1.AddTagsToBinaryDataByIDsResponse;
import io.github.camelviamdata.proto.data.v1.BinaryData;
import io.github.camelviamdata.proto.data.v1.BinaryDataByFilterRequest;
import io.github.camelviamdata.proto.data.v1.BinaryDataByFilterResponse;
import io.github.camelviamdata.proto.data.v1.BinaryDataByIDsRequest;
import io.github.camelviamdata.proto.data.v1.BinaryDataByIDsResponse;
import io.github.camelviamdata.proto.data.v1.BinaryMetadata;
import io.github.camelviamdata.proto.data.v1.CaptureMetadata;
import io.github.camelviamdata.proto.data.v1.CreateBinaryDataSignedURLRequest;
import io.github.camelviamdata.proto.data.v1.CreateBinaryDataSignedURLResponse;
import io.github.camelviamdata.proto.data.v1.DeleteBinaryDataByIDsRequest;
import io.github.camelviamdata.proto.data.v1.DeleteBinaryDataByIDsResponse;
import io.github.camelviamdata.proto.data.v1.Filter;
import io.github.camelviamdata.proto.data.v1.RemoveBinaryDataFromDatasetByIDsRequest;
import io.github.camelviamdata.proto.data.v1.RemoveBinaryDataFromDatasetByIDsResponse;
import io.github.camelviamdata.proto.data.v1.RemoveTagsFromBinaryDataByIDsRequest;
import io.github.camelviamdata.proto.data.v1.RemoveTagsFromBinaryDataByIDsResponse;
import io.github.camelviamdata.proto.data.v1.TagsFilterType;
import io.github.camelviamdata.proto.datasync.v1.DataCaptureUploadResponse;
import io.github.camelviamdata.proto.datasync.v1.SensorMetadata;
import io.github.camelviamdata.proto.datasync.v1.UploadMetadata;
import io.grpc.Status;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.Queue;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.ThreadLocalRandom;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Function;
import java.util.function.UnaryOperator;
import java.util.stream.Stream;

/**
 * What a service has stored. It lists that after a lag, in the order of capture, by the filters of Viam's data service, and knows
 * nothing of what it has twice.
 */
public final class StoredData {

    private final Duration leastLag;
    private final Duration mostLag;
    private final Queue<Item> items = new ConcurrentLinkedQueue<>();
    private final Map<TestCall, List<byte[]>> replies = new ConcurrentHashMap<>();
    private final AtomicInteger ids = new AtomicInteger();
    private final AtomicInteger numbers = new AtomicInteger();
    private final StoredMarks marks = new StoredMarks();
    private volatile UnaryOperator<String> location = id -> "";
    private volatile UnaryOperator<String> signedUrl = id -> "";

    /** What is stored, and from when on it is listed. */
    private record Item(
            BinaryMetadata metadata,
            ByteString bytes,
            List<String> tags,
            List<String> datasets,
            Instant listedFrom,
            String position) {

        String id() {
            return metadata.getBinaryDataId();
        }
    }

    /** What a page token says: equal times have an order too. */
    private static String position(Timestamp time, int number) {
        return String.format("%020d-%010d-%010d", time.getSeconds(), time.getNanos(), number);
    }

    /** Each upload is listed after a random time between these. */
    public StoredData(Duration leastLag, Duration mostLag) {
        this.leastLag = leastLag;
        this.mostLag = mostLag;
    }

    /** Lists everything at once. */
    public StoredData() {
        this(Duration.ZERO, Duration.ZERO);
    }

    /** Where the bytes of an item are to be had, by its ID. */
    public StoredData locatedAt(UnaryOperator<String> location) {
        this.location = location;
        return this;
    }

    /** Where the bytes of an item are to be had without a credential, by its ID. */
    public StoredData signing(UnaryOperator<String> signedUrl) {
        this.signedUrl = signedUrl;
        return this;
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
                call.payload().length,
                ByteString.copyFrom(call.payload()));
        return List.of(DataCaptureUploadResponse.newBuilder()
                .setBinaryDataId(id)
                .build()
                .toByteArray());
    }

    /** Stores an upload, without its bytes. */
    public void add(String id, UploadMetadata upload, SensorMetadata sensor, long size) {
        add(id, upload, sensor, size, ByteString.EMPTY);
    }

    /** Stores an upload. */
    public void add(String id, UploadMetadata upload, SensorMetadata sensor, byte[] bytes) {
        add(id, upload, sensor, bytes.length, ByteString.copyFrom(bytes));
    }

    private void add(String id, UploadMetadata upload, SensorMetadata sensor, long size, ByteString bytes) {
        long lag = leastLag.equals(mostLag)
                ? leastLag.toMillis()
                : ThreadLocalRandom.current().nextLong(leastLag.toMillis(), mostLag.toMillis());
        add(id, upload, sensor, size, bytes, Instant.now().plusMillis(lag));
    }

    /** Stores an upload that is listed from a time on. */
    public void add(
            String id, UploadMetadata upload, SensorMetadata sensor, long size, ByteString bytes, Instant listedFrom) {
        Instant now = Instant.now();
        BinaryMetadata.Builder metadata = BinaryMetadata.newBuilder()
                .setCaptureMetadata(CaptureMetadata.newBuilder()
                        .setOrganizationId("organization")
                        .setLocationId("location")
                        .setRobotId("machine")
                        .setRobotName("the machine")
                        .setPartName("the part")
                        .setPartId(upload.getPartId())
                        .setComponentType(upload.getComponentType())
                        .setComponentName(upload.getComponentName())
                        .setMethodName(upload.getMethodName())
                        .putAllMethodParameters(upload.getMethodParametersMap())
                        .setMimeType(upload.getMimeType()))
                .setTimeRequested(sensor.getTimeRequested())
                .setTimeReceived(
                        sensor.hasTimeReceived()
                                ? sensor.getTimeReceived()
                                : Timestamp.newBuilder()
                                        .setSeconds(now.getEpochSecond())
                                        .setNanos(now.getNano())
                                        .build())
                .setFileName(upload.getFileName())
                .setFileExt(upload.getFileExtension())
                .setFileSizeBytes(size)
                .setBinaryDataId(id);
        if (sensor.hasAnnotations()) {
            metadata.setAnnotations(sensor.getAnnotations());
        }
        items.add(new Item(
                metadata.build(),
                bytes,
                new CopyOnWriteArrayList<>(upload.getTagsList()),
                new CopyOnWriteArrayList<>(upload.getDatasetIdsList()),
                listedFrom,
                position(sensor.getTimeRequested(), numbers.incrementAndGet())));
    }

    private MessageLite query(TestCall call) {
        try {
            return query(call.method(), call.messages().get(0));
        } catch (InvalidProtocolBufferException e) {
            throw new AssertionError(e);
        }
    }

    /** Makes a call as another client would. */
    public void change(String method, MessageLite request) {
        try {
            query(method, request.toByteArray());
        } catch (InvalidProtocolBufferException e) {
            throw new AssertionError(e);
        }
    }

    // As one: what a list says of an item is what the item was listed for.
    private synchronized MessageLite query(String method, byte[] request) throws InvalidProtocolBufferException {
        return switch (method) {
            case "BinaryDataByFilter" -> list(BinaryDataByFilterRequest.parseFrom(request));
            case "BinaryDataByIDs" -> byIds(BinaryDataByIDsRequest.parseFrom(request));
            case "CreateBinaryDataSignedURL" ->
                CreateBinaryDataSignedURLResponse.newBuilder()
                        .setSignedUrl(signedUrl.apply(CreateBinaryDataSignedURLRequest.parseFrom(request)
                                .getBinaryDataId()))
                        .build();
            case "AddTagsToBinaryDataByIDs" -> {
                AddTagsToBinaryDataByIDsRequest add = AddTagsToBinaryDataByIDsRequest.parseFrom(request);
                items(add.getBinaryDataIdsList())
                        .forEach(item -> add.getTagsList().stream()
                                .filter(tag -> !item.tags().contains(tag))
                                .forEach(item.tags()::add));
                yield AddTagsToBinaryDataByIDsResponse.getDefaultInstance();
            }
            case "RemoveTagsFromBinaryDataByIDs" -> {
                RemoveTagsFromBinaryDataByIDsRequest remove = RemoveTagsFromBinaryDataByIDsRequest.parseFrom(request);
                items(remove.getBinaryDataIdsList()).forEach(item -> item.tags().removeAll(remove.getTagsList()));
                yield RemoveTagsFromBinaryDataByIDsResponse.getDefaultInstance();
            }
            case "AddBinaryDataToDatasetByIDs" -> {
                AddBinaryDataToDatasetByIDsRequest add = AddBinaryDataToDatasetByIDsRequest.parseFrom(request);
                items(add.getBinaryDataIdsList())
                        .filter(item -> !item.datasets().contains(add.getDatasetId()))
                        .forEach(item -> item.datasets().add(add.getDatasetId()));
                yield AddBinaryDataToDatasetByIDsResponse.getDefaultInstance();
            }
            case "RemoveBinaryDataFromDatasetByIDs" -> {
                RemoveBinaryDataFromDatasetByIDsRequest remove =
                        RemoveBinaryDataFromDatasetByIDsRequest.parseFrom(request);
                items(remove.getBinaryDataIdsList())
                        .forEach(item -> item.datasets().remove(remove.getDatasetId()));
                yield RemoveBinaryDataFromDatasetByIDsResponse.getDefaultInstance();
            }
            case "DeleteBinaryDataByIDs" -> {
                List<String> deleted =
                        DeleteBinaryDataByIDsRequest.parseFrom(request).getBinaryDataIdsList();
                long before = items.size();
                items.removeIf(item -> deleted.contains(item.id()));
                yield DeleteBinaryDataByIDsResponse.newBuilder()
                        .setDeletedCount(before - items.size())
                        .build();
            }
            default -> marks.mark(method, request);
        };
    }

    /** What clients have marked in it. */
    public StoredMarks marks() {
        return marks;
    }

    /** What the service lists by now. */
    public synchronized BinaryDataByFilterResponse list(BinaryDataByFilterRequest request) {
        Filter filter = request.getDataRequest().getFilter();
        String last = request.getDataRequest().getLast();
        Instant now = Instant.now();
        List<Item> page = items.stream()
                .filter(item -> !item.listedFrom().isAfter(now) && matches(item, filter))
                .filter(item -> last.isEmpty() || item.position().compareTo(last) > 0)
                .sorted(Comparator.comparing(Item::position))
                .limit(request.getDataRequest().getLimit())
                .toList();
        BinaryDataByFilterResponse.Builder response = BinaryDataByFilterResponse.newBuilder();
        page.forEach(item -> response.addData(data(item, request.getIncludeBinary())));
        if (!page.isEmpty()) {
            response.setLast(page.get(page.size() - 1).position());
        }
        return response.build();
    }

    private BinaryDataByIDsResponse byIds(BinaryDataByIDsRequest request) {
        BinaryDataByIDsResponse.Builder response = BinaryDataByIDsResponse.newBuilder();
        items(request.getBinaryDataIdsList()).forEach(item -> response.addData(data(item, request.getIncludeBinary())));
        return response.build();
    }

    private BinaryData data(Item item, boolean includeBinary) {
        BinaryData.Builder data = BinaryData.newBuilder()
                .setMetadata(item.metadata().toBuilder()
                        .setUri(location.apply(item.id()))
                        .addAllDatasetIds(item.datasets())
                        .setCaptureMetadata(
                                item.metadata().getCaptureMetadata().toBuilder().addAllTags(item.tags())));
        if (includeBinary) {
            data.setBinary(item.bytes());
        }
        return data.build();
    }

    private static boolean matches(Item item, Filter filter) {
        CaptureMetadata capture = item.metadata().getCaptureMetadata();
        Instant time = instant(item.metadata().getTimeRequested());
        return matches(filter.getPartId(), capture.getPartId())
                && matches(filter.getComponentType(), capture.getComponentType())
                && matches(filter.getComponentName(), capture.getComponentName())
                && matches(filter.getMethod(), capture.getMethodName())
                && (filter.getMimeTypeCount() == 0 || filter.getMimeTypeList().contains(capture.getMimeType()))
                && (filter.getDatasetId().isEmpty() || item.datasets().contains(filter.getDatasetId()))
                && hasTags(item, filter)
                && (!filter.getInterval().hasStart()
                        || !time.isBefore(instant(filter.getInterval().getStart())))
                && (!filter.getInterval().hasEnd()
                        || !time.isAfter(instant(filter.getInterval().getEnd())));
    }

    private static boolean hasTags(Item item, Filter filter) {
        if (!filter.hasTagsFilter()) {
            return true;
        } else if (filter.getTagsFilter().getType() == TagsFilterType.TAGS_FILTER_TYPE_UNTAGGED) {
            return item.tags().isEmpty();
        } else if (filter.getTagsFilter().getType() == TagsFilterType.TAGS_FILTER_TYPE_TAGGED) {
            return !item.tags().isEmpty();
        }
        return filter.getTagsFilter().getTagsList().stream().anyMatch(item.tags()::contains);
    }

    private static boolean matches(String asked, String stored) {
        return asked.isEmpty() || asked.equals(stored);
    }

    private static Instant instant(Timestamp time) {
        return Instant.ofEpochSecond(time.getSeconds(), time.getNanos());
    }

    private Stream<Item> items(Collection<String> ids) {
        return items.stream().filter(item -> ids.contains(item.id()));
    }

    /** The IDs of all that is stored. */
    public List<String> ids() {
        return items.stream().map(Item::id).toList();
    }

    /** The IDs of what is in a dataset. */
    public List<String> inDataset(String datasetId) {
        return items.stream()
                .filter(item -> item.datasets().contains(datasetId))
                .map(Item::id)
                .toList();
    }

    /** All that is said of what is stored, and its bytes, in the order of capture. */
    public List<BinaryData> all() {
        return items.stream()
                .sorted(Comparator.comparing(Item::position))
                .map(item -> data(item, true))
                .toList();
    }

    /** The bytes of an item, or null. */
    public byte[] bytes(String id) {
        return items(List.of(id))
                .findFirst()
                .map(item -> item.bytes().toByteArray())
                .orElse(null);
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
