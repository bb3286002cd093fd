// Copyright the camel-viamdata authors. SPDX-License-Identifier: Apache-2.0
package io.github.camelviamdata.query;

import static org.assertj.core.api.Assertions.assertThat;

import io.github.camelviamdata.ViamDataConstants;
import io.github.camelviamdata.ViamDataRejectedException;
import io.github.camelviamdata.service.FileHost.Answer;
import io.github.camelviamdata.support.Shows;
import io.grpc.Status;
import java.io.InputStream;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicReference;
import org.apache.camel.Exchange;
import org.apache.camel.StreamCache;
import org.apache.camel.builder.RouteBuilder;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** {@code operation=get}. */
class GetOperationTest extends OperationTestSupport {

    @TempDir
    Path spool;

    private void spoolTo(Path directory) {
        context.getStreamCachingStrategy().setSpoolEnabled(true);
        context.getStreamCachingStrategy().setSpoolDirectory(directory.toFile());
    }

    @Test
    @Shows({"operation", "CamelViamDataBinaryDataId"})
    void anItemByTheIdInTheHeader() {
        store(0, 3, 5);

        Exchange exchange = upload(operation("get"), "whatever", id(1));

        assertThat(exchange.getMessage().getBody()).isEqualTo(payload(1, 5));
        assertThat(exchange.getMessage().getHeaders())
                .containsEntry(ViamDataConstants.BINARY_DATA_ID, itemId(1))
                .containsEntry(ViamDataConstants.COMPONENT_NAME, "gate")
                .containsEntry(ViamDataConstants.FILE_SIZE, 5L)
                .containsEntry(ViamDataConstants.CAMEL_FILE_NAME, "item-1.jpg")
                .containsEntry(Exchange.CONTENT_TYPE, "image/jpeg");
    }

    @Test
    void anItemByTheIdInTheBody() {
        store(0, 3, 5);

        assertThat(upload(operation("get"), itemId(2), Map.of()).getMessage().getBody())
                .isEqualTo(payload(2, 5));
        assertThat(upload(operation("get"), Map.of(ViamDataConstants.BINARY_DATA_ID, itemId(2)), Map.of())
                        .getMessage()
                        .getBody())
                .isEqualTo(payload(2, 5));
    }

    @Test
    void headersOfAnotherItemDoNotStay() {
        store(0, 3, 5);

        Exchange exchange = upload(
                operation("get"),
                itemId(2),
                Map.of(ViamDataConstants.TAGS, List.of("of another"), "mine", "stays", ViamDataConstants.ATTEMPTS, 3));

        assertThat(exchange.getMessage().getHeaders())
                .doesNotContainKeys(ViamDataConstants.TAGS, ViamDataConstants.ATTEMPTS)
                .containsEntry("mine", "stays");
    }

    @Test
    void aLargeItemLiesOnTheDiskUntilTheExchangeEnds() throws Exception {
        store(0, 1, LARGE);
        spoolTo(spool);
        AtomicReference<Object> body = new AtomicReference<>();
        AtomicReference<byte[]> bytes = new AtomicReference<>();
        context.addRoutes(new RouteBuilder() {
            @Override
            public void configure() {
                from("direct:get").to(operation("get")).process(exchange -> {
                    body.set(exchange.getMessage().getBody());
                    bytes.set(exchange.getMessage().getBody(byte[].class));
                });
            }
        });

        template.sendBody("direct:get", itemId(0));

        assertThat(body.get()).isInstanceOf(StreamCache.class);
        assertThat(bytes.get()).isEqualTo(payload(0, LARGE));
        assertThat(spool).isEmptyDirectory();
    }

    @Test
    void enrichesAMessage() throws Exception {
        store(0, 1, LARGE);
        spoolTo(spool);
        AtomicReference<byte[]> bytes = new AtomicReference<>();
        context.addRoutes(new RouteBuilder() {
            @Override
            public void configure() {
                from("direct:enrich")
                        .enrich(operation("get"), (message, item) -> {
                            message.setProperty("picture", item.getMessage().getBody());
                            return message;
                        })
                        .process(exchange -> bytes.set(exchange.getContext()
                                .getTypeConverter()
                                .convertTo(byte[].class, exchange, exchange.getProperty("picture"))));
            }
        });

        Exchange exchange = upload("direct:enrich", "body", id(0));

        assertThat(exchange.getMessage().getBody()).isEqualTo("body");
        assertThat(bytes.get()).isEqualTo(payload(0, LARGE));
        assertThat(spool).isEmptyDirectory();
    }

    @Test
    @Shows("download")
    void onlyMetadata() {
        store(0, 1, 5);

        Exchange exchange = upload(operation("get", "download=none"), itemId(0), Map.of());

        assertThat(exchange.getMessage().getBody()).isNull();
        assertThat(exchange.getMessage().getHeaders()).containsEntry(ViamDataConstants.FILE_SIZE, 5L);
        assertThat(queryNames()).containsExactly("BinaryDataByIDs");
    }

    @Test
    void aStreamIsReadByTheRoute() throws Exception {
        store(0, 1, LARGE);
        AtomicReference<byte[]> bytes = new AtomicReference<>();
        context.addRoutes(new RouteBuilder() {
            @Override
            public void configure() {
                from("direct:stream")
                        .streamCaching("false")
                        .to(operation("get", "download=stream"))
                        .process(exchange -> bytes.set(
                                exchange.getMessage().getBody(InputStream.class).readAllBytes()));
            }
        });

        template.sendBody("direct:stream", itemId(0));

        assertThat(bytes.get()).isEqualTo(payload(0, LARGE));
    }

    @Test
    void anUnknownIdIsNamed() {
        store(0, 1, 5);

        ViamDataRejectedException unknown =
                refused(ViamDataRejectedException.class, operation("get"), itemId(7), Map.of());

        assertThat(unknown).hasMessageContaining("There is no item " + itemId(7));
        assertThat(unknown.getStatus()).isEqualTo(Status.Code.NOT_FOUND);
    }

    @Test
    void aServiceThatRefusesAnIdIsNamedWithIt() {
        service.answeringQueries(call -> Status.INVALID_ARGUMENT.withDescription("no such ID"));

        assertThat(refused(ViamDataRejectedException.class, operation("get"), itemId(7), Map.of()))
                .hasMessageContaining("Getting " + itemId(7) + " from localhost")
                .hasMessageContaining("no such ID");
    }

    @Test
    void withoutAnIdNothingIsSent() {
        for (Object body : new Object[] {null, " ", List.of(), List.of("a", "b"), List.of(""), 7}) {
            assertThat(refused(ViamDataRejectedException.class, operation("get"), body, Map.of()))
                    .hasMessageStartingWith("Nothing was sent. ");
        }
        nothingWasSent();
    }

    @Test
    void bytesThatAreCutOffAreFetchedAgain() {
        store(0, 1, LARGE);
        spoolTo(spool);
        AtomicInteger requests = new AtomicInteger();
        other.answering(request ->
                Answer.bytes(requests.incrementAndGet() == 1 ? payload(0, LARGE - 1) : stored.bytes(id(request))));

        Exchange exchange = send(operation("get"), itemId(0), Map.of());

        assertThat(exchange.getException()).isNull();
        assertThat(requests).hasValue(2);
    }

    /** The host of files refuses the token, and the next one cannot be had at once. */
    @Test
    void aTokenThatCannotBeHadAtOnceIsAskedForAgain() {
        store(0, 1, LARGE);
        spoolTo(spool);
        AtomicInteger requests = new AtomicInteger();
        service.refusing(request -> Status.UNAVAILABLE);
        service.giving(request -> {
            int number = requests.incrementAndGet();
            return number == 2 || number == 3 ? null : "token-" + number;
        });
        own.answering(request -> "Bearer token-1".equals(request.header("Authorization"))
                ? Answer.status(401)
                : Answer.bytes(stored.bytes(id(request))));

        Exchange exchange = send(operation("get"), itemId(0), Map.of());

        assertThat(exchange.getException()).isNull();
        assertThat(requests).hasValue(4);
    }
}
