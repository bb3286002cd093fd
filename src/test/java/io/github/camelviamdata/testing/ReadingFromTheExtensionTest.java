// Copyright the camel-viamdata authors. SPDX-License-Identifier: Apache-2.0
package io.github.camelviamdata.testing;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import io.github.camelviamdata.ViamDataAnnotations;
import io.github.camelviamdata.ViamDataAuthenticationException;
import io.github.camelviamdata.ViamDataConstants;
import io.github.camelviamdata.ViamDataException;
import io.github.camelviamdata.ViamDataOperation;
import io.github.camelviamdata.ViamDataRejectedException;
import io.github.camelviamdata.service.RawClient;
import io.grpc.Status;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CopyOnWriteArrayList;
import org.apache.camel.Exchange;
import org.apache.camel.ProducerTemplate;
import org.apache.camel.builder.RouteBuilder;
import org.apache.camel.impl.DefaultCamelContext;
import org.apache.camel.support.processor.idempotent.MemoryIdempotentRepository;
import org.apache.camel.support.processor.state.MemoryStateRepository;
import org.assertj.core.api.InstanceOfAssertFactories;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.extension.RegisterExtension;

/** What was uploaded to the extension, or stored in it, is read by routes as from Viam. */
@Timeout(120)
class ReadingFromTheExtensionTest {

    private static final Instant TIME = Instant.parse("2026-03-01T06:00:00.25Z");
    private static final Map<String, Object> TANK_HEADERS = Map.of(
            ViamDataConstants.PART_ID, "part",
            ViamDataConstants.COMPONENT_TYPE, "rdk:component:sensor",
            ViamDataConstants.COMPONENT_NAME, "tank",
            ViamDataConstants.METHOD_NAME, "Readings");
    private static final String TANK = "&componentType=rdk:component:sensor&componentName=tank&methodName=Readings";
    private static final int LARGE = 2 * 1024 * 1024;

    @RegisterExtension
    static final ViamDataServerExtension viam = new ViamDataServerExtension();

    @RegisterExtension
    static final ViamDataServerExtension target = new ViamDataServerExtension();

    private final DefaultCamelContext context = new DefaultCamelContext();
    private final ProducerTemplate template = context.createProducerTemplate();

    @BeforeEach
    void startContext() {
        Awaitility.setDefaultTimeout(Duration.ofMinutes(1));
        context.start();
    }

    @AfterEach
    void stopContext() {
        context.stop();
        Awaitility.reset();
    }

    /** The headers of a picture that was captured some seconds after the first one. */
    private static Map<String, Object> picture(int seconds) {
        return Map.of(
                ViamDataConstants.PART_ID, "part",
                ViamDataConstants.COMPONENT_TYPE, "rdk:component:camera",
                ViamDataConstants.COMPONENT_NAME, "gate",
                ViamDataConstants.METHOD_NAME, "GetImages",
                ViamDataConstants.FILE_EXTENSION, ".jpg",
                ViamDataConstants.TIME_REQUESTED, TIME.plusSeconds(seconds),
                ViamDataConstants.DATASET_IDS, List.of("new"));
    }

    private static Map<String, Object> with(Map<String, Object> headers, String name, Object value) {
        Map<String, Object> all = new HashMap<>(headers);
        all.put(name, value);
        return all;
    }

    private static String store(int seconds) {
        return viam.store(picture(seconds), ("picture " + seconds).getBytes(StandardCharsets.UTF_8));
    }

    private static String uri(String options) {
        return "viamdata:part?retryDelay=1&maxRetryDelay=5&" + viam.options() + "&" + options;
    }

    private Exchange send(String options, Object body, Map<String, Object> headers) {
        return template.send(uri(options), exchange -> {
            exchange.getMessage().setBody(body);
            exchange.getMessage().setHeaders(new HashMap<>(headers));
        });
    }

    private Exchange on(String id, String options) {
        return send(options, "", Map.of(ViamDataConstants.BINARY_DATA_ID, id));
    }

    /** The texts of the messages that a route gets. */
    private List<String> route(String options) throws Exception {
        List<String> texts = new CopyOnWriteArrayList<>();
        context.addRoutes(new RouteBuilder() {
            @Override
            public void configure() {
                from(uri("initialDelay=0&delay=20&" + options))
                        .process(exchange -> texts.add(exchange.getMessage().getBody(String.class)));
            }
        });
        return texts;
    }

    private List<?> query(String options) {
        return send("operation=query&" + options, "", Map.of()).getMessage().getBody(List.class);
    }

    private static Exchange succeeds(Exchange exchange) {
        assertThat(exchange.getException()).isNull();
        return exchange;
    }

    @Test
    void aDatasetIsEmptiedAsAQueue() throws Exception {
        store(2);
        String first = store(1);

        List<String> texts = route("datasetId=new&onDone=removeFromDataset");

        await().until(() ->
                viam.stored().stream().allMatch(item -> item.datasetIds().isEmpty()));
        assertThat(texts).containsExactly("picture 1", "picture 2");
        assertThat(viam.stored(first).text()).isEqualTo("picture 1");
        assertThat(viam.received()).isEmpty();
    }

    @Test
    void whatIsListedLateIsFollowedAllTheSame() throws Exception {
        context.getRegistry().bind("watermark", new MemoryStateRepository());
        context.getRegistry().bind("known", MemoryIdempotentRepository.memoryIdempotentRepository());
        viam.setListLag(Duration.ofHours(1));
        String unlisted = store(1);
        viam.setListLag(Duration.ZERO);
        store(3);
        assertThat(query("datasetId=new")).hasSize(1);
        assertThat(viam.stored()).hasSize(2);
        assertThat(on(unlisted, "operation=get").getMessage().getBody(String.class))
                .isEqualTo("picture 1");

        List<String> texts =
                route("watermark=#watermark&watermarkKey=followed&idempotentRepository=#known&overlap=3s&rescan=0");
        await().until(() -> texts.size() == 1);
        viam.setListLag(Duration.ofMillis(200));
        store(2);
        await().until(() -> texts.size() == 2);

        assertThat(texts).containsExactly("picture 3", "picture 2");
    }

    @Test
    void whatWasUploadedIsFoundAndRead() {
        Exchange uploaded = send(
                "componentType=camera&componentName=gate&methodName=GetImages&fileExtension=.jpg", "picture", Map.of());
        send("operation=file", "notes", Map.of(ViamDataConstants.FILE_NAME, "notes.txt"));
        String id = uploaded.getMessage().getHeader(ViamDataConstants.BINARY_DATA_ID, String.class);

        assertThat(query("mimeTypes=image/jpeg"))
                .singleElement()
                .asInstanceOf(InstanceOfAssertFactories.MAP)
                .containsEntry(ViamDataConstants.BINARY_DATA_ID, id)
                .containsEntry(ViamDataConstants.COMPONENT_NAME, "gate");
        Exchange got = on(id, "operation=get");
        assertThat(got.getMessage().getBody(String.class)).isEqualTo("picture");
        assertThat(got.getMessage().getHeader(ViamDataConstants.OPERATION)).isEqualTo(ViamDataOperation.binary);
        assertThat(viam.received()).hasSize(2);
        assertThat(viam.stored()).extracting(StoredItem::fileName).containsExactly(null, "notes.txt");
        assertThat(viam.stored(id).componentName()).isEqualTo("gate");
        assertThat(viam.stored("unknown")).isNull();
    }

    @Test
    void changesAreSeen() {
        String id = store(1);
        String other = store(2);

        succeeds(on(id, "operation=addTags&tags=seen,blurred"));
        succeeds(on(id, "operation=removeTags&tags=blurred"));
        succeeds(on(id, "operation=addToDataset&datasetIds=done"));
        succeeds(on(id, "operation=removeFromDataset&datasetIds=new"));
        ViamDataAnnotations person =
                ViamDataAnnotations.of(new ViamDataAnnotations.BoundingBox("person", 0.5, 0, 0.25, 1, 1));
        succeeds(send(
                "operation=annotate",
                "",
                Map.of(ViamDataConstants.BINARY_DATA_ID, id, ViamDataConstants.ANNOTATIONS, person)));

        StoredItem changed = viam.stored(id);
        assertThat(changed.partId()).isEqualTo("part");
        assertThat(changed.tags()).containsExactly("seen");
        assertThat(changed.datasetIds()).containsExactly("done");
        assertThat(changed.annotations()).isEqualTo(person);
        assertThat(changed.headers()).containsEntry(ViamDataConstants.ANNOTATIONS, person);
        assertThat(viam.stored(other).tags()).isEmpty();
        assertThat(viam.stored(other).datasetIds()).containsExactly("new");
        assertThat(viam.stored(other).annotations()).isEqualTo(new ViamDataAnnotations(null, null));

        succeeds(on(id, "operation=delete&allowDelete=true"));
        assertThat(viam.stored()).extracting(StoredItem::id).containsExactly(other);
    }

    @Test
    void aBoxOfAnItemThatDoesNotExistIsRefused() {
        Exchange exchange = send(
                "operation=annotate",
                "",
                Map.of(
                        ViamDataConstants.BINARY_DATA_ID,
                        "unknown",
                        ViamDataConstants.ANNOTATIONS,
                        ViamDataAnnotations.of(new ViamDataAnnotations.BoundingBox("person", null, 0, 0, 1, 1))));

        assertThat(exchange.getException())
                .isInstanceOfSatisfying(
                        ViamDataException.class,
                        failure -> assertThat(failure.getStatus()).isEqualTo(Status.Code.NOT_FOUND));
    }

    @Test
    void sequencesAreKept() {
        Exchange created = succeeds(send(
                "operation=sequence&tags=good",
                "",
                Map.of(
                        ViamDataConstants.FROM,
                        TIME,
                        ViamDataConstants.UNTIL,
                        TIME.plusSeconds(60),
                        ViamDataConstants.RESOURCES,
                        "[{\"resource_name\": \"arm\", \"method_name\": \"EndPosition\"}]")));

        assertThat(viam.sequences())
                .containsExactly(new StoredSequence(
                        created.getMessage().getHeader(ViamDataConstants.SEQUENCE_ID, String.class),
                        "part",
                        TIME,
                        TIME.plusSeconds(60),
                        List.of("good"),
                        List.of(new StoredSequence.Resource("arm", "EndPosition"))));
    }

    @Test
    void readingsAreExportedByTheTimeOfCapture() throws Exception {
        Map<String, Object> tank = with(TANK_HEADERS, ViamDataConstants.METHOD_PARAMETERS, Map.of("unit", "m"));
        Instant now = Instant.now();
        viam.storeReadings(
                with(tank, ViamDataConstants.TIME_REQUESTED, List.of(now.plusSeconds(3), now)),
                List.of(Map.of("level", 3), Map.of("level", 1)));
        succeeds(send(
                "operation=tabular" + TANK,
                Map.of("level", 2),
                Map.of(ViamDataConstants.TIME_REQUESTED, now.plusSeconds(2))));
        viam.storeReadings(with(tank, ViamDataConstants.COMPONENT_NAME, "another"), List.of(Map.of("level", 9)));
        viam.setListLag(Duration.ofHours(1));
        viam.storeReadings(
                with(tank, ViamDataConstants.TIME_REQUESTED, now.plusSeconds(4)), List.of(Map.of("level", 4)));

        assertThat(rows(""))
                .extracting(row -> (Object) row.get("payload"))
                .containsExactly(Map.of("level", 1.0), Map.of("readings", Map.of("level", 2.0)), Map.of("level", 3.0));
        assertThat(rows(""))
                .first()
                .extracting(row -> (Object) row.get("method_parameters"))
                .isEqualTo(Map.of("unit", "m"));
        assertThat(rows("&from=" + now.plusSeconds(2) + "&until=" + now.plusSeconds(2)))
                .hasSize(1);
        assertThat(send("operation=latest" + TANK, "", Map.of())
                        .getMessage()
                        .getBody(Map.class)
                        .get("payload"))
                .isEqualTo(Map.of("level", 3.0));
        assertThat(viam.stored()).isEmpty();
    }

    private List<Map<?, ?>> rows(String options) {
        List<Map<?, ?>> rows = new ArrayList<>();
        for (Object row : template.requestBody(uri("operation=export" + TANK + options), "", List.class)) {
            rows.add((Map<?, ?>) row);
        }
        return rows;
    }

    @Test
    void aReadingOlderThanAYearIsNotTheLatest() {
        viam.storeReadings(
                with(
                        TANK_HEADERS,
                        ViamDataConstants.TIME_REQUESTED,
                        Instant.now().minus(Duration.ofDays(400))),
                List.of(Map.of("level", 1)));

        assertThat(send("operation=latest" + TANK, "", Map.of()).getMessage().getBody())
                .isNull();
    }

    @Test
    void aRouteCopiesFromOneExtensionToAnother() throws Exception {
        Map<String, Object> file = Map.of(
                ViamDataConstants.PART_ID,
                "part",
                ViamDataConstants.FILE_NAME,
                "notes.txt",
                ViamDataConstants.DATASET_IDS,
                List.of("new"),
                ViamDataConstants.TIME_REQUESTED,
                TIME);
        viam.store(file, "notes".getBytes(StandardCharsets.UTF_8));
        viam.store(
                with(
                        with(picture(1), ViamDataConstants.TAGS, List.of("a", "b")),
                        ViamDataConstants.METHOD_PARAMETERS,
                        Map.of("quality", 0.5)),
                new byte[LARGE]);
        List<StoredItem> before = viam.stored();
        context.addRoutes(new RouteBuilder() {
            @Override
            public void configure() {
                from(uri("initialDelay=0&datasetId=new&onDone=delete&allowDelete=true"))
                        .to("viamdata:part?" + target.options());
            }
        });

        await().until(() -> viam.stored().isEmpty());

        assertThat(before).extracting(StoredItem::fileName).containsExactly("notes.txt", null);
        assertThat(target.stored()).hasSize(2);
        StoredItem picture = target.stored().stream()
                .filter(item -> item.fileName() == null)
                .findFirst()
                .orElseThrow();
        assertThat(picture.bytes()).hasSize(LARGE);
        assertThat(picture.tags()).containsExactly("a", "b");
        assertThat(picture.headers()).isEqualTo(before.get(1).headers());
        Map<String, Object> given = new HashMap<>(picture(1));
        // A copy does not get into the queue again.
        given.remove(ViamDataConstants.DATASET_IDS);
        given.put(ViamDataConstants.METHOD_PARAMETERS, Map.of("quality", 0.5));
        assertThat(picture.headers()).containsAllEntriesOf(given);
        assertThat(picture.mimeType()).isEqualTo("image/jpeg");
        assertThat(picture.timeRequested()).isEqualTo(TIME.plusSeconds(1));
        assertThat(target.received()).hasSize(2);
    }

    @Test
    void aReadThatFailsIsRepeatedOnlyIfTheFailureMayPass() {
        String id = store(1);
        viam.failNextRead(Status.Code.UNAVAILABLE);
        viam.failNextRead(Status.Code.UNAVAILABLE);

        assertThat(on(id, "operation=get").getMessage().getBody(String.class)).isEqualTo("picture 1");

        viam.failNextRead(Status.Code.INVALID_ARGUMENT);
        refused(on(id, "operation=get"), "failNextRead(INVALID_ARGUMENT)");
        assertThatThrownBy(() -> viam.failNextRead(Status.Code.OK)).isInstanceOf(IllegalArgumentException.class);
    }

    @Test
    void aChangeThatFailsChangesNothing() {
        String id = store(1);
        viam.failNextChange(Status.Code.INVALID_ARGUMENT);

        refused(on(id, "operation=addTags&tags=seen"), "failNextChange(INVALID_ARGUMENT)");

        assertThat(viam.stored(id).tags()).isEmpty();
        viam.failNextChange(Status.Code.UNAVAILABLE);
        succeeds(on(id, "operation=addTags&tags=seen"));
        assertThat(viam.stored(id).tags()).containsExactly("seen");
        assertThatThrownBy(() -> viam.failNextChange(Status.Code.OK)).isInstanceOf(IllegalArgumentException.class);
    }

    @Test
    void aChangeWhoseAnswerIsLostIsMade() {
        String id = store(1);
        viam.loseAnswerOfChange();

        Exchange exchange = on(id, "operation=addTags&tags=seen&maxAttempts=1");

        assertThat(exchange.getException()).isInstanceOf(ViamDataException.class);
        assertThat(viam.stored(id).tags()).containsExactly("seen");
    }

    private static void refused(Exchange exchange, String text) {
        assertThat(exchange.getException())
                .isInstanceOf(ViamDataRejectedException.class)
                .hasMessageContaining(text);
    }

    @Test
    void aLargeItemComesFromTheSecondHost() throws Exception {
        byte[] bytes = new byte[LARGE];
        Arrays.fill(bytes, (byte) 7);
        String small = store(1);
        String large = viam.store(picture(2), bytes);
        viam.failNextDownload(503);
        RouteBuilder.addRoutes(
                context,
                routes -> routes.from("direct:get")
                        .to(uri("operation=get"))
                        // The file of its bytes is deleted once the exchange is done.
                        .convertBodyTo(byte[].class));

        assertThat(template.requestBodyAndHeader("direct:get", "", ViamDataConstants.BINARY_DATA_ID, large))
                .isEqualTo(bytes);
        assertThat(on(small, "operation=get").getMessage().getBody(String.class))
                .isEqualTo("picture 1");

        assertThat(viam.downloaded()).containsExactly(large);
        assertThat(viam.isCredentialLeaked()).isFalse();
        viam.failNextDownload(404);
        assertThat(on(large, "operation=get&maxAttempts=1").getException()).hasMessageContaining("404");
    }

    @Test
    void readsWithItsOwnKeyOnly() {
        String id = store(1);

        Exchange exchange = template.send(
                uri("operation=get").replace(viam.apiKey(), "another"),
                sent -> sent.getMessage().setHeader(ViamDataConstants.BINARY_DATA_ID, id));

        assertThat(exchange.getException()).isInstanceOf(ViamDataAuthenticationException.class);
    }

    @Test
    void nothingIsReadWithoutAToken() {
        try (RawClient client = RawClient.plaintext(viam.port())) {
            assertThatThrownBy(() ->
                            client.send("viam.app.data.v1.DataService/BinaryDataByFilter", false, List.of(new byte[0])))
                    .cause()
                    .hasMessageContaining("UNAUTHENTICATED");
        }
    }

    @Test
    void aTestStartsWithNothingOfTheOnesBefore() {
        viam.store(picture(1), new byte[LARGE]);
        viam.storeReadings(TANK_HEADERS, List.of(Map.of("level", 1)));
        assertThat(rows("")).hasSize(1);
        on(viam.stored().get(0).id(), "operation=get");
        succeeds(send(
                "operation=sequence",
                "",
                Map.of(
                        ViamDataConstants.FROM, TIME,
                        ViamDataConstants.UNTIL, TIME,
                        ViamDataConstants.RESOURCES,
                                "[{\"resource_name\": \"arm\", \"method_name\": \"EndPosition\"}]")));
        viam.failNextRead(Status.Code.INVALID_ARGUMENT);
        viam.failNextChange(Status.Code.INVALID_ARGUMENT);
        viam.failNextDownload(404);
        viam.loseAnswerOfChange();
        viam.setListLag(Duration.ofHours(1));
        assertThat(viam.downloaded()).hasSize(1);

        viam.reset();

        assertThat(viam.stored()).isEmpty();
        assertThat(viam.sequences()).isEmpty();
        assertThat(viam.downloaded()).isEmpty();
        assertThat(rows("")).isEmpty();
        String id = viam.store(picture(1), new byte[LARGE]);
        assertThat(query("datasetId=new")).hasSize(1);
        succeeds(on(id, "operation=get"));
        succeeds(on(id, "operation=addTags&tags=seen&maxAttempts=1"));
    }

    @Test
    void anItemEqualsAnotherViewOfIt() {
        String id = store(1);
        StoredItem before = viam.stored(id);

        assertThat(viam.stored(id)).isEqualTo(before).hasSameHashCodeAs(before);
        succeeds(on(id, "operation=addTags&tags=seen"));
        assertThat(viam.stored(id)).isNotEqualTo(before);
    }

    @Test
    void whatCannotBeStoredIsRefused() {
        assertThatThrownBy(() -> viam.store(picture(1), null)).hasMessage("body");
        assertThatThrownBy(() -> viam.stored(null)).hasMessage("id");
        for (int status : new int[] {100, 200, 302, 600}) {
            assertThatThrownBy(() -> viam.failNextDownload(status)).isInstanceOf(IllegalArgumentException.class);
        }
        assertThatThrownBy(() -> viam.store(Map.of(), new byte[1]))
                .isInstanceOf(ViamDataRejectedException.class)
                .hasMessageContaining(ViamDataConstants.PART_ID);
        assertThatThrownBy(
                        () -> viam.store(with(picture(1), ViamDataConstants.TIME_REQUESTED, "yesterday"), new byte[1]))
                .isInstanceOf(ViamDataRejectedException.class)
                .hasMessageContaining(ViamDataConstants.TIME_REQUESTED);
        for (Object readings : List.of(ViamDataOperation.tabular, "tabular")) {
            assertThatThrownBy(() -> viam.store(with(picture(1), ViamDataConstants.OPERATION, readings), new byte[1]))
                    .isInstanceOf(IllegalArgumentException.class)
                    .hasMessageContaining("storeReadings");
        }
        assertThat(viam.stored()).isEmpty();
    }

    @Test
    void whatIsStoredMeetsNoFaultOfUploads() {
        viam.failNext(Status.Code.INVALID_ARGUMENT);

        store(1);

        assertThat(viam.stored()).hasSize(1);
        refused(send("operation=file", "file", Map.of()), "failNext(INVALID_ARGUMENT)");
        assertThat(viam.stored()).hasSize(1);
    }

    @Test
    void anUploadWhoseAnswerIsLostIsStoredTwiceIfItIsSentTwice() {
        viam.loseAnswer();

        succeeds(send("operation=file", "file", Map.of()));

        assertThat(viam.stored()).extracting(StoredItem::text).containsExactly("file", "file");
    }
}
