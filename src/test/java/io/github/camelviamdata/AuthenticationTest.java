// Copyright the camel-viamdata authors. SPDX-License-Identifier: Apache-2.0
package io.github.camelviamdata;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;
import static org.junit.jupiter.params.provider.Arguments.arguments;

import io.github.camelviamdata.proto.rpc.v1.AuthenticateRequest;
import io.github.camelviamdata.proto.rpc.v1.Credentials;
import io.github.camelviamdata.service.TestCall;
import io.github.camelviamdata.support.Shows;
import io.github.camelviamdata.support.ViamDataTestSupport;
import io.grpc.Status;
import java.io.ByteArrayInputStream;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Base64;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.Stream;
import org.apache.camel.Exchange;
import org.apache.camel.support.PropertyBindingSupport;
import org.apache.camel.util.URISupport;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

/** How the component proves who it is, and what it does when that is not accepted. */
@Timeout(60)
class AuthenticationTest extends ViamDataTestSupport {

    private static final byte[] BODY = {1};
    private static final String KEY = "apiKeyId=my-id&apiKey=my-key";

    private AuthenticateRequest authentication(int index) throws Exception {
        return AuthenticateRequest.parseFrom(
                service.authentications().get(index).messages().get(0));
    }

    private static AuthenticateRequest request(String entity, String type, String payload) {
        return AuthenticateRequest.newBuilder()
                .setEntity(entity)
                .setCredentials(Credentials.newBuilder().setType(type).setPayload(payload))
                .build();
    }

    /** A token that says when it was issued and for how long it is good. */
    private static String jwt(String name, long seconds) {
        Base64.Encoder encoder = Base64.getUrlEncoder().withoutPadding();
        long now = Instant.now().getEpochSecond();
        String claims = "{\"sub\":\"" + name + "\",\"iat\":" + now + ",\"exp\":" + (now + seconds) + "}";
        return encoder.encodeToString("{\"alg\":\"none\"}".getBytes(StandardCharsets.UTF_8)) + "."
                + encoder.encodeToString(claims.getBytes(StandardCharsets.UTF_8)) + ".signature";
    }

    @Test
    @Shows({"apiKeyId", "apiKey"})
    void anApiKeyIsExchangedOnceForAToken() throws Exception {
        upload(uri(CAMERA, KEY), BODY, Map.of());
        upload(uri(CAMERA, KEY), BODY, Map.of());

        assertThat(service.authentications()).hasSize(1);
        assertThat(authentication(0)).isEqualTo(request("my-id", "api-key", "my-key"));
        assertThat(service.authentications().get(0).header("authorization")).isNull();
        assertThat(service.uploads())
                .hasSize(2)
                .allSatisfy(call -> assertThat(call.header("authorization")).isEqualTo("Bearer token-of-my-id"));
    }

    @Test
    @Shows("secret")
    void aMachineSecretGoesWithThePartOfTheEndpoint() throws Exception {
        upload(uri(CAMERA, "secret=my-secret"), BODY, Map.of(ViamDataConstants.PART_ID, "other"));

        assertThat(authentication(0)).isEqualTo(request(PART, "robot-secret", "my-secret"));
        assertThat(service.onlyUpload().header("authorization")).isEqualTo("Bearer token-of-" + PART);
        assertThat(service.onlyUpload().metadata().getPartId()).isEqualTo("other");
    }

    @Test
    @Shows("accessToken")
    void anAccessTokenIsSentAsItIs() {
        String expired = jwt("mine", -1000);
        upload(uri(CAMERA, "accessToken=" + expired), BODY, Map.of());

        assertThat(service.authentications()).isEmpty();
        assertThat(service.onlyUpload().header("authorization")).isEqualTo("Bearer " + expired);
    }

    @Test
    void withoutCredentialsNothingIsSent() {
        upload(uri(CAMERA), BODY, Map.of());

        assertThat(service.authentications()).isEmpty();
        assertThat(service.onlyUpload().header("authorization")).isNull();
    }

    @Test
    void everyCallSaysWhoCalls() {
        upload(uri(CAMERA, KEY), BODY, Map.of());

        assertThat(service.calls()).hasSize(2).allSatisfy(call -> {
            assertThat(call.header("viam_client")).matches("java;v[0-9][^;]*;v[0-9][^;]*");
            assertThat(call.header("user-agent")).startsWith("camel-viamdata/");
        });
    }

    @Test
    void theEnvironmentIsTheLastResort() throws Exception {
        context.getComponent("viamdata", ViamDataComponent.class)
                .setEnvironment(Map.of("VIAM_API_KEY_ID", "env-id", "VIAM_API_KEY", "env-key")::get);
        upload(uri(CAMERA), BODY, Map.of());
        upload(uri(CAMERA, "accessToken=mine"), BODY, Map.of());

        assertThat(service.authentications()).hasSize(1);
        assertThat(authentication(0)).isEqualTo(request("env-id", "api-key", "env-key"));
        assertThat(service.uploads().get(1).header("authorization")).isEqualTo("Bearer mine");
    }

    static Stream<Arguments> replaced() {
        return Stream.of(
                arguments(KEY, "", "token-of-my-id"),
                arguments(KEY, "secret=s", "token-of-" + PART),
                arguments(KEY, "accessToken=t", "t"),
                arguments(KEY, "access-token=t", "t"),
                arguments(KEY, "apiKeyId=other&apiKey=k", "token-of-other"),
                arguments(KEY, "secret=", "token-of-my-id"),
                arguments("apiKeyId=my-id", "apiKey=k", "token-of-my-id"),
                arguments("secret=s", "", "token-of-" + PART),
                arguments("secret=s", KEY, "token-of-my-id"),
                arguments("secret=s", "accessToken=t", "t"),
                arguments("accessToken=t", "", "t"),
                arguments("accessToken=t", KEY, "token-of-my-id"),
                arguments("accessToken=t", "secret=s", "token-of-" + PART));
    }

    @ParameterizedTest
    @MethodSource("replaced")
    void theCredentialOfAnEndpointReplacesAnyOfTheComponent(String component, String endpoint, String token)
            throws Exception {
        PropertyBindingSupport.bindProperties(
                context,
                context.getComponent("viamdata", ViamDataComponent.class).getConfiguration(),
                URISupport.parseQuery(component));

        upload(uri(CAMERA, endpoint), BODY, Map.of());

        assertThat(service.onlyUpload().header("authorization")).isEqualTo("Bearer " + token);
    }

    static Stream<Arguments> wrong() {
        return Stream.of(
                arguments("host=app.viam.com", "There is no credential for app.viam.com"),
                arguments("host=app.viam.com", "VIAM_API_KEY_ID and VIAM_API_KEY"),
                arguments("host=localhost&apiKey=my-key", "apiKeyId is missing"),
                arguments("host=localhost&apiKeyId=my-id", "apiKey is missing"),
                arguments("host=localhost&" + KEY + "&accessToken=t", "only one of the options"),
                arguments("host=localhost&" + KEY + "&secret=s", "only one of the options"),
                arguments("host=localhost&accessToken=t&secret=s", "only one of the options"),
                arguments("host=192.0.2.1&plaintext=true&" + KEY, "plaintext=true would show the API key"),
                arguments("host=example.com&plaintext=true&accessToken=t", "Remove the option plaintext"),
                arguments("host=localhost.example.com&plaintext=true&secret=s", "would show the machine secret"));
    }

    @ParameterizedTest
    @MethodSource("wrong")
    void wrongCombinationsAreRefusedAtStart(String options, String text) {
        assertThatThrownBy(() -> context.getEndpoint("viamdata:p?" + options).start())
                .hasStackTraceContaining(text)
                .satisfies(e -> assertThat(e.toString()).doesNotContain("my-key"));
    }

    @Test
    void aMachineSecretNeedsThePart() {
        assertThatThrownBy(() ->
                        context.getEndpoint("viamdata:?host=localhost&secret=s").start())
                .hasStackTraceContaining("secret needs the part ID");
    }

    @Test
    void manyUploadsWaitForOneToken() throws Exception {
        CompletableFuture<String> token = new CompletableFuture<>();
        service.giving(request -> token.join());
        List<CompletableFuture<Exchange>> uploads = new ArrayList<>();
        for (int i = 0; i < 20; i++) {
            uploads.add(template.asyncSend(
                    uri(CAMERA, KEY), exchange -> exchange.getMessage().setBody(BODY)));
        }
        await().until(() -> service.authentications().size() == 1);
        token.complete("late");

        for (CompletableFuture<Exchange> upload : uploads) {
            assertThat(upload.get(10, TimeUnit.SECONDS).getException()).isNull();
        }
        assertThat(service.authentications()).hasSize(1);
        assertThat(service.uploads()).hasSize(20);
    }

    @Test
    void nobodyWaitsLongerForATokenThanItsOwnTimeout() throws Exception {
        CompletableFuture<String> token = new CompletableFuture<>();
        service.giving(request -> token.join());
        CompletableFuture<Exchange> patient = template.asyncSend(
                uri(CAMERA, KEY, "requestTimeout=60000"),
                exchange -> exchange.getMessage().setBody(BODY));
        await().until(() -> service.authentications().size() == 1);

        assertThat(refused(
                        ViamDataUnavailableException.class,
                        uri(CAMERA, KEY, "requestTimeout=100", "maxAttempts=2", "retryDelay=1"),
                        BODY,
                        Map.of()))
                .hasMessageContaining("DEADLINE_EXCEEDED: Authenticate failed: no token within requestTimeout")
                .hasMessageContaining("2 attempts");
        assertThat(patient).isNotDone();

        token.complete("late");
        assertThat(patient.get(10, TimeUnit.SECONDS).getException()).isNull();
        assertThat(service.authentications()).hasSize(1);
        assertThat(service.uploads()).hasSize(1);
    }

    @Test
    void aTokenIsRenewedBeforeItExpires() {
        AtomicInteger count = new AtomicInteger();
        service.giving(request -> jwt("t" + count.incrementAndGet(), 2));

        await().pollInterval(java.time.Duration.ofMillis(100)).untilAsserted(() -> {
            upload(uri(CAMERA, KEY), BODY, Map.of());
            assertThat(count.get()).isGreaterThanOrEqualTo(3);
        });

        Set<String> used = ConcurrentHashMap.newKeySet();
        service.uploads().forEach(call -> used.add(call.header("authorization")));
        assertThat(used).hasSizeGreaterThanOrEqualTo(2);
    }

    @Test
    void aTokenThatIsNoLongerAcceptedIsReplacedOnce() {
        AtomicInteger count = new AtomicInteger();
        service.giving(request -> "t" + count.incrementAndGet());
        service.answering(
                call -> call.header("authorization").equals("Bearer t2") ? Status.OK : Status.UNAUTHENTICATED);

        for (String mode : new String[] {"unary", "streaming"}) {
            count.set(0);
            Exchange exchange = upload(
                    uri(CAMERA, KEY, "uploadMode=" + mode, "maxAttempts=1", "maxInFlight=" + (10 + mode.length())),
                    BODY,
                    Map.of());
            assertThat(exchange.getMessage().getHeader(ViamDataConstants.ATTEMPTS))
                    .isEqualTo(2);
        }

        service.answering(call -> Status.UNAUTHENTICATED.withDescription("never again"));
        int before = service.uploads().size();
        assertThat(refused(ViamDataAuthenticationException.class, uri(CAMERA, KEY), BODY, Map.of()))
                .hasMessageContaining("UNAUTHENTICATED: never again")
                .hasMessageContaining("Check the API key");
        assertThat(service.uploads()).hasSize(before + 2);
    }

    /** Also by one that learns of the refusal after another has fetched the next token. */
    @Test
    void aTokenThatIsNoLongerAcceptedIsReplacedOnceForAll() throws Exception {
        AtomicInteger tokens = new AtomicInteger();
        AtomicInteger refusals = new AtomicInteger();
        service.giving(request -> "t" + tokens.incrementAndGet());
        service.answering(call -> {
            if (!call.header("authorization").equals("Bearer t1")) {
                return Status.OK;
            }
            // The first once both are there, the second once the first has come back with the next token.
            int there = refusals.incrementAndGet() + 1;
            await().until(() -> service.uploads().size() >= there);
            return Status.UNAUTHENTICATED;
        });

        List<CompletableFuture<Exchange>> uploads = Stream.generate(() -> template.asyncSend(
                        uri(CAMERA, KEY), exchange -> exchange.getMessage().setBody(BODY)))
                .limit(2)
                .toList();

        for (CompletableFuture<Exchange> upload : uploads) {
            assertThat(upload.get(20, TimeUnit.SECONDS).getException()).isNull();
        }
        assertThat(service.uploads())
                .extracting(call -> call.header("authorization"))
                .containsExactly("Bearer t1", "Bearer t1", "Bearer t2", "Bearer t2");
        assertThat(service.authentications()).hasSize(2);
    }

    @Test
    void aRefusedKeyIsNotTriedAgainAtOnceAndRecovers() {
        service.giving(request -> null);
        for (int i = 0; i < 20; i++) {
            assertThat(refused(ViamDataAuthenticationException.class, uri(CAMERA, KEY), BODY, Map.of()))
                    .hasMessageContaining("Authenticate ended in PERMISSION_DENIED")
                    .hasMessageContaining("Check the API key");
        }
        assertThat(service.uploads()).isEmpty();
        assertThat(service.authentications()).hasSizeLessThan(5);

        service.giving(request -> "accepted");
        await().untilAsserted(() -> assertThat(
                        send(uri(CAMERA, KEY), BODY, Map.of()).getException())
                .isNull());
    }

    @Test
    void anEchoedTokenStaysOutOfTheException() {
        service.answering(call -> {
            String credentials = call.header("authorization") + " / my-key";
            return Status.PERMISSION_DENIED.withDescription("not for " + credentials + ", not for " + credentials);
        });

        assertThat(refused(ViamDataAuthenticationException.class, uri(CAMERA, KEY), BODY, Map.of()))
                .hasMessageContaining("not for Bearer xxxxxx / xxxxxx, not for Bearer xxxxxx / xxxxxx")
                .satisfies(e -> assertThat(org.assertj.core.util.Throwables.getStackTrace(e))
                        .doesNotContain("token-of-my-id", "my-key"));
    }

    @Test
    void aTokenIsFetchedAgainAfterTheServiceWasOut() {
        AtomicInteger failures = new AtomicInteger(2);
        service.giving(request -> {
            if (failures.getAndDecrement() > 0) {
                throw new IllegalStateException("ends the call with UNKNOWN");
            }
            return "finally";
        });

        Exchange exchange = upload(uri(CAMERA, KEY, "retryDelay=1"), BODY, Map.of());

        assertThat(exchange.getMessage().getHeader(ViamDataConstants.ATTEMPTS)).isEqualTo(3);
        assertThat(service.uploads()).extracting(TestCall::method).hasSize(1);
    }

    @Test
    void aBodyThatCanBeReadOnceIsNotSentAgainWithAnotherToken() {
        service.answering(call -> service.uploads().size() == 1 ? Status.UNAUTHENTICATED : Status.OK);

        refused(
                ViamDataAuthenticationException.class,
                uri(CAMERA, KEY, "uploadMode=streaming"),
                new ByteArrayInputStream(BODY),
                Map.of());

        assertThat(service.uploads()).hasSize(1);
    }
}
