// Copyright the camel-viamdata authors. SPDX-License-Identifier: Apache-2.0
package io.github.camelviamdata.query;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import com.google.protobuf.Struct;
import com.google.protobuf.Timestamp;
import com.google.protobuf.Value;
import io.github.camelviamdata.ViamDataConstants;
import io.github.camelviamdata.ViamDataException;
import io.github.camelviamdata.ViamDataRejectedException;
import io.github.camelviamdata.ViamDataUnavailableException;
import io.github.camelviamdata.proto.data.v1.ExportTabularDataRequest;
import io.github.camelviamdata.proto.data.v1.ExportTabularDataResponse;
import io.github.camelviamdata.proto.data.v1.GetLatestTabularDataRequest;
import io.github.camelviamdata.proto.data.v1.GetLatestTabularDataResponse;
import io.github.camelviamdata.service.TestCall;
import io.github.camelviamdata.support.Shows;
import io.grpc.Status;
import java.util.ArrayList;
import java.util.Iterator;
import java.util.List;
import java.util.Map;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.IntStream;
import org.apache.camel.Exchange;
import org.apache.camel.builder.RouteBuilder;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** {@code operation=export} and {@code operation=latest}. */
class ExportOperationTest extends OperationTestSupport {

    private static final String TANK = "componentType=rdk:component:sensor&componentName=tank&methodName=Readings";

    private final List<Object> rows = new ArrayList<>();
    private final AtomicInteger made = new AtomicInteger();

    private static Struct payload(int number) {
        return Struct.newBuilder()
                .putFields("level", Value.newBuilder().setNumberValue(number).build())
                .build();
    }

    /** Counts how many the service has made. */
    private ExportTabularDataResponse reading(int number) {
        made.incrementAndGet();
        return ExportTabularDataResponse.newBuilder()
                .setPartId(PART)
                .setResourceName("tank")
                .setTimeCaptured(Timestamp.newBuilder().setSeconds(1_772_344_800L + number))
                .addTags("t")
                .setPayload(payload(number))
                .build();
    }

    private Iterator<ExportTabularDataResponse> readings(int count) {
        return IntStream.range(0, count).mapToObj(this::reading).iterator();
    }

    private String export(String... options) {
        return operation("export", options).replace(":?", ":" + PART + "?") + "&" + TANK;
    }

    private Exchange exportRows(String uri) throws Exception {
        context.addRoutes(new RouteBuilder() {
            @Override
            public void configure() {
                from("direct:export")
                        .to(uri)
                        .split(body())
                        .streaming()
                        .process(exchange -> rows.add(exchange.getMessage().getBody()));
            }
        });
        return send("direct:export", "", Map.of());
    }

    @Test
    @Shows({"operation", "from", "until", "componentType", "componentName", "methodName"})
    void readingsAreRows() throws Exception {
        service.streaming(call -> readings(3));

        exportRows(export("from=2026-03-01T06:00:00Z", "until=2026-03-01T07:00:00Z"));

        assertThat(rows).hasSize(3);
        assertThat(rows.get(1))
                .isEqualTo(Map.of(
                        "time_captured",
                        "2026-03-01T06:00:01Z",
                        "part_id",
                        PART,
                        "resource_name",
                        "tank",
                        "tags",
                        List.of("t"),
                        "payload",
                        Map.of("level", 1.0)));
        ExportTabularDataRequest request = ExportTabularDataRequest.parseFrom(
                service.queries().get(0).messages().get(0));
        assertThat(request.getResourceSubtype()).isEqualTo("rdk:component:sensor");
        assertThat(request.getInterval().getEnd().getSeconds()).isEqualTo(1_772_348_400L);
    }

    @Test
    void noReadingsAreNoRows() throws Exception {
        assertThat(exportRows(export()).getException()).isNull();
        assertThat(rows).isEmpty();
    }

    /** The service has made no more than the connection and a few rows ahead hold. */
    @Test
    void theServiceWaitsForTheRoute() throws Exception {
        service.streaming(call -> readings(1_000_000));

        context.addRoutes(new RouteBuilder() {
            @Override
            public void configure() {
                from("direct:some").to(export()).process(exchange -> {
                    Iterator<?> body = (Iterator<?>) exchange.getMessage().getBody();
                    for (int i = 0; i < 100; i++) {
                        rows.add(body.next());
                    }
                    rows.add(made.get());
                });
            }
        });
        upload("direct:some", "", Map.of());

        assertThat((int) rows.get(100)).isBetween(100, 100_000);
        await().until(() -> service.queries().get(0).isCancelled());
        assertThat(made.get()).isLessThan(100_000);
    }

    @Test
    void theCallEndsWithTheExchange() throws Exception {
        service.streaming(call -> readings(1_000_000));
        context.addRoutes(new RouteBuilder() {
            @Override
            public void configure() {
                from("direct:unread").to(export());
            }
        });

        template.sendBody("direct:unread", "");

        await().until(() -> service.queries().get(0).isCancelled());
    }

    @Test
    void aFailureBeforeTheFirstRowIsTriedAgain() throws Exception {
        service.streaming(call -> readings(service.queries().size() < 3 ? 0 : 2));
        service.answeringQueries(call -> service.queries().size() < 3 ? Status.UNAVAILABLE : Status.OK);

        assertThat(exportRows(export()).getException()).isNull();

        assertThat(rows).hasSize(2);
        assertThat(service.queries()).hasSize(3);
    }

    @Test
    void aRefusalFailsTheExchange() throws Exception {
        service.answeringQueries(call -> Status.NOT_FOUND.withDescription("no such part, secret-key"));

        assertThat(exportRows(export()).getException())
                .isInstanceOf(ViamDataRejectedException.class)
                .hasMessageContaining("Exporting readings from localhost:" + service.port() + " failed: NOT_FOUND")
                .hasMessageNotContaining("secret-key");
    }

    @Test
    void aFailureOnTheWayIsNoEnd() throws Exception {
        service.streaming(call -> readings(5));
        service.answeringQueries(call -> Status.INTERNAL.withDescription("broke off"));

        Exchange exchange = exportRows(export());

        assertThat(rows).hasSize(5);
        assertThat(exchange.getException())
                .isInstanceOf(ViamDataUnavailableException.class)
                .hasMessageContaining("Exporting readings of tank from localhost:" + service.port()
                        + " after 5 readings failed: INTERNAL: broke off");
        assertThat(service.queries()).hasSize(1);
    }

    @Test
    @Shows("idleTimeout")
    void aStreamThatStallsEnds() throws Exception {
        service.streaming(call -> readings(5));
        service.answeringQueries(call -> null);

        Exchange exchange = exportRows(export("idleTimeout=1000"));

        assertThat(rows).hasSize(5);
        assertThat(exchange.getException()).hasMessageContaining("idleTimeout");
        await().until(() -> service.queries().get(0).isCancelled());
    }

    @Test
    @Shows("requestTimeout")
    void aFirstRowThatDoesNotComeEndsTheCall() throws Exception {
        service.answeringQueries(call -> null);

        Exchange exchange = exportRows(export("requestTimeout=200", "maxAttempts=2"));

        assertThat(exchange.getException())
                .isInstanceOf(ViamDataUnavailableException.class)
                .hasMessageContaining("DEADLINE_EXCEEDED")
                .hasMessageContaining("within requestTimeout");
    }

    @Test
    void aTimeThatDoesNotExistIsNamed() throws Exception {
        service.streaming(call -> List.of(ExportTabularDataResponse.newBuilder()
                        .setTimeCaptured(Timestamp.newBuilder().setNanos(-1))
                        .build())
                .iterator());

        assertThat(exportRows(export()).getException())
                .isInstanceOf(ViamDataRejectedException.class)
                .hasMessageContaining("the reading 1, failed: time_captured");
    }

    @ParameterizedTest
    @ValueSource(strings = {"export", "latest"})
    void whatIsMissingIsNamed(String operation) {
        for (String option : List.of("componentType", "componentName", "methodName")) {
            String uri = operation(operation, TANK).replaceFirst("&?" + option + "=[^&]*", "");

            assertThat(refused(ViamDataException.class, uri, "", Map.of(ViamDataConstants.PART_ID, PART)))
                    .hasMessageContaining(
                            "Nothing was sent. Set the option " + option + " or the header CamelViamData");
        }
        assertThat(refused(ViamDataException.class, operation(operation, TANK), "", Map.of()))
                .hasMessageContaining("Name the part in the URI");
        nothingWasSent();
    }

    @Test
    @Shows({"CamelViamDataComponentName", "CamelViamDataComponentType", "CamelViamDataMethodName"})
    void theLatestReadingOfWhatTheMessageNames() throws Exception {
        service.querying(call -> GetLatestTabularDataResponse.newBuilder()
                .setTimeCaptured(Timestamp.newBuilder().setSeconds(1_772_344_800L))
                .setTimeSynced(Timestamp.newBuilder().setSeconds(1_772_344_801L))
                .setPayload(payload(7))
                .build());

        Exchange exchange = upload(
                operation("latest", TANK),
                "",
                Map.of(
                        ViamDataConstants.PART_ID,
                        PART,
                        ViamDataConstants.COMPONENT_NAME,
                        "pump",
                        ViamDataConstants.COMPONENT_TYPE,
                        "sensor",
                        ViamDataConstants.METHOD_NAME,
                        "Get"));

        assertThat(exchange.getMessage().getBody())
                .isEqualTo(Map.of(
                        "time_captured",
                        "2026-03-01T06:00:00Z",
                        "time_synced",
                        "2026-03-01T06:00:01Z",
                        "payload",
                        Map.of("level", 7.0)));
        TestCall call = service.queries().get(0);
        assertThat(GetLatestTabularDataRequest.parseFrom(call.messages().get(0)))
                .isEqualTo(GetLatestTabularDataRequest.newBuilder()
                        .setPartId(PART)
                        .setResourceName("pump")
                        .setResourceSubtype("sensor")
                        .setMethodName("Get")
                        .build());
    }

    @Test
    void withoutAReadingThereIsNoBody() {
        service.querying(call -> GetLatestTabularDataResponse.getDefaultInstance());

        Exchange exchange = upload(operation("latest", TANK), "before", Map.of(ViamDataConstants.PART_ID, PART));

        assertThat(exchange.getMessage().getBody()).isNull();
    }
}
