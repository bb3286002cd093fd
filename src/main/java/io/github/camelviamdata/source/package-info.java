// Copyright the camel-viamdata authors. SPDX-License-Identifier: Apache-2.0

/**
 * The classes of the Kamelets that read files, MQTT and Kafka. They hold messages while the service is unavailable, put those aside
 * that can never be stored, and let the source acknowledge a message after that. The classes of each source need the Camel
 * component of that source, which is optional. They know the exceptions of uploads, the
 * room of files, and no other one. Internal: users configure the Kamelets.
 *
 * <p>Parameters and results are not null unless their description says so.
 */
package io.github.camelviamdata.source;
