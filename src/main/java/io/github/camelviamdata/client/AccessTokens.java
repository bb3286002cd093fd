// Copyright the camel-viamdata authors. SPDX-License-Identifier: Apache-2.0
package io.github.camelviamdata.client;

import io.github.camelviamdata.client.ClientListener.TokenFetch;
import io.github.camelviamdata.client.TokenState.Kind;
import io.github.camelviamdata.proto.rpc.v1.AuthServiceGrpc;
import io.github.camelviamdata.proto.rpc.v1.AuthenticateRequest;
import io.github.camelviamdata.proto.rpc.v1.AuthenticateResponse;
import io.github.camelviamdata.proto.rpc.v1.Credentials;
import io.grpc.CallOptions;
import io.grpc.Channel;
import io.grpc.Status;
import io.grpc.stub.ClientCalls;
import io.grpc.stub.StreamObserver;
import java.time.Duration;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ThreadLocalRandom;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.function.Consumer;
import java.util.function.Supplier;

/**
 * The access token of one credential. One call at a time fetches it, and all callers wait for that call. It is renewed after
 * 80 % of its lifetime, and stays in use meanwhile. After the service refuses the credential, the next fetch waits for a pause,
 * which grows with each refusal.
 */
final class AccessTokens {

    private static final double RENEW_AT = 0.8;
    private static final RetryPolicy.Backoff BACKOFF =
            new RetryPolicy.Backoff(Duration.ofSeconds(1), Duration.ofMinutes(1));

    private final Supplier<Channel> channel;
    private final Credential credential;
    private final CompletableFuture<String> fixed;
    private final Consumer<TokenFetch> listener;

    private AccessToken current;
    private CompletableFuture<String> fetching;
    private Throwable refusal;
    private int refusals;
    private long pausedUntil;

    /** A token with its expiry, if it has one. Times are those of {@link System#nanoTime()}. */
    private record AccessToken(String text, boolean expires, long renewAt, long expiresAt) {

        static AccessToken of(String text, long now) {
            Optional<Duration> life = TokenLife.of(text);
            long nanos = life.map(Duration::toNanos).orElse(0L);
            return new AccessToken(text, life.isPresent(), now + (long) (nanos * RENEW_AT), now + nanos);
        }

        boolean isExpired(long now) {
            return expires && now - expiresAt >= 0;
        }

        boolean isToBeRenewed(long now) {
            return expires && now - renewAt >= 0;
        }
    }

    AccessTokens(Supplier<Channel> channel, Credential credential, Consumer<TokenFetch> listener) {
        this.channel = channel;
        this.listener = listener;
        this.credential = credential;
        // Never renewed, even after its expiry: there is no credential to fetch another one with.
        this.fixed = CompletableFuture.completedFuture(
                credential instanceof Credential.AccessToken token ? token.token() : null);
    }

    private static AuthenticateRequest request(Credential credential) {
        if (credential instanceof Credential.ApiKey key) {
            return request(key.id(), "api-key", key.key());
        } else if (credential instanceof Credential.MachineSecret machine) {
            return request(machine.partId(), "robot-secret", machine.secret());
        }
        throw new IllegalStateException("There is no request for a token with the " + credential);
    }

    private static AuthenticateRequest request(String entity, String type, String payload) {
        return AuthenticateRequest.newBuilder()
                .setEntity(entity)
                .setCredentials(Credentials.newBuilder().setType(type).setPayload(payload))
                .build();
    }

    /**
     * A token to call the service with; null where the service asks for none. Fails with a gRPC status, or with a
     * {@link TimeoutException}.
     *
     * @param timeout how long to wait for the service, if it has to be asked
     */
    CompletableFuture<String> get(Duration timeout) {
        if (!isReplaceable()) {
            return fixed;
        }
        CompletableFuture<String> answer;
        CompletableFuture<String> fetch = null;
        synchronized (this) {
            long now = System.nanoTime();
            boolean paused = refusal != null && now - pausedUntil < 0;
            if (fetching == null && !paused && (current == null || current.isToBeRenewed(now))) {
                fetch = new CompletableFuture<>();
                fetching = fetch;
            }
            if (current != null && !current.isExpired(now)) {
                answer = CompletableFuture.completedFuture(current.text());
            } else {
                answer = fetching != null ? fetching : CompletableFuture.failedFuture(refusal);
            }
        }
        if (fetch != null) {
            try {
                fetch(fetch, timeout);
            } catch (Throwable e) {
                // Other callers wait for the same fetch.
                if (!fetch.isDone()) {
                    failFetch(fetch, e);
                }
            }
            return answer;
        }
        // The copy times out for this caller alone.
        return answer.isDone() ? answer : answer.copy().orTimeout(timeout.toNanos(), TimeUnit.NANOSECONDS);
    }

    /** Drops a token that the service rejected, unless it was replaced meanwhile. */
    synchronized void invalidate(String token) {
        if (current != null && current.text().equals(token)) {
            current = null;
        }
    }

    /** Whether a token that the service rejected can be replaced by a new one. */
    boolean isReplaceable() {
        return credential instanceof Credential.ApiKey || credential instanceof Credential.MachineSecret;
    }

    /** The state of the token at this moment. Makes no call. */
    synchronized TokenState state() {
        long now = System.nanoTime();
        if (!isReplaceable()) {
            return new TokenState(fixed.join() == null ? Kind.none : Kind.fixed, null);
        } else if (current != null && !current.isExpired(now)) {
            Kind kind = refusal == null ? Kind.valid : Kind.renewalRefused;
            return new TokenState(kind, current.expires() ? time(current.expiresAt(), now) : null);
        } else if (refusal != null) {
            return new TokenState(Kind.refused, now - pausedUntil < 0 ? time(pausedUntil, now) : null);
        } else if (current != null) {
            return new TokenState(Kind.expired, time(current.expiresAt(), now));
        }
        return new TokenState(Kind.missing, null);
    }

    private static Instant time(long nanoTime, long now) {
        return Instant.now().plusNanos(nanoTime - now).truncatedTo(ChronoUnit.SECONDS);
    }

    private void fetch(CompletableFuture<String> fetch, Duration timeout) {
        CallOptions options = CallOptions.DEFAULT.withDeadlineAfter(timeout.toNanos(), TimeUnit.NANOSECONDS);
        ClientCalls.asyncUnaryCall(
                channel.get().newCall(AuthServiceGrpc.getAuthenticateMethod(), options),
                request(credential),
                new StreamObserver<AuthenticateResponse>() {

                    private String token = "";

                    @Override
                    public void onNext(AuthenticateResponse response) {
                        token = response.getAccessToken();
                    }

                    @Override
                    public void onError(Throwable error) {
                        failFetch(fetch, error);
                    }

                    @Override
                    public void onCompleted() {
                        if (!Credential.isSendable(token)) {
                            failFetch(
                                    fetch,
                                    Status.INTERNAL
                                            .withDescription("the answer holds no access token that can be sent")
                                            .asException());
                        } else {
                            completeFetch(fetch, token);
                        }
                    }
                });
    }

    private void completeFetch(CompletableFuture<String> fetch, String token) {
        synchronized (this) {
            current = AccessToken.of(token, System.nanoTime());
            fetching = null;
            refusals = 0;
            refusal = null;
        }
        fetch.complete(token);
        listener.accept(TokenFetch.fetched);
    }

    private void failFetch(CompletableFuture<String> fetch, Throwable error) {
        boolean refused = !Failures.isTransient(Status.fromThrowable(error));
        synchronized (this) {
            fetching = null;
            if (refused) {
                refusal = error;
                refusals++;
                pausedUntil = System.nanoTime() + pause().toNanos();
            }
        }
        fetch.completeExceptionally(error);
        listener.accept(refused ? TokenFetch.refused : TokenFetch.unavailable);
    }

    /** Half of the pause is random, so that many clients do not ask at the same time. */
    private Duration pause() {
        long limit = BACKOFF.limit(refusals).toMillis();
        return Duration.ofMillis(limit / 2 + ThreadLocalRandom.current().nextLong(limit / 2 + 1));
    }
}
