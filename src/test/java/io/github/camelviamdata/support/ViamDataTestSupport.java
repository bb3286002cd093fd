// Copyright the camel-viamdata authors. SPDX-License-Identifier: Apache-2.0
package io.github.camelviamdata.support;

import io.github.camelviamdata.service.TestService;
import java.util.Map;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.apache.camel.Exchange;
import org.apache.camel.test.junit5.CamelTestSupport;
import org.junit.jupiter.api.AfterEach;

/** Uploads to a {@link TestService} of its own. */
public abstract class ViamDataTestSupport extends CamelTestSupport {

    protected static final String PART = "11111111-2222-3333-4444-555555555555";

    /** All that binary data needs. */
    protected static final String CAMERA =
            "componentType=camera&componentName=my_camera&methodName=GetImages&fileExtension=.jpg";

    protected final TestService service = TestService.plaintext();

    @AfterEach
    void closeService() {
        service.close();
    }

    /** The URI of an endpoint that uploads to the service, with these options. */
    protected String uri(String... options) {
        return "viamdata:" + PART + "?"
                + Stream.concat(Stream.of(service.options()), Stream.of(options))
                        .filter(option -> !option.isEmpty())
                        .collect(Collectors.joining("&"));
    }

    protected Exchange send(String uri, Object body, Map<String, Object> headers) {
        return template.send(uri, exchange -> {
            exchange.getMessage().setBody(body);
            exchange.getMessage().setHeaders(new java.util.HashMap<>(headers));
        });
    }

    /** Uploads, which has to succeed. */
    protected Exchange upload(String uri, Object body, Map<String, Object> headers) {
        Exchange exchange = send(uri, body, headers);
        if (exchange.getException() != null) {
            throw new AssertionError("The upload failed", exchange.getException());
        }
        return exchange;
    }

    /** Uploads, which has to fail like this. */
    protected <T extends Exception> T refused(Class<T> kind, String uri, Object body, Map<String, Object> headers) {
        Exception exception = send(uri, body, headers).getException();
        if (!kind.isInstance(exception)) {
            throw new AssertionError("A " + kind.getSimpleName() + " was expected", exception);
        }
        return kind.cast(exception);
    }
}
