// Copyright the camel-viamdata authors. SPDX-License-Identifier: Apache-2.0
package io.github.camelviamdata.fuzz;

import static org.assertj.core.api.Assertions.assertThat;

import io.github.camelviamdata.ViamDataException;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.util.Collection;
import java.util.HashMap;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.apache.camel.Exchange;
import org.apache.camel.ProducerTemplate;
import org.apache.camel.builder.ExchangeBuilder;
import org.apache.camel.impl.DefaultCamelContext;
import org.apache.camel.util.StringHelper;

/** One Camel context for all tries of a class, because thousands of them would take minutes otherwise. */
final class Fuzz implements AutoCloseable {

    /** What every property begins with, so that each build tries the same. */
    static final String SEED = "20261122";

    static final String PART = "11111111-2222-3333-4444-555555555555";
    static final String CAMERA = "componentType=camera&componentName=my_camera&methodName=GetImages&fileExtension=.jpg";
    static final String API_KEY = "s3cretKeyThatNobodyMaySee";
    static final String CREDENTIAL = "apiKeyId=id&apiKey=" + API_KEY;

    private static final int PATIENCE_SECONDS = 120;

    private final DefaultCamelContext context = new DefaultCamelContext();
    private final ProducerTemplate template;

    Fuzz() {
        context.start();
        template = context.createProducerTemplate();
    }

    DefaultCamelContext context() {
        return context;
    }

    /** Uploads; the exchange has an end within the time that nothing here needs. */
    Exchange send(String uri, Object body, Map<String, Object> headers) throws Exception {
        Exchange exchange = ExchangeBuilder.anExchange(context).withBody(body).build();
        exchange.getMessage().setHeaders(new HashMap<>(headers));
        return template.asyncSend(uri, exchange).get(PATIENCE_SECONDS, TimeUnit.SECONDS);
    }

    /** A failed upload has an exception of the component's own, with some text, and without these secrets. */
    static ViamDataException failure(Exchange exchange, String... secrets) {
        Exception exception = exchange.getException();
        if (!(exception instanceof ViamDataException failure)) {
            throw new AssertionError("An exception of another kind", exception);
        }
        assertThat(failure.getMessage()).hasSizeGreaterThan(20);
        assertNoSecret(failure, secrets);
        return failure;
    }

    /** The exception, or one that caused it, names one of these. The URI of the endpoint, which has them all, does not count. */
    static void assertNamesOneOf(Throwable exception, Collection<String> names) {
        String text = Stream.iterate(exception, cause -> cause != null, Throwable::getCause)
                .map(cause -> String.valueOf(cause.getMessage()).replaceAll("viamdata:\\S*", ""))
                .collect(Collectors.joining("\n"));
        // The case of an option's name does not matter to Camel.
        assertThat(names).as(text).anyMatch(name -> StringHelper.containsIgnoreCase(text, name));
    }

    static void assertNoSecret(Throwable exception, String... secrets) {
        StringWriter text = new StringWriter();
        exception.printStackTrace(new PrintWriter(text));
        assertThat(text.toString()).doesNotContain(API_KEY);
        for (String secret : secrets) {
            assertThat(text.toString()).doesNotContain(secret);
        }
    }

    @Override
    public void close() {
        context.stop();
    }
}
