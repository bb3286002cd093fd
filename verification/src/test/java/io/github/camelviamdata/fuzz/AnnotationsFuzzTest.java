// Copyright the camel-viamdata authors. SPDX-License-Identifier: Apache-2.0
package io.github.camelviamdata.fuzz;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.ObjectMapper;
import io.github.camelviamdata.ViamDataConstants;
import io.github.camelviamdata.proto.data.v1.Annotations;
import io.github.camelviamdata.server.Received;
import io.github.camelviamdata.server.TestServer;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import net.jqwik.api.Arbitraries;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.Combinators;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.Provide;
import net.jqwik.api.lifecycle.AfterContainer;
import net.jqwik.api.lifecycle.BeforeContainer;
import org.apache.camel.Exchange;

/** Annotations given as maps or as JSON arrive at a route of the server as they were. */
class AnnotationsFuzzTest {

    private static TestServer server;
    private static Fuzz fuzz;

    @BeforeContainer
    static void open() throws Exception {
        server = new TestServer();
        server.start(
                "viamdata-server:localhost:0",
                route -> route.process(exchange -> server.received.add(Received.of(exchange))));
        fuzz = new Fuzz();
    }

    @AfterContainer
    static void close() {
        fuzz.close();
        server.close();
    }

    @Provide
    Arbitrary<Map<String, Object>> annotations() {
        Arbitrary<Double> fractions = Arbitraries.oneOf(
                Arbitraries.doubles().between(0, 1).ofScale(15), Arbitraries.of(0.0, 1.0, Double.MIN_VALUE));
        Arbitrary<double[]> edges =
                Combinators.combine(fractions, fractions).as((a, b) -> new double[] {Math.min(a, b), Math.max(a, b)});
        Arbitrary<String> texts = Values.text().filter(text -> !text.isBlank() && Values.isUnicode(text));
        Arbitrary<Map<String, Object>> classifications = Combinators.combine(
                        texts, texts.injectNull(0.5), fractions.injectNull(0.3))
                .as((label, id, confidence) -> {
                    Map<String, Object> fields = new LinkedHashMap<>();
                    fields.put("label", label);
                    fields.put("id", id);
                    fields.put("confidence", confidence);
                    return fields;
                });
        Arbitrary<Map<String, Object>> boxes = Combinators.combine(classifications, edges, edges)
                .as((classification, x, y) -> {
                    Map<String, Object> fields = new LinkedHashMap<>(classification);
                    fields.put("x_min_normalized", x[0]);
                    fields.put("x_max_normalized", x[1]);
                    fields.put("yMinNormalized", y[0]);
                    fields.put("y_max_normalized", y[1]);
                    return fields;
                });
        return Combinators.combine(
                        boxes.list().ofMaxSize(4), classifications.list().ofMaxSize(4))
                .as((bboxes, labels) -> Map.of("bboxes", bboxes, "classifications", labels));
    }

    @Property(seed = Fuzz.SEED)
    void annotationsArriveAsTheyWere(@ForAll("annotations") Map<String, Object> annotations, @ForAll boolean stream)
            throws Exception {
        Annotations expected = expected(annotations);
        for (Object form : new Object[] {annotations, new ObjectMapper().writeValueAsString(annotations)}) {
            server.received.clear();

            Exchange exchange = fuzz.send(
                    "viamdata:" + Fuzz.PART + "?host=localhost&plaintext=true&port=" + server.port() + "&" + Fuzz.CAMERA
                            + (stream ? "&uploadMode=streaming" : ""),
                    new byte[] {1},
                    Map.of(ViamDataConstants.ANNOTATIONS, form));

            assertThat(exchange.getException()).isNull();
            assertThat(server.received).hasSize(1);
            assertThat(server.received.get(0).headers().get(ViamDataConstants.ANNOTATIONS))
                    .isEqualTo(expected.equals(Annotations.getDefaultInstance()) ? null : expected);
        }
    }

    @SuppressWarnings("unchecked")
    private static Annotations expected(Map<String, Object> annotations) {
        Annotations.Builder expected = Annotations.newBuilder();
        for (Map<String, Object> fields : (List<Map<String, Object>>) annotations.get("bboxes")) {
            var box = expected.addBboxesBuilder()
                    .setLabel((String) fields.get("label"))
                    .setXMinNormalized((Double) fields.get("x_min_normalized"))
                    .setXMaxNormalized((Double) fields.get("x_max_normalized"))
                    .setYMinNormalized((Double) fields.get("yMinNormalized"))
                    .setYMaxNormalized((Double) fields.get("y_max_normalized"));
            if (fields.get("id") != null) {
                box.setId((String) fields.get("id"));
            }
            if (fields.get("confidence") != null) {
                box.setConfidence((Double) fields.get("confidence"));
            }
        }
        for (Map<String, Object> fields : (List<Map<String, Object>>) annotations.get("classifications")) {
            var classification = expected.addClassificationsBuilder().setLabel((String) fields.get("label"));
            if (fields.get("id") != null) {
                classification.setId((String) fields.get("id"));
            }
            if (fields.get("confidence") != null) {
                classification.setConfidence((Double) fields.get("confidence"));
            }
        }
        return expected.build();
    }
}
