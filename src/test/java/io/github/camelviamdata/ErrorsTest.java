// Copyright the camel-viamdata authors. SPDX-License-Identifier: Apache-2.0
package io.github.camelviamdata;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;
import static org.junit.jupiter.params.provider.Arguments.arguments;

import io.github.camelviamdata.client.ViamDataClient;
import io.github.camelviamdata.service.TestService;
import io.github.camelviamdata.support.TestTls;
import io.github.camelviamdata.support.ViamDataTestSupport;
import io.github.camelviamdata.transport.Http2Tls;
import io.github.camelviamdata.transport.Requirements;
import io.grpc.Status;
import java.io.ByteArrayInputStream;
import java.io.InputStream;
import java.io.SequenceInputStream;
import java.nio.file.Path;
import java.time.Instant;
import java.time.LocalDateTime;
import java.time.Year;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import org.apache.camel.Exchange;
import org.apache.camel.ExchangePropertyKey;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Wrong input names what would mend it, before any byte is sent; a failed upload says what kind of failure it was. */
class ErrorsTest extends ViamDataTestSupport {

    private static final byte[] BODY = {1};

    @Test
    void allThatIsMissingIsNamedAtOnce() {
        ViamDataRejectedException exception =
                refused(ViamDataRejectedException.class, "viamdata:?" + service.options(), BODY, Map.of());

        assertThat(exception)
                .hasMessageContaining("partId, componentType, componentName, methodName, fileExtension")
                .hasMessageContaining("CamelViamDataPartId, CamelViamDataComponentType, CamelViamDataComponentName,"
                        + " CamelViamDataMethodName, CamelViamDataFileExtension");
        assertThat(exception.getStatus()).isEqualTo(Status.Code.INVALID_ARGUMENT);
        assertThat(exception.getPartId()).isNull();
        assertThat(exception.getAttempts()).isZero();
        assertThat(exception.getBytesSent()).isZero();
        assertThat(exception.getDelivery()).isEqualTo(ViamDataDelivery.notSent);
        assertThat(service.calls()).isEmpty();
    }

    @Test
    void filesNeedOnlyThePart() {
        assertThat(refused(
                        ViamDataRejectedException.class,
                        "viamdata:?operation=file&" + service.options(),
                        BODY,
                        Map.of()))
                .hasMessageContaining("Missing: partId. ");
        upload(uri("operation=file"), BODY, Map.of());
    }

    @Test
    void aDatasetOfSequencesIsToldApart() {
        service.answering(call -> Status.INVALID_ARGUMENT.withDescription("a dataset of the type sequence"));

        assertThat(refused(ViamDataRejectedException.class, uri(CAMERA, "datasetIds=x"), BODY, Map.of()))
                .hasMessageContaining(
                        "the type sequence. A dataset of sequences accepts no single items: remove its ID from"
                                + " the option datasetIds and the header CamelViamDataDatasetIds");
        assertThat(refused(ViamDataRejectedException.class, uri(CAMERA), BODY, Map.of()))
                .hasMessageNotContaining("accepts no single items");
    }

    static Stream<Arguments> malformed() {
        return Stream.of(
                arguments(ViamDataConstants.TIME_REQUESTED, "yesterday", "is not a time: 'yesterday'"),
                arguments(ViamDataConstants.TIME_REQUESTED, "2023-06-05T11:00:00", "ISO-8601 text with an offset"),
                arguments(ViamDataConstants.TIME_RECEIVED, LocalDateTime.MIN, "is not a time"),
                arguments(ViamDataConstants.TIME_RECEIVED, 1.5, "is not a time: '1.5'"),
                arguments(ViamDataConstants.TIME_RECEIVED, Double.NaN, "is not a time"),
                arguments(ViamDataConstants.TIME_RECEIVED, "99999999999999999999", "is not a time"),
                arguments(ViamDataConstants.TIME_RECEIVED, Long.MAX_VALUE, "outside the years 1 to 9999"),
                arguments(ViamDataConstants.FILE_CREATE_TIME, Instant.MAX, "outside the years 1 to 9999"),
                arguments(ViamDataConstants.FILE_MODIFY_TIME, "x".repeat(1000), "..."),
                arguments(Exchange.MESSAGE_TIMESTAMP, "soon", "CamelMessageTimestamp is not a time"),
                arguments(ViamDataConstants.COMPONENT_NAME, List.of("a"), "give text"),
                arguments(ViamDataConstants.COMPONENT_NAME, new byte[] {(byte) 0xC3}, "not UTF-8 text"),
                arguments(ViamDataConstants.COMPONENT_NAME, "\uD83D", "not valid Unicode"),
                arguments(ViamDataConstants.TAGS, Map.of("a", "b"), "give text"),
                arguments(ViamDataConstants.TAGS, new int[] {1}, "give text"),
                arguments(ViamDataConstants.FILE_EXTENSION, "a/b", "'.a/b' is not a file extension"),
                arguments(ViamDataConstants.FILE_EXTENSION, "j pg", "option fileExtension"),
                arguments(ViamDataConstants.MIME_TYPE, "jpeg", "'jpeg' is not a MIME type"),
                arguments(
                        ViamDataConstants.OPERATION,
                        "upload",
                        "is none of binary, tabular, file and capture: 'upload'"),
                arguments(
                        ViamDataConstants.METHOD_PARAMETERS,
                        "quality=80",
                        "is not valid JSON at $ in line 1, column 1, where there is quality: give a map"),
                arguments(ViamDataConstants.METHOD_PARAMETERS, "[1]", "neither a map nor a JSON object"),
                arguments(
                        ViamDataConstants.METHOD_PARAMETERS,
                        Map.of("a", List.of(1, Double.NaN)),
                        "CamelViamDataMethodParameters.a[1] is NaN"),
                arguments(
                        ViamDataConstants.METHOD_PARAMETERS,
                        Map.of("a", Map.of("b", new Object())),
                        "CamelViamDataMethodParameters.a.b is a java.lang.Object"),
                arguments(
                        ViamDataConstants.METHOD_PARAMETERS,
                        Map.of("a", "\uD83D"),
                        "CamelViamDataMethodParameters.a holds text that is not valid Unicode"),
                arguments(ViamDataConstants.METHOD_PARAMETERS, Map.of("\uD83D", 1), "not valid Unicode"),
                arguments(ViamDataConstants.METHOD_PARAMETERS, mapInItself(), "more than 30 levels deep"),
                arguments(ViamDataConstants.TIME_RECEIVED, Year.of(2026), "is not a time: '2026'"),
                arguments(ViamDataConstants.COMPONENT_NAME, withoutText(), "that has no text"),
                arguments(
                        ViamDataConstants.ANNOTATIONS,
                        "{\"bboxes\":\n [truck]}",
                        "is not valid JSON at $.bboxes[0] in line 2, column 3, where there is truck: give a map"));
    }

    private static Map<String, Object> mapInItself() {
        Map<String, Object> map = new HashMap<>();
        map.put("a", map);
        return map;
    }

    private static Object withoutText() {
        return new Object() {
            @Override
            public String toString() {
                throw new IllegalStateException();
            }
        };
    }

    @ParameterizedTest
    @MethodSource("malformed")
    void malformedHeadersAreNamed(String header, Object value, String text) {
        ViamDataRejectedException exception =
                refused(ViamDataRejectedException.class, uri(CAMERA), BODY, Map.of(header, value));

        assertThat(exception).hasMessageContaining(header).hasMessageContaining(text);
        assertThat(exception.getStatus()).isEqualTo(Status.Code.INVALID_ARGUMENT);
        assertThat(service.calls()).isEmpty();
    }

    static Stream<Arguments> notReadings() {
        return Stream.of(
                arguments(null, Map.of(), "The body holds no reading"),
                arguments(List.of(), Map.of(), "The body holds no reading"),
                arguments("text", Map.of(), "The body is not valid JSON at $"),
                arguments(List.of(Map.of(), 1), Map.of(), "The body holds a java.lang.Integer"),
                arguments(Map.of("a", Map.of("b", Double.NaN)), Map.of(), "The reading.a.b is NaN"),
                arguments(
                        List.of(Map.of("a", 1), Map.of("a", 2)),
                        Map.of(ViamDataConstants.TIME_RECEIVED, List.of(1L)),
                        "CamelViamDataTimeReceived holds 1 times for 2 readings"));
    }

    @ParameterizedTest
    @MethodSource("notReadings")
    void whatIsNoReadingIsNamed(Object body, Map<String, Object> headers, String text) {
        assertThat(refused(ViamDataRejectedException.class, uri(CAMERA, "operation=tabular"), body, headers))
                .hasMessageContaining(text);
        assertThat(service.calls()).isEmpty();
    }

    static Stream<Arguments> options() {
        return Stream.of(
                arguments("port=0", "port"),
                arguments("port=65536", "port"),
                arguments("streamingThreshold=-1", "streamingThreshold"),
                arguments("streamingThreshold=16777217", "streamingThreshold"),
                arguments("chunkSize=1023", "chunkSize"),
                arguments("chunkSize=4000001", "chunkSize"),
                arguments("maxAttempts=0", "maxAttempts"),
                arguments("maxAttempts=101", "maxAttempts"),
                arguments("retryDelay=0", "retryDelay"),
                arguments("retryDelay=2000&maxRetryDelay=1999", "maxRetryDelay"),
                arguments("requestTimeout=0", "requestTimeout"),
                arguments("idleTimeout=0", "idleTimeout"),
                arguments("requestTimeout=99", "requestTimeout is 99 ms; it must be at least 100 ms"),
                arguments("requestTimeout=30", "A number without a unit means milliseconds: 30 seconds are 30s"),
                arguments("idleTimeout=30", "A number without a unit means milliseconds: 30 seconds are 30s"),
                arguments("requestTimeout=5x", "requestTimeout is '5x', which is neither a number nor a duration"),
                arguments("uploadMode=fast", "uploadMode is 'fast', which is none of [auto, unary, streaming]"),
                arguments(
                        "operation=upload",
                        "operation is 'upload', which is none of [binary, tabular, file, capture, query"),
                arguments("timeUnit=hours", "timeUnit is 'hours', which is none of [seconds, milliseconds,"),
                arguments("methodParameters=80", "methodParameters is '80', which is no map"),
                arguments("tags=a;b", "The option tags contains a semicolon: separate its parts by commas"),
                arguments("datasetIds=a;b", "The option datasetIds contains a semicolon"),
                arguments("componentType=rdk:component:", "The option componentType ends in a colon"),
                arguments("maxInFlight=0", "maxInFlight"),
                arguments("maxInFlight=10001", "maxInFlight"),
                arguments("maxInFlightWait=-1", "maxInFlightWait"),
                arguments(
                        "maxInFlightWait=soon", "maxInFlightWait is 'soon', which is neither a number nor a duration"),
                // What is left of it in 32 bits would be 4096.
                arguments("maxRequestSize=4294971392", "maxRequestSize is '4294971392', which is no number"),
                arguments("streamingThreshold=never", "streamingThreshold is 'never', which is no number"),
                arguments("keepAliveTime=9999", "keepAliveTime"),
                arguments("keepAliveTimeout=0", "keepAliveTimeout"),
                arguments("connections=0", "connections"),
                arguments("connections=65", "connections"),
                arguments("shutdownTimeout=-1", "shutdownTimeout"),
                arguments("host=", "host"),
                arguments("uploadMode=fast", "uploadMode"),
                arguments("operation=upload", "operation"),
                arguments("noSuchOption=1", "noSuchOption"));
    }

    @ParameterizedTest
    @MethodSource("options")
    void wrongOptionsAreNamedAtStart(String options, String name) {
        assertThatThrownBy(() -> context.getEndpoint("viamdata:p?" + "host=localhost&plaintext=true&" + options)
                        .start())
                .satisfies(e -> assertThat(rootMessages(e)).contains(name));
    }

    /** Set on the component, as properties do; in a URI Camel resolves placeholders itself, or fails. */
    @ParameterizedTest
    @CsvSource({
        "partId, 'part\n', The part ID",
        "partId, ' part', The part ID",
        "partId, 'pa\u0007rt', The part ID",
        "partId, {{viam.part}}, The part ID",
        "apiKeyId, 'id\n', apiKeyId",
        "apiKeyId, {{id}}, apiKeyId",
        "apiKey, 'key\r\n', apiKey",
        "apiKey, {{env:VIAM_API_KEY}}, apiKey",
        "secret, 'secret ', secret",
        "secret, {{secret}}, secret",
        "accessToken, 'token\n', accessToken",
        "accessToken, {{token}}, accessToken",
        "host, {{host}}, host",
        "componentType, {{type}}, componentType",
        "componentName, {{name}}, componentName",
        "methodName, {{name}}, methodName",
        "tags, {{tags}}, tags"
    })
    void aTextThatWasLeftAsItWasIsNamedAtStart(String option, String value, String name) throws Exception {
        ViamDataComponent component = new ViamDataComponent();
        ViamDataConfiguration options = component.getConfiguration();
        switch (option) {
            case "partId" -> component.setPartId(value);
            case "apiKeyId" -> options.setApiKeyId(value);
            case "apiKey" -> options.setApiKey(value);
            case "secret" -> options.setSecret(value);
            case "accessToken" -> options.setAccessToken(value);
            case "host" -> options.setHost(value);
            case "componentType" -> options.setComponentType(value);
            case "componentName" -> options.setComponentName(value);
            case "methodName" -> options.setMethodName(value);
            default -> options.setTags(value);
        }
        if (option.equals("apiKey")) {
            options.setApiKeyId("id");
        } else if (option.equals("apiKeyId")) {
            options.setApiKey("key");
        }
        context.addComponent("viamdata-texts", component);
        String uri = "viamdata-texts:" + (option.equals("partId") ? "" : "p") + "?"
                + (option.equals("host") ? "" : "host=localhost");

        assertThatThrownBy(() -> context.getEndpoint(uri).start())
                .satisfies(e -> assertThat(rootMessages(e))
                        .contains(name)
                        .containsAnyOf(
                                "placeholder that nothing has resolved", "white space or a line break", "a character")
                        .doesNotContain("=" + value, "'" + value));
    }

    @Test
    void aKeyInThePlaceOfItsIdIsToldAsSwapped() {
        String id = "11111111-2222-3333-4444-555555555555";

        assertThatThrownBy(() -> context.getEndpoint("viamdata:p?host=localhost&apiKeyId=key&apiKey=" + id))
                .satisfies(e -> assertThat(rootMessages(e))
                        .contains("The options apiKeyId and apiKey are swapped")
                        .doesNotContain(id));
    }

    static Stream<Arguments> headersThatWereLeftAsTheyWere() {
        return Stream.of(
                arguments(ViamDataConstants.PART_ID, "{{part}}", "placeholder that nothing has resolved"),
                arguments(ViamDataConstants.PART_ID, "part\n", "white space or a line break"),
                arguments(ViamDataConstants.COMPONENT_TYPE, "rdk:component:", "ends in a colon"),
                arguments(ViamDataConstants.COMPONENT_NAME, "{{name}}", "placeholder that nothing has resolved"),
                arguments(ViamDataConstants.METHOD_NAME, "{{name}}", "placeholder that nothing has resolved"),
                arguments(ViamDataConstants.TAGS, "a;b", "contains a semicolon"),
                arguments(ViamDataConstants.DATASET_IDS, "a;b", "contains a semicolon"));
    }

    @ParameterizedTest
    @MethodSource("headersThatWereLeftAsTheyWere")
    void aHeaderThatWasLeftAsItWasIsNamed(String header, String value, String text) {
        assertThat(refused(ViamDataRejectedException.class, uri(CAMERA), BODY, Map.of(header, value)))
                .hasMessageContaining(header)
                .hasMessageContaining(text);
        assertThat(service.calls()).isEmpty();
    }

    static Stream<Arguments> malformedJson() {
        return Stream.of(
                arguments("{\"a\":NaN}", "at $.a in line 1, column 6, where there is NaN"),
                arguments("\n\n{\"a\":1}\n{\"a\":-Infinity}", "at $.a in line 4, column 6, where there is -Infinity"),
                arguments("[{\"a\":1},\n {\"a\":TRUE}]", "at $[1].a in line 2, column 7, where there is TRUE"),
                arguments("{\"a\":1}\0", "at $ in line 1, column 9, where there is a NUL character"),
                arguments("{\"a\":\"\t\"}", "in line 1, column "),
                arguments("{\"a\":\n1", "the text ends too early"),
                arguments("{a:1}", "in line 1, column "),
                arguments("a,b\n1,2\n", "CSV takes unmarshal().csv() with useMaps first"));
    }

    @ParameterizedTest
    @MethodSource("malformedJson")
    void malformedJsonIsToldByItsPlaceAndNotByGson(String body, String text) {
        ViamDataRejectedException exception =
                refused(ViamDataRejectedException.class, uri(CAMERA, "operation=tabular"), body, Map.of());

        assertThat(exception).hasMessageContaining("The body is not valid JSON").hasMessageContaining(text);
        for (Throwable cause = exception; cause != null; cause = cause.getCause()) {
            assertThat(cause.getMessage()).doesNotContainIgnoringCase("lenien").doesNotContain("setStrictness");
        }
        assertThat(service.calls()).isEmpty();
    }

    @Test
    void anUnknownCharsetNamesItsHeader() {
        for (String operation : List.of("tabular", "binary")) {
            Exchange exchange = template.send(uri(CAMERA, "operation=" + operation), message -> {
                message.setProperty(ExchangePropertyKey.CHARSET_NAME, "utf-eight");
                message.getMessage().setBody(operation.equals("binary") ? "{}" : new byte[] {'{', '}'});
            });
            assertThat(exchange.getException())
                    .isInstanceOf(ViamDataRejectedException.class)
                    .hasMessageContaining("The charset 'utf-eight' is unknown")
                    .hasMessageContaining("CamelCharsetName");
        }
    }

    @Test
    void aListInPlaceOfBytesNamesWhatMakesBytesOrReadingsOfIt() {
        for (Object body : List.of(List.of(Map.of("a", 1), Map.of("a", 2)), Map.of("a", 1))) {
            assertThat(refused(ViamDataRejectedException.class, uri(CAMERA), body, Map.of()))
                    .hasMessageContaining("marshal().json()")
                    .hasMessageContaining("split it")
                    .hasMessageContaining("operation=tabular");
        }
    }

    @ParameterizedTest
    @CsvSource({
        "PERMISSION_DENIED, 'and the part ID (in the URI, or in the header CamelViamDataPartId)'",
        "NOT_FOUND, 'Check the part ID (in the URI, or in the header CamelViamDataPartId)'"
    })
    void aRefusalForThePartNamesThePart(Status.Code code, String text) {
        service.answering(call -> code.toStatus());

        assertThat(refused(ViamDataException.class, uri(CAMERA, "accessToken=t"), BODY, Map.of()))
                .hasMessageContaining("for part " + PART)
                .hasMessageContaining(text);
    }

    @Test
    void aDeadlineOfTheServicesOwnIsNotThatOfTheOption() {
        service.answering(call -> Status.DEADLINE_EXCEEDED.withDescription("our storage is slow"));

        assertThat(refused(ViamDataUnavailableException.class, uri(CAMERA, "maxAttempts=1"), BODY, Map.of()))
                .hasMessageContaining("our storage is slow")
                .hasMessageNotContaining("requestTimeout");
    }

    @Test
    void tlsToAPortThatSpeaksNoneNamesPlaintext() {
        String uri = "viamdata:p?host=localhost&port=" + service.port() + "&accessToken=t&maxAttempts=1&" + CAMERA;

        assertThat(refused(ViamDataUnavailableException.class, uri, BODY, Map.of()))
                .hasMessageContaining("speaks no TLS: correct host and port, or set plaintext=true");
    }

    @Test
    void plaintextToAPortThatSpeaksTlsNamesPlaintext(@TempDir Path directory) throws Exception {
        try (TestService tls =
                TestService.tls(Http2Tls.forServer(TestTls.server(directory).createSSLContext(context)))) {
            String uri = "viamdata:p?host=localhost&port=" + tls.port() + "&plaintext=true&maxAttempts=1&" + CAMERA;

            assertThat(refused(ViamDataUnavailableException.class, uri, BODY, Map.of()))
                    .hasMessageContaining("if the service speaks TLS there, remove plaintext=true");
        }
    }

    @Test
    void anUntrustedCertificateNamesTheTrustStore(@TempDir Path directory) throws Exception {
        try (TestService tls =
                TestService.tls(Http2Tls.forServer(TestTls.server(directory).createSSLContext(context)))) {
            String uri = "viamdata:p?host=localhost&port=" + tls.port() + "&accessToken=t&maxAttempts=1&" + CAMERA;

            assertThat(refused(ViamDataUnavailableException.class, uri, BODY, Map.of()))
                    .hasMessageContaining("set sslContextParameters to a trust store");
        }
    }

    @Test
    void anOlderLibraryIsToldInOneSentence() {
        Requirements.check("Camel", "4.8.0", "4.8");
        Requirements.check("Camel", "5.0", "4.8");
        Requirements.check("protobuf-java", "4.36.1", "3.25.5");
        Requirements.check("protobuf-java", null, "3.25.5");
        assertThatThrownBy(() -> Requirements.check("Camel", "4.7.9", "4.8"))
                .hasMessage(
                        "camel-viamdata needs Camel 4.8 or later, and found 4.7.9: raise its version in your build");
        assertThatThrownBy(() -> Requirements.check("protobuf-java", "3.25.3", "3.25.5"))
                .hasMessageContaining("needs protobuf-java 3.25.5 or later, and found 3.25.3");
    }

    @ParameterizedTest
    @ValueSource(
            strings = {"https://app.viam.com", "app.viam.com:443", "app.viam.com/", "me@app.viam.com", "app viam", "::x"
            })
    void aHostIsANameOrAnAddress(String host) {
        assertThatThrownBy(() -> context.getEndpoint("viamdata:p?accessToken=t&host=RAW(" + host + ")"))
                .hasMessageContaining("The option host is '" + host + "'");
    }

    @ParameterizedTest
    @ValueSource(strings = {"app.viam.com", "localhost.", "127.0.0.1", "::1", "[::1]"})
    void otherHostsAreTaken(String host) throws Exception {
        ViamDataEndpoint endpoint =
                context.getEndpoint("viamdata:p?accessToken=t&host=RAW(" + host + ")", ViamDataEndpoint.class);
        endpoint.createProducer().start();

        assertThat(endpoint.client().target()).startsWith(host);
    }

    @ParameterizedTest
    @CsvSource({
        "operation=tabular, auto, [{\"a\":1}], maxRequestSize;.*",
        "operation=file, auto, x, chunkSize",
        "operation=binary, streaming, x, chunkSize",
        "operation=binary, unary, x, uploadMode=auto",
        "operation=binary, auto, x, streamingThreshold"
    })
    void whatIsTooLargeNamesTheOptionToChange(String operation, String mode, String body, String option) {
        service.answering(call -> Status.RESOURCE_EXHAUSTED);

        String uri = uri(CAMERA, operation, "uploadMode=" + mode, "maxAttempts=1");

        assertThat(refused(ViamDataUnavailableException.class, uri, body, Map.of()))
                .hasMessageMatching(".*too large for the service, [a-z]+ " + option);
    }

    /** Of the stream's own code, or of the Java runtime. */
    @ParameterizedTest
    @ValueSource(strings = {"streaming", "unary", "auto"})
    void anErrorEndsTheUpload(String mode) throws Exception {
        InputStream body = new SequenceInputStream(new ByteArrayInputStream(BODY), new InputStream() {
            @Override
            public int read() {
                throw new OutOfMemoryError("none left");
            }
        });
        String uri = uri(CAMERA, "apiKeyId=i&apiKey=k", "uploadMode=" + mode);

        CompletableFuture<Exchange> upload =
                template.asyncSend(uri, exchange -> exchange.getMessage().setBody(body));

        assertThat(upload.get(20, TimeUnit.SECONDS).getException())
                .isInstanceOf(ViamDataUnavailableException.class)
                .hasMessageContaining("none left");
        ViamDataClient client = context.getEndpoint(uri, ViamDataEndpoint.class).client();
        // The permit comes back just after the end is told.
        await().untilAsserted(() -> assertThat(client.getInFlight()).isZero());
    }

    @ParameterizedTest
    @EnumSource(value = Status.Code.class, mode = EnumSource.Mode.EXCLUDE, names = "OK")
    void everyStatusIsOneOfThreeKinds(Status.Code code) {
        service.answering(call -> Status.fromCode(code).withDescription("because"));

        ViamDataException exception = refused(ViamDataException.class, uri(CAMERA, "maxAttempts=1"), BODY, Map.of());

        Class<?> kind = switch (code) {
            case UNAUTHENTICATED, PERMISSION_DENIED -> ViamDataAuthenticationException.class;
            case INVALID_ARGUMENT, NOT_FOUND, FAILED_PRECONDITION, OUT_OF_RANGE, ALREADY_EXISTS, UNIMPLEMENTED ->
                ViamDataRejectedException.class;
            default -> ViamDataUnavailableException.class;
        };
        assertThat(exception)
                .isInstanceOf(kind)
                .hasMessageContaining("localhost:" + service.port())
                .hasMessageContaining(PART)
                .hasMessageContaining(code + ": because");
        assertThat(exception.getStatus()).isEqualTo(code);
        assertThat(exception.getPartId()).isEqualTo(PART);
        assertThat(exception.getAttempts()).isEqualTo(1);
        assertThat(exception.getBytesSent()).isEqualTo(1);
        // With RESOURCE_EXHAUSTED the service says itself that it did not take the data.
        boolean unknown = kind == ViamDataUnavailableException.class && code != Status.Code.RESOURCE_EXHAUSTED;
        assertThat(exception.getDelivery()).isEqualTo(unknown ? ViamDataDelivery.unknown : ViamDataDelivery.refused);
        assertThat(service.uploads()).hasSize(1);
    }

    @Test
    void anUnreachableServiceIsUnavailableAndNothingWasSent() {
        String uri = uri(CAMERA, "maxAttempts=2", "retryDelay=1");
        service.close();

        ViamDataUnavailableException exception = refused(ViamDataUnavailableException.class, uri, BODY, Map.of());

        assertThat(exception).hasMessageContaining("after 2 attempts").hasMessageContaining("Connection refused");
        assertThat(exception.getBytesSent()).isZero();
        assertThat(exception.getDelivery()).isEqualTo(ViamDataDelivery.notSent);
    }

    @Test
    void aFailedUploadLeavesTheMessageAsItWas() {
        service.answering(call -> Status.INVALID_ARGUMENT);

        Exchange exchange = send(uri(CAMERA), BODY, Map.of("mine", "kept"));

        assertThat(exchange.getMessage().getBody()).isSameAs(BODY);
        assertThat(exchange.getMessage().getHeaders())
                .containsExactlyInAnyOrderEntriesOf(
                        Map.of("mine", "kept", ViamDataConstants.DELIVERY, ViamDataDelivery.refused));
    }

    private static String rootMessages(Throwable error) {
        StringBuilder messages = new StringBuilder();
        for (Throwable cause = error; cause != null; cause = cause.getCause()) {
            messages.append(cause.getMessage()).append('\n');
        }
        return messages.toString();
    }
}
