// Copyright the camel-viamdata authors. SPDX-License-Identifier: Apache-2.0
package io.github.camelviamdata.architecture.broken.client;

import io.github.camelviamdata.architecture.broken.message.Connects;
import org.apache.camel.Exchange;

/** Breaks CLIENT. */
public final class Reads {

    Exchange exchange;
    Connects message;
}
