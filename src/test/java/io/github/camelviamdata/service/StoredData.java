// Copyright the camel-viamdata authors. SPDX-License-Identifier: Apache-2.0
package io.github.camelviamdata.service;

import com.google.protobuf.ByteString;
import com.google.protobuf.InvalidProtocolBufferException;
import com.google.protobuf.MessageLite;
import io.github.camelviamdata.proto.data.v1.BinaryData;
import io.github.camelviamdata.proto.data.v1.BinaryDataByFilterRequest;
import io.github.camelviamdata.proto.data.v1.BinaryDataByFilterResponse;
import io.github.camelviamdata.proto.data.v1.BinaryMetadata;
import io.github.camelviamdata.proto.datasync.v1.DataCaptureUploadResponse;
import io.github.camelviamdata.proto.datasync.v1.SensorMetadata;
import io.github.camelviamdata.proto.datasync.v1.UploadMetadata;
import io.github.camelviamdata.testing.service.DataStore;
import io.github.camelviamdata.testing.service.InMemoryDataService;
import io.github.camelviamdata.testing.service.ItemStore;
import io.github.camelviamdata.testing.service.Places;
import io.github.camelviamdata.testing.service.UploadedData;
import io.grpc.Status;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ThreadLocalRandom;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Function;
import java.util.function.UnaryOperator;
import java.util.stream.Stream;

/** What a {@link TestService} has stored. It lists that after a lag, and knows nothing of what it has twice. */
public final class StoredData {

    private static final Set<String> MARKS = Set.of("AddBoundingBoxToImageByID", "CreateSequence");

    private final Duration leastLag;
    private final Duration mostLag;
    private final DataStore store = new DataStore();
    private final ItemStore items = store.items();
    private final Map<TestCall, List<byte[]>> replies = new ConcurrentHashMap<>();
    private final AtomicInteger ids = new AtomicInteger();
    private final StoredMarks marks = new StoredMarks();
    private volatile UnaryOperator<String> location = id -> "";
    private volatile UnaryOperator<String> signedUrl = id -> "";
    private final InMemoryDataService service = new InMemoryDataService(
            store,
            new Places() {
                @Override
                public String uri(String id) {
                    return location.apply(id);
                }

                @Override
                public String signedUrl(String id) {
                    return signedUrl.apply(id);
                }
            },
            change -> () -> {});

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
        service.querying(call -> query(call.method(), call.messages().get(0)));
    }

    private List<byte[]> store(TestCall call) {
        String id = TestService.BINARY_DATA_ID + "stored-" + ids.incrementAndGet();
        add(
                id,
                call.metadata(),
                call.method().equals("FileUpload") ? SensorMetadata.getDefaultInstance() : call.sensorMetadata(),
                call.payload());
        return List.of(DataCaptureUploadResponse.newBuilder()
                .setBinaryDataId(id)
                .build()
                .toByteArray());
    }

    /** Stores an upload, without its bytes. */
    public void add(String id, UploadMetadata upload, SensorMetadata sensor, long size) {
        add(id, upload, sensor, size, ByteString.EMPTY, listedFrom());
    }

    /** Stores an upload. */
    public void add(String id, UploadMetadata upload, SensorMetadata sensor, byte[] bytes) {
        add(id, upload, sensor, bytes.length, ByteString.copyFrom(bytes), listedFrom());
    }

    private Instant listedFrom() {
        return Instant.now()
                .plusMillis(
                        leastLag.equals(mostLag)
                                ? leastLag.toMillis()
                                : ThreadLocalRandom.current().nextLong(leastLag.toMillis(), mostLag.toMillis()));
    }

    /** Stores an upload that is listed from a time on. */
    public void add(
            String id, UploadMetadata upload, SensorMetadata sensor, long size, ByteString bytes, Instant listedFrom) {
        items.add(UploadedData.item(id, upload, sensor, size, bytes), listedFrom);
    }

    private MessageLite query(String method, byte[] request) {
        try {
            return MARKS.contains(method) ? marks.mark(method, request) : service.answer(method, request);
        } catch (InvalidProtocolBufferException e) {
            throw new AssertionError(e);
        }
    }

    /** Makes a call as another client would. */
    public void change(String method, MessageLite request) {
        query(method, request.toByteArray());
    }

    /** What clients have marked in it. */
    public StoredMarks marks() {
        return marks;
    }

    /** What the service lists by now. */
    public BinaryDataByFilterResponse list(BinaryDataByFilterRequest request) {
        return (BinaryDataByFilterResponse) query("BinaryDataByFilter", request.toByteArray());
    }

    private Stream<BinaryMetadata> metadata() {
        return items.all().stream().map(BinaryData::getMetadata);
    }

    /** The IDs of all that is stored. */
    public List<String> ids() {
        return metadata().map(BinaryMetadata::getBinaryDataId).toList();
    }

    /** The IDs of what is in a dataset. */
    public List<String> inDataset(String datasetId) {
        return metadata()
                .filter(item -> item.getDatasetIdsList().contains(datasetId))
                .map(BinaryMetadata::getBinaryDataId)
                .toList();
    }

    /** All that is said of what is stored, and its bytes, in the order of capture. */
    public List<BinaryData> all() {
        return items.all();
    }

    /** The bytes of an item, or null. */
    public byte[] bytes(String id) {
        return items.byIds(List.of(id)).stream()
                .findFirst()
                .map(item -> item.getBinary().toByteArray())
                .orElse(null);
    }

    /** The names of the files that are stored, in the order of capture. */
    public List<String> fileNames() {
        return metadata().map(BinaryMetadata::getFileName).toList();
    }

    /** The tags of all that is stored. */
    public List<String> tags() {
        return metadata()
                .flatMap(item -> item.getCaptureMetadata().getTagsList().stream())
                .toList();
    }
}
