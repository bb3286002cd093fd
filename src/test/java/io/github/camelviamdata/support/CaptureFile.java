// Copyright the camel-viamdata authors. SPDX-License-Identifier: Apache-2.0
package io.github.camelviamdata.support;

import com.google.protobuf.Any;
import com.google.protobuf.ByteString;
import com.google.protobuf.MessageLite;
import com.google.protobuf.Struct;
import com.google.protobuf.Timestamp;
import com.google.protobuf.Value;
import io.github.camelviamdata.proto.data.v1.Annotations;
import io.github.camelviamdata.proto.data.v1.Classification;
import io.github.camelviamdata.proto.datasync.v1.DataCaptureMetadata;
import io.github.camelviamdata.proto.datasync.v1.DataType;
import io.github.camelviamdata.proto.datasync.v1.SensorData;
import io.github.camelviamdata.proto.datasync.v1.SensorMetadata;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.ArrayList;
import java.util.List;

/** Writes capture files as a machine's own agent does, and knows where each message in them ends. */
public final class CaptureFile {

    private final ByteArrayOutputStream bytes = new ByteArrayOutputStream();
    private final List<Integer> ends = new ArrayList<>();
    private final List<SensorData> data = new ArrayList<>();
    private final DataCaptureMetadata metadata;

    public CaptureFile(DataCaptureMetadata metadata) {
        this.metadata = metadata;
        add(metadata);
    }

    /** The level of a tank, which rises by an eighth from one number to the next. */
    public static SensorData reading(SensorMetadata times, int number) {
        Struct values = Struct.newBuilder()
                .putFields(
                        "level", Value.newBuilder().setNumberValue(number / 8.0).build())
                .build();
        return SensorData.newBuilder()
                .setMetadata(times)
                .setStruct(Struct.newBuilder()
                        .putFields(
                                "readings",
                                Value.newBuilder().setStructValue(values).build()))
                .build();
    }

    public static CaptureFile ofReadings(int count) {
        CaptureFile file = new CaptureFile(DataCaptureMetadata.newBuilder()
                .setComponentType("rdk:component:sensor")
                .setComponentName("tank")
                .setMethodName("Readings")
                .setType(DataType.DATA_TYPE_TABULAR_SENSOR)
                .putMethodParameters(
                        "unit",
                        Any.pack(Value.newBuilder().setStringValue("bar").build()))
                .addTags("cellar")
                .build());
        for (int i = 0; i < count; i++) {
            file.add(reading(times(i), i));
        }
        return file;
    }

    public static CaptureFile ofPictures(byte[]... payloads) {
        CaptureFile file = new CaptureFile(DataCaptureMetadata.newBuilder()
                .setComponentType("rdk:component:camera")
                .setComponentName("gate")
                .setMethodName("GetImages")
                .setType(DataType.DATA_TYPE_BINARY_SENSOR)
                .setFileExtension(".jpeg")
                .setMimeType("image/jpeg")
                .addTags("night")
                .build());
        for (int i = 0; i < payloads.length; i++) {
            file.add(SensorData.newBuilder()
                    .setMetadata(times(i).toBuilder()
                            .setAnnotations(Annotations.newBuilder()
                                    .addClassifications(
                                            Classification.newBuilder().setLabel("dog"))))
                    .setBinary(ByteString.copyFrom(payloads[i]))
                    .build());
        }
        return file;
    }

    private static SensorMetadata times(int i) {
        return SensorMetadata.newBuilder()
                .setTimeRequested(Timestamp.newBuilder().setSeconds(1_685_962_800 + i))
                .setTimeReceived(
                        Timestamp.newBuilder().setSeconds(1_685_962_800 + i).setNanos(5_000_000))
                .build();
    }

    public CaptureFile add(SensorData message) {
        data.add(message);
        add((MessageLite) message);
        return this;
    }

    private void add(MessageLite message) {
        try {
            message.writeDelimitedTo(bytes);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        ends.add(bytes.size());
    }

    public byte[] bytes() {
        return bytes.toByteArray();
    }

    public DataCaptureMetadata metadata() {
        return metadata;
    }

    public List<SensorData> data() {
        return data;
    }

    /** Where the metadata ends, and then each of the data. */
    public List<Integer> ends() {
        return ends;
    }

    /** Number of data in the first so many bytes that are whole; -1 where not even the metadata is. */
    public int wholeIn(int length) {
        return (int) ends.stream().filter(end -> end <= length).count() - 1;
    }
}
