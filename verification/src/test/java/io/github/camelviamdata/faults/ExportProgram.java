// Copyright the camel-viamdata authors. SPDX-License-Identifier: Apache-2.0
package io.github.camelviamdata.faults;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.BitSet;
import java.util.Map;
import org.apache.camel.CamelContext;
import org.apache.camel.Exchange;
import org.apache.camel.builder.RouteBuilder;
import org.apache.camel.impl.DefaultCamelContext;

/**
 * A program that exports readings, which have numbers, row by row. At the end it writes how many rows there were, and of how many
 * readings, into a file. Its arguments are the URI to export from, and the file.
 */
public final class ExportProgram {

    private final BitSet numbers = new BitSet();
    private int rows;

    private ExportProgram() {}

    public static void main(String[] arguments) throws Exception {
        ExportProgram program = new ExportProgram();
        try (CamelContext context = new DefaultCamelContext()) {
            context.addRoutes(new RouteBuilder() {
                @Override
                public void configure() {
                    from("direct:export")
                            .to(arguments[0])
                            .split(body())
                            .streaming()
                            .process(program::count);
                }
            });
            context.start();
            Exchange ended = context.createProducerTemplate().send("direct:export", exchange -> {});
            if (ended.getException() != null) {
                throw ended.getException();
            }
        }
        Files.writeString(Path.of(arguments[1]), program.rows + " " + program.numbers.cardinality());
    }

    private void count(Exchange exchange) {
        Map<?, ?> row = exchange.getMessage().getBody(Map.class);
        int number = ((Number) ((Map<?, ?>) row.get("payload")).get("number")).intValue();
        if (!row.get("time_captured").equals(ReadBackIT.timeOfReading(number).toString())) {
            throw new IllegalStateException("Reading " + number + " has another time: " + row);
        }
        numbers.set(number);
        rows++;
    }
}
