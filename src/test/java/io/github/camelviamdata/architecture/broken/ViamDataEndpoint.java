// Copyright the camel-viamdata authors. SPDX-License-Identifier: Apache-2.0
package io.github.camelviamdata.architecture.broken;

import com.google.gson.stream.JsonReader;
import io.github.camelviamdata.architecture.broken.observe.Takes;
import io.github.camelviamdata.architecture.broken.proto.Request;
import io.grpc.netty.shaded.io.netty.util.NetUtil;
import io.micrometer.core.instrument.Counter;
import java.io.ObjectInputStream;
import java.util.logging.Logger;
import javax.script.ScriptEngine;
import org.apache.camel.Expression;
import org.apache.camel.Predicate;
import org.apache.camel.spi.Language;
import org.apache.camel.spring.boot.CamelConfigurationProperties;
import org.apache.tika.mime.MediaType;
import org.springframework.core.env.Environment;

/** Breaks PROTO, SPRING, MICROMETER, TIKA, GSON, NETTY_CLASSES, CONSOLE, LOGGING, EXECUTION and, with observe, CYCLES. */
public final class ViamDataEndpoint {

    Takes observe;
    Request request;
    JsonReader json;
    NetUtil netty;
    Counter counter;
    MediaType type;
    Environment environment;
    CamelConfigurationProperties properties;
    Logger log;

    ObjectInputStream objects;
    ProcessBuilder program;
    Runtime runtime;
    ScriptEngine script;
    Expression expression;
    Predicate predicate;
    Language language;

    void log(Exception e) {
        System.out.println(json);
        System.err.println(json);
        e.printStackTrace();
    }
}
