// Copyright the camel-viamdata authors. SPDX-License-Identifier: Apache-2.0
package io.github.camelviamdata.architecture.broken.observe;

import io.github.camelviamdata.architecture.broken.message.Connects;

/** Breaks OBSERVE. */
public final class Takes {

    Connects message;
}
