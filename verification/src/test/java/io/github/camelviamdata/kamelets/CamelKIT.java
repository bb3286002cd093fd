// Copyright the camel-viamdata authors. SPDX-License-Identifier: Apache-2.0
package io.github.camelviamdata.kamelets;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.grpc.Status;
import java.nio.file.Files;
import java.nio.file.Path;
import org.apache.camel.component.paho.mqtt5.PahoMqtt5Endpoint;
import org.apache.camel.main.Main;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/**
 * The Integration and the Pipes of {@code examples/camel-k}, with the brokers that they read from and with Camel's own
 * Kamelets, on Camel Main.
 */
@Tag("examples")
class CamelKIT {

    private static final int PICTURES = 200;

    @TempDir
    Path folder;

    private final Main main = new Main();
    private CamelKRun run;

    private void start(String example) throws Exception {
        start(CamelKTest.example(example));
    }

    private void start(KameletFile resource) throws Exception {
        run = new CamelKRun(resource, folder);
        run.properties().forEach(main::addInitialProperty);
        main.configure().setAutoConfigurationLogSummary(false);
        main.configure().setShutdownTimeout(10);
    }

    @AfterEach
    void stop() throws Exception {
        main.stop();
        run.close();
    }

    @ParameterizedTest
    @ValueSource(strings = {"integration.yaml", "kafka-pipe.yaml"})
    void uploadsFromKafka(String example) throws Exception {
        start(example);
        run.publish(PICTURES);

        main.start();

        run.awaitPictures();
    }

    /** As {@code kamel run} takes it: it names the scheme, and no Kamelet. */
    @Test
    void aRouteOfOnesOwnUploadsFromKafka() throws Exception {
        String integration = Files.readString(CamelKTest.EXAMPLES.resolve("integration.yaml"));
        start(KameletFile.parse(integration.replace("uri: kamelet:viamdata-sink", "uri: viamdata")));
        run.publish(PICTURES);

        main.start();

        run.awaitPictures();
        assertThat(main.getCamelContext().getComponentNames())
                .contains("viamdata")
                .doesNotContain("kamelet");
    }

    @Test
    void thePipeUploadsFromMqtt() throws Exception {
        start("mqtt-pipe.yaml");
        main.start();
        assertThat(main.getCamelContext().getEndpoints())
                .filteredOn(PahoMqtt5Endpoint.class::isInstance)
                .singleElement()
                .satisfies(endpoint -> {
                    var settings = ((PahoMqtt5Endpoint) endpoint).getConfiguration();
                    assertThat(settings.getQos()).isEqualTo(1);
                    assertThat(settings.isManualAcksEnabled()).isTrue();
                    assertThat(settings.isCleanStart()).isFalse();
                    assertThat(settings.getSessionExpiryInterval()).isEqualTo(86_400);
                    assertThat(settings.getReceiveMaximum()).isEqualTo(10);
                });

        run.publish(PICTURES);

        run.awaitPictures();

        // As many as can be on their way are redelivered at once, while the client subscribes anew.
        run.service().answering(call -> null);
        main.getCamelContext().getShutdownStrategy().setTimeout(1);
        run.publish(PICTURES);
        await().until(() -> run.service().uploads().size() == PICTURES + 10);
        run.restartMqtt();
        run.service().answering(call -> Status.OK);

        run.awaitPictures();
    }
}
