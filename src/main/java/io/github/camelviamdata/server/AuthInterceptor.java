// Copyright the camel-viamdata authors. SPDX-License-Identifier: Apache-2.0
package io.github.camelviamdata.server;

import io.github.camelviamdata.proto.rpc.v1.AuthServiceGrpc;
import io.grpc.Context;
import io.grpc.Contexts;
import io.grpc.Grpc;
import io.grpc.Metadata;
import io.grpc.ServerCall;
import io.grpc.ServerCallHandler;
import io.grpc.ServerInterceptor;
import io.grpc.Status;
import io.grpc.health.v1.HealthGrpc;
import java.net.SocketAddress;
import java.util.Optional;

/**
 * Rejects calls without a valid access token, except health checks and {@code Authenticate}, which must not have one. The service
 * that handles a call finds the ID of its key in {@link #KEY_ID}.
 */
final class AuthInterceptor implements ServerInterceptor {

    /** ID of the API key that the access token of the call was issued for. Absent where the server has no keys. */
    static final Context.Key<String> KEY_ID = Context.key("viamdata-api-key-id");

    /** Address of the remote end of the connection, which may be a proxy. */
    static final Context.Key<SocketAddress> PEER = Context.key("viamdata-peer");

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
        Context caller = Context.current().withValue(PEER, call.getAttributes().get(Grpc.TRANSPORT_ATTR_REMOTE_ADDR));
        String authorization = headers.get(AUTHORIZATION);
        String service = call.getMethodDescriptor().getServiceName();
        if (AuthServiceGrpc.SERVICE_NAME.equals(service)) {
            Status status = Status.INVALID_ARGUMENT.withDescription("Authenticate takes no authorization header");
            return authorization == null
                    ? Contexts.interceptCall(caller, call, headers, next)
                    : CallGuard.reject(call, status, new Metadata());
        }
        if (!tokenRequired || HealthGrpc.SERVICE_NAME.equals(service)) {
            return Contexts.interceptCall(caller, call, headers, next);
        }
        if (authorization == null || !authorization.regionMatches(true, 0, BEARER, 0, BEARER.length())) {
            Status status = Status.UNAUTHENTICATED.withDescription(
                    "No access token: call Authenticate, then send its token as authorization: Bearer <token>");
            return CallGuard.reject(call, status, new Metadata());
        }
        Optional<String> keyId =
                tokens.verify(authorization.substring(BEARER.length()).trim());
        if (keyId.isEmpty()) {
            Status status = Status.UNAUTHENTICATED.withDescription("Access token is invalid or has expired");
            return CallGuard.reject(call, status, new Metadata());
        }
        return Contexts.interceptCall(caller.withValue(KEY_ID, keyId.get()), call, headers, next);
    }
}
