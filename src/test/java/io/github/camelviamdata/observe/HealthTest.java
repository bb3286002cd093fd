// Copyright the camel-viamdata authors. SPDX-License-Identifier: Apache-2.0
package io.github.camelviamdata.observe;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.github.camelviamdata.ViamDataAuthenticationException;
import io.github.camelviamdata.ViamDataComponent;
import io.github.camelviamdata.ViamDataConstants;
import io.github.camelviamdata.ViamDataUnavailableException;
import io.github.camelviamdata.client.TokenState;
import io.github.camelviamdata.service.TestService;
import io.github.camelviamdata.support.Shows;
import io.github.camelviamdata.support.ViamDataTestSupport;
import io.grpc.Status;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.Base64;
import java.util.List;
import java.util.Map;
import org.apache.camel.CamelContext;
import org.apache.camel.builder.RouteBuilder;
import org.apache.camel.health.HealthCheck;
import org.apache.camel.health.HealthCheck.State;
import org.apache.camel.health.HealthCheckHelper;
import org.apache.camel.health.WritableHealthCheckRepository;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** Whether a route is ready to upload, by what has happened so far. */
@Timeout(60)
class HealthTest extends ViamDataTestSupport {

    private static final byte[] BODY = {1};
    private static final String KEY = "apiKeyId=my-id&apiKey=my-key";

    @Override
    protected CamelContext createCamelContext() throws Exception {
        CamelContext camel = super.createCamelContext();
        // Camel's default is not to ask producers.
        producers(camel).setEnabled(true);
        return camel;
    }

    private static WritableHealthCheckRepository producers(CamelContext context) {
        return HealthCheckHelper.getHealthCheckRepository(context, "producers", WritableHealthCheckRepository.class);
    }

    private void addRoute(String name, String uri) throws Exception {
        context.addRoutes(new RouteBuilder() {
            @Override
            public void configure() {
                from("direct:" + name).routeId(name).to(uri);
            }
        });
    }

    private List<HealthCheck.Result> results() {
        return HealthCheckHelper.invokeReadiness(context, "full").stream()
                .filter(result -> result.getCheck() instanceof ViamDataHealthCheck)
                .toList();
    }

    private HealthCheck.Result result() {
        assertThat(results()).hasSize(1);
        return results().get(0);
    }

    private State state() {
        return result().getState();
    }

    @Test
    void isUpBeforeTheFirstUseAndConnectsToNothing() throws Exception {
        addRoute("in", uri(CAMERA, KEY));

        HealthCheck.Result result = result();

        assertThat(result.getState()).isEqualTo(State.UP);
        assertThat(result.getCheck().getId()).isEqualTo("producer:viamdata-in-" + PART);
        assertThat(result.getCheck().isLiveness()).isFalse();
        assertThat(result.getDetails())
                .containsEntry("target", "localhost:" + service.port())
                .containsEntry("route.id", "in")
                .containsEntry("part.id", PART)
                .containsEntry("channel.state", "IDLE")
                .containsEntry("token.state", "not fetched")
                .containsEntry("in.flight", 0)
                .doesNotContainKey("last.failure.status");
        assertThat(service.connections()).isZero();
        assertThat(service.calls()).isEmpty();
    }

    @Test
    void anOperationThatUploadsNothingHasOneToo() throws Exception {
        addRoute("in", uri("operation=addTags&tags=seen", KEY));
        assertThat(result().getCheck().getId()).isEqualTo("producer:viamdata-in-" + PART);

        context.getRouteController().stopRoute("in");

        assertThat(results()).isEmpty();
    }

    @Test
    void isDownWhileTheKeyIsRefused() throws Exception {
        addRoute("in", uri(CAMERA, KEY, "maxAttempts=1"));
        service.giving(request -> null);
        Instant before = Instant.now();
        refused(ViamDataAuthenticationException.class, "direct:in", BODY, Map.of());

        HealthCheck.Result down = result();

        assertThat(down.getState()).isEqualTo(State.DOWN);
        assertThat(down.getMessage()).contains("localhost:" + service.port() + " does not accept the credential");
        assertThat(down.getDetails()).containsEntry("last.failure.status", "UNAUTHENTICATED");
        assertThat(down.getDetails().get("token.state")).asString().startsWith("refused, not asked for again before ");
        assertThat(down.getDetails().get("last.failure.text")).asString().contains("Authenticate ended in");
        assertThat(Instant.parse((String) down.getDetails().get("last.failure.time")))
                .isBetween(before, Instant.now());
        assertThat(down.getDetails().toString()).doesNotContain("my-key");
        assertThat(service.authentications()).hasSize(1);

        service.giving(request -> "token");
        assertThat(state()).isEqualTo(State.DOWN);
        // The key is left alone for a while after it was refused.
        await().until(() -> send("direct:in", BODY, Map.of()).getException() == null);
        assertThat(state()).isEqualTo(State.UP);
        assertThat(result().getDetails()).containsEntry("token.state", "valid");
    }

    @Test
    void isDownWhileTheTokenIsRefused() throws Exception {
        addRoute("in", uri(CAMERA, "accessToken=my-token"));
        service.answering(
                call -> Status.UNAUTHENTICATED.withDescription("what is " + call.header("authorization") + "?"));
        refused(ViamDataAuthenticationException.class, "direct:in", BODY, Map.of());

        assertThat(state()).isEqualTo(State.DOWN);
        assertThat(result().getDetails()).containsEntry("token.state", "fixed");
        assertThat(result().getDetails().toString()).contains("Bearer xxxxxx").doesNotContain("my-token");

        service.answering(call -> Status.OK);
        upload("direct:in", BODY, Map.of());
        assertThat(state()).isEqualTo(State.UP);
    }

    @Test
    void isDownWhileThePartOfTheEndpointIsRefusedAndNoOther() throws Exception {
        addRoute("in", uri(CAMERA));
        service.answering(call -> call.metadata().getPartId().equals("good") ? Status.OK : Status.PERMISSION_DENIED);
        refused(
                ViamDataAuthenticationException.class,
                "direct:in",
                BODY,
                Map.of(ViamDataConstants.PART_ID, "somebody else's"));
        assertThat(state()).isEqualTo(State.UP);

        refused(ViamDataAuthenticationException.class, "direct:in", BODY, Map.of());
        upload("direct:in", BODY, Map.of(ViamDataConstants.PART_ID, "good"));
        assertThat(state()).isEqualTo(State.DOWN);
        assertThat(result().getDetails()).containsEntry("last.failure.status", "PERMISSION_DENIED");

        service.answering(call -> Status.OK);
        upload("direct:in", BODY, Map.of());
        assertThat(state()).isEqualTo(State.UP);
    }

    @Test
    void tellsHowLongTheTokenIsGood() throws Exception {
        addRoute("in", uri(CAMERA, KEY));
        Instant start = Instant.now();
        service.giving(request -> token(2));
        upload("direct:in", BODY, Map.of());
        assertThat(result().getDetails().get("token.state"))
                .asString()
                .matches("(valid until|expired at) " + start.toString().substring(0, 4) + "-.*Z");

        await().until(() ->
                String.valueOf(result().getDetails().get("token.state")).startsWith("expired at "));
        assertThat(state()).isEqualTo(State.UP);

        service.giving(request -> token(3600));
        upload("direct:in", BODY, Map.of());
        String state = (String) result().getDetails().get("token.state");
        assertThat(state).startsWith("valid until ");
        assertThat(Instant.parse(state.substring("valid until ".length())))
                .isBetween(start.plusSeconds(3590), start.plusSeconds(3670));
        assertThat(new TokenState(TokenState.Kind.renewalRefused, start))
                .hasToString("valid until " + start + ", its renewal was refused");
    }

    /** A token that says for how many seconds it is good. */
    private static String token(long seconds) {
        String claims = "{\"iat\":1000,\"exp\":" + (1000 + seconds) + "}";
        return "e30." + Base64.getUrlEncoder().encodeToString(claims.getBytes(StandardCharsets.UTF_8)) + ".s";
    }

    @Test
    void staysUpWhenAMessageIsBad() throws Exception {
        addRoute("in", uri(CAMERA));
        service.answering(call -> Status.INVALID_ARGUMENT);
        send("direct:in", BODY, Map.of());

        assertThat(state()).isEqualTo(State.UP);
        assertThat(result().getDetails()).containsEntry("last.failure.status", "INVALID_ARGUMENT");
    }

    @Test
    void isDownWhileTheServiceIsOutOfReach() throws Exception {
        addRoute("in", uri(CAMERA, "maxAttempts=1"));
        int port = service.port();
        service.close();
        refused(ViamDataUnavailableException.class, "direct:in", BODY, Map.of());

        assertThat(state()).isEqualTo(State.DOWN);
        assertThat(result().getMessage()).contains("The connection to localhost:" + port + " is broken");
        assertThat(result().getDetails())
                .containsEntry("channel.state", "TRANSIENT_FAILURE")
                .containsEntry("last.failure.status", "UNAVAILABLE");

        try (TestService again = TestService.plaintext(port)) {
            // Without an upload: gRPC itself tries again.
            await().until(() -> state() == State.UP);
            upload("direct:in", BODY, Map.of());
            assertThat(state()).isEqualTo(State.UP);
            assertThat(again.uploads()).hasSize(1);
        }
    }

    @Test
    @Shows("healthCheckProducerEnabled")
    void canBeTurnedOff() throws Exception {
        context.getComponent("viamdata", ViamDataComponent.class).setHealthCheckProducerEnabled(false);
        addRoute("in", uri(CAMERA));

        assertThat(state()).isEqualTo(State.UNKNOWN);
        assertThat(result().getMessage()).contains("Disabled");
    }

    @Test
    void eachStepForOnePartHasAnIdOfItsOwn() throws Exception {
        context.addRoutes(new RouteBuilder() {
            @Override
            public void configure() {
                from("direct:in")
                        .routeId("in")
                        .to(uri(CAMERA))
                        .to(uri(CAMERA, "tags=again"))
                        .to(uri(CAMERA, "tags=and-again"));
            }
        });
        String[] ids = {
            "producer:viamdata-in-" + PART, "producer:viamdata-in-" + PART + "-2", "producer:viamdata-in-" + PART + "-3"
        };
        assertThat(results()).extracting(result -> result.getCheck().getId()).containsExactlyInAnyOrder(ids);

        context.getRouteController().stopRoute("in");
        assertThat(results()).isEmpty();
        context.getRouteController().startRoute("in");
        assertThat(results()).extracting(result -> result.getCheck().getId()).containsExactlyInAnyOrder(ids);
    }

    @Test
    void eachRouteHasItsOwnWhichGoesWithIt() throws Exception {
        addRoute("a", uri(CAMERA));
        addRoute("b", uri(CAMERA));
        assertThat(results())
                .extracting(result -> result.getCheck().getId())
                .containsExactlyInAnyOrder("producer:viamdata-a-" + PART, "producer:viamdata-b-" + PART);

        context.getRouteController().stopRoute("a");
        context.removeRoute("a");
        assertThat(result().getDetails()).containsEntry("route.id", "b");

        WritableHealthCheckRepository checks = producers(context);
        context.stop();
        assertThat(checks.stream()).isEmpty();
    }
}
