// Copyright the camel-viamdata authors. SPDX-License-Identifier: Apache-2.0
package io.github.camelviamdata.benchmark;

import com.google.protobuf.CodedOutputStream;
import com.google.protobuf.WireFormat;
import io.github.camelviamdata.proto.datasync.v1.DataCaptureMetadata;
import io.github.camelviamdata.proto.datasync.v1.DataType;
import io.github.camelviamdata.proto.datasync.v1.SensorData;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.RandomAccessFile;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;

/** Files that do not fit into the heap. */
final class LargeFiles {

    private static final int ROUNDS = Benchmarks.QUICK ? 1 : 7;

    /** What the name of a capture file has that holds the bytes of the file without it. */
    static final String CAPTURE = ".capture";

    private LargeFiles() {}

    static void run(Section section) throws Exception {
        List<Measurement> measurements = List.of(measure(4L << 30, 1, "-Xmx64m"), measure(1L << 30, 16, "-Xmx128m"));
        section.title("Large files");
        Measurement.table(section, "MB/s", measurements, 0);
        section.text("The same file as a capture file of a machine's own agent, uploaded with `operation=capture`:");
        Measurement.table(section, "MB/s", List.of(measureCapture(1L << 30)), 0);
        section.chart("Large files", Chart.ratios("MB per second over the raw pump", measurements));
    }

    private static Measurement measure(long size, int times, String heap) throws Exception {
        Path file = Files.createTempFile("benchmark", ".mp4");
        Measurement measurement =
                new Measurement(Measurement.bytes(size) + (times == 1 ? "" : ", " + times + " at once") + ", " + heap);
        try (RandomAccessFile content = new RandomAccessFile(file.toFile(), "rw");
                Field field = new Field(Benchmarks.STREAMING, 0, heap)) {
            long length = Benchmarks.QUICK ? size / 16 : size;
            content.setLength(length);
            // Its own warm-up: another kind of work would leave the compilers much to do.
            field.rounds("file " + file + " " + times, 1, (peer, result) -> {});
            field.rounds(
                    "file " + file + " " + times,
                    ROUNDS,
                    (peer, result) -> measurement.add(peer, (double) length * times / result[0] * 1e3, Double.NaN));
        } finally {
            Files.delete(file);
        }
        measurement.print();
        return measurement;
    }

    private static Measurement measureCapture(long size) throws Exception {
        long length = Benchmarks.QUICK ? size / 16 : size;
        Path file = Files.createTempFile("benchmark", ".mp4");
        Path capture = Path.of(file + CAPTURE);
        Measurement measurement = new Measurement(Measurement.bytes(size) + ", -Xmx64m");
        try (RandomAccessFile content = new RandomAccessFile(file.toFile(), "rw");
                Field field = new Field(List.of(Measurement.FLOOR, "viamdata-capture"), 0, "-Xmx64m")) {
            content.setLength(length);
            writeCapture(capture, length);
            field.rounds("file " + file + " 1", 1, (peer, result) -> {});
            field.rounds(
                    "file " + file + " 1",
                    ROUNDS,
                    (peer, result) -> measurement.add(peer, length / (result[0] / 1e3), Double.NaN));
        } finally {
            Files.delete(file);
            Files.deleteIfExists(capture);
        }
        measurement.print();
        return measurement;
    }

    private static void writeCapture(Path capture, long length) throws IOException {
        try (RandomAccessFile content = new RandomAccessFile(capture.toFile(), "rw")) {
            ByteArrayOutputStream head = new ByteArrayOutputStream();
            DataCaptureMetadata.newBuilder()
                    .setComponentType("camera")
                    .setComponentName("gate")
                    .setMethodName("GetImages")
                    .setType(DataType.DATA_TYPE_BINARY_SENSOR)
                    .setFileExtension(".mp4")
                    .build()
                    .writeDelimitedTo(head);
            CodedOutputStream out = CodedOutputStream.newInstance(head);
            int tag = CodedOutputStream.computeTagSize(SensorData.BINARY_FIELD_NUMBER);
            out.writeUInt64NoTag(tag + CodedOutputStream.computeUInt64SizeNoTag(length) + length);
            out.writeTag(SensorData.BINARY_FIELD_NUMBER, WireFormat.WIRETYPE_LENGTH_DELIMITED);
            out.writeUInt64NoTag(length);
            out.flush();
            content.write(head.toByteArray());
            content.setLength(head.size() + length);
        }
    }
}
