// Copyright the camel-viamdata authors. SPDX-License-Identifier: Apache-2.0
package io.github.camelviamdata.server;

import io.grpc.Context;
import java.net.SocketAddress;

/** The client that makes the current call. */
final class Caller {

    /** ID of the API key that the access token of the call was issued for. Absent where the server has no keys. */
    static final Context.Key<String> KEY_ID = Context.key("viamdata-api-key-id");

    /** Remote end of the connection, which is a proxy where there is one in front. */
    static final Context.Key<SocketAddress> ADDRESS = Context.key("viamdata-peer");

    private Caller() {}
}
