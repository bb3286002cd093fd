// Copyright the camel-viamdata authors. SPDX-License-Identifier: Apache-2.0
package io.github.camelviamdata.benchmark;

import java.io.RandomAccessFile;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;

/** Files that do not fit into the heap. */
final class LargeFiles {

    private static final int ROUNDS = Benchmarks.QUICK ? 1 : 7;

    private LargeFiles() {}

    static void run(Section section) throws Exception {
        List<Measurement> measurements = List.of(measure(4L << 30, 1, "-Xmx64m"), measure(1L << 30, 16, "-Xmx128m"));
        section.title("Large files");
        Measurement.table(section, "MB/s", measurements, 0);
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
            field.rounds("closed 5000000 1 " + Benchmarks.WARM_UP_MILLIS, 1, (peer, result) -> {});
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
}
