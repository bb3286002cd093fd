// Copyright the camel-viamdata authors. SPDX-License-Identifier: Apache-2.0
package io.github.camelviamdata.architecture.broken;

import com.google.gson.stream.JsonReader;
import io.github.camelviamdata.architecture.broken.proto.Request;
import io.grpc.netty.shaded.io.netty.util.NetUtil;
import io.micrometer.core.instrument.Counter;
import java.io.ObjectInputStream;
import java.util.logging.Logger;
import org.apache.tika.mime.MediaType;
import org.springframework.core.env.Environment;

/** Breaks PROTO, SPRING, MICROMETER, TIKA, GSON, NETTY_CLASSES, CONSOLE, LOGGING and EXECUTION. */
public final class ViamDataEndpoint {

    private static final Logger LOG = Logger.getLogger("broken");

    Request request;
    JsonReader json;
    NetUtil netty;
    Counter counter;
    ObjectInputStream objects;
    MediaType type;
    Environment environment;

    void log() {
        System.out.println(LOG);
    }
}
