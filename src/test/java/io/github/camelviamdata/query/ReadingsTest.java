// Copyright the camel-viamdata authors. SPDX-License-Identifier: Apache-2.0
package io.github.camelviamdata.query;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import com.google.protobuf.InvalidProtocolBufferException;
import com.google.protobuf.Struct;
import com.google.protobuf.Timestamp;
import com.google.protobuf.Value;
import io.github.camelviamdata.proto.data.v1.CaptureInterval;
import io.github.camelviamdata.proto.data.v1.ExportTabularDataRequest;
import io.github.camelviamdata.proto.data.v1.ExportTabularDataResponse;
import io.github.camelviamdata.proto.datasync.v1.DataCaptureUploadRequest;
import io.github.camelviamdata.service.TestCall;
import io.github.camelviamdata.service.TestService;
import io.github.camelviamdata.support.Shows;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Iterator;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.atomic.AtomicInteger;
import org.apache.camel.Exchange;
import org.apache.camel.builder.RouteBuilder;
import org.apache.camel.support.processor.idempotent.MemoryIdempotentRepository;
import org.apache.camel.support.processor.state.MemoryStateRepository;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** A route follows the readings of a sensor. */
class ReadingsTest extends ReadTestSupport {

    private static final long BEGIN = 1_772_344_800L;

    private final MemoryStateRepository watermark = new MemoryStateRepository();
    private final List<ExportTabularDataResponse> rows = new CopyOnWriteArrayList<>();
    private final List<Object> levels = new CopyOnWriteArrayList<>();

    @BeforeEach
    void bind() throws Exception {
        MemoryIdempotentRepository known = new MemoryIdempotentRepository();
        known.setCacheSize(100_000);
        known.start();
        context.getRegistry().bind("known", known);
        context.getRegistry().bind("watermark", watermark);
        service.streaming(this::export);
    }

    /** All in the interval, in the order of time. */
    private Iterator<ExportTabularDataResponse> export(TestCall call) {
        CaptureInterval interval = request(call).getInterval();
        List<ExportTabularDataResponse> found = new ArrayList<>(rows);
        found.removeIf(
                row -> interval.hasStart() && instant(row.getTimeCaptured()).isBefore(instant(interval.getStart()))
                        || interval.hasEnd() && instant(row.getTimeCaptured()).isAfter(instant(interval.getEnd())));
        found.sort((one, other) -> instant(one.getTimeCaptured()).compareTo(instant(other.getTimeCaptured())));
        return found.iterator();
    }

    private static ExportTabularDataRequest request(TestCall call) {
        try {
            return ExportTabularDataRequest.parseFrom(call.messages().get(0));
        } catch (InvalidProtocolBufferException e) {
            throw new IllegalStateException(e);
        }
    }

    private static Instant instant(Timestamp time) {
        return Instant.ofEpochSecond(time.getSeconds(), time.getNanos());
    }

    private static Struct readings(int level) {
        Struct values = Struct.newBuilder()
                .putFields("level", Value.newBuilder().setNumberValue(level).build())
                .putFields("unit", Value.newBuilder().setStringValue("m").build())
                .build();
        return Struct.newBuilder()
                .putFields("readings", Value.newBuilder().setStructValue(values).build())
                .build();
    }

    private void add(int second, int level) {
        rows.add(ExportTabularDataResponse.newBuilder()
                .setPartId(PART)
                .setPartName("the part")
                .setResourceName("tank")
                .setResourceSubtype("rdk:component:sensor")
                .setMethodName("Readings")
                .setTimeCaptured(
                        Timestamp.newBuilder().setSeconds(BEGIN + second).setNanos(5000))
                .addTags("t")
                .setPayload(readings(level))
                .build());
    }

    private String follow(String... options) {
        List<String> all = new ArrayList<>(List.of(
                "dataType=tabular",
                "componentType=rdk:component:sensor",
                "componentName=tank",
                "methodName=Readings",
                "watermark=#watermark",
                "watermarkKey=tank",
                "idempotentRepository=#known"));
        all.addAll(List.of(options));
        return from(all.toArray(String[]::new)).replace("viamdata:?", "viamdata:" + PART + "?");
    }

    private void follow(String uri, org.apache.camel.Processor step) throws Exception {
        context.addRoutes(new RouteBuilder() {
            @Override
            public void configure() {
                from(uri).routeId("reader").process(step).process(exchange -> levels.add(level(exchange)));
            }
        });
    }

    private static Object level(Exchange exchange) {
        Map<?, ?> body = exchange.getMessage().getBody(Map.class);
        return ((Number) ((Map<?, ?>) body.get("readings")).get("level")).intValue();
    }

    private void awaitExports(int more) {
        int now = service.queries().size();
        await().until(() -> service.queries().size() >= now + more);
    }

    @Test
    @Shows("dataType")
    void eachReadingIsAMessage() throws Exception {
        add(0, 1);
        add(1, 2);
        List<Map<String, Object>> headers = new CopyOnWriteArrayList<>();
        follow(
                follow(),
                exchange -> headers.add(Map.copyOf(exchange.getMessage().getHeaders())));
        await().until(() -> levels.size() == 2);
        await().until(() -> "2026-03-01T06:00:01.000005Z".equals(watermark.getState("tank")));
        add(2, 3);
        await().until(() -> levels.size() == 3);

        assertThat(levels).containsExactly(1, 2, 3);
        assertThat(headers.get(1))
                .containsEntry("CamelViamDataComponentName", "tank")
                .containsEntry("CamelViamDataSourcePartId", PART)
                .containsEntry("CamelViamDataTags", List.of("t"))
                .doesNotContainKey("CamelViamDataPartId");
    }

    /** Ten of one time, of which four are equal, end in the middle of a poll. */
    @Test
    void readingsOfOneTimeAreAllDeliveredOnce() throws Exception {
        add(0, 1);
        for (int i = 0; i < 10; i++) {
            add(1, i < 4 ? 100 : 100 + i);
        }
        add(2, 2);
        follow(follow("maxMessagesPerPoll=3"), exchange -> {});

        await().until(() -> levels.size() == 12);
        awaitExports(3);

        assertThat(levels).containsExactly(1, 100, 100, 100, 100, 104, 105, 106, 107, 108, 109, 2);
    }

    @Test
    void whatComesLateIsDelivered() throws Exception {
        add(100, 1);
        follow(follow("overlap=10s", "rescan=0"), exchange -> {});
        await().until(() -> levels.size() == 1);

        add(80, 3);
        add(95, 2);
        await().until(() -> levels.size() == 2);
        awaitExports(3);

        assertThat(levels).containsExactly(1, 2);
    }

    @Test
    void aStreamThatBreaksOffLosesNothing() throws Exception {
        for (int i = 0; i < 50; i++) {
            add(i, i);
        }
        AtomicInteger exports = new AtomicInteger();
        service.streaming(call -> {
            Iterator<ExportTabularDataResponse> all = export(call);
            if (exports.incrementAndGet() > 1) {
                return all;
            }
            return new Iterator<>() {
                private int shown;

                @Override
                public boolean hasNext() {
                    return all.hasNext();
                }

                @Override
                public ExportTabularDataResponse next() {
                    if (shown++ == 20) {
                        throw new IllegalStateException("the service ends");
                    }
                    return all.next();
                }
            };
        });
        follow(follow(), exchange -> {});

        await().until(() -> levels.size() == 50);
        awaitExports(2);
        assertThat(levels).doesNotHaveDuplicates();
    }

    @Test
    void aReadingWhoseExchangeFailsIsDeliveredAgain() throws Exception {
        add(0, 1);
        add(1, 2);
        AtomicInteger attempts = new AtomicInteger();
        follow(follow(), exchange -> {
            if (attempts.incrementAndGet() == 1) {
                throw new IllegalStateException("not now");
            }
        });

        await().until(() -> levels.size() == 2);
        assertThat(levels).containsExactly(2, 1);
    }

    @Test
    void aCopyIsEqual() throws Exception {
        add(0, 7);
        try (TestService other = TestService.plaintext()) {
            context.addRoutes(new RouteBuilder() {
                @Override
                public void configure() {
                    from(follow()).to("viamdata:copy?" + other.options());
                }
            });
            await().until(() -> !other.uploads().isEmpty());

            DataCaptureUploadRequest upload = DataCaptureUploadRequest.parseFrom(
                    other.onlyUpload().messages().get(0));
            assertThat(upload.getSensorContents(0).getStruct()).isEqualTo(readings(7));
            assertThat(upload.getSensorContents(0).getMetadata().getTimeRequested())
                    .isEqualTo(rows.get(0).getTimeCaptured());
            assertThat(upload.getMetadata().getComponentName()).isEqualTo("tank");
            assertThat(upload.getMetadata().getTagsList()).containsExactly("t");
            assertThat(upload.getMetadata().getPartId()).isEqualTo("copy");
        }
    }

    @Test
    void whatTheServiceCannotSelectIsRefused() {
        List.of(
                        List.of("datasetId=d", "The option watermark does not go with datasetId"),
                        List.of("tags=a", "The option dataType=tabular goes only with the part, componentType"),
                        List.of("locationIds=a", "The option dataType=tabular goes only with the part, componentType"),
                        List.of("methodName=", "The option dataType=tabular needs the option methodName"),
                        List.of(
                                "onDone=delete&allowDelete=true",
                                "The option dataType=tabular does not go with onDone=delete"))
                .forEach(row -> assertThatThrownBy(() -> follow(follow(row.get(0)), exchange -> {}))
                        .as(row.get(0))
                        .hasStackTraceContaining(row.get(1)));
        assertThatThrownBy(() -> follow(
                        from("dataType=tabular", "componentName=tank", "repeatCount=1")
                                .replace("viamdata:?", "viamdata:" + PART + "?"),
                        exchange -> {}))
                .hasStackTraceContaining("The option dataType=tabular needs the option watermark");
    }
}
