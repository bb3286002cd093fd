// Copyright the camel-viamdata authors. SPDX-License-Identifier: Apache-2.0
package io.github.camelviamdata.client;

import io.grpc.Status;
import java.io.IOException;
import java.io.InputStream;
import java.net.URI;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.net.http.HttpTimeoutException;
import java.time.Duration;
import java.time.Instant;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.ThreadLocalRandom;

/**
 * Fetches bytes over HTTP. An attempt begins at the first URI, under the same rules as an upload; redirects are followed without
 * the access token. {@link #result} is its only latch. No text of it shows more of a URI than its host: a signed URL is a
 * credential.
 */
final class Download<T> {

    private static final int MOST_REDIRECTS = 5;

    /** Completes once: with what the reader made of the bytes, or with a {@link io.grpc.StatusRuntimeException}. */
    final CompletableFuture<T> result = new CompletableFuture<>();

    private final ViamDataClient client;
    private final Downloads downloads;
    private final String uri;
    private final BytesReader<T> reader;
    private final UploadSettings settings;
    // One step happens before the next one.
    private int attempts;
    private boolean tokenReplaced;

    Download(ViamDataClient client, Downloads downloads, String uri, BytesReader<T> reader, UploadSettings settings) {
        this.client = client;
        this.downloads = downloads;
        this.uri = uri;
        this.reader = reader;
        this.settings = settings;
    }

    void start() {
        try {
            attempts++;
            URI target = downloads.target(null, uri);
            if (target == null) {
                fail(Status.FAILED_PRECONDITION.withDescription(
                        "the service names no place with TLS to fetch it from"));
            } else if (downloads.isOwn(target)) {
                client.tokens().get(settings.requestTimeout()).whenComplete((token, error) -> {
                    if (error == null) {
                        get(target, token, 0);
                    } else {
                        failed(UploadTask.tokenFailure(error), PushBack.NONE, null);
                    }
                });
            } else {
                get(target, null, 0);
            }
        } catch (Throwable e) {
            fail(Status.fromThrowable(e));
        }
    }

    /** @param token null where the target gets none */
    private void get(URI target, String token, int redirects) {
        try {
            HttpRequest.Builder request = HttpRequest.newBuilder(target).timeout(settings.requestTimeout());
            if (token != null) {
                request.header("Authorization", "Bearer " + token);
            }
            downloads
                    .http()
                    .sendAsync(request.build(), HttpResponse.BodyHandlers.ofInputStream())
                    .whenCompleteAsync(
                            (response, error) -> {
                                if (error == null) {
                                    answered(response, token, redirects);
                                } else {
                                    failed(unreachable(target, error), PushBack.NONE, null);
                                }
                            },
                            client.threads());
        } catch (Throwable e) {
            failed(unreachable(target, e), PushBack.NONE, null);
        }
    }

    private void answered(HttpResponse<InputStream> response, String token, int redirects) {
        try {
            int code = response.statusCode();
            if (code == 200) {
                long length =
                        response.headers().firstValueAsLong("Content-Length").orElse(-1);
                result.complete(reader.read(
                        new WatchedStream(response.body(), client.threads(), settings.idleTimeout()), length));
                return;
            }
            response.body().close();
            Optional<String> location = response.headers().firstValue("Location");
            if (code / 100 == 3 && location.isPresent() && redirects < MOST_REDIRECTS) {
                URI next = downloads.target(response.uri(), location.get());
                if (next == null) {
                    fail(Status.FAILED_PRECONDITION.withDescription(
                            host(response.uri()) + " redirects to a place without TLS"));
                } else {
                    get(next, null, redirects + 1);
                }
            } else {
                failed(status(code, response.uri(), redirects > 0), pushBack(response), token);
            }
        } catch (Throwable e) {
            failed(
                    Status.UNAVAILABLE.withDescription(
                            "the data from " + host(response.uri()) + " broke off: " + text(e)),
                    PushBack.NONE,
                    null);
        }
    }

    private static PushBack pushBack(HttpResponse<?> response) {
        return response.headers()
                .firstValue("Retry-After")
                .map(header -> PushBack.retryAfter(header, Instant.now()))
                .orElse(PushBack.NONE);
    }

    /** What has been redirected to may be a URL that has expired meanwhile: the next attempt gets a new one. */
    private static Status status(int code, URI target, boolean redirected) {
        Status status = switch (code) {
            case 401 -> Status.UNAUTHENTICATED;
            case 403 -> Status.PERMISSION_DENIED;
            case 404, 410 -> Status.NOT_FOUND;
            case 429 -> Status.RESOURCE_EXHAUSTED;
            case 408, 500, 502, 503, 504 -> Status.UNAVAILABLE;
            default -> code >= 500 ? Status.UNAVAILABLE : Status.FAILED_PRECONDITION;
        };
        return (redirected ? Status.UNAVAILABLE : status)
                .withDescription(host(target) + " answered with the HTTP status " + code);
    }

    private void failed(Status status, PushBack pushBack, String token) {
        try {
            boolean tokenRefused = token != null && status.getCode() == Status.Code.UNAUTHENTICATED;
            if (tokenRefused) {
                client.tokens().invalidate(token);
            }
            boolean newToken = tokenRefused && !tokenReplaced && client.tokens().isReplaceable();
            tokenReplaced |= tokenRefused;
            CallOutcome outcome = CallOutcome.failed(status, pushBack);
            Optional<RetryPolicy.Pause> pause =
                    settings.retryPolicy().next(outcome, new RetryPolicy.Tried(attempts, true, newToken));
            if (pause.isEmpty()) {
                fail(status);
            } else {
                retryAfter(pause.get().draw(ThreadLocalRandom.current()));
            }
        } catch (Throwable e) {
            fail(status);
        }
    }

    private void retryAfter(Duration pause) {
        try {
            client.threads().schedule(() -> client.threads().execute(this::start), pause);
        } catch (Throwable e) {
            fail(Status.CANCELLED.withDescription(ViamDataClient.CLOSED));
        }
    }

    private static Status unreachable(URI target, Throwable error) {
        Throwable cause = error instanceof CompletionException && error.getCause() != null ? error.getCause() : error;
        return (cause instanceof HttpTimeoutException ? Status.DEADLINE_EXCEEDED : Status.UNAVAILABLE)
                .withDescription("no answer from " + host(target) + ": " + text(cause));
    }

    private static String host(URI target) {
        return target.getPort() < 0 ? target.getHost() : target.getHost() + ":" + target.getPort();
    }

    /** The text of an I/O error names no URI; what another exception says is not known. */
    private static String text(Throwable error) {
        String kind = error.getClass().getSimpleName();
        return error instanceof IOException && error.getMessage() != null ? kind + ", " + error.getMessage() : kind;
    }

    private void fail(Status status) {
        // Without a cause: its text is not ours.
        result.completeExceptionally(
                client.failures().safe(status.withCause(null), null).asRuntimeException());
    }
}
