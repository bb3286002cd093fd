// Copyright the camel-viamdata authors. SPDX-License-Identifier: Apache-2.0
package io.github.camelviamdata.message;

import io.github.camelviamdata.proto.datasync.v1.SensorMetadata;
import io.github.camelviamdata.proto.datasync.v1.UploadMetadata;

/**
 * One upload: all that the client needs to know of a message.
 *
 * @param metadata whose data it is and where it came from
 * @param sensorMetadata times of the data; the default instance where there are none
 * @param payload the bytes
 */
public record Upload(UploadMetadata metadata, SensorMetadata sensorMetadata, Payload payload) {}
