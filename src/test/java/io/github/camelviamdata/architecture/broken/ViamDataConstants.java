// Copyright the camel-viamdata authors. SPDX-License-Identifier: Apache-2.0
package io.github.camelviamdata.architecture.broken;

import io.github.camelviamdata.architecture.broken.message.Connects;

/** Breaks CYCLES: values know no room. */
public final class ViamDataConstants {

    Connects message;
}
