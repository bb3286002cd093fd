// Copyright the camel-viamdata authors. SPDX-License-Identifier: Apache-2.0
package io.github.camelviamdata.client;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import com.google.protobuf.ByteString;
import io.github.camelviamdata.ViamDataDelivery;
import io.github.camelviamdata.ViamDataException;
import io.github.camelviamdata.ViamDataOperation;
import io.github.camelviamdata.ViamDataRejectedException;
import io.github.camelviamdata.ViamDataUnavailableException;
import io.github.camelviamdata.ViamDataUploadMode;
import io.github.camelviamdata.proto.datasync.v1.DataType;
import io.github.camelviamdata.proto.datasync.v1.SensorMetadata;
import io.github.camelviamdata.proto.datasync.v1.UploadMetadata;
import io.github.camelviamdata.service.TestService;
import io.github.camelviamdata.upload.Payload;
import io.github.camelviamdata.upload.ReadProgress;
import io.github.camelviamdata.upload.Upload;
import io.github.camelviamdata.upload.Uploads;
import io.grpc.Status;
import java.io.ByteArrayInputStream;
import java.io.InputStream;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.ArrayBlockingQueue;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.Executor;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Several uploads that one message makes. */
class UploadSeriesTest {

    static final UploadSettings ONCE = new UploadSettings(
            ViamDataUploadMode.auto,
            1_000_000,
            65_536,
            Duration.ofSeconds(30),
            Duration.ofSeconds(60),
            1,
            Duration.ofMillis(1),
            Duration.ofMillis(1),
            Duration.ZERO);

    private final ExecutorService threads = Executors.newCachedThreadPool();
    private final ScheduledExecutorService timer = Executors.newSingleThreadScheduledExecutor();
    private final BlockingQueue<End> ends = new ArrayBlockingQueue<>(10);
    private TestService service;
    private ViamDataClient client;

    private record End(List<UploadResult> results, ViamDataException failure) {}

    @BeforeEach
    void start() throws Exception {
        service = TestService.plaintext();
        client = client("localhost", new Credential.None());
    }

    private ViamDataClient client(String host, Credential credential) {
        return client(host, credential, threads);
    }

    private ViamDataClient client(String host, Credential credential, Executor executor) {
        return new ViamDataClient(
                new ClientSettings(
                        host,
                        service.port(),
                        true,
                        null,
                        credential,
                        1,
                        1,
                        Duration.ofSeconds(20),
                        Duration.ofSeconds(10),
                        Duration.ofSeconds(5)),
                null,
                executor,
                timer);
    }

    @AfterEach
    void stop() {
        client.close();
        service.close();
        threads.shutdown();
        timer.shutdown();
    }

    @Test
    void uploadsAllOneAfterAnotherUnderOnePermit() throws Exception {
        Given given = new Given(500);
        End end = upload(given);

        assertThat(end.failure()).isNull();
        assertThat(end.results())
                .extracting(UploadResult::binaryDataId)
                .containsExactlyElementsOf(IntStream.rangeClosed(1, 500)
                        .mapToObj(i -> TestService.BINARY_DATA_ID + i)
                        .toList());
        assertThat(service.uploads())
                .extracting(call -> call.metadata().getComponentName())
                .containsExactlyElementsOf(
                        IntStream.range(0, 500).mapToObj(String::valueOf).toList());
        assertThat(given.closed).isEqualTo(1);
        await().untilAsserted(() -> assertThat(client.getInFlight()).isZero());
    }

    /** Its length is known, so nothing is read to make its upload. */
    @Test
    void aFileIsReadByTheOneThreadThatItIsHandedOverTo() throws Exception {
        client.close();
        AtomicInteger handOvers = new AtomicInteger();
        client = client("localhost", new Credential.None(), task -> {
            handOvers.incrementAndGet();
            threads.execute(task);
        });
        Thread caller = Thread.currentThread();
        List<Object> opened = new CopyOnWriteArrayList<>();
        Payload file = new Payload() {
            @Override
            public long length() {
                return 3;
            }

            @Override
            public boolean isRepeatable() {
                return true;
            }

            @Override
            public InputStream open() {
                opened.add(Thread.currentThread() == caller ? "caller" : handOvers.get());
                return new ByteArrayInputStream(new byte[3]);
            }
        };

        End end = upload(Uploads.of(new Upload(Given.upload(0).request(), file), new ReadProgress()));

        assertThat(end.failure()).isNull();
        assertThat(opened).containsExactly(1);
        assertThat(service.uploads().get(0).payload()).hasSize(3);
    }

    @Test
    void endsWithoutAnUploadWhereThereIsNone() throws Exception {
        Given given = new Given(0);
        assertThat(upload(given)).isEqualTo(new End(List.of(), null));
        assertThat(given.closed).isEqualTo(1);
        assertThat(service.uploads()).isEmpty();
    }

    @Test
    void theFirstFailureEndsThemAllAndTellsWhatIsStored() throws Exception {
        service.answering(call -> call.metadata().getComponentName().equals("2") ? Status.NOT_FOUND : Status.OK);
        Given given = new Given(5);
        End end = upload(given);

        assertThat(end.results()).hasSize(2);
        assertThat(end.failure())
                .isInstanceOf(ViamDataRejectedException.class)
                .hasMessageContaining("The first 2 uploads of this message are stored")
                .hasMessageContaining("NOT_FOUND");
        assertThat(end.failure().getDelivery()).isEqualTo(ViamDataDelivery.partial);
        assertThat(service.uploads()).hasSize(3);
        assertThat(given.closed).isEqualTo(1);
        // The permit comes back just after the end is told.
        await().untilAsserted(() -> assertThat(client.getInFlight()).isZero());
        assertThat(upload(new Given(1)).failure()).isNull();
    }

    @Test
    void aFailureOfTheFirstIsNoPartialOne() throws Exception {
        service.answering(call -> Status.NOT_FOUND);
        End end = upload(new Given(5));

        assertThat(end.results()).isEmpty();
        assertThat(end.failure().getDelivery()).isEqualTo(ViamDataDelivery.refused);
    }

    @Test
    void whatCannotBeMadeInTheMiddleEndsThemAll() throws Exception {
        Given given = new Given(5);
        given.bad = 3;
        End end = upload(given);

        assertThat(end.results()).hasSize(3);
        assertThat(end.failure())
                .isInstanceOf(ViamDataRejectedException.class)
                .hasMessageContaining("The first 3 uploads of this message are stored")
                .hasMessageContaining("number 3 is bad");
        assertThat(end.failure().getDelivery()).isEqualTo(ViamDataDelivery.partial);
        assertThat(end.failure().getPartId()).isEqualTo("p");
        assertThat(given.closed).isEqualTo(1);
        // As above.
        await().untilAsserted(() -> assertThat(client.getInFlight()).isZero());
        assertThat(upload(new Given(1)).failure()).isNull();
    }

    @Test
    void whatCannotBeMadeAtFirstEndsWithoutAnUpload() throws Exception {
        Given given = new Given(5);
        given.bad = 0;
        End end = upload(given);

        assertThat(end.results()).isEmpty();
        assertThat(end.failure()).isInstanceOf(ViamDataRejectedException.class).hasMessage("number 0 is bad");
        assertThat(end.failure().getDelivery()).isEqualTo(ViamDataDelivery.notSent);
        assertThat(given.closed).isEqualTo(1);
        await().untilAsserted(() -> assertThat(client.getInFlight()).isZero());
    }

    @Test
    void aStopReachesThemBetweenTwoUploads() throws Exception {
        Given given = new Given(5);
        // While the next one is being made there is no call to cancel.
        given.between = () -> client.cancel(this);
        End end = upload(given);

        assertThat(end.results()).hasSize(1);
        assertThat(end.failure())
                .isInstanceOf(ViamDataUnavailableException.class)
                .hasMessageContaining("the route was stopped");
        assertThat(end.failure().getDelivery()).isEqualTo(ViamDataDelivery.partial);
        assertThat(service.uploads().size()).isLessThanOrEqualTo(2);
    }

    /** Such as when there is no memory to make the next one. */
    @Test
    void anErrorInTheMiddleEndsThemAll() throws Exception {
        Given given = new Given(5);
        given.between = () -> {
            throw new OutOfMemoryError("none left");
        };
        End end = upload(given);

        assertThat(end.results()).hasSize(1);
        assertThat(end.failure())
                .isInstanceOf(ViamDataUnavailableException.class)
                .hasMessageContaining("none left");
        assertThat(end.failure().getDelivery()).isEqualTo(ViamDataDelivery.partial);
        await().untilAsserted(() -> assertThat(client.getInFlight()).isZero());
    }

    /** With or without a token to ask for first. */
    @ParameterizedTest
    @ValueSource(booleans = {true, false})
    void withoutAConnectionEachFailsOnce(boolean authenticates) throws Exception {
        client = client("no host", authenticates ? new Credential.ApiKey("id", "key") : new Credential.None());

        for (int i = 0; i < 2; i++) {
            assertThat(upload(new Given(1)).failure())
                    .isInstanceOf(ViamDataUnavailableException.class)
                    .hasMessageContaining("no connection can be set up");
        }
        client.close();
        assertThat(ends).isEmpty();
        assertThat(client.getInFlight()).isZero();
    }

    @Test
    @Timeout(4)
    void closingOnceMoreWaitsForNothing() {
        client.close();
        client.close();
    }

    private End upload(Uploads uploads) throws InterruptedException {
        client.upload(uploads, ONCE, this, Workers.own(threads))
                .thenAccept(results -> ends.add(new End(results.stored(), results.failure())));
        End end = ends.poll(20, TimeUnit.SECONDS);
        assertThat(end).as("an end within 20 seconds").isNotNull();
        return end;
    }

    /** So many uploads, which tell themselves apart by the names of their components. */
    private static final class Given implements Uploads {

        private final int count;
        private int next;
        private int bad = -1;
        private Runnable between = () -> {};
        private volatile int closed;

        Given(int count) {
            this.count = count;
        }

        @Override
        public Upload next() {
            int number = next++;
            if (number == bad) {
                throw new ViamDataRejectedException(
                        "number " + number + " is bad",
                        null,
                        ViamDataException.Progress.none(Status.Code.INVALID_ARGUMENT, "p"));
            } else if (number == 1) {
                between.run();
            }
            return number == count ? null : upload(number);
        }

        @Override
        public ViamDataOperation operation() {
            return ViamDataOperation.binary;
        }

        @Override
        public String partId() {
            return "p";
        }

        @Override
        public void close() {
            closed++;
        }

        private static Upload upload(int number) {
            UploadMetadata metadata = UploadMetadata.newBuilder()
                    .setPartId("p")
                    .setComponentName(String.valueOf(number))
                    .setType(DataType.DATA_TYPE_BINARY_SENSOR)
                    .build();
            return Upload.of(
                    metadata, SensorMetadata.getDefaultInstance(), Payload.of(ByteString.copyFromUtf8("data")));
        }
    }
}
