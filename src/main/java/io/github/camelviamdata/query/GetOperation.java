// Copyright the camel-viamdata authors. SPDX-License-Identifier: Apache-2.0
package io.github.camelviamdata.query;

import io.github.camelviamdata.ViamDataException;
import io.github.camelviamdata.ViamDataRejectedException;
import io.github.camelviamdata.client.Calls;
import io.grpc.Status;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.CompletionStage;
import org.apache.camel.Exchange;

/** Gets an item: its bytes become the body, its metadata headers. */
final class GetOperation implements DataOperation {

    private final DataReader reader;
    private final ItemBytes bytes;

    /** @param directory where large items are kept */
    GetOperation(DataOperations.Settings settings, DataReader reader, Path directory) {
        this.reader = reader;
        this.bytes =
                new ItemBytes(reader, ReadSettings.ofItem(settings.reading().getDownload()), directory);
    }

    @Override
    public Calls<DataOutcome> prepare(Exchange exchange) {
        String id = ItemIds.one(exchange.getMessage());
        DataCalls calls = ended -> get(id);
        return calls;
    }

    private CompletionStage<DataOutcome> get(String id) {
        // First the metadata: it says whether the bytes fit into an answer.
        return reader.byIds(List.of(id), false)
                .thenCompose(found -> {
                    if (found.isEmpty()) {
                        throw unknown(id);
                    }
                    return bytes.fetch(new Item(found.get(0).getMetadata()));
                })
                .thenApply(fetched -> {
                    if (fetched == null) {
                        throw unknown(id);
                    }
                    return (DataOutcome) new Got(fetched);
                })
                .exceptionally(error -> {
                    throw ReadFailures.exception("Getting " + id + " from " + reader.target(), error);
                });
    }

    private ViamDataRejectedException unknown(String id) {
        return new ViamDataRejectedException(
                "There is no item " + id + " in " + reader.target() + ", or the credential may not see it",
                null,
                ViamDataException.Progress.none(Status.Code.NOT_FOUND, null));
    }

    @Override
    public ViamDataException failure(Throwable error) {
        return ReadFailures.exception("Getting an item from " + reader.target(), error);
    }

    /** An item with its bytes. */
    private record Got(FetchedItem fetched) implements DataOutcome {

        @Override
        public void applyTo(Exchange exchange) throws Exception {
            Object body;
            try {
                body = fetched.body(exchange);
            } catch (Throwable e) {
                fetched.discard();
                throw e;
            }
            // What another item has and this one lacks must not stay.
            exchange.getMessage().removeHeaders("CamelViamData*");
            exchange.getMessage().getHeaders().putAll(ItemHeaders.of(fetched.item(), null, false));
            exchange.getMessage().setBody(body);
        }

        @Override
        public void discard() {
            fetched.discard();
        }
    }
}
