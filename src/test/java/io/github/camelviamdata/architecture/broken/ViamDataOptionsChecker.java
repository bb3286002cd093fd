// Copyright the camel-viamdata authors. SPDX-License-Identifier: Apache-2.0
package io.github.camelviamdata.architecture.broken;

/** A class that rooms must not know. */
public final class ViamDataOptionsChecker {}
