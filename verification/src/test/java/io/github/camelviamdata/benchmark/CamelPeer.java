// Copyright the camel-viamdata authors. SPDX-License-Identifier: Apache-2.0
package io.github.camelviamdata.benchmark;

import java.io.File;
import java.nio.file.Path;
import java.util.function.Consumer;
import java.util.function.Function;
import org.apache.camel.AsyncProducer;
import org.apache.camel.CamelContext;
import org.apache.camel.Endpoint;
import org.apache.camel.Exchange;
import org.apache.camel.impl.DefaultCamelContext;

/** An endpoint of Camel, called as a route calls it. */
final class CamelPeer implements Peer {

    private final CamelContext context = new DefaultCamelContext();
    private final Endpoint endpoint;
    private final AsyncProducer producer;
    private final Function<byte[], Object> toBody;
    private final boolean blocking;

    /**
     * @param endpoint makes the endpoint
     * @param toBody makes the body that the endpoint wants
     * @param blocking whether its producer waits for the answer
     */
    CamelPeer(Function<CamelContext, Endpoint> endpoint, Function<byte[], Object> toBody, boolean blocking)
            throws Exception {
        this.endpoint = endpoint.apply(context);
        this.toBody = toBody;
        this.blocking = blocking;
        context.start();
        producer = this.endpoint.createAsyncProducer();
        this.endpoint.start();
        producer.start();
    }

    @Override
    public void upload(Object body, boolean streamed, Consumer<Throwable> done) {
        Exchange exchange = endpoint.createExchange();
        exchange.getMessage()
                .setBody(
                        body instanceof Path path
                                ? file(path)
                                : body instanceof byte[] bytes ? toBody.apply(bytes) : body);
        producer.process(exchange, doneSync -> done.accept(exchange.getException()));
    }

    /** For a capture file, the one beside. */
    private File file(Path path) {
        boolean capture = endpoint.getEndpointUri().contains("operation=capture");
        return new File(path + (capture ? LargeFiles.CAPTURE : ""));
    }

    @Override
    public boolean isBlocking() {
        return blocking;
    }

    @Override
    public void close() {
        producer.stop();
        context.stop();
    }
}
