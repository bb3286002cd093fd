// Copyright the camel-viamdata authors. SPDX-License-Identifier: Apache-2.0
package io.github.camelviamdata.server;

import io.github.camelviamdata.proto.rpc.v1.AuthServiceGrpc;
import io.grpc.Metadata;
import io.grpc.ServerCall;
import io.grpc.ServerCallHandler;
import io.grpc.ServerInterceptor;
import io.grpc.Status;

/** Lets calls through that carry an access token, and {@code Authenticate} only without. */
final class AuthInterceptor implements ServerInterceptor {

    private static final Metadata.Key<String> AUTHORIZATION =
            Metadata.Key.of("authorization", Metadata.ASCII_STRING_MARSHALLER);
    private static final String BEARER = "Bearer ";

    private final IssuedTokens tokens;
    private final boolean tokenRequired;

    AuthInterceptor(IssuedTokens tokens, boolean tokenRequired) {
        this.tokens = tokens;
        this.tokenRequired = tokenRequired;
    }

    @Override
    public <Q, R> ServerCall.Listener<Q> interceptCall(
            ServerCall<Q, R> call, Metadata headers, ServerCallHandler<Q, R> next) {
        String authorization = headers.get(AUTHORIZATION);
        boolean authenticates =
                AuthServiceGrpc.SERVICE_NAME.equals(call.getMethodDescriptor().getServiceName());
        Status status = authenticates ? checkAbsent(authorization) : checkToken(authorization);
        if (status.isOk()) {
            return next.startCall(call, headers);
        }
        call.close(status, new Metadata());
        return new ServerCall.Listener<>() {};
    }

    private static Status checkAbsent(String authorization) {
        return authorization == null
                ? Status.OK
                : Status.INVALID_ARGUMENT.withDescription("Authenticate takes no authorization header");
    }

    private Status checkToken(String authorization) {
        if (!tokenRequired) {
            return Status.OK;
        }
        if (authorization == null || !authorization.regionMatches(true, 0, BEARER, 0, BEARER.length())) {
            return Status.UNAUTHENTICATED.withDescription(
                    "No access token: call Authenticate, then send its token as" + " authorization: Bearer <token>");
        }
        return tokens.isValid(authorization.substring(BEARER.length()).trim())
                ? Status.OK
                : Status.UNAUTHENTICATED.withDescription("Access token is invalid or has expired");
    }
}
