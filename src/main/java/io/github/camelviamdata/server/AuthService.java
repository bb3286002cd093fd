// Copyright the camel-viamdata authors. SPDX-License-Identifier: Apache-2.0
package io.github.camelviamdata.server;

import io.github.camelviamdata.observe.ServerStatistics;
import io.github.camelviamdata.proto.rpc.v1.AuthServiceGrpc;
import io.github.camelviamdata.proto.rpc.v1.AuthenticateRequest;
import io.github.camelviamdata.proto.rpc.v1.AuthenticateResponse;
import io.grpc.Status;
import io.grpc.stub.StreamObserver;
import java.net.SocketAddress;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;

/** Exchanges API keys for access tokens. */
final class AuthService extends AuthServiceGrpc.AuthServiceImplBase {

    private final ApiKeys apiKeys;
    private final IssuedTokens tokens;
    private final ServerStatistics statistics;
    private final WrongKeys wrongKeys = new WrongKeys(System::nanoTime);

    AuthService(ApiKeys apiKeys, IssuedTokens tokens, ServerStatistics statistics) {
        this.apiKeys = apiKeys;
        this.tokens = tokens;
        this.statistics = statistics;
    }

    @Override
    public void authenticate(AuthenticateRequest request, StreamObserver<AuthenticateResponse> client) {
        SocketAddress peer = AuthInterceptor.PEER.get();
        if (!apiKeys.areRequired()) {
            issue(request.getEntity(), client);
        } else if (!request.getCredentials().getType().equals("api-key")) {
            client.onError(Status.INVALID_ARGUMENT
                    .withDescription("credentials.type must be api-key")
                    .asRuntimeException());
        } else if (wrongKeys.mustWait(peer)) {
            client.onError(Status.RESOURCE_EXHAUSTED
                    .withDescription("Too many wrong API keys came from this address: try again later")
                    .asRuntimeException(RouteStatus.pushBack()));
        } else if (apiKeys.accepts(request.getEntity(), request.getCredentials().getPayload())) {
            issue(request.getEntity(), client);
        } else {
            refuse(peer, client);
        }
    }

    private void issue(String keyId, StreamObserver<AuthenticateResponse> client) {
        client.onNext(AuthenticateResponse.newBuilder()
                .setAccessToken(tokens.issue(keyId))
                .build());
        client.onCompleted();
    }

    /** Refuses after a delay. Answers an unknown ID and a wrong key alike, so as not to reveal which IDs exist. */
    private void refuse(SocketAddress peer, StreamObserver<AuthenticateResponse> client) {
        statistics.keyRefused();
        long millis = wrongKeys.count(peer);
        CompletableFuture.delayedExecutor(millis, TimeUnit.MILLISECONDS, Runnable::run)
                .execute(() -> {
                    wrongKeys.endDelay(peer);
                    client.onError(Status.PERMISSION_DENIED
                            .withDescription("API key ID and API key do not belong together")
                            .asRuntimeException());
                });
    }
}
