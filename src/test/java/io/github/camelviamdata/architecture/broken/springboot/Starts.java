// Copyright the camel-viamdata authors. SPDX-License-Identifier: Apache-2.0
package io.github.camelviamdata.architecture.broken.springboot;

import io.github.camelviamdata.architecture.broken.proto.Request;
import io.github.camelviamdata.architecture.broken.testing.Plays;
import org.apache.camel.impl.DefaultCamelContext;
import org.junit.jupiter.api.extension.Extension;

/** Breaks PROTO and PRODUCTION. */
public final class Starts {

    Request request;
    Plays testing;
    DefaultCamelContext context;
    Extension junit;
}
