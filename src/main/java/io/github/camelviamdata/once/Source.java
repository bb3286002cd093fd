// Copyright the camel-viamdata authors. SPDX-License-Identifier: Apache-2.0
package io.github.camelviamdata.once;

import java.util.Objects;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.apache.camel.Exchange;
import org.apache.camel.Message;
import org.apache.camel.spi.EndpointServiceLocation;

/** What the source of a message says of its identity. Never the ID of the Camel message, which each delivery has anew. */
final class Source {

    // These set headers by which the same data is known again.
    private static final Set<String> KNOWN = Set.of("file", "ftp", "ftps", "sftp", "smb", "kafka");
    // What is behind these, only a message shows.
    private static final Set<String> PASSED_ON =
            Set.of("direct", "direct-vm", "disruptor", "disruptor-vm", "kamelet", "seda", "stub", "vm");

    private Source() {}

    /** Whether messages of endpoints with this scheme can have an identity. */
    static boolean isIdentified(String scheme) {
        return KNOWN.contains(scheme) || PASSED_ON.contains(scheme);
    }

    /**
     * The identity of a file or a record, or null. The parts of a split message have the headers of the whole, and an aggregate those of
     * one of its messages.
     */
    static String identity(Exchange exchange) {
        if (exchange.getProperty(Exchange.SPLIT_INDEX) != null
                || exchange.getProperty(Exchange.LOOP_INDEX) != null
                || exchange.getProperty(Exchange.AGGREGATED_SIZE) != null) {
            return null;
        }
        String file = file(exchange.getMessage());
        return file != null ? file : kafkaRecord(exchange);
    }

    private static String file(Message message) {
        Object path = message.getHeader("CamelFileAbsolutePath");
        Object modified = message.getHeader(Exchange.FILE_LAST_MODIFIED);
        Object length = message.getHeader(Exchange.FILE_LENGTH);
        if (path == null || modified == null || length == null) {
            return null;
        }
        // Files of a server have its name.
        return text("file", message.getHeader("CamelFileHost", ""), path, length, modified);
    }

    private static String kafkaRecord(Exchange exchange) {
        Object topic = either(exchange.getMessage(), "CamelKafkaTopic", "kafka.TOPIC");
        Object partition = either(exchange.getMessage(), "CamelKafkaPartition", "kafka.PARTITION");
        Object offset = either(exchange.getMessage(), "CamelKafkaOffset", "kafka.OFFSET");
        if (topic == null || partition == null || offset == null) {
            return null;
        }
        // A topic that is deleted and made anew begins at the same offsets.
        Object time = either(exchange.getMessage(), "CamelKafkaTimestamp", "kafka.TIMESTAMP");
        String cluster =
                exchange.getFromEndpoint() instanceof EndpointServiceLocation location ? location.getServiceUrl() : "";
        return text("kafka", Objects.requireNonNullElse(cluster, ""), topic, partition, offset, time);
    }

    /** Camel's next version calls the header by its other name. */
    private static Object either(Message message, String name, String other) {
        Object value = message.getHeader(name);
        return value != null ? value : message.getHeader(other);
    }

    private static String text(Object... parts) {
        return Stream.of(parts).map(String::valueOf).collect(Collectors.joining("\n"));
    }
}
