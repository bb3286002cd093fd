// Copyright the camel-viamdata authors. SPDX-License-Identifier: Apache-2.0
package io.github.camelviamdata.once;

import io.github.camelviamdata.ViamDataIdentity;
import io.github.camelviamdata.ViamDataRejectedException;
import io.github.camelviamdata.client.UploadGuard;
import io.github.camelviamdata.client.UploadResult;
import io.github.camelviamdata.client.UploadSettings;
import io.github.camelviamdata.client.ViamDataClient;
import io.github.camelviamdata.upload.ReadProgress;
import io.github.camelviamdata.upload.Upload;
import io.grpc.Status;
import java.io.IOException;
import java.time.Duration;
import java.util.Optional;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.Executor;
import org.apache.camel.CamelContext;
import org.apache.camel.Exchange;
import org.apache.camel.Expression;

/** Makes the uploads of an endpoint once: names each, notes it in a ledger, and asks the service where its end is not known. */
public final class Once {

    private static final String CONTENT = "content";
    private static final String TAG = "once-";
    // An ID that is no binary data ID is noted with this in front.
    private static final String FILE_ID = "file ";

    private static final String NO_IDENTITY =
            "The option once needs to know the same data again. Set the option onceKey, such as"
                    + " onceKey=${header.frameId}, or onceKey=content for a hash of the content: ";

    private final OnceSettings settings;
    private final KeptLedger ledger;
    private final Expression key;

    /**
     * @param ledgers has the ledger that the settings name
     * @throws IllegalArgumentException if the option onceKey or ledger is wrong
     * @throws IllegalStateException if the ledger cannot be used
     */
    public Once(OnceSettings settings, CamelContext context, Ledgers ledgers) {
        this.settings = settings;
        this.key = settings.key() == null || isContent()
                ? null
                : context.resolveLanguage("simple").createExpression(settings.key());
        if (key != null) {
            key.init(context);
        }
        this.ledger = ledgers.of(settings.ledger(), settings.retention());
    }

    private boolean isContent() {
        return CONTENT.equals(settings.key());
    }

    /**
     * Checks that messages of a route can have an identity.
     *
     * @param uri of the endpoint that the route begins with
     * @throws IllegalArgumentException if they cannot
     */
    public void checkSource(String uri) {
        String scheme = uri.split("[:?]", 2)[0];
        if (settings.key() == null && !Source.isIdentified(scheme)) {
            throw new IllegalArgumentException(
                    NO_IDENTITY + "messages of " + scheme + " have nothing that identifies them");
        }
    }

    /** Why the ledger could not be used the last time; empty if it could. */
    public Optional<String> failure() {
        return ledger.failure();
    }

    /**
     * A guard for the uploads of a message.
     *
     * @throws ViamDataRejectedException if nothing identifies the message
     */
    public UploadGuard guard(Exchange exchange) {
        String identity = isContent() ? null : identity(exchange);
        return (upload, number, progress) -> new Guarded(
                upload,
                OnceKey.of(settings.target(), upload, identity == null ? content(upload, progress) : identity, number));
    }

    private String identity(Exchange exchange) {
        String identity = key == null ? Source.identity(exchange) : key.evaluate(exchange, String.class);
        if (identity == null || identity.isBlank()) {
            throw rejected(
                    key == null
                            ? NO_IDENTITY + "this message comes from no file and no Kafka record, or is a part of one"
                            : "The option onceKey is blank for this message: " + settings.key(),
                    null);
        }
        return identity;
    }

    private static String content(Upload upload, ReadProgress progress) throws IOException {
        if (!upload.isTabular() && !upload.payload().isRepeatable()) {
            throw rejected(
                    "The option onceKey=content reads the body, which can be read only once. Enable stream caching",
                    upload.metadata().getPartId());
        }
        return CONTENT + OnceKey.content(upload, progress);
    }

    private static ViamDataRejectedException rejected(String text, String partId) {
        return new ViamDataRejectedException(
                "Nothing was uploaded. " + text,
                null,
                ViamDataRejectedException.Progress.none(Status.Code.INVALID_ARGUMENT, partId));
    }

    private final class Guarded implements UploadGuard.Guarded {

        private final String key;
        private final Upload upload;
        private final LookBack lookBack;
        private final boolean tagged;

        Guarded(Upload upload, String key) {
            this.key = key;
            this.tagged = settings.lookBack() && settings.identity() == ViamDataIdentity.tag && !upload.isTabular();
            this.upload = tagged ? upload.tagged(TAG + key) : upload;
            this.lookBack = new LookBack(this.upload, settings.identity(), TAG + key);
            if (settings.lookBack() && !upload.isTabular() && !lookBack.isPossible()) {
                throw rejected(
                        "The option onceIdentity=time needs the header CamelViamDataTimeRequested, and cannot find files."
                                + " Without it, set onceIdentity=tag",
                        upload.metadata().getPartId());
            }
        }

        @Override
        public Upload upload() {
            return upload;
        }

        @Override
        public CompletionStage<?> enter(CompletionStage<?> end) {
            return ledger.enter(key, end);
        }

        @Override
        public CompletionStage<UploadGuard.Standing> begin(UploadSettings how, Executor executor, Executor starter) {
            return ledger.begin(key, how.requestTimeout(), executor, starter).thenApply(noted -> switch (noted.kind()) {
                case NEW -> UploadGuard.Standing.NEW;
                case OPEN -> UploadGuard.Standing.OPEN;
                case DONE -> new UploadGuard.Standing(true, result(noted.id()));
            });
        }

        private static UploadResult result(String id) {
            return id.startsWith(FILE_ID)
                    ? new UploadResult(id.substring(FILE_ID.length()), "", 0, 0)
                    : new UploadResult("", id, 0, 0);
        }

        @Override
        public CompletionStage<?> done(
                ViamDataClient client, UploadSettings how, UploadResult result, Executor executor) {
            String id = result.binaryDataId();
            CompletionStage<?> noted =
                    ledger.done(key, id.isEmpty() ? FILE_ID + result.fileId() : id, how.requestTimeout(), executor);
            return settings.keepTag() || !tagged || id.isEmpty()
                    ? noted
                    : noted.thenRun(() -> executor.execute(() -> lookBack.removeTag(client, how, id)));
        }

        @Override
        public CompletionStage<?> forget(UploadSettings how, Executor executor) {
            return ledger.forget(key, how.requestTimeout(), executor);
        }

        @Override
        public boolean isFindable() {
            return settings.lookBack() && lookBack.isPossible();
        }

        @Override
        public CompletionStage<Optional<UploadResult>> find(ViamDataClient client, UploadSettings how) {
            return lookBack.ask(client, how);
        }

        @Override
        public Duration patience() {
            return settings.patience();
        }

        @Override
        public Duration interval() {
            return settings.interval();
        }
    }
}
