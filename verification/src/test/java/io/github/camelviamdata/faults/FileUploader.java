// Copyright the camel-viamdata authors. SPDX-License-Identifier: Apache-2.0
package io.github.camelviamdata.faults;

import io.github.camelviamdata.ViamDataConstants;
import org.apache.camel.Exchange;
import org.apache.camel.builder.RouteBuilder;
import org.apache.camel.main.Main;

/**
 * A program that uploads files until it is ended, by the route of the README. Its arguments are the URIs of both endpoints
 * and the seconds that Camel gives uploads in flight when it stops.
 */
public final class FileUploader {

    private FileUploader() {}

    public static void main(String[] arguments) throws Exception {
        Main main = new Main();
        main.configure().setShutdownTimeout(Integer.parseInt(arguments[2]));
        main.configure().addRoutesBuilder(new RouteBuilder() {
            @Override
            public void configure() {
                onException(Throwable.class).log("FAILED ${header.CamelViamDataDelivery} ${header.CamelFileNameOnly}");
                from(arguments[0])
                        .process(exchange -> exchange.getMessage()
                                .setHeader(
                                        ViamDataConstants.TAGS,
                                        exchange.getMessage().getHeader(Exchange.FILE_NAME_ONLY)))
                        .to(arguments[1])
                        .log("${file:name} stored as ${header.CamelViamDataFileId}");
            }
        });
        main.run();
    }
}
