// Copyright the camel-viamdata authors. SPDX-License-Identifier: Apache-2.0

/**
 * What the Kamelets of the jar are made of that read files, MQTT and Kafka: messages are held while the service is out of
 * reach, put aside when they can never be stored, and acknowledged by the source after that. The classes of each source
 * need the Camel component of that source, and nothing else does. They know the exceptions of uploads, and no other room.
 * Internal: the Kamelets are what users configure.
 *
 * <p>Parameters and results are not null unless their description says so.
 */
package io.github.camelviamdata.source;
