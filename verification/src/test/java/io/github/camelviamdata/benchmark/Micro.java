// Copyright the camel-viamdata authors. SPDX-License-Identifier: Apache-2.0
package io.github.camelviamdata.benchmark;

import com.google.protobuf.Timestamp;
import com.google.protobuf.UnsafeByteOperations;
import io.github.camelviamdata.ViamDataConfiguration;
import io.github.camelviamdata.ViamDataConstants;
import io.github.camelviamdata.ViamDataDelivery;
import io.github.camelviamdata.message.UploadMapper;
import io.github.camelviamdata.proto.datasync.v1.DataCaptureUploadRequest;
import io.github.camelviamdata.proto.datasync.v1.DataSyncServiceGrpc;
import io.github.camelviamdata.proto.datasync.v1.DataType;
import io.github.camelviamdata.proto.datasync.v1.SensorData;
import io.github.camelviamdata.proto.datasync.v1.SensorMetadata;
import io.github.camelviamdata.proto.datasync.v1.UploadMetadata;
import io.github.camelviamdata.upload.Upload;
import io.grpc.Drainable;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.TreeMap;
import java.util.concurrent.TimeUnit;
import org.apache.camel.Exchange;
import org.apache.camel.Message;
import org.apache.camel.impl.DefaultCamelContext;
import org.apache.camel.support.DefaultExchange;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.BenchmarkMode;
import org.openjdk.jmh.annotations.Mode;
import org.openjdk.jmh.annotations.OutputTimeUnit;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.Setup;
import org.openjdk.jmh.annotations.State;
import org.openjdk.jmh.annotations.TearDown;
import org.openjdk.jmh.profile.GCProfiler;
import org.openjdk.jmh.results.RunResult;
import org.openjdk.jmh.runner.Runner;
import org.openjdk.jmh.runner.options.Options;
import org.openjdk.jmh.runner.options.OptionsBuilder;
import org.openjdk.jmh.runner.options.TimeValue;

/** What happens to a picture of 50 KB on its way from the message to the wire, without any wire. */
@State(Scope.Thread)
@BenchmarkMode(Mode.AverageTime)
@OutputTimeUnit(TimeUnit.NANOSECONDS)
public class Micro {

    private static final int SIZE = 50_000;
    private static final long TIME = 1_791_961_964_000L;

    private final DefaultCamelContext context = new DefaultCamelContext();
    private final byte[] body = new byte[SIZE];
    private final OutputStream wire = OutputStream.nullOutputStream();
    private UploadMapper mapper;
    private Exchange exchange;
    private DataCaptureUploadRequest mapped;
    private DataCaptureUploadRequest built;

    static void run(Section section) throws Exception {
        Options options = new OptionsBuilder()
                .include(Micro.class.getName() + "[.]")
                .addProfiler(GCProfiler.class)
                .jvmArgsAppend("-Xmx512m")
                .forks(Benchmarks.FORKS)
                .warmupIterations(Benchmarks.QUICK ? 2 : 5)
                .warmupTime(TimeValue.seconds(1))
                .measurementIterations(Benchmarks.ROUNDS)
                .measurementTime(TimeValue.milliseconds(Benchmarks.TURN_MILLIS))
                .shouldFailOnError(true)
                .build();
        Map<String, RunResult> results = new TreeMap<>();
        Collection<RunResult> all = new Runner(options).run();
        all.forEach(result -> results.put(result.getPrimaryResult().getLabel(), result));

        section.title("Micro");
        section.text("""
                How long it takes to map a message of 50 KB, with the headers that a route sets, to its request, and to write
                the request as gRPC does, to an output that discards it; each compared with the same request made by hand with
                protobuf. JMH: average time, and bytes allocated on the heap. Far fewer bytes than the picture has mean that it
                was not copied.
                """);
        section.head(List.of("Work", "ns", "by hand, ns", "ratio", "bytes", "by hand, bytes", "ratio"));
        row(section, "message to request", results.get("map"), results.get("build"));
        row(section, "request to the wire", results.get("writeMapped"), results.get("writeBuilt"));
        RunResult exchange = results.get("exchange");
        section.text(Section.format(
                "Camel's own exchange, with its message and the five headers of a result, takes %.0f ns and %.0f bytes.",
                exchange.getPrimaryResult().getScore(), allocated(exchange)));
    }

    private static void row(Section section, String work, RunResult ours, RunResult byHand) {
        double time = ours.getPrimaryResult().getScore();
        double floor = byHand.getPrimaryResult().getScore();
        section.row(List.of(
                work,
                Section.format("%.0f ± %.0f", time, ours.getPrimaryResult().getScoreError()),
                Section.format("%.0f ± %.0f", floor, byHand.getPrimaryResult().getScoreError()),
                Section.format("%.2f", time / floor),
                Section.format("%.0f", allocated(ours)),
                Section.format("%.0f", allocated(byHand)),
                Section.format("%.2f", allocated(ours) / allocated(byHand))));
    }

    private static double allocated(RunResult result) {
        return result.getSecondaryResults().values().stream()
                .filter(secondary -> secondary.getLabel().endsWith("gc.alloc.rate.norm"))
                .mapToDouble(secondary -> secondary.getScore())
                .findFirst()
                .orElseThrow();
    }

    @Setup
    public void setUp() {
        context.start();
        new Random(Benchmarks.SEED).nextBytes(body);
        ViamDataConfiguration options = new ViamDataConfiguration();
        options.setPartId("part");
        options.setComponentType("camera");
        options.setMethodName("GetImages");
        options.setTags("demo");
        mapper = new UploadMapper(options);
        exchange = new DefaultExchange(context);
        exchange.getMessage().setBody(body);
        exchange.getMessage().setHeader(Exchange.FILE_NAME, "gate/gate-0712.jpg");
        exchange.getMessage().setHeader(Exchange.MESSAGE_TIMESTAMP, TIME);
        exchange.getMessage().setHeader(ViamDataConstants.COMPONENT_NAME, "gate");
        exchange.getMessage().setHeader(ViamDataConstants.FILE_NAME, "gate-0712.jpg");
        exchange.getMessage().setHeader(ViamDataConstants.TAGS, "night,gate-7");
        mapped = map();
        built = build();
        if (!mapped.equals(built)) {
            throw new IllegalStateException("Not the same:\n" + mapped.getMetadata() + built.getMetadata());
        }
    }

    @TearDown
    public void tearDown() {
        context.stop();
    }

    @Benchmark
    public DataCaptureUploadRequest map() {
        Upload upload = mapper.map(exchange).next();
        try {
            return upload.request(upload.payload().head((int) upload.payload().length()));
        } catch (IOException e) {
            throw new java.io.UncheckedIOException(e);
        }
    }

    @Benchmark
    public DataCaptureUploadRequest build() {
        Timestamp time = Timestamp.newBuilder()
                .setSeconds(TIME / 1_000)
                .setNanos((int) (TIME % 1_000) * 1_000_000)
                .build();
        return DataCaptureUploadRequest.newBuilder()
                .setMetadata(UploadMetadata.newBuilder()
                        .setPartId("part")
                        .setComponentType("camera")
                        .setComponentName("gate")
                        .setMethodName("GetImages")
                        .setType(DataType.DATA_TYPE_BINARY_SENSOR)
                        .setFileName("gate-0712.jpg")
                        .setFileExtension(".jpg")
                        .addTags("demo")
                        .addTags("night")
                        .addTags("gate-7"))
                .addSensorContents(SensorData.newBuilder()
                        .setMetadata(SensorMetadata.newBuilder()
                                .setTimeRequested(time)
                                .setTimeReceived(time))
                        .setBinary(UnsafeByteOperations.unsafeWrap(body)))
                .build();
    }

    @Benchmark
    public Exchange exchange() {
        Exchange uploaded = new DefaultExchange(context);
        Message message = uploaded.getMessage();
        message.setBody(body);
        message.setHeader(ViamDataConstants.FILE_ID, "org/location/5f1e0c7a-data");
        message.setHeader(ViamDataConstants.BINARY_DATA_ID, "org/location/5f1e0c7a-data");
        message.setHeader(ViamDataConstants.UPLOADED_BYTES, (long) SIZE);
        message.setHeader(ViamDataConstants.ATTEMPTS, 1);
        message.setHeader(ViamDataConstants.DELIVERY, ViamDataDelivery.stored);
        return uploaded;
    }

    @Benchmark
    public int writeMapped() throws IOException {
        return write(mapped);
    }

    @Benchmark
    public int writeBuilt() throws IOException {
        return write(built);
    }

    private int write(DataCaptureUploadRequest request) throws IOException {
        try (InputStream message =
                DataSyncServiceGrpc.getDataCaptureUploadMethod().streamRequest(request)) {
            return ((Drainable) message).drainTo(wire);
        }
    }
}
