// Copyright the camel-viamdata authors. SPDX-License-Identifier: Apache-2.0
package io.github.camelviamdata.query;

import io.github.camelviamdata.ViamDataConfiguration;
import io.github.camelviamdata.ViamDataConstants;
import io.github.camelviamdata.ViamDataException;
import io.github.camelviamdata.client.Calls;
import io.github.camelviamdata.message.HeaderValues;
import io.github.camelviamdata.proto.data.v1.CaptureInterval;
import io.github.camelviamdata.proto.data.v1.CreateSequenceRequest;
import io.github.camelviamdata.proto.data.v1.SequenceResource;
import java.util.Collection;
import java.util.LinkedHashSet;
import java.util.Map;
import java.util.Set;
import org.apache.camel.Exchange;

/** Marks a span of time of a part as a sequence. It is created once: the call is repeated only if it surely did not arrive. */
final class SequenceOperation implements DataOperation {

    private final ViamDataConfiguration options;
    private final DataChanges changes;

    SequenceOperation(DataOperations.Settings settings, DataChanges changes) {
        this.options = settings.options();
        this.changes = changes;
    }

    @Override
    public Calls<DataOutcome> prepare(Exchange exchange) {
        HeaderValues headers = new HeaderValues(exchange, options.getTimeUnit());
        CaptureInterval span = Spans.of(headers, CaptureInterval.getDefaultInstance());
        if (!span.hasStart() || !span.hasEnd()) {
            throw new IllegalArgumentException(
                    "Set the header " + (span.hasStart() ? ViamDataConstants.UNTIL : ViamDataConstants.FROM)
                            + ": a sequence has a beginning and an end");
        }
        CreateSequenceRequest.Builder request = CreateSequenceRequest.newBuilder()
                .setPartId(Resource.partId(options, headers))
                .addAllSequenceTags(tags(headers))
                .setStartTime(span.getStart())
                .setEndTime(span.getEnd());
        addResources(request, headers);
        CreateSequenceRequest made = request.build();
        DataCalls calls = ended -> changes.createSequence(made)
                .thenApply(id -> done -> done.getMessage().setHeader(ViamDataConstants.SEQUENCE_ID, id));
        return calls;
    }

    private Set<String> tags(HeaderValues headers) {
        Set<String> tags = new LinkedHashSet<>(Filters.list("tags", options.getTags()));
        tags.addAll(headers.texts(ViamDataConstants.TAGS));
        return tags;
    }

    private void addResources(CreateSequenceRequest.Builder request, HeaderValues headers) {
        String header = ViamDataConstants.RESOURCES;
        Object value = headers.json(header, headers.object(header));
        if (value == null) {
            request.addResources(componentOfEndpoint());
        } else if (value instanceof Collection<?> several && !several.isEmpty()) {
            several.forEach(
                    each -> request.addResources(resource(header + "[" + request.getResourcesCount() + "]", each)));
        } else {
            request.addResources(resource(header, value));
        }
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

    private static SequenceResource resource(String path, Object value) {
        if (!(value instanceof Map<?, ?> map)) {
            throw new IllegalArgumentException(path + " is no map with resource_name and method_name");
        }
        return SequenceResource.newBuilder()
                .setResourceName(text(path, map, "resource_name"))
                .setMethodName(text(path, map, "method_name"))
                .build();
    }

    private static String text(String path, Map<?, ?> map, String name) {
        if (!(map.get(name) instanceof CharSequence text) || text.toString().isBlank()) {
            throw new IllegalArgumentException(path + "." + name + " is missing, or no text");
        }
        return text.toString();
    }

    private static boolean isBlank(String text) {
        return text == null || text.isBlank();
    }

    @Override
    public ViamDataException failure(Throwable error) {
        return ReadFailures.change("Creating a sequence in " + changes.target(), error);
    }
}
