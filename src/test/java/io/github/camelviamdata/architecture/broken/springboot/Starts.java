// Copyright the camel-viamdata authors. SPDX-License-Identifier: Apache-2.0
package io.github.camelviamdata.architecture.broken.springboot;

import io.github.camelviamdata.architecture.broken.proto.Request;

/** Breaks PROTO. */
public final class Starts {

    Request request;
}
