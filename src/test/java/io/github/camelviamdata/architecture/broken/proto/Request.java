// Copyright the camel-viamdata authors. SPDX-License-Identifier: Apache-2.0
package io.github.camelviamdata.architecture.broken.proto;

/** What a protocol generates. */
public final class Request {}
