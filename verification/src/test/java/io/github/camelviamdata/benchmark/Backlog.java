// Copyright the camel-viamdata authors. SPDX-License-Identifier: Apache-2.0
package io.github.camelviamdata.benchmark;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.function.ToDoubleFunction;
import java.util.stream.Stream;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.consumer.OffsetAndMetadata;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.serialization.ByteArraySerializer;

/** A large backlog, uploaded by the routes of the examples. */
final class Backlog {

    /** As many as the route takes in one poll, whose first look at the folder would else count for some parts only. */
    private static final int FILES = Benchmarks.QUICK ? 500 : 20_000;

    private static final int RECORDS = Benchmarks.QUICK ? 500 : 10_000;
    private static final int SIZE = 5_000;
    private static final String HEAP = "-Xmx256m";

    private static final int SLICES = 10;

    /** Slices before those, for the compilers. */
    private static final int WARM_UP = 3;

    private static final int ALL = WARM_UP + SLICES;

    private Backlog() {}

    static void folder(Section section) throws Exception {
        Path directory = Files.createTempDirectory("benchmark");
        try {
            Path inbox = Files.createDirectories(directory.resolve("inbox/gate"));
            Random random = new Random(Benchmarks.SEED);
            byte[] body = new byte[SIZE];
            for (int i = 0; i < ALL * FILES; i++) {
                random.nextBytes(body);
                Files.write(inbox.resolve(String.format("gate-%06d.jpg", i)), body);
            }
            List<long[]> slices = drain("examples/file/watch.camel.yaml", FILES, "inbox=" + inbox.getParent());
            expect("files done", ALL * FILES, count(inbox.resolve(".done")));
            section.title("A backlog of files");
            section.text(Section.format(
                    "%d files of 5 KB in one folder, uploaded by the route of `examples/file` (`watch.camel.yaml`) with"
                            + " %s, which moves each into a folder `.done`.",
                    SLICES * FILES, HEAP));
            write(section, "files", slices);
        } finally {
            delete(directory);
        }
    }

    static void kafka(Section section) throws Exception {
        Path directory = Files.createTempDirectory("benchmark");
        try (Worker broker = new Worker(
                List.of("-Xmx512m"), Broker.class, directory.resolve("broker").toString())) {
            String brokers = "localhost:" + broker.await("PORT")[0];
            produce(brokers);
            List<long[]> slices = drain(
                    "examples/kafka/upload.camel.yaml",
                    RECORDS,
                    "kafka.brokers=" + brokers,
                    "kafka.topic=frames",
                    "kafka.group=benchmark",
                    "rejected=" + directory.resolve("rejected"),
                    "ledger=file:" + directory.resolve("ledger"));
            expect("offsets committed", ALL * RECORDS, committed(brokers));
            section.title("A backlog in Kafka");
            section.text(Section.format(
                    "%d records of 5 KB in a topic of 4 partitions, uploaded by the route of `examples/kafka` with %s. The"
                            + " broker has a Java runtime of its own.",
                    SLICES * RECORDS, HEAP));
            write(section, "records", slices);
        } finally {
            delete(directory);
        }
    }

    private static void produce(String brokers) {
        Random random = new Random(Benchmarks.SEED);
        try (KafkaProducer<byte[], byte[]> producer = new KafkaProducer<>(
                Map.of("bootstrap.servers", brokers), new ByteArraySerializer(), new ByteArraySerializer())) {
            for (int i = 0; i < ALL * RECORDS; i++) {
                byte[] body = new byte[SIZE];
                random.nextBytes(body);
                ProducerRecord<byte[], byte[]> frame = new ProducerRecord<>("frames", i % 4, null, body);
                Map.of("camera", "gate", "method", "GetImages", "extension", ".jpg")
                        .forEach((name, value) -> frame.headers().add(name, value.getBytes(StandardCharsets.UTF_8)));
                producer.send(frame);
            }
        }
    }

    private static long committed(String brokers) throws Exception {
        try (Admin admin = Admin.create(Map.of("bootstrap.servers", brokers))) {
            return admin.listConsumerGroupOffsets("benchmark").partitionsToOffsetAndMetadata().get().values().stream()
                    .mapToLong(OffsetAndMetadata::offset)
                    .sum();
        }
    }

    private static void expect(String what, long expected, long number) {
        if (number != expected) {
            throw new IllegalStateException(what + ": " + number + " of " + expected);
        }
    }

    private static List<long[]> drain(String route, int slice, String... properties) throws IOException {
        try (Worker service = new Worker(List.of("-Xmx512m"), NeutralService.class)) {
            List<String> arguments = new ArrayList<>(List.of(
                    route,
                    String.valueOf(ALL),
                    String.valueOf(slice),
                    "viam.part-id=part",
                    "camel.component.viamdata.host=localhost",
                    "camel.component.viamdata.plaintext=true",
                    "camel.component.viamdata.port=" + service.await("PORT")[0]));
            arguments.addAll(List.of(properties));
            List<long[]> slices = new ArrayList<>();
            try (Worker drain = new Worker(List.of(HEAP), Drain.class, arguments.toArray(String[]::new))) {
                for (int i = 0; i < ALL; i++) {
                    slices.add(drain.await("SLICE"));
                }
                drain.await("END");
            }
            return slices;
        }
    }

    private static void write(Section section, String unit, List<long[]> slices) throws IOException {
        section.head(List.of("Part", unit + "/s", "heap, MB", "file handles", "threads"));
        for (int i = 0; i < ALL; i++) {
            long[] slice = slices.get(i);
            section.row(List.of(
                    i < WARM_UP ? "warm-up" : i - WARM_UP + 1 + ". tenth",
                    Section.format("%.0f", rate(slice)),
                    Section.format("%.1f", slice[2] / 1e6),
                    String.valueOf(slice[3]),
                    String.valueOf(slice[4])));
        }
        List<long[]> tenths = slices.subList(WARM_UP, ALL);
        List<long[]> first = tenths.subList(0, 3);
        List<long[]> last = tenths.subList(SLICES - 3, SLICES);
        section.row(List.of(
                "last three over first three",
                over(last, first, Backlog::rate),
                over(last, first, slice -> slice[2]),
                over(last, first, slice -> slice[3]),
                over(last, first, slice -> slice[4])));
        section.text(
                "The heap is what is in use after a full collection at the end of each part; handles and threads are"
                        + " the highest numbers seen. The last line compares medians of three.");
        Map<String, List<Double>> lines = new LinkedHashMap<>();
        lines.put(unit + " per second", tenths.stream().map(Backlog::rate).toList());
        lines.put("heap", tenths.stream().map(slice -> (double) slice[2]).toList());
        lines.put(
                "file handles", tenths.stream().map(slice -> (double) slice[3]).toList());
        section.chart("From the first tenth to the last", Chart.lines("Over the median of the tenths", lines));
    }

    private static String over(List<long[]> last, List<long[]> first, ToDoubleFunction<long[]> value) {
        return Section.format("%.2f", median(last, value) / median(first, value));
    }

    private static double median(List<long[]> slices, ToDoubleFunction<long[]> value) {
        return Measurement.quantile(
                slices.stream().map(slice -> value.applyAsDouble(slice)).toList(), 0.5);
    }

    private static double rate(long[] slice) {
        return slice[0] * 1e9 / slice[1];
    }

    private static long count(Path directory) throws IOException {
        try (Stream<Path> files = Files.list(directory)) {
            return files.count();
        }
    }

    /** With all that is in it. */
    static void delete(Path directory) throws IOException {
        try (Stream<Path> files = Files.walk(directory)) {
            for (Path file : files.sorted(Comparator.reverseOrder()).toList()) {
                Files.delete(file);
            }
        }
    }
}
