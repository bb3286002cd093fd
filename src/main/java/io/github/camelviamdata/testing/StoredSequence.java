// Copyright the camel-viamdata authors. SPDX-License-Identifier: Apache-2.0
package io.github.camelviamdata.testing;

import io.github.camelviamdata.message.ProtoValues;
import io.github.camelviamdata.proto.data.v1.CreateSequenceRequest;
import io.github.camelviamdata.testing.service.DataStore;
import java.time.Instant;
import java.util.List;

/**
 * A sequence that a client has created: a span of time that belongs together.
 *
 * @param id as the header {@code CamelViamDataSequenceId} gives it
 * @param partId ID of the machine part
 * @param start the beginning
 * @param end the end
 * @param tags in their order; empty without any
 * @param resources whose data belongs to it, in their order; empty without any
 */
public record StoredSequence(
        String id, String partId, Instant start, Instant end, List<String> tags, List<Resource> resources) {

    /**
     * What captured data.
     *
     * @param componentName name of the component
     * @param methodName name of the method
     */
    public record Resource(String componentName, String methodName) {}

    static StoredSequence of(DataStore.Sequence sequence) {
        CreateSequenceRequest request = sequence.request();
        return new StoredSequence(
                sequence.id(),
                request.getPartId(),
                ProtoValues.instant(request.getStartTime()),
                ProtoValues.instant(request.getEndTime()),
                List.copyOf(request.getSequenceTagsList()),
                request.getResourcesList().stream()
                        .map(resource -> new Resource(resource.getResourceName(), resource.getMethodName()))
                        .toList());
    }
}
