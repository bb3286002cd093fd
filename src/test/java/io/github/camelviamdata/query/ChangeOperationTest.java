// Copyright the camel-viamdata authors. SPDX-License-Identifier: Apache-2.0
package io.github.camelviamdata.query;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.github.camelviamdata.ViamDataConstants;
import io.github.camelviamdata.ViamDataDelivery;
import io.github.camelviamdata.ViamDataOperation;
import io.github.camelviamdata.ViamDataRejectedException;
import io.github.camelviamdata.ViamDataUnavailableException;
import io.github.camelviamdata.proto.data.v1.BinaryData;
import io.github.camelviamdata.support.Shows;
import io.grpc.Status;
import java.nio.charset.StandardCharsets;
import java.util.AbstractList;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Iterator;
import java.util.List;
import java.util.Map;
import org.apache.camel.Exchange;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Operations that change what belongs to items, or delete them. */
class ChangeOperationTest extends OperationTestSupport {

    private List<String> tagsOf(int number) {
        return stored.all().stream()
                .map(BinaryData::getMetadata)
                .filter(item -> item.getBinaryDataId().equals(itemId(number)))
                .flatMap(item -> item.getCaptureMetadata().getTagsList().stream())
                .toList();
    }

    @Test
    @Shows({"operation", "tags", "CamelViamDataTags", "CamelViamDataChangedCount"})
    void tagsAreAddedAndRemoved() {
        store(0, 3, 5);

        Exchange exchange = upload(operation("addTags", "tags=seen,ok"), "body", id(1));
        upload(operation("addTags"), itemId(2), Map.of(ViamDataConstants.TAGS, List.of("by header")));

        assertThat(tagsOf(0)).isEmpty();
        assertThat(tagsOf(1)).containsExactly("seen", "ok");
        assertThat(tagsOf(2)).containsExactly("by header");
        assertThat(exchange.getMessage().getBody()).isEqualTo("body");
        assertThat(exchange.getMessage().getHeader(ViamDataConstants.CHANGED_COUNT))
                .isEqualTo(1);
        assertThat(exchange.getMessage().getHeaders()).doesNotContainKey(ViamDataConstants.DELETED_COUNT);

        upload(operation("removeTags", "tags=ok"), "body", id(1));

        assertThat(tagsOf(1)).containsExactly("seen");
    }

    @Test
    @Shows({"datasetIds", "CamelViamDataDatasetIds"})
    void datasetsAreFilledAndEmptied() {
        store(0, 3, 5);

        upload(operation("addToDataset", "datasetIds=x,y"), "", id(1));
        upload(
                operation("addToDataset"),
                "",
                Map.of("CamelViamDataBinaryDataId", itemId(2), "CamelViamDataDatasetIds", "x"));

        assertThat(stored.inDataset("x")).containsExactly(itemId(1), itemId(2));
        assertThat(stored.inDataset("y")).containsExactly(itemId(1));

        upload(operation("removeFromDataset", "datasetIds=x"), "", id(1));

        assertThat(stored.inDataset("x")).containsExactly(itemId(2));
        assertThat(stored.inDataset(DATASET)).hasSize(3);
    }

    /** A message of the consumer has all tags and datasets of its item in headers. */
    @Test
    void theOptionCountsAlone() {
        store(0, 1, 5);
        upload(operation("addTags", "tags=a,b"), "", id(0));
        upload(operation("addToDataset", "datasetIds=x"), "", id(0));
        Map<String, Object> ofConsumer = Map.of(
                ViamDataConstants.BINARY_DATA_ID,
                itemId(0),
                ViamDataConstants.TAGS,
                List.of("a", "b"),
                ViamDataConstants.DATASET_IDS,
                List.of(DATASET, "x"));

        upload(operation("removeTags", "tags=a"), "", ofConsumer);
        upload(operation("removeFromDataset", "datasetIds=x"), "", ofConsumer);

        assertThat(tagsOf(0)).containsExactly("b");
        assertThat(stored.inDataset(DATASET)).hasSize(1);
        assertThat(stored.inDataset("x")).isEmpty();
    }

    @Test
    @Shows({"allowDelete", "CamelViamDataDeletedCount"})
    void itemsAreDeleted() {
        store(0, 5, 5);

        Exchange exchange =
                upload(operation("delete", "allowDelete=true"), List.of(itemId(1), itemId(3), itemId(7)), Map.of());

        assertThat(stored.ids()).containsExactly(itemId(0), itemId(2), itemId(4));
        assertThat(exchange.getMessage().getHeader(ViamDataConstants.DELETED_COUNT))
                .isEqualTo(2L);
        assertThat(exchange.getMessage().getHeader(ViamDataConstants.CHANGED_COUNT))
                .isEqualTo(3);
    }

    @Test
    void deletingHasToBeConfirmed() {
        store(0, 1, 5);

        assertThatThrownBy(() -> template.sendBody(operation("delete"), itemId(0)))
                .hasStackTraceContaining("allowDelete=true");

        nothingWasSent();
        assertThat(stored.ids()).hasSize(1);
    }

    @Test
    void whatAQueryGivesIsABody() {
        store(0, 3, 5);
        Object all = upload(operation("query", "datasetId=" + DATASET), "", Map.of())
                .getMessage()
                .getBody();

        Exchange exchange = upload(operation("addTags", "tags=seen"), all, Map.of());

        assertThat(stored.tags()).containsExactly("seen", "seen", "seen");
        assertThat(exchange.getMessage().getBody()).isSameAs(all);
    }

    @Test
    void idsComeInManyForms() {
        store(0, 6, 5);
        String tag = operation("addTags", "tags=seen");

        upload(tag, itemId(0), Map.of());
        upload(tag, new String[] {itemId(1), itemId(1)}, Map.of());
        upload(tag, itemId(2).getBytes(StandardCharsets.UTF_8), Map.of());
        upload(tag, "", Map.of(ViamDataConstants.BINARY_DATA_ID, itemId(3).getBytes(StandardCharsets.UTF_8)));
        upload(tag, "", Map.of(ViamDataConstants.BINARY_DATA_ID, List.of(itemId(4), itemId(5))));

        assertThat(stored.tags()).hasSize(6);
    }

    @ParameterizedTest
    @ValueSource(strings = {"addTags", "removeTags", "addToDataset", "removeFromDataset", "delete"})
    void withoutIdsNothingIsSent(String operation) {
        store(0, 1, 5);
        String uri = operation(operation, "allowDelete=true&tags=x&datasetIds=x");

        for (Object body : Arrays.asList(
                null, "", " ", List.of(), new byte[0], 5, Map.of(), List.of(Map.of("id", "x")), List.of("a", ""))) {
            assertThat(refused(ViamDataRejectedException.class, uri, body, Map.of()))
                    .hasMessageStartingWith("Nothing was sent. ")
                    .hasMessageMatching(".*(ID|CamelViamDataBinaryDataId).*");
        }
        assertThat(refused(ViamDataRejectedException.class, uri, List.of("a", " b\n"), Map.of()))
                .hasMessageContaining("The body[1] has white space");
        nothingWasSent();
        assertThat(stored.ids()).hasSize(1);
    }

    @Test
    void withoutTagsOrDatasetsNothingIsSent() {
        assertThat(refused(ViamDataRejectedException.class, operation("removeTags"), "", id(1)))
                .hasMessageContaining("set the option tags or the header CamelViamDataTags");
        assertThat(refused(ViamDataRejectedException.class, operation("addToDataset"), "", id(1)))
                .hasMessageContaining("set the option datasetIds or the header CamelViamDataDatasetIds");
        nothingWasSent();
    }

    @ParameterizedTest
    @ValueSource(strings = {"addToDataset", "removeFromDataset"})
    void theFilterIsNoTarget(String operation) {
        assertThatThrownBy(() -> template.sendBody(operation(operation, "datasetId=x"), itemId(0)))
                .hasStackTraceContaining("set the option datasetIds");
        nothingWasSent();
    }

    @Test
    void aHundredIdsGoInOneCall() {
        store(0, 250, 1);

        Exchange exchange = upload(operation("addTags", "tags=seen"), itemIds(250), Map.of());

        assertThat(queryNames()).hasSize(3);
        assertThat(stored.tags()).hasSize(250);
        assertThat(exchange.getMessage().getHeader(ViamDataConstants.CHANGED_COUNT))
                .isEqualTo(250);
    }

    @Test
    void aFailureSaysWhatWasDoneBefore() {
        store(0, 250, 1);
        service.answeringQueries(call ->
                service.queries().size() < 3 ? Status.OK : Status.NOT_FOUND.withDescription("an item is missing"));

        Exchange exchange = send(operation("delete", "allowDelete=true"), itemIds(250), Map.of());

        assertThat(exchange.getException())
                .isInstanceOf(ViamDataRejectedException.class)
                .hasMessageContaining("The first 200 of 250 items are done. operation=delete in localhost:")
                .hasMessageContaining("those from " + itemId(200) + " on failed: NOT_FOUND: an item is missing");
        assertThat(exchange.getMessage().getHeader(ViamDataConstants.CHANGED_COUNT))
                .isEqualTo(200);
        assertThat(exchange.getMessage().getHeader(ViamDataConstants.DELETED_COUNT))
                .isEqualTo(200L);
        assertThat(stored.ids()).hasSize(50);
    }

    @Test
    void aDatasetOfSequencesIsToldApart() {
        service.answeringQueries(
                call -> Status.FAILED_PRECONDITION.withDescription("dataset x has the type DATASET_TYPE_SEQUENCE"));

        assertThat(refused(
                        ViamDataRejectedException.class,
                        operation("addToDataset", "datasetIds=x"),
                        itemId(0),
                        Map.of()))
                .hasMessageContaining("DATASET_TYPE_SEQUENCE. A dataset of sequences accepts no single items")
                .hasMessageContaining("operation=sequence");
        assertThat(refused(ViamDataRejectedException.class, operation("addTags", "tags=sequence"), itemId(0), Map.of()))
                .hasMessageNotContaining("accepts no single items");
    }

    /** It changes nothing more then. */
    @Test
    void aCallWhoseAnswerIsMissingIsMadeAgain() {
        store(0, 1, 1);
        service.answeringQueries(call -> service.queries().size() < 2 ? Status.INTERNAL : Status.OK);

        upload(operation("addTags", "tags=seen"), "", id(0));

        assertThat(queryNames()).hasSize(2);
        assertThat(stored.tags()).containsExactly("seen");
    }

    @Test
    void afterTheLastAttemptItIsSaidThatTheChangeMayBeMade() {
        service.answeringQueries(call -> Status.UNAVAILABLE);

        ViamDataUnavailableException failure = refused(
                ViamDataUnavailableException.class, operation("addTags", "tags=seen", "maxAttempts=2"), "", id(0));

        assertThat(failure).hasMessageContaining("which the service may have done all the same");
        assertThat(failure.getDelivery()).isEqualTo(ViamDataDelivery.unknown);
        assertThat(failure.getAttempts()).isEqualTo(2);
    }

    @ParameterizedTest
    @EnumSource(
            value = ViamDataOperation.class,
            names = {"binary", "tabular", "file", "capture"},
            mode = EnumSource.Mode.EXCLUDE)
    void noHeaderTurnsAnUploadIntoIt(ViamDataOperation operation) {
        store(0, 1, 5);

        for (Object header : List.of(operation, operation.name())) {
            assertThat(refused(
                            ViamDataRejectedException.class,
                            uri(CAMERA, "allowDelete=true&datasetIds=x&tags=x"),
                            itemId(0),
                            Map.of(ViamDataConstants.OPERATION, header, "CamelViamDataBinaryDataId", itemId(0))))
                    .hasMessageContaining("CamelViamDataOperation is none of binary, tabular, file and capture: '"
                            + operation.name() + "'")
                    .hasMessageContaining("option operation");
        }
        nothingWasSent();
    }

    @Test
    void noHeaderTurnsItIntoAnUpload() {
        store(0, 1, 5);

        upload(
                operation("addTags", "tags=seen"),
                "body",
                Map.of(ViamDataConstants.OPERATION, ViamDataOperation.binary, "CamelViamDataBinaryDataId", itemId(0)));

        assertThat(service.uploads()).isEmpty();
        assertThat(stored.tags()).containsExactly("seen");
    }

    @Test
    void aBodyMayThrowAnything() {
        List<Object> throwing = new AbstractList<>() {
            @Override
            public Object get(int index) {
                throw new LinkageError("of a body");
            }

            @Override
            public Iterator<Object> iterator() {
                throw new LinkageError("of a body");
            }

            @Override
            public int size() {
                return 1;
            }
        };
        assertThat(refused(ViamDataUnavailableException.class, operation("addTags", "tags=seen"), throwing, Map.of()))
                .hasMessage("Nothing was sent. The body or a header cannot be read: java.lang.LinkageError");
        nothingWasSent();
    }

    @Test
    void aListThatIsChangedLaterIsReadBefore() {
        store(0, 250, 1);
        List<String> ids = new ArrayList<>(itemIds(250));
        service.answeringQueries(call -> {
            ids.clear();
            return Status.OK;
        });

        upload(operation("addTags", "tags=seen"), ids, Map.of());

        assertThat(stored.tags()).hasSize(250);
    }
}
