// Copyright the camel-viamdata authors. SPDX-License-Identifier: Apache-2.0
package io.github.camelviamdata.query;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import io.github.camelviamdata.ViamDataConstants;
import io.github.camelviamdata.ViamDataOperation;
import io.github.camelviamdata.proto.data.v1.RemoveBinaryDataFromDatasetByIDsRequest;
import io.github.camelviamdata.service.TestCall;
import io.github.camelviamdata.support.Shows;
import io.grpc.Status;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.IntStream;
import org.apache.camel.Exchange;
import org.junit.jupiter.api.Test;

/** A dataset as a queue: what is done leaves it, and what failed stays. */
class QueueTest extends ReadTestSupport {

    @Test
    @Shows({"datasetId", "onDone"})
    void deliversTheOldestFirstAndTakesItOutOfTheDataset() throws Exception {
        store(1, 3, 10);
        store(0, 1, 10);
        route(queue());

        await().until(() -> stored.inDataset(DATASET).isEmpty());

        assertThat(receivedIds()).containsExactly(itemId(0), itemId(1), itemId(2), itemId(3));
        assertThat(received.get(3).bytes()).isEqualTo(payload(3, 10));
        assertThat(stored.ids()).hasSize(4);
    }

    @Test
    @Shows({
        "CamelViamDataBinaryDataId",
        "CamelViamDataFileSize",
        "CamelViamDataSourcePartId",
        "CamelViamDataPartName",
        "CamelViamDataMachineId",
        "CamelViamDataMachineName",
        "CamelViamDataLocationId",
        "CamelViamDataOrganizationId",
        "CamelFileName"
    })
    void saysAllThatTheServiceSays() throws Exception {
        stored.add(
                itemId(7),
                upload(7)
                        .addTags("seen")
                        .addDatasetIds("dataset_2")
                        .addDatasetIds(DATASET)
                        .build(),
                sensor(7),
                payload(7, 10));
        route(queue());

        await().until(() -> received.size() == 1);

        assertThat(received.get(0).headers())
                .containsEntry(ViamDataConstants.OPERATION, ViamDataOperation.binary)
                .containsEntry(ViamDataConstants.VERBATIM, true)
                .containsEntry(ViamDataConstants.PART_ID, PART)
                .containsEntry(ViamDataConstants.COMPONENT_TYPE, "rdk:component:camera")
                .containsEntry(ViamDataConstants.COMPONENT_NAME, "gate")
                .containsEntry(ViamDataConstants.METHOD_NAME, "GetImages")
                .containsEntry(ViamDataConstants.FILE_NAME, "picture-7.jpg")
                .containsEntry(ViamDataConstants.FILE_EXTENSION, ".jpg")
                .containsEntry(ViamDataConstants.MIME_TYPE, "image/jpeg")
                .containsEntry(Exchange.CONTENT_TYPE, "image/jpeg")
                .containsEntry(ViamDataConstants.TAGS, List.of("seen"))
                // The item leaves the other one. A copy must not get into the queue again.
                .containsEntry(ViamDataConstants.DATASET_IDS, List.of("dataset_2"))
                .containsEntry(ViamDataConstants.TIME_REQUESTED, Instant.parse("2026-03-01T06:00:07.250Z"))
                .containsEntry(ViamDataConstants.TIME_RECEIVED, Instant.parse("2026-03-01T06:00:07.500Z"))
                .containsEntry(ViamDataConstants.BINARY_DATA_ID, itemId(7))
                .containsEntry(ViamDataConstants.FILE_SIZE, 10L)
                .containsEntry(ViamDataConstants.SOURCE_PART_ID, PART)
                .containsEntry(ViamDataConstants.PART_NAME, "the part")
                .containsEntry(ViamDataConstants.MACHINE_ID, "machine")
                .containsEntry(ViamDataConstants.MACHINE_NAME, "the machine")
                .containsEntry(ViamDataConstants.LOCATION_ID, "location")
                .containsEntry(ViamDataConstants.ORGANIZATION_ID, "organization")
                .containsEntry(ViamDataConstants.CAMEL_FILE_NAME, "item-7.jpg");
    }

    @Test
    void readsMoreThanAPageAndTakesOutAHundredAtOnce() throws Exception {
        store(0, 250, 5);
        route(queue("maxMessagesPerPoll=1000"));

        await().until(() -> stored.inDataset(DATASET).isEmpty());

        assertThat(receivedIds())
                .containsExactlyElementsOf(
                        IntStream.range(0, 250).mapToObj(i -> itemId(i)).toList());
        assertThat(service.calls().stream()
                        .filter(call -> call.method().startsWith("RemoveBinaryData"))
                        .mapToInt(QueueTest::idsIn)
                        .sum())
                .isEqualTo(250);
        assertThat(service.calls())
                .filteredOn(call -> call.method().startsWith("RemoveBinaryData"))
                .allMatch(call -> idsIn(call) <= 100);
    }

    private static int idsIn(TestCall call) {
        try {
            return RemoveBinaryDataFromDatasetByIDsRequest.parseFrom(
                            call.messages().get(0))
                    .getBinaryDataIdsCount();
        } catch (com.google.protobuf.InvalidProtocolBufferException e) {
            throw new AssertionError(e);
        }
    }

    @Test
    @Shows("maxMessagesPerPoll")
    void whatFailedStaysAndKeepsNothingBack() throws Exception {
        store(0, 20, 5);
        Set<String> failing = ConcurrentHashMap.newKeySet();
        failing.addAll(List.of(itemId(0), itemId(1), itemId(2)));
        AtomicInteger failures = new AtomicInteger();
        // The first poll finds but those that fail.
        route(queue("maxMessagesPerPoll=3"), exchange -> {
            if (failing.contains(exchange.getMessage().getHeader(ViamDataConstants.BINARY_DATA_ID, String.class))) {
                failures.incrementAndGet();
                throw new IllegalStateException("not now");
            }
        });

        await().until(() -> stored.inDataset(DATASET).size() == 3 && failures.get() >= 6);
        assertThat(receivedIds())
                .containsExactlyElementsOf(
                        IntStream.range(3, 20).mapToObj(i -> itemId(i)).toList());

        failing.clear();

        await().until(() -> stored.inDataset(DATASET).isEmpty());
        assertThat(receivedIds()).hasSize(20).doesNotHaveDuplicates();
    }

    @Test
    void anItemInFlightIsNotDeliveredAgain() throws Exception {
        store(0, 2, 5);
        CountDownLatch released = new CountDownLatch(1);
        context.addRoutes(new org.apache.camel.builder.RouteBuilder() {
            @Override
            public void configure() {
                from(queue()).threads(4).process(exchange -> {
                    received.add(received(exchange));
                    released.await(30, TimeUnit.SECONDS);
                });
            }
        });
        await().until(() -> received.size() == 2);
        int calls = service.calls().size();
        await().until(() -> service.calls().size() > calls + 3);

        released.countDown();

        await().until(() -> stored.inDataset(DATASET).isEmpty());
        assertThat(receivedIds()).containsExactlyInAnyOrder(itemId(0), itemId(1));
    }

    @Test
    void anItemThatAnotherProcessHasDoneIsLeftOut() throws Exception {
        store(0, 3, 5);
        store(3, 1, LARGE);
        service.answeringQueries(call -> {
            if (call.method().equals("BinaryDataByIDs")) {
                // After it was listed.
                remove(itemId(1));
                remove(itemId(3));
            }
            return Status.OK;
        });
        route(queue("parallelDownloads=1"));

        await().until(() -> stored.inDataset(DATASET).isEmpty());

        assertThat(receivedIds()).containsExactly(itemId(0), itemId(2));
        assertThat(own.requests()).isEmpty();
    }

    private void remove(String id) {
        stored.change("RemoveBinaryDataFromDatasetByIDs", DataRequests.removeFromDataset(List.of(id), DATASET));
    }

    @Test
    void nothingIsLostOrTwiceWhenListsAndDownloadsFail() throws Exception {
        store(0, 150, 5);
        store(150, 10, LARGE);
        AtomicInteger calls = new AtomicInteger();
        service.answeringQueries(call -> calls.incrementAndGet() % 5 == 0 ? Status.UNAVAILABLE : Status.OK);
        var answer = new AtomicInteger();
        other.answering(request -> answer.incrementAndGet() % 3 == 0
                ? io.github.camelviamdata.service.FileHost.Answer.status(503)
                : io.github.camelviamdata.service.FileHost.Answer.bytes(stored.bytes(id(request))));
        route(queue());

        await().until(() -> stored.inDataset(DATASET).isEmpty());

        assertThat(receivedIds()).hasSize(160).doesNotHaveDuplicates();
        assertThat(received).allMatch(message -> message.bytes().length == 5 || message.bytes().length == LARGE);
    }

    @Test
    void whatCannotBeTakenOutWaitsAndIsNotDeliveredAgain() throws Exception {
        store(0, 5, 5);
        AtomicInteger refusals = new AtomicInteger();
        service.answeringQueries(call -> call.method().startsWith("RemoveBinaryData") && refusals.getAndIncrement() < 12
                ? Status.UNAVAILABLE
                : Status.OK);
        route(queue("maxAttempts=2"));

        await().until(() -> stored.inDataset(DATASET).isEmpty());

        assertThat(receivedIds()).hasSize(5).doesNotHaveDuplicates();
    }

    @Test
    void oneThatTheServiceRefusesToTakeOutKeepsNoOther() throws Exception {
        store(0, 30, 5);
        service.answeringQueries(call ->
                call.method().startsWith("RemoveBinaryData") && names(call, itemId(11)) ? Status.NOT_FOUND : Status.OK);
        route(queue());

        await().until(() -> stored.inDataset(DATASET).equals(List.of(itemId(11))));
        int calls = service.calls().size();
        await().until(() -> service.calls().size() > calls + 3);

        assertThat(receivedIds()).hasSize(30).doesNotHaveDuplicates();
    }

    private static boolean names(TestCall call, String id) {
        return new String(call.messages().get(0), java.nio.charset.StandardCharsets.ISO_8859_1).contains(id);
    }

    @Test
    @Shows("shuffle")
    void severalProcessesShareADataset() throws Exception {
        store(0, 60, 5);
        List<String> ids = new ArrayList<>();
        for (int i = 0; i < 3; i++) {
            int number = i;
            context.addRoutes(new org.apache.camel.builder.RouteBuilder() {
                @Override
                public void configure() {
                    from(queue("shuffle=true", "maxMessagesPerPoll=20", "connections=" + (number + 1)))
                            .process(exchange -> received.add(received(exchange)));
                }
            });
        }

        await().until(() -> stored.inDataset(DATASET).isEmpty());

        ids.addAll(receivedIds());
        assertThat(new HashSet<>(ids)).hasSize(60);
        List<String> sorted = ids.stream().sorted().toList();
        assertThat(ids).isNotEqualTo(sorted);
    }

    @Test
    void takesOutWhatIsDoneWhenTheRouteStops() throws Exception {
        store(0, 3, 5);
        route(queue("delay=600000"));
        await().until(() -> received.size() == 3);

        context.getRouteController().stopRoute("reader");

        assertThat(stored.inDataset(DATASET)).isEmpty();
    }

    @Test
    void aSuspendedRouteReadsNothingAndGoesOn() throws Exception {
        route(queue());
        await().until(() -> !service.queries().isEmpty());
        context.getRouteController().suspendRoute("reader");
        store(0, 1, 5);
        int calls = service.queries().size();

        context.getRouteController().resumeRoute("reader");

        await().until(() -> received.size() == 1);
        assertThat(service.queries().size()).isGreaterThan(calls);
    }

    @Test
    void aDefaultPartDoesNotNarrowADataset() throws Exception {
        context.getComponent("viamdata", io.github.camelviamdata.ViamDataComponent.class)
                .setPartId("another-part");
        store(0, 1, 5);
        route(queue());

        await().until(() -> received.size() == 1);
    }

    @Test
    void aPartInTheUriDoesAndLeavesThePartOfACopyToItsEndpoint() throws Exception {
        store(0, 1, 5);
        stored.add(
                itemId(1),
                upload(1).setPartId("another-part").addDatasetIds(DATASET).build(),
                sensor(1),
                payload(1, 5));
        route(queue().replace("viamdata:?", "viamdata:another-part?"));

        await().until(() -> received.size() == 1);

        assertThat(receivedIds()).containsExactly(itemId(1));
        assertThat(received.get(0).headers())
                .doesNotContainKey(ViamDataConstants.PART_ID)
                .containsEntry(ViamDataConstants.SOURCE_PART_ID, "another-part");
    }

    @Test
    @Shows({"allowDelete", "doneTags"})
    void refusesWhatWouldNotEnd() {
        assertRefused(from(), "Name a part in the URI");
        assertRefused(from("datasetId=d"), "Each poll would deliver the same items again");
        assertRefused(from("mimeTypes=image/png", "onDone=removeFromDataset"), "needs the option datasetId");
        assertRefused(from("datasetId=d", "onDone=delete"), "allowDelete=true");
        assertRefused(from("datasetId=d", "onDone=addTags"), "doneTags");
        assertRefused(from("datasetId=d", "onDone=addTags", "doneTags=seen"), "Each poll");
        assertRefused(queue("doneTags=seen"), "doneTags");
        assertRefused(queue("maxMessagesPerPoll=0"), "maxMessagesPerPoll");
        assertRefused(queue("parallelDownloads=65"), "parallelDownloads");
    }

    private void assertRefused(String uri, String text) {
        assertThatThrownBy(() -> route(uri)).hasStackTraceContaining(text);
    }

    @Test
    @Shows({"onDone", "doneTags", "tagMatch"})
    void whatHasNoTagIsAQueueToo() throws Exception {
        store(0, 3, 5);
        route(from("componentName=gate", "tagMatch=untagged", "onDone=addTags", "doneTags=seen,ok"));

        await().until(() -> stored.tags().size() == 6);

        assertThat(receivedIds()).containsExactly(itemId(0), itemId(1), itemId(2));
        assertThat(stored.tags()).containsOnly("seen", "ok");
    }

    @Test
    @Shows({"onDone", "allowDelete"})
    void deletesWhatIsDone() throws Exception {
        store(0, 3, 5);
        route(from("datasetId=" + DATASET, "onDone=delete", "allowDelete=true"), exchange -> {
            if (exchange.getMessage()
                    .getHeader(ViamDataConstants.BINARY_DATA_ID)
                    .equals(itemId(1))) {
                throw new IllegalStateException("not this one");
            }
        });

        await().until(() -> stored.ids().size() == 1);

        assertThat(stored.ids()).containsExactly(itemId(1));
    }
}
