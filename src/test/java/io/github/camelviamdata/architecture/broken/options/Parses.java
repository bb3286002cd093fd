// Copyright the camel-viamdata authors. SPDX-License-Identifier: Apache-2.0
package io.github.camelviamdata.architecture.broken.options;

import io.github.camelviamdata.architecture.broken.ViamDataConfiguration;
import io.github.camelviamdata.architecture.broken.message.Connects;

/** Breaks OPTIONS. */
public final class Parses {

    Connects message;
    ViamDataConfiguration configuration;
}
