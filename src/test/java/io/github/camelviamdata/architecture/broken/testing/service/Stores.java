// Copyright the camel-viamdata authors. SPDX-License-Identifier: Apache-2.0
package io.github.camelviamdata.architecture.broken.testing.service;

import io.github.camelviamdata.architecture.broken.testing.Plays;
import org.apache.camel.Exchange;
import org.junit.jupiter.api.extension.Extension;

/** Breaks TESTING_SERVICE. */
public final class Stores {

    Plays face;
    Exchange exchange;
    Extension extension;
}
