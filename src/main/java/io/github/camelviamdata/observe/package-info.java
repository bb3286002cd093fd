// Copyright the camel-viamdata authors. SPDX-License-Identifier: Apache-2.0

/**
 * Health checks, developer console, JMX and meters. They read counters and states, and change nothing of an upload.
 * Micrometer and camel-health are optional: the classes that need them are loaded only where they are on the class path.
 *
 * <p>Parameters and results are not null unless their description says so.
 */
package io.github.camelviamdata.observe;
