// Copyright the camel-viamdata authors. SPDX-License-Identifier: Apache-2.0
package io.github.camelviamdata;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowable;

import io.github.camelviamdata.server.ViamDataServerComponent;
import io.github.camelviamdata.server.ViamDataServerConsumer;
import io.github.camelviamdata.service.TestService;
import io.github.camelviamdata.support.LogCollector;
import io.github.camelviamdata.support.Secret;
import io.grpc.Status;
import java.lang.management.ManagementFactory;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Properties;
import java.util.Set;
import java.util.TreeSet;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import javax.management.MBeanAttributeInfo;
import javax.management.MBeanInfo;
import javax.management.MBeanOperationInfo;
import javax.management.MBeanServer;
import javax.management.ObjectName;
import org.apache.camel.Endpoint;
import org.apache.camel.Exchange;
import org.apache.camel.builder.RouteBuilder;
import org.apache.camel.console.DevConsole;
import org.apache.camel.console.DevConsoleRegistry;
import org.apache.camel.impl.DefaultCamelContext;
import org.apache.camel.impl.DefaultDumpRoutesStrategy;
import org.apache.camel.main.Main;
import org.apache.camel.spi.DumpRoutesStrategy;
import org.apache.camel.support.MessageHelper;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** No secret comes to light: not in any log line, and not in anything else that Camel shows of itself. */
class SecretsTest {

    private static final String FIELDS =
            "&componentType=camera&componentName=gate&methodName=GetImages&fileExtension=.jpg";

    private final Secret apiKey = Secret.random("ak-");
    private final Secret machineSecret = Secret.random("ms-");
    private final Secret accessToken = Secret.random("at-");
    private final Secret fetchedToken = Secret.random("ft-");
    private final Secret serverKey = Secret.random("sk-");
    private final List<Secret> secrets = List.of(apiKey, machineSecret, accessToken, fetchedToken, serverKey);

    private final TestService service = TestService.plaintext().giving(request -> fetchedToken.text());
    private final DefaultCamelContext context = new DefaultCamelContext();
    private LogCollector log;

    @BeforeEach
    void start() throws Exception {
        log = new LogCollector();
        Properties properties = new Properties();
        properties.setProperty("viam.apiKey", apiKey.text());
        properties.setProperty("viam.secret", machineSecret.text());
        properties.setProperty("viam.token", accessToken.text());
        properties.setProperty("server.apiKey", "server-id=" + serverKey.text());
        context.getPropertiesComponent().setInitialProperties(properties);
        context.setMessageHistory(true);
        context.setSourceLocationEnabled(true);
        context.setUseMDCLogging(true);
        context.addRoutes(new RouteBuilder() {
            @Override
            public void configure() {
                from("direct:key")
                        .routeId("key")
                        .to(uri("apiKeyId=key-id&apiKey=RAW({{viam.apiKey}})"))
                        .to("log:uploaded?showAll=true");
                from("direct:machine").routeId("machine").to(uri("secret=RAW({{viam.secret}})&uploadMode=streaming"));
                from("direct:token").routeId("token").to(uri("accessToken=RAW({{viam.token}})"));
                from("viamdata-server:localhost:0?apiKey=RAW({{server.apiKey}})")
                        .routeId("server")
                        .to("log:received");
            }
        });
        context.start();
    }

    private String uri(String credential) {
        return "viamdata:part?" + service.options() + "&maxAttempts=1&" + credential + FIELDS;
    }

    @AfterEach
    void stop() {
        context.stop();
        service.close();
        log.close();
    }

    private Exchange send(String route) {
        return context.createProducerTemplate()
                .send("direct:" + route, exchange -> exchange.getMessage().setBody("picture"));
    }

    private void uploadOnce() {
        for (String route : List.of("key", "machine", "token")) {
            assertThat(send(route).getException()).isNull();
        }
        int port = ((ViamDataServerConsumer) context.getRoute("server").getConsumer()).getPort();
        Exchange relayed = context.createProducerTemplate()
                .send(
                        "viamdata:part?host=localhost&plaintext=true&port=" + port + "&apiKeyId=server-id&apiKey=RAW("
                                + serverKey.text() + ")" + FIELDS,
                        exchange -> exchange.getMessage().setBody("picture"));
        assertThat(relayed.getException()).isNull();
    }

    private void assertNoSecretIn(String where, Object output) {
        Secret.assertNone(secrets, where, output);
    }

    private void assertNoSecretLogged() {
        List<String> lines = log.linesWithoutCamelsOwn();
        assertThat(lines).isNotEmpty();
        lines.forEach(line -> assertNoSecretIn("The log", line));
    }

    @Test
    void secretsReachTheServiceButNoLog() {
        uploadOnce();
        context.stop();

        assertThat(service.authentications()).hasSize(2);
        assertThat(service.uploads())
                .extracting(call -> call.header("authorization"))
                .containsExactly(
                        "Bearer " + fetchedToken.text(),
                        "Bearer " + fetchedToken.text(),
                        "Bearer " + accessToken.text());
        assertNoSecretLogged();
        // What is logged of the same frames shows that the log was searched where secrets would have been.
        assertThat(frames("OUTBOUND HEADERS"))
                .anyMatch(line -> line.contains("viam_client: java;v") && line.contains("authorization: xxxxxx"));
        assertThat(frames("OUTBOUND DATA")).isNotEmpty().allMatch(line -> line.contains("bytes=xxxxxx"));
        // Both of gRPC's ways to log, and Camel's, are open.
        assertThat(log.lines())
                .anyMatch(line -> line.contains(" io.grpc.ChannelLogger "))
                .anyMatch(line -> line.startsWith("TRACE org.apache.camel."));
    }

    /** Secrets that are set on components stand in no URI, which Camel shows here and there in full. */
    @Test
    void secretsSetOnComponentsShowNowhere() throws Exception {
        context.stop();
        log.close();
        log = new LogCollector();
        try (DefaultCamelContext plain = new DefaultCamelContext()) {
            ViamDataServerComponent server = new ViamDataServerComponent();
            server.setApiKey(Map.of("server-id", serverKey.text()));
            plain.addComponent("viamdata-server", server);
            plain.addComponent("viamdata-key", component(service.port(), "key-id", apiKey, null, null));
            plain.addComponent("viamdata-machine", component(service.port(), null, null, machineSecret, null));
            plain.addComponent("viamdata-token", component(service.port(), null, null, null, accessToken));
            plain.setMessageHistory(true);
            plain.addRoutes(new RouteBuilder() {
                @Override
                public void configure() {
                    from("viamdata-server:localhost:0").routeId("server").to("log:received");
                    for (String scheme : List.of("viamdata-key", "viamdata-machine", "viamdata-token")) {
                        from("direct:" + scheme).to(scheme + ":part?maxAttempts=1" + FIELDS);
                    }
                }
            });
            plain.start();
            int port = ((ViamDataServerConsumer) plain.getRoute("server").getConsumer()).getPort();
            plain.addComponent("viamdata-relay", component(port, "server-id", serverKey, null, null));
            for (String uri : List.of(
                    "direct:viamdata-key",
                    "direct:viamdata-machine",
                    "direct:viamdata-token",
                    "viamdata-relay:part?maxAttempts=1" + FIELDS)) {
                Exchange exchange = plain.createProducerTemplate()
                        .send(uri, e -> e.getMessage().setBody("picture"));
                assertThat(exchange.getException()).isNull();
            }
            service.answering(call ->
                    Status.INVALID_ARGUMENT.withDescription("got authorization: " + call.header("authorization")));
            Exchange failed = plain.createProducerTemplate()
                    .send("direct:viamdata-token", e -> e.getMessage().setBody("picture"));
            assertThat(failed.getException()).hasMessageContaining("authorization: Bearer xxxxxx");
            assertNoSecretIn("The exchange", failed.getAllProperties() + " " + failed);
            assertNoSecretIn("The message", failed.getMessage().getHeaders());
            assertNoSecretIn("The failure", LogCollector.stackTrace(failed.getException()));
            assertConsolesShowNoSecret(plain);
        }

        assertThat(service.uploads()).hasSize(4);
        assertThat(log.lines())
                .anyMatch(line -> line.startsWith("TRACE org.apache.camel."))
                .anyMatch(line -> line.contains("viamdata-relay"));
        assertNoSecretIn("The log", log.lines());
    }

    private void assertConsolesShowNoSecret(DefaultCamelContext context) {
        DevConsoleRegistry consoles = DevConsoleRegistry.get(context);
        consoles.setEnabled(true);
        consoles.loadDevConsoles(true);
        Map<String, String> seen = new HashMap<>();
        // Since Camel 4.22 one of them writes the whole heap to a file.
        consoles.stream().filter(console -> !console.getId().contains("heap")).forEach(console -> {
            for (DevConsole.MediaType type : DevConsole.MediaType.values()) {
                if (console.supportMediaType(type)) {
                    String output = String.valueOf(console.call(type, Map.of()));
                    seen.merge(console.getId(), output, String::concat);
                    assertNoSecretIn("The console " + console.getId() + " as " + type, output);
                }
            }
        });
        // Camel 4.8 has no console of producers.
        assertThat(seen)
                .containsKeys("endpoint", "route", "route-dump", "consumer", "properties", "context", "viamdata");
        assertThat(seen.get("endpoint")).contains("viamdata-key://part");
        assertThat(seen.get("viamdata")).contains("got authorization: Bearer xxxxxx");
    }

    private static ViamDataComponent component(
            int port, String id, Secret key, Secret machineSecret, Secret accessToken) {
        ViamDataComponent component = new ViamDataComponent();
        ViamDataConfiguration options = component.getConfiguration();
        options.setHost("localhost");
        options.setPort(port);
        options.setPlaintext(true);
        options.setApiKeyId(id);
        options.setApiKey(key == null ? null : key.text());
        options.setSecret(machineSecret == null ? null : machineSecret.text());
        options.setAccessToken(accessToken == null ? null : accessToken.text());
        return component;
    }

    private List<String> frames(String kind) {
        Pattern frame = Pattern.compile("DEBUG \\S+\\.NettyClientHandler .* " + kind + ": .*", Pattern.DOTALL);
        return log.lines().stream()
                .filter(line -> frame.matcher(line).matches())
                .toList();
    }

    @Test
    void failuresShowNoSecret() {
        // The worst service: it sends back all it was sent.
        service.giving(request -> null)
                .refusing(request -> Status.PERMISSION_DENIED.withDescription(
                        "no such key: " + request.getCredentials().getPayload()));
        assertFailureShowsNothing("key", ViamDataAuthenticationException.class);
        assertFailureShowsNothing("machine", ViamDataAuthenticationException.class);

        service.giving(request -> fetchedToken.text());
        for (Status status :
                List.of(Status.UNAUTHENTICATED, Status.UNAVAILABLE, Status.INVALID_ARGUMENT, Status.UNIMPLEMENTED)) {
            service.answering(call -> status.withDescription("got authorization: " + call.header("authorization")));
            for (String route : List.of("machine", "token")) {
                assertFailureShowsNothing(route, ViamDataException.class);
            }
        }
        assertNoSecretLogged();
    }

    private void assertFailureShowsNothing(String route, Class<?> kind) {
        Exchange exchange = send(route);
        assertThat(exchange.getException()).isInstanceOf(kind);
        assertThat(exchange.getException()).hasMessageContaining("xxxxxx");
        assertNoSecretIn("The failure", LogCollector.stackTrace(exchange.getException()));
        String history = MessageHelper.dumpMessageHistoryStacktrace(exchange, null, true);
        assertThat(history).contains("viamdata:part");
        assertNoSecretIn("The message history", history);
        assertNoSecretIn("The message", MessageHelper.dumpAsXml(exchange.getMessage()));
        assertNoSecretIn("The message", MessageHelper.dumpAsJSon(exchange.getMessage()));
        assertNoSecretIn("The exchange", exchange);
    }

    @Test
    void optionsThatAreRefusedShowNoSecret() {
        for (String options : List.of(
                "apiKey=RAW({{viam.apiKey}})",
                "apiKeyId=key-id&apiKey=RAW({{viam.apiKey}})&accessToken=RAW({{viam.token}})",
                "secret=RAW({{viam.secret}})&accessToken=RAW({{viam.token}})",
                "accessToken=RAW({{viam.token}})&host=example.org",
                "secret=RAW({{viam.secret}})&port=99999",
                "secret=RAW({{viam.secret}})&port=http",
                "secret=RAW({{viam.secret}})&unknown=1",
                "accessToken=RAW({{viam.token}} )",
                "accessToken=RAW({{viam.token}}\u00e4)")) {
            Throwable failure = catchThrowable(() -> context.addRoutes(new RouteBuilder() {
                @Override
                public void configure() {
                    from("direct:refused").to("viamdata:part?plaintext=true&host=localhost&" + options + FIELDS);
                }
            }));

            assertThat(failure).as(options).isNotNull();
            assertNoSecretIn("The failure", LogCollector.stackTrace(failure));
        }
        assertNoSecretLogged();
    }

    @Test
    void aTokenThatCannotBeSentShowsNowhere() {
        service.giving(request -> fetchedToken.text() + "\u00e4");

        Exception failure = send("key").getException();

        assertThat(failure).hasMessageContaining("the answer holds no access token that can be sent");
        assertNoSecretIn("The failure", LogCollector.stackTrace(failure));
        assertThat(service.authentications()).isNotEmpty();
        assertNoSecretLogged();
    }

    @Test
    void endpointsShowNoSecret() throws Exception {
        uploadOnce();

        assertThat(context.getEndpoints())
                .filteredOn(endpoint -> endpoint instanceof ViamDataEndpoint)
                .hasSize(4);
        for (Endpoint endpoint : context.getEndpoints()) {
            assertNoSecretIn("The endpoint", endpoint);
            if (endpoint instanceof ViamDataEndpoint) {
                assertThat(endpoint.toString()).contains("=xxxxxx");
                assertNoSecretIn("The producer", endpoint.createProducer());
                assertNoSecretIn(
                        "The client",
                        ((ViamDataEndpoint) endpoint).client() + " "
                                + ((ViamDataEndpoint) endpoint).getConfiguration());
            }
        }
        assertNoSecretIn("The consumer", context.getRoute("server").getConsumer());
        assertNoSecretIn("The list of endpoints", context.getEndpoints());
        assertNoSecretIn(
                "The components", context.getComponent("viamdata") + " " + context.getComponent("viamdata-server"));
    }

    @Test
    void aKeySpelledWithADashIsMaskedInTheEndpoint() throws Exception {
        Endpoint endpoint = context.getEndpoint(uri("api-key-id=key-id&api-key=RAW({{viam.apiKey}})"));
        Endpoint server = context.getEndpoint("viamdata-server:localhost:0?api-key=RAW({{server.apiKey}})");

        assertThat(context.createProducerTemplate()
                        .send(endpoint, exchange -> exchange.getMessage().setBody("picture"))
                        .getException())
                .isNull();
        assertThat(service.authentications()).hasSize(1);
        assertThat(endpoint.toString()).contains("apiKey=xxxxxx").contains("apiKeyId=");
        assertNoSecretIn("The endpoint", endpoint + " " + endpoint.createProducer());
        assertThat(server.toString()).contains("apiKey=xxxxxx");
        assertNoSecretIn("The server", server);
        assertNoSecretLogged();
    }

    @Test
    void aPartIdWithALineBreakIsRefusedWithoutTheKey() {
        for (String partId : List.of("part\n", "\npart", "part ")) {
            Throwable failure = catchThrowable(() -> context.addRoutes(new RouteBuilder() {
                @Override
                public void configure() {
                    from("direct:" + partId.hashCode())
                            .to("viamdata:" + partId
                                    + "?plaintext=true&host=localhost&apiKeyId=id&apiKey=RAW({{viam.apiKey}})"
                                    + FIELDS);
                }
            }));

            if (failure == null) {
                // Camel 4.8 removes the line break itself.
                assertThat(context.getEndpoints().stream()
                                .filter(ViamDataEndpoint.class::isInstance)
                                .map(endpoint -> ((ViamDataEndpoint) endpoint)
                                        .getConfiguration()
                                        .getPartId()))
                        .isNotEmpty()
                        .allMatch(id -> id.chars().noneMatch(Character::isWhitespace));
                continue;
            }
            assertThat(failure)
                    .as(partId)
                    .hasStackTraceContaining("The part ID")
                    .hasStackTraceContaining("white space");
            assertNoSecretIn("The failure", LogCollector.stackTrace(failure));
        }
        assertNoSecretLogged();
    }

    @Test
    void managementShowsNoSecret() throws Exception {
        uploadOnce();
        MBeanServer server = ManagementFactory.getPlatformMBeanServer();
        Set<String> seen = new TreeSet<>();
        for (ObjectName name : server.queryNames(new ObjectName("org.apache.camel:*"), null)) {
            if (!name.getKeyProperty("context").contains(context.getManagementName())) {
                continue;
            }
            assertNoSecretIn("The MBean's name", name);
            MBeanInfo bean = server.getMBeanInfo(name);
            for (MBeanAttributeInfo attribute : bean.getAttributes()) {
                if (attribute.isReadable()) {
                    seen.add(name.getKeyProperty("type") + "." + attribute.getName());
                    assertNoSecretIn(name + "." + attribute.getName(), attribute(server, name, attribute.getName()));
                }
            }
            for (MBeanOperationInfo operation : bean.getOperations()) {
                if (operation.getSignature().length == 0
                        // Camel's writers of YAML and Java are not on the class path.
                        && !operation.getName().matches(".*(Yaml|Java)")
                        && operation.getName().matches("(dump|list|browse|endpoint|statistics|statisticsAs|get).*")) {
                    seen.add(name.getKeyProperty("type") + "." + operation.getName() + "()");
                    assertNoSecretIn(
                            name + "." + operation.getName() + "()",
                            server.invoke(name, operation.getName(), new Object[0], new String[0]));
                }
            }
        }
        assertThat(seen)
                .contains(
                        "endpoints.EndpointUri",
                        "components.ComponentName",
                        "context.dumpRoutesAsXml()",
                        "routes.dumpRouteAsXml()",
                        "services.listEndpoints()",
                        "producers.EndpointUri");
        assertNoSecretLogged();
    }

    private static Object attribute(MBeanServer server, ObjectName name, String attribute) throws Exception {
        Object value = server.getAttribute(name, attribute);
        return value instanceof Object[] array ? List.of(array) : value;
    }

    @Test
    void routesDumpedAtStartShowNoSecret() throws Exception {
        DefaultDumpRoutesStrategy strategy = new DefaultDumpRoutesStrategy();
        strategy.setResolvePlaceholders(false);
        context.getCamelContextExtension().addContextPlugin(DumpRoutesStrategy.class, strategy);
        context.setDumpRoutes("xml");
        context.stop();
        context.start();

        assertThat(log.lines()).anyMatch(line -> line.contains("{{viam.apiKey}}"));
        assertNoSecretLogged();
    }

    @Test
    void mainShowsNoSecretInItsSummary(@TempDir Path directory) throws Exception {
        assertMainShowsNoSecret(directory, "apiKey", "apiKeyId=key-id", "apiKey=" + apiKey.text());
        assertMainShowsNoSecret(directory, "apiKey", "api-key-id=key-id", "api-key=" + apiKey.text());
        assertMainShowsNoSecret(directory, "secret", "secret=" + machineSecret.text());
        assertMainShowsNoSecret(directory, "accessToken", "accessToken=" + accessToken.text());
        assertMainShowsNoSecret(directory, "accessToken", "access-token=" + accessToken.text());
    }

    private void assertMainShowsNoSecret(Path directory, String shown, String... options) throws Exception {
        Path file = directory.resolve("application.properties");
        Files.writeString(
                file,
                "camel.component.viamdata.host = localhost\n"
                        + "camel.component.viamdata-server.apiKey = server-id=" + serverKey.text() + "\n"
                        + Stream.of(options)
                                .map(option -> "camel.component.viamdata." + option + "\n")
                                .collect(Collectors.joining()));
        log.close();
        log = new LogCollector();
        Main main = new Main();
        main.setPropertyPlaceholderLocations("file:" + file);
        main.configure().addRoutesBuilder(new RouteBuilder() {
            @Override
            public void configure() {
                from("viamdata-server:localhost:0").to("viamdata:part?componentName=gate");
            }
        });
        main.start();
        main.stop();

        assertThat(log.lines())
                .filteredOn(line -> line.startsWith("INFO org.apache.camel.main."))
                .anyMatch(line -> line.contains("camel.component.viamdata.host = localhost"))
                .anyMatch(line -> line.contains("camel.component.viamdata-server.apiKey = xxxxxx"));
        assertThat(log.lines())
                .filteredOn(line -> line.startsWith("INFO org.apache.camel.main."))
                .anyMatch(line -> line.contains("camel.component.viamdata." + shown + " = xxxxxx"));
        assertNoSecretLogged();
    }
}
