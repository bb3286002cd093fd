// Copyright the camel-viamdata authors. SPDX-License-Identifier: Apache-2.0
package io.github.camelviamdata.server;

import io.github.camelviamdata.proto.rpc.v1.AuthServiceGrpc;
import io.github.camelviamdata.proto.rpc.v1.AuthenticateRequest;
import io.github.camelviamdata.proto.rpc.v1.AuthenticateResponse;
import io.grpc.Status;
import io.grpc.stub.StreamObserver;

/** Exchanges API keys for access tokens. */
final class AuthService extends AuthServiceGrpc.AuthServiceImplBase {

    private final ApiKeys apiKeys;
    private final IssuedTokens tokens;

    /**
     * @param apiKeys the keys to accept, or null for any credential
     */
    AuthService(ApiKeys apiKeys, IssuedTokens tokens) {
        this.apiKeys = apiKeys;
        this.tokens = tokens;
    }

    @Override
    public void authenticate(AuthenticateRequest request, StreamObserver<AuthenticateResponse> client) {
        Status status = check(request);
        if (status.isOk()) {
            client.onNext(AuthenticateResponse.newBuilder()
                    .setAccessToken(tokens.issue(request.getEntity()))
                    .build());
            client.onCompleted();
        } else {
            client.onError(status.asRuntimeException());
        }
    }

    private Status check(AuthenticateRequest request) {
        if (apiKeys == null) {
            return Status.OK;
        }
        if (!request.getCredentials().getType().equals("api-key")) {
            return Status.INVALID_ARGUMENT.withDescription("credentials.type must be api-key");
        }
        // The same answer for an unknown ID as for a wrong key: no one learns which IDs there are.
        return apiKeys.accepts(request.getEntity(), request.getCredentials().getPayload())
                ? Status.OK
                : Status.PERMISSION_DENIED.withDescription("API key ID and API key do not belong together");
    }
}
