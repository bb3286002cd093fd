// Copyright the camel-viamdata authors. SPDX-License-Identifier: Apache-2.0
package io.github.camelviamdata.query;

import io.github.camelviamdata.ViamDataConfiguration;
import io.github.camelviamdata.ViamDataConstants;
import io.github.camelviamdata.message.HeaderValues;
import io.github.camelviamdata.message.SequenceResources;
import io.github.camelviamdata.proto.data.v1.CaptureInterval;
import io.github.camelviamdata.proto.data.v1.CreateSequenceRequest;
import io.github.camelviamdata.proto.data.v1.SequenceResource;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;
import org.apache.camel.Exchange;

/** The sequence that the headers of a message describe, and options where there is no header. */
final class SequenceHeaders {

    private final ViamDataConfiguration options;

    SequenceHeaders(ViamDataConfiguration options) {
        this.options = options;
    }

    /**
     * @throws IllegalArgumentException if something is missing or wrong; the text names the option or the header to change
     */
    CreateSequenceRequest read(Exchange exchange) {
        HeaderValues headers = new HeaderValues(exchange, options.getTimeUnit());
        CaptureInterval span = Spans.of(headers, CaptureInterval.getDefaultInstance());
        if (!span.hasStart() || !span.hasEnd()) {
            throw new IllegalArgumentException(
                    "Set the header " + (span.hasStart() ? ViamDataConstants.UNTIL : ViamDataConstants.FROM)
                            + ": a sequence has a beginning and an end");
        }
        return CreateSequenceRequest.newBuilder()
                .setPartId(Resource.partId(options, headers))
                .addAllResources(resources(headers))
                .addAllSequenceTags(tags(headers))
                .setStartTime(span.getStart())
                .setEndTime(span.getEnd())
                .build();
    }

    private Set<String> tags(HeaderValues headers) {
        Set<String> tags = new LinkedHashSet<>(Filters.list("tags", options.getTags()));
        tags.addAll(headers.texts(ViamDataConstants.TAGS));
        return tags;
    }

    private List<SequenceResource> resources(HeaderValues headers) {
        String header = ViamDataConstants.RESOURCES;
        Object value = headers.json(header, headers.object(header));
        return value == null ? List.of(componentOfEndpoint()) : SequenceResources.of(header, value);
    }

    private SequenceResource componentOfEndpoint() {
        if (isBlank(options.getComponentName()) || isBlank(options.getMethodName())) {
            throw new IllegalArgumentException("Nothing says whose data the sequence is: set the header "
                    + ViamDataConstants.RESOURCES + ", or the options componentName and methodName");
        }
        return SequenceResource.newBuilder()
                .setResourceName(options.getComponentName())
                .setMethodName(options.getMethodName())
                .build();
    }

    private static boolean isBlank(String text) {
        return text == null || text.isBlank();
    }
}
