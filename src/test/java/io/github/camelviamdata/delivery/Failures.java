// Copyright the camel-viamdata authors. SPDX-License-Identifier: Apache-2.0
package io.github.camelviamdata.delivery;

import io.github.camelviamdata.delivery.DeliveryTable.Arrived;
import io.github.camelviamdata.delivery.DeliveryTable.Mode;
import io.github.camelviamdata.delivery.DeliveryTable.Row;
import io.github.camelviamdata.delivery.Failure.Stage;
import io.github.camelviamdata.service.RawHttp2;
import io.grpc.Metadata;
import io.grpc.Status;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.io.SequenceInputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;
import java.util.function.Function;

/** All ways of failing that the table names, by the text of its first cell. */
final class Failures {

    // An upload in one message counts as sent for a second after gRPC has it, which on a busy machine is not at once.
    private static final String TIMEOUTS = "&requestTimeout=5000&idleTimeout=5000";
    private static final Metadata.Key<String> PUSH_BACK =
            Metadata.Key.of("grpc-retry-pushback-ms", Metadata.ASCII_STRING_MARSHALLER);

    private static final Map<String, Function<Row, Failure>> ALL = new HashMap<>();

    static {
        connections();
        service();
        bodies();
        thisSide();
    }

    private Failures() {}

    static Failure of(Row row) {
        Function<Row, Failure> failure = ALL.get(row.failure());
        if (failure == null) {
            throw new AssertionError("Nothing makes this happen: " + row.failure());
        }
        return failure.apply(row);
    }

    /** The first cells that there should be. */
    static Iterable<String> names() {
        return ALL.keySet();
    }

    private static void connections() {
        put(
                "The connection is refused",
                row -> new Failure().alone().first(stage -> stage.front().refuse()));
        put("The connection is reset before it is established", row -> new Failure().peer(Front::reset));
        put(
                "The connection is accepted, and nothing answers",
                row -> new Failure()
                        .options(TIMEOUTS)
                        .neverConnects()
                        .peer(client -> client.getInputStream().transferTo(OutputStream.nullOutputStream())));
        put(
                "The server allows no stream (MAX_CONCURRENT_STREAMS is 0)",
                row -> withSettings(RawHttp2.MAX_CONCURRENT_STREAMS, 0));
        put("The server grants no window", row -> withSettings(RawHttp2.INITIAL_WINDOW_SIZE, 0));
        put(
                "The server grants no window, and the stream is short enough to wait in the connection's queue",
                row -> withSettings(RawHttp2.INITIAL_WINDOW_SIZE, 0));
        put("The connection breaks when a part of the data has left", row -> breaks(0));
        put(
                "The connection breaks when a part of the data has left, a second or more after the upload began",
                row -> breaks(3_000));
        put(
                "The connection breaks when a part of the data has left, within a second (gRPC may not yet have said how much has left)",
                row -> breaks(0));
        put(
                "The connection breaks when all has arrived, and the answer is lost",
                row -> new Failure().answer((stage, call) -> {
                    stage.front().cut();
                    return null;
                }));
        put("The stream is reset when all has arrived (RST_STREAM)", row -> answered(Arrived.all, RawHttp2::reset));
        put(
                "A proxy answers with HTTP",
                row -> answered(
                        Arrived.nothing, (http2, stream) -> http2.headers(stream, true, ":status", row.code())));
    }

    private static Failure breaks(int afterMillis) {
        Failure failure = new Failure().body(() -> Failure.LARGE);
        return failure.peer(client -> {
            RawHttp2.accept(client).acknowledgeSettings().readUntil(RawHttp2.DATA);
            failure.seen(Arrived.part);
            LockSupport.parkNanos(TimeUnit.MILLISECONDS.toNanos(afterMillis));
            Front.reset(client);
        });
    }

    /** How a peer answers a stream that has ended. */
    private interface Answer {
        void send(RawHttp2 http2, int stream) throws IOException;
    }

    /** Every request gets this answer. */
    private static Failure answered(Arrived arrived, Answer answer) {
        Failure failure = new Failure();
        return failure.peer(client -> {
            RawHttp2 http2 = RawHttp2.accept(client).acknowledgeSettings();
            for (int stream = readRequest(http2); stream > 0; stream = readRequest(http2)) {
                failure.seen(arrived);
                answer.send(http2, stream);
            }
        });
    }

    private static Failure withSettings(int... settings) {
        Failure failure = new Failure().options(TIMEOUTS);
        return failure.peer(client -> readAll(RawHttp2.accept(client, settings).acknowledgeSettings(), failure));
    }

    private static void readAll(RawHttp2 http2, Failure failure) {
        for (RawHttp2.Frame frame = http2.read(); frame != null; frame = http2.read()) {
            if (frame.type() == RawHttp2.DATA) {
                failure.seen(frame.endsStream() ? Arrived.all : Arrived.part);
            }
        }
    }

    /** Reads a request to its end, and gives the stream; 0 at the end of the connection. */
    private static int readRequest(RawHttp2 http2) {
        RawHttp2.Frame frame = http2.readUntil(RawHttp2.DATA);
        while (frame != null && !frame.endsStream()) {
            frame = http2.readUntil(RawHttp2.DATA);
        }
        return frame == null ? 0 : frame.stream();
    }

    private static void service() {
        put("The service stores it", row -> new Failure());
        put("The service has all of it and answers", row -> new Failure().answer((stage, call) -> stage.status()));
        put(
                "The service has all of it and answers with push-back",
                row -> new Failure()
                        .service(service -> service.trailing(trailers -> trailers.put(PUSH_BACK, "-1")))
                        .answer((stage, call) -> stage.status()));
        put("The service has a part of it and answers", row -> early(Stage::status));
        put("The service has a part of it and answers as if it had all", row -> early(stage -> Status.OK));
        put(
                "The service stops reading",
                row -> new Failure()
                        .options(TIMEOUTS)
                        .body(() -> Failure.VERY_LARGE)
                        .stopsReading());
        put(
                "The service has all of it, and no answer comes within requestTimeout",
                row -> new Failure().options(TIMEOUTS).answer((stage, call) -> null));
        put(
                "The service has all of it and ends the call without an answer",
                row -> answered(
                        Arrived.all,
                        (http2, stream) -> http2.headers(
                                        stream, false, ":status", "200", "content-type", "application/grpc")
                                .headers(stream, true, "grpc-status", "0")));
        put(
                "The service has all of it, and its answer is larger than 4 MiB",
                row -> new Failure().service(service -> service.replying(call -> List.of(new byte[5 << 20]))));
        put(
                "The service does not accept the credential",
                row -> new Failure()
                        .options("&apiKeyId=id&apiKey=key")
                        .service(service -> service.giving(request -> null))
                        .alone());
    }

    private static Failure early(Function<Stage, Status> status) {
        return new Failure().body(() -> Failure.VERY_LARGE).interrupting(status);
    }

    private static void bodies() {
        put("The body is empty", row -> new Failure().body(() -> new byte[0]).alone());
        put(
                "Reading the body fails",
                row -> new Failure().body(() -> broken(row)).alone());
        put(
                "The body gives no more bytes for idleTimeout",
                row -> new Failure()
                        .options("&idleTimeout=4000")
                        .body(() -> stalled(row))
                        .alone());
        put("The answer of the first attempt is lost, and the file is gone at the second", row -> {
            Path file = temporary();
            return new Failure()
                    .options("&maxAttempts=2")
                    .body(file::toFile)
                    .alone()
                    .answer((stage, call) -> {
                        delete(file);
                        stage.front().cut();
                        return null;
                    });
        });
    }

    /** What there is before the end: in one message nothing leaves before all is read. */
    private static InputStream begin(Row row) {
        return new ByteArrayInputStream(row.mode() == Mode.stream ? Failure.VERY_LARGE : Failure.SMALL);
    }

    private static InputStream broken(Row row) {
        return new SequenceInputStream(begin(row), new InputStream() {
            @Override
            public int read() throws IOException {
                throw new IOException("the disk is broken");
            }
        });
    }

    private static InputStream stalled(Row row) {
        CountDownLatch closed = new CountDownLatch(1);
        return new SequenceInputStream(begin(row), new InputStream() {
            @Override
            public int read() throws IOException {
                try {
                    closed.await();
                } catch (InterruptedException e) {
                    Thread.currentThread().interrupt();
                }
                throw new IOException("closed");
            }
        });
    }

    private static Path temporary() {
        try {
            Path file = Files.createTempFile("delivery", ".jpg");
            file.toFile().deleteOnExit();
            return Files.write(file, Failure.SMALL);
        } catch (IOException e) {
            throw new AssertionError(e);
        }
    }

    private static void delete(Path file) {
        try {
            Files.deleteIfExists(file);
        } catch (IOException e) {
            throw new AssertionError(e);
        }
    }

    private static void thisSide() {
        put(
                "A header has a value that cannot be read",
                row -> new Failure()
                        .headers(Map.of("CamelViamDataTimeReceived", "yesterday"))
                        .alone());
        put(
                "A stop cancels it before all has left",
                row -> new Failure()
                        .body(() -> Failure.VERY_LARGE)
                        .stopsReading()
                        .alone()
                        .actsAfter(Arrived.part, stage -> stage.camel().stop()));
        put(
                "A stop cancels it when all has arrived",
                row -> new Failure()
                        .answer((stage, call) -> null)
                        .alone()
                        .actsAfter(Arrived.all, stage -> stage.camel().stop()));
    }

    private static void put(String name, Function<Row, Failure> failure) {
        ALL.put(name, failure);
    }
}
