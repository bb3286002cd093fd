// Copyright the camel-viamdata authors. SPDX-License-Identifier: Apache-2.0
package io.github.camelviamdata.message;

import com.google.protobuf.ByteString;
import com.google.protobuf.CodedOutputStream;
import com.google.protobuf.Struct;
import com.google.protobuf.Timestamp;
import com.google.protobuf.Value;
import io.github.camelviamdata.ViamDataOperation;
import io.github.camelviamdata.proto.datasync.v1.DataCaptureUploadRequest;
import io.github.camelviamdata.proto.datasync.v1.SensorData;
import io.github.camelviamdata.proto.datasync.v1.SensorMetadata;
import io.github.camelviamdata.upload.Payload;
import io.github.camelviamdata.upload.Upload;
import io.github.camelviamdata.upload.Uploads;
import java.util.ArrayList;
import java.util.List;
import java.util.function.IntFunction;

/** The uploads of the readings of a message: in their order, in as few requests as the limit of their size allows. */
final class TabularUploads implements Uploads {

    /** Viam's own clients and its machine agent send the values of a sensor under this key. */
    private static final String READINGS = "readings";

    private final DataCaptureUploadRequest request;
    private final List<SensorData> readings;
    private final int maxRequestSize;
    private int begin;

    /**
     * @param request all readings in one request
     * @param maxRequestSize largest request, in bytes
     * @throws IllegalArgumentException if a single reading makes a larger request
     */
    TabularUploads(DataCaptureUploadRequest request, int maxRequestSize) {
        this.request = request;
        this.readings = request.getSensorContentsList();
        this.maxRequestSize = maxRequestSize;
        for (int i = 0; i < readings.size(); i++) {
            int size = emptySize() + size(readings.get(i));
            if (size > maxRequestSize) {
                throw new IllegalArgumentException(Readings.path(i) + " makes a request of " + size
                        + " bytes; it may have " + maxRequestSize + " (maxRequestSize)");
            }
        }
    }

    /** The readings as they are sent. */
    static List<SensorData> contents(List<Struct> readings, IntFunction<SensorMetadata> metadata, boolean wrap) {
        List<SensorData> contents = new ArrayList<>(readings.size());
        for (int i = 0; i < readings.size(); i++) {
            Struct reading = readings.get(i);
            SensorData.Builder data = SensorData.newBuilder()
                    .setStruct(wrap && !reading.containsFields(READINGS) ? wrapped(reading) : reading);
            SensorMetadata sensor = metadata.apply(i);
            if (!sensor.equals(SensorMetadata.getDefaultInstance())) {
                data.setMetadata(sensor);
            }
            contents.add(data.build());
        }
        return contents;
    }

    private static Struct wrapped(Struct reading) {
        return Struct.newBuilder()
                .putFields(READINGS, Value.newBuilder().setStructValue(reading).build())
                .build();
    }

    /**
     * The time in a field of a reading, or in the map under its key {@code readings}; null without one.
     *
     * @throws IllegalArgumentException if the value of the field is no time; the text begins with its path
     */
    static Timestamp time(HeaderValues headers, List<Struct> readings, int index, String field) {
        Struct reading = readings.get(index);
        String path = Readings.path(index);
        if (!reading.containsFields(field)
                && reading.containsFields(READINGS)
                && reading.getFieldsOrThrow(READINGS).hasStructValue()) {
            reading = reading.getFieldsOrThrow(READINGS).getStructValue();
            path += "." + READINGS;
        }
        Value value = reading.getFieldsOrDefault(field, Value.getDefaultInstance());
        return headers.time(
                path + "." + field,
                switch (value.getKindCase()) {
                    case NUMBER_VALUE -> value.getNumberValue();
                    case STRING_VALUE -> value.getStringValue();
                    case NULL_VALUE, KIND_NOT_SET -> null;
                    // The exception text shows the kind.
                    default -> value.getKindCase().name();
                });
    }

    @Override
    public ViamDataOperation operation() {
        return ViamDataOperation.tabular;
    }

    @Override
    public String partId() {
        return request.getMetadata().getPartId();
    }

    @Override
    public Upload next() {
        if (isExhausted()) {
            return null;
        }
        int end = begin;
        int size = emptySize();
        do {
            size += size(readings.get(end++));
        } while (end < readings.size() && size + size(readings.get(end)) <= maxRequestSize);
        DataCaptureUploadRequest next = begin == 0 && end == readings.size()
                ? request
                : request.toBuilder()
                        .clearSensorContents()
                        .addAllSensorContents(readings.subList(begin, end))
                        .build();
        begin = end;
        return new Upload(next, Payload.of(ByteString.EMPTY));
    }

    @Override
    public boolean isExhausted() {
        return begin == readings.size();
    }

    private int emptySize() {
        return CodedOutputStream.computeMessageSize(
                DataCaptureUploadRequest.METADATA_FIELD_NUMBER, request.getMetadata());
    }

    private static int size(SensorData reading) {
        return CodedOutputStream.computeMessageSize(DataCaptureUploadRequest.SENSOR_CONTENTS_FIELD_NUMBER, reading);
    }
}
