// Copyright the camel-viamdata authors. SPDX-License-Identifier: Apache-2.0
package io.github.camelviamdata.fuzz;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.ObjectMapper;
import io.github.camelviamdata.server.ViamDataServerConsumer;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import net.jqwik.api.Arbitraries;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.Provide;
import net.jqwik.api.ShrinkingMode;
import net.jqwik.api.Tuple;
import net.jqwik.api.lifecycle.AfterContainer;
import net.jqwik.api.lifecycle.BeforeContainer;
import org.apache.camel.Exchange;
import org.apache.camel.builder.RouteBuilder;

/** Any readings, in batches of any size, come out of {@code viamdata-server} as they went into {@code viamdata}. */
class ReadingsFuzzTest {

    private static final int READINGS = 10_000;
    private static final int LARGEST_BATCH = 200;
    private static final int SMALLEST_REQUEST = 20_000;

    private static final Queue<Object> received = new ConcurrentLinkedQueue<>();
    private static int sent;
    private static int requests;
    private static Fuzz fuzz;
    private static int port;

    @BeforeContainer
    static void open() throws Exception {
        fuzz = new Fuzz();
        fuzz.context().addRoutes(new RouteBuilder() {
            @Override
            public void configure() {
                from("viamdata-server:localhost:0").routeId("server").process(exchange -> {
                    requests++;
                    received.addAll(exchange.getMessage().getBody(List.class));
                });
            }
        });
        port = ((ViamDataServerConsumer) fuzz.context().getRoute("server").getConsumer()).getPort();
    }

    @AfterContainer
    static void close() {
        fuzz.close();
        assertThat(sent).isGreaterThanOrEqualTo(READINGS);
        assertThat(requests).as("some batches were split").isGreaterThan(READINGS / LARGEST_BATCH * 2);
    }

    @Provide
    Arbitrary<List<Map<String, Object>>> batches() {
        Arbitrary<String> text = Arbitraries.frequencyOf(
                Tuple.of(3, Arbitraries.strings().ofMaxLength(12).filter(Values::isUnicode)),
                Tuple.of(3, Arbitraries.strings().ascii().ofMaxLength(12)),
                Tuple.of(1, Arbitraries.of("", " ", ".", "a.b", "[0]", "readings", "__proto__", "😀", "\0", "\"\\\n")));
        Arbitrary<Object> leaf = Arbitraries.oneOf(
                        text.map(value -> (Object) value),
                        Arbitraries.of(true, false),
                        Arbitraries.doubles().map(value -> (Object) value),
                        Arbitraries.integers().map(value -> (Object) (double) value),
                        Arbitraries.of(Double.MIN_VALUE, Double.MAX_VALUE, 0.0, 0.1, 1e-300))
                .injectNull(0.1);
        Arbitrary<Object> value = Arbitraries.lazyOf(
                () -> leaf, () -> leaf, () -> leaf, () -> nested(text, leaf), () -> nested(text, nested(text, leaf)));
        return Arbitraries.maps(text, value)
                .ofMaxSize(5)
                .list()
                .ofMinSize(LARGEST_BATCH / 2)
                .ofMaxSize(LARGEST_BATCH);
    }

    private static Arbitrary<Object> nested(Arbitrary<String> keys, Arbitrary<Object> values) {
        return Arbitraries.oneOf(
                values.list().ofMaxSize(3).map(list -> (Object) list),
                Arbitraries.maps(keys, values).ofMaxSize(3).map(map -> (Object) map));
    }

    // 100 batches of 100 readings at least.
    @Property(seed = Fuzz.SEED, tries = READINGS / (LARGEST_BATCH / 2), shrinking = ShrinkingMode.OFF)
    void comeBackEqual(@ForAll("batches") List<Map<String, Object>> batch, @ForAll boolean json) throws Exception {
        received.clear();
        Object body = json ? new ObjectMapper().writeValueAsString(batch) : batch;

        Exchange exchange = fuzz.send(
                "viamdata:part?operation=tabular&componentType=sensor&componentName=tank&methodName=Readings"
                        + "&host=localhost&plaintext=true&wrapReadings=false&allowEmptyPayload=true&maxRequestSize="
                        + SMALLEST_REQUEST
                        + "&port=" + port,
                body,
                Map.of());

        assertThat(exchange.getException()).isNull();
        assertThat(new ArrayList<>(received)).isEqualTo(batch);
        sent += batch.size();
    }
}
