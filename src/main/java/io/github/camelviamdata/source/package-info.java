// Copyright the camel-viamdata authors. SPDX-License-Identifier: Apache-2.0

/**
 * What the Kamelets of the jar are made of that read files, MQTT and Kafka: messages are held while the service is out of
 * reach, put aside when they can never be stored, and acknowledged by the source after that. The classes of each source
 * need the Camel component of that source, and nothing else does.
 */
package io.github.camelviamdata.source;
