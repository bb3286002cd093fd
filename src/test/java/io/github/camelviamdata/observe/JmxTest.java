// Copyright the camel-viamdata authors. SPDX-License-Identifier: Apache-2.0
package io.github.camelviamdata.observe;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.github.camelviamdata.support.CaptureFile;
import io.github.camelviamdata.support.ViamDataTestSupport;
import io.grpc.Status;
import java.lang.management.ManagementFactory;
import java.util.Map;
import java.util.Set;
import javax.management.MBeanServer;
import javax.management.ObjectName;
import org.apache.camel.builder.RouteBuilder;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** What JMX shows of an endpoint. */
@Timeout(60)
class JmxTest extends ViamDataTestSupport {

    private static final byte[] BODY = {1, 2, 3};

    private final MBeanServer server = ManagementFactory.getPlatformMBeanServer();

    // Camel 4.8 knows no other way.
    @Override
    @SuppressWarnings("deprecation")
    protected boolean useJmx() {
        return true;
    }

    private Set<ObjectName> endpoints() throws Exception {
        return server.queryNames(
                new ObjectName("org.apache.camel:context=" + context.getManagementName()
                        + ",type=endpoints,name=\"viamdata:*\""),
                null);
    }

    private Object attribute(String name) throws Exception {
        assertThat(endpoints()).hasSize(1);
        return server.getAttribute(endpoints().iterator().next(), name);
    }

    @Test
    void countsTheRequestsOfAMessage() throws Exception {
        context.addRoutes(new RouteBuilder() {
            @Override
            public void configure() {
                from("direct:in").to(uri("operation=capture"));
            }
        });
        upload("direct:in", CaptureFile.ofPictures(BODY, BODY, BODY).bytes(), Map.of());

        assertThat(attribute("UploadsStored")).isEqualTo(3L);
    }

    @Test
    void showsWhatTheEndpointHasDone() throws Exception {
        context.addRoutes(new RouteBuilder() {
            @Override
            public void configure() {
                from("direct:in").to(uri(CAMERA, "apiKeyId=my-id&apiKey=my-key", "maxAttempts=2&retryDelay=1"));
            }
        });
        assertThat(attribute("TargetAddress")).isEqualTo("localhost:" + service.port());
        assertThat(attribute("ChannelState")).isEqualTo("IDLE");
        assertThat(attribute("TokenState")).isEqualTo("not fetched");
        assertThat(attribute("LastFailureText")).isNull();

        upload("direct:in", BODY, Map.of());
        service.answering(call -> Status.UNAVAILABLE.withDescription("for a nap"));
        send("direct:in", BODY, Map.of());
        service.answering(call -> Status.INVALID_ARGUMENT.withDescription("no such thing"));
        send("direct:in", BODY, Map.of());

        await().until(() -> attribute("InFlight").equals(0));
        assertThat(attribute("InFlightLimit")).isEqualTo(64);
        assertThat(attribute("ChannelState")).isEqualTo("READY");
        assertThat(attribute("TokenState")).isEqualTo("valid");
        assertThat(attribute("UploadsStored")).isEqualTo(1L);
        assertThat(attribute("UploadsUnavailable")).isEqualTo(1L);
        assertThat(attribute("UploadsUnauthenticated")).isEqualTo(0L);
        assertThat(attribute("UploadsRejected")).isEqualTo(1L);
        assertThat(attribute("UploadedBytes")).isEqualTo(3L);
        assertThat(attribute("Retries")).isEqualTo(1L);
        assertThat(attribute("TokensFetched")).isEqualTo(1L);
        assertThat(attribute("TokensRefused")).isEqualTo(0L);
        assertThat(attribute("LastFailureStatus")).isEqualTo("INVALID_ARGUMENT");
        assertThat(attribute("LastFailureTime")).asString().startsWith("20");
        assertThat(attribute("LastFailureText")).asString().contains("no such thing");
        // Camel's own attributes of endpoints are still there.
        assertThat(attribute("State")).isEqualTo("Started");

        ObjectName bean = endpoints().iterator().next();
        for (var info : server.getMBeanInfo(bean).getAttributes()) {
            assertThat(info.getDescription()).isNotBlank();
            assertThat(String.valueOf(server.getAttribute(bean, info.getName())))
                    .as(info.getName())
                    .doesNotContain("my-key", "token-of");
        }

        context.stop();
        assertThat(endpoints()).isEmpty();
    }
}
