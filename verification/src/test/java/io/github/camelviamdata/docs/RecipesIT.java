// Copyright the camel-viamdata authors. SPDX-License-Identifier: Apache-2.0
package io.github.camelviamdata.docs;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.tuple;
import static org.awaitility.Awaitility.await;

import io.github.camelviamdata.ViamDataConstants;
import io.github.camelviamdata.ViamDataEndpoint;
import io.github.camelviamdata.ViamDataException;
import io.github.camelviamdata.faults.Ports;
import io.github.camelviamdata.message.ProtoValues;
import io.github.camelviamdata.proto.data.v1.Annotations;
import io.github.camelviamdata.proto.data.v1.BinaryDataByFilterResponse;
import io.github.camelviamdata.proto.data.v1.BoundingBox;
import io.github.camelviamdata.proto.data.v1.Classification;
import io.github.camelviamdata.proto.data.v1.CreateSequenceResponse;
import io.github.camelviamdata.proto.datasync.v1.DataCaptureUploadRequest;
import io.github.camelviamdata.proto.datasync.v1.SensorData;
import io.github.camelviamdata.proto.datasync.v1.SensorMetadata;
import io.github.camelviamdata.proto.datasync.v1.UploadMetadata;
import io.github.camelviamdata.server.ViamDataServerConsumer;
import io.github.camelviamdata.service.FileTree;
import io.github.camelviamdata.service.StoredData;
import io.github.camelviamdata.service.TestCall;
import io.github.camelviamdata.service.TestService;
import io.github.camelviamdata.support.CaptureFile;
import io.github.camelviamdata.support.LogCollector;
import io.github.camelviamdata.support.TestTls;
import io.github.camelviamdata.transport.Http2Tls;
import io.grpc.Status;
import java.io.IOException;
import java.io.OutputStream;
import java.io.StringReader;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.FileTime;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Properties;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.Semaphore;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.locks.LockSupport;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import java.util.zip.ZipEntry;
import java.util.zip.ZipOutputStream;
import org.apache.camel.Exchange;
import org.apache.camel.ProducerTemplate;
import org.apache.camel.impl.DefaultCamelContext;
import org.apache.camel.spi.CamelEvent;
import org.apache.camel.spi.PropertiesFunction;
import org.apache.camel.support.SimpleEventNotifierSupport;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Runs the code of the reference pages, out of these pages. */
@Timeout(60)
class RecipesIT extends PageTestSupport {

    private static final List<Path> PAGES = Stream.of(
                    "component", "uploads", "failures", "kamelets", "recipes", "operating", "server-component", "once")
            .map(page -> Path.of("src/main/docs/viamdata-" + page + ".adoc"))
            .toList();

    /** A block of code with its ID, by which it can be linked to as well. */
    private static final Pattern BLOCK =
            Pattern.compile("^\\[source#([\\w-]+),(\\w+)]\n----\n(.*?)\n----$", Pattern.DOTALL | Pattern.MULTILINE);

    private static final FileTime LATELY = FileTime.fromMillis(1_793_000_000_000L);

    @BeforeEach
    void part() {
        properties.put("viam.part-id", "part");
    }

    record Block(String language, String code) {}

    static Map<String, Block> blocks() throws IOException {
        Map<String, Block> blocks = new LinkedHashMap<>();
        for (Path page : PAGES) {
            Matcher block = BLOCK.matcher(Files.readString(page));
            while (block.find()) {
                assertThat(blocks.put(block.group(1), new Block(block.group(2), block.group(3))))
                        .as(block.group(1))
                        .isNull();
            }
        }
        return blocks;
    }

    private void start(String recipe) throws Exception {
        Block block = blocks().get(recipe);
        start(block.language(), block.code());
        assertThat(main.getCamelContext().getRoutes()).isNotEmpty();
    }

    /** Takes over the properties of a block. Places come in pairs: what the page has, and what it is here. */
    private void set(String recipe, String... replacements) throws IOException {
        String code = blocks().get(recipe).code();
        for (int i = 0; i < replacements.length; i += 2) {
            assertThat(code).contains(replacements[i]);
            code = code.replace(replacements[i], replacements[i + 1]);
        }
        Properties block = new Properties();
        block.load(new StringReader(code));
        block.stringPropertyNames().forEach(name -> properties.put(name, block.getProperty(name)));
    }

    @Test
    void everyBlockIsRun() throws IOException {
        assertThat(blocks().keySet())
                .containsExactlyInAnyOrder(
                        "maven",
                        "component-options",
                        "console",
                        "kamelet",
                        "java",
                        "xml",
                        "yaml",
                        "parts",
                        "tenants",
                        "redelivery",
                        "dead-letter",
                        "dead-letter-channel",
                        "unknown",
                        "once",
                        "back-pressure",
                        "large-properties",
                        "large",
                        "throttle",
                        "zip",
                        "readings-route",
                        "capture-route",
                        "annotations",
                        "annotations-json",
                        "detect",
                        "tls-properties",
                        "tls-java",
                        "tls-yaml",
                        "secret-files",
                        "secret-kubernetes",
                        "vault-hashicorp",
                        "vault-aws",
                        "vault-azure",
                        "vault-gcp",
                        "test",
                        "relay",
                        "rights",
                        "server-keys",
                        "server-tls",
                        "server-client-certificates",
                        "received",
                        "store-and-forward",
                        "wake-properties",
                        "wake",
                        // ReadingPageTest runs this.
                        "reading-kamelet",
                        // OnceIT runs these, with their brokers and a database.
                        "once-jdbc",
                        "once-mqtt");
        int sources = 0;
        for (Path page : PAGES) {
            sources += Files.readString(page).split("\\[source\\b", -1).length - 1;
        }
        assertThat(sources).as("blocks, each with an ID").isEqualTo(blocks().size());
    }

    @Test
    void theDependencyIsThisProject() throws IOException {
        String pom = Files.readString(Path.of("pom.xml"));
        for (String line : blocks().get("maven").code().split("\n")) {
            if (!line.contains("dependency>")) {
                assertThat(pom).contains("\n" + line + "\n");
            }
        }
    }

    @Test
    void thePropertiesNamePartAndKeyForAllEndpoints() throws Exception {
        Map<String, String> keys = keysThatAreShown();
        properties.putAll(
                Map.of("our.API_KEY_ID", "our-id", "our.API_KEY", "our-key", "our.MACHINE_PART_ID", "our-part"));
        set("component-options", "{{env:VIAM_", "{{our.");

        start(
                "java",
                "from(\"file:{{inbox}}\")"
                        + ".to(\"viamdata:?componentType=camera&componentName=gate&methodName=GetImages\");");
        byte[] picture = drop("gate.jpg", 100);

        awaitInbox(".camel/gate.jpg");
        assertThat(uploaded(picture).metadata().getPartId()).isEqualTo("our-part");
        assertThat(keys).isEqualTo(Map.of("our-id", "our-key"));
    }

    /** The keys that the service is asked for a token with, by their IDs. */
    private Map<String, String> keysThatAreShown() {
        Map<String, String> keys = new ConcurrentHashMap<>();
        service.giving(request -> {
            keys.put(request.getEntity(), request.getCredentials().getPayload());
            return "token-of-" + request.getEntity();
        });
        return keys;
    }

    @Test
    void theConsoleIsServed() throws Exception {
        properties.put("console.port", String.valueOf(Ports.free()));
        set("console");
        byte[] picture = drop("gate.jpg", 100);
        start("yaml");
        awaitInbox(".done/gate.jpg");
        uploaded(picture);

        assertThat(console("text/plain")).contains("Target: localhost:" + service.port(), "Stored binary: 1");
        assertThat(console("application/json")).contains("\"target\":\"localhost:" + service.port() + "\"");
    }

    private String console(String type) throws Exception {
        URI uri = URI.create("http://localhost:" + properties.get("console.port") + "/q/dev/viamdata");
        return HttpClient.newHttpClient()
                .send(HttpRequest.newBuilder(uri).header("Accept", type).build(), HttpResponse.BodyHandlers.ofString())
                .body();
    }

    @Test
    void theKameletUploads() throws Exception {
        byte[] picture = drop("gate.jpg", 3000);

        start("kamelet");

        awaitInbox(".camel/gate.jpg");
        assertThat(uploaded(picture).metadata().getComponentName()).isEqualTo("gate");
    }

    @Test
    void eachCustomerHasAKeyOfItsOwn() throws Exception {
        for (String customer : List.of("north", "south")) {
            properties.put(customer + ".api-key-id", customer + "-id");
            properties.put(customer + ".api-key", customer + "-key");
            properties.put(customer + ".part-id", customer + "-part");
            for (String option : List.of("host", "port", "plaintext")) {
                properties.put(
                        "camel.component.viamdata-" + customer + ".configuration." + option,
                        properties.get("camel.component.viamdata." + option));
            }
        }
        Map<String, String> keys = keysThatAreShown();
        byte[] north = drop("north/gate.jpg", 1000);
        byte[] south = drop("south/gate.jpg", 1000);
        drop("east/gate.jpg", 1000);

        start("tenants");

        awaitInbox("north/.done/gate.jpg", "south/.done/gate.jpg", "east/.refused/east_gate.jpg");
        assertThat(keys).isEqualTo(Map.of("north-id", "north-key", "south-id", "south-key"));
        assertThat(uploaded(north).metadata().getPartId()).isEqualTo("north-part");
        assertThat(uploaded(north).header("authorization")).isEqualTo("Bearer token-of-north-id");
        assertThat(uploaded(south).metadata().getPartId()).isEqualTo("south-part");
        assertThat(uploaded(south).header("authorization")).isEqualTo("Bearer token-of-south-id");
    }

    @Test
    void theRouteTriesAgainUntilTheServiceIsBack() throws Exception {
        properties.putAll(Map.of("first.pause", "10", "longest.pause", "40"));
        AtomicInteger calls = new AtomicInteger();
        byte[] late = drop("late.jpg", 3000);
        byte[] refused = drop("refused.jpg", 3000);
        service.answering(call -> {
            if (Arrays.equals(call.payload(), refused)) {
                return Status.INVALID_ARGUMENT;
            }
            return calls.incrementAndGet() <= 6 ? Status.UNAVAILABLE : Status.OK;
        });

        start("redelivery");

        awaitInbox(".done/late.jpg", ".refused/refused.jpg");
        assertThat(calls(late)).hasSize(7);
        assertThat(calls(refused)).hasSize(1);
    }

    @Test
    void theDeadLetterChannelTakesWhatFailsAgainAndAgain() throws Exception {
        Path deadLetter = folder.resolve("dead-letter");
        properties.putAll(Map.of("dead-letter", deadLetter.toString(), "first.pause", "10"));
        byte[] stored = drop("stored.jpg", 3000);
        byte[] failing = drop("failing.jpg", 200_000);
        service.answering(call -> Arrays.equals(call.payload(), failing) ? Status.UNAVAILABLE : Status.OK);

        start("dead-letter-channel");

        awaitInbox();
        assertThat(calls(stored)).hasSize(1);
        assertThat(calls(failing)).hasSize(3);
        assertThat(FileTree.files(deadLetter)).hasSize(2);
        assertThat(aside(deadLetter, "failing.jpg")).hasBinaryContent(failing);
    }

    @Test
    void theRouteDecidesWhatBecomesOfThoseWhoseAnswerIsMissing() throws Exception {
        Path look = folder.resolve("look");
        properties.put("look-before-you-send-again", look.toString());
        byte[] stored = drop("stored.jpg", 3000);
        byte[] unknown = drop("unknown.jpg", 3000);
        byte[] refused = drop("refused.jpg", 3000);
        service.answering(call -> Arrays.equals(call.payload(), unknown)
                ? Status.UNAVAILABLE
                : Arrays.equals(call.payload(), refused) ? Status.INVALID_ARGUMENT : Status.OK);

        start("unknown");

        awaitInbox(".done/stored.jpg", ".done/unknown.jpg", "refused.jpg");
        uploaded(stored);
        uploaded(unknown);
        assertThat(FileTree.files(look)).hasSize(2);
        assertThat(aside(look, "unknown.jpg")).hasBinaryContent(unknown);
    }

    @Test
    void whoeverSendsWaitsOnceTheQueueIsFull() throws Exception {
        Semaphore answers = new Semaphore(0);
        service.answering(call -> {
            answers.acquireUninterruptibly();
            return Status.OK;
        });
        start("back-pressure");
        AtomicInteger sent = new AtomicInteger();
        ProducerTemplate template = main.getCamelTemplate();
        Thread sender = new Thread(() -> {
            for (int i = 0; i < 60; i++) {
                template.sendBody("direct:frames", new byte[100]);
                sent.incrementAndGet();
            }
        });
        sender.start();

        // Under way, waiting for its turn, and in the queue.
        await().untilAsserted(() -> assertThat(sent).hasValue(8 + 1 + 20));
        await().until(() -> sender.getState() == Thread.State.WAITING);
        assertThat(sent).hasValue(8 + 1 + 20);
        assertThat(service.uploads()).hasSize(8);

        answers.release(60);
        sender.join();
        await().until(() -> service.uploads().size() == 60);
    }

    @Test
    void aStreamIsSpooledAndSoSentAgain() throws Exception {
        Path spool = folder.resolve("spool");
        properties.putAll(Map.of("spool", spool.toString(), "http.port", String.valueOf(Ports.free())));
        properties.put("camel.component.viamdata.maxAttempts", "2");
        set("large-properties");
        List<Integer> spooled = new CopyOnWriteArrayList<>();
        service.answering(call -> {
            spooled.add(spool.toFile().list().length);
            return spooled.size() == 1 ? Status.UNAVAILABLE : Status.OK;
        });
        // Of more than streamingThreshold, up to which a stream is held in memory anyway.
        byte[] clip = new byte[1_500_000];
        random.nextBytes(clip);

        start("large");
        HttpResponse<String> response = HttpClient.newHttpClient()
                .send(
                        HttpRequest.newBuilder(URI.create("http://localhost:" + properties.get("http.port") + "/clips"))
                                .POST(HttpRequest.BodyPublishers.ofByteArray(clip))
                                .build(),
                        HttpResponse.BodyHandlers.ofString());

        assertThat(response.statusCode()).isEqualTo(200);
        assertThat(response.body()).startsWith(TestService.BINARY_DATA_ID);
        assertThat(calls(clip)).hasSize(2);
        assertThat(spooled).containsExactly(1, 1);
        await().untilAsserted(() -> assertThat(FileTree.files(spool)).isEmpty());
    }

    @Test
    void aCallOfViamBeginsAPoll() throws Exception {
        StoredData stored = new StoredData();
        stored.serve(service, call -> Status.OK);
        Path exported = folder.resolve("exported");
        properties.putAll(Map.of(
                "http.port",
                String.valueOf(Ports.free()),
                "webhook.secret",
                "5b1f",
                "viam.dataset",
                "dataset",
                "exported",
                exported.toString()));
        set("wake-properties");
        store(stored, "first");
        start("wake");
        await().atMost(Duration.ofSeconds(30)).until(() -> Files.exists(exported.resolve("first.jpg")));

        // Its turn would come in five minutes. Of many calls at once, each is answered.
        for (int i = 0; i < 3; i++) {
            store(stored, "later-" + i);
        }
        for (int i = 0; i < 20; i++) {
            assertThat(post("/viam/5b1f")).isEqualTo(200);
        }
        assertThat(post("/viam/other")).isEqualTo(404);

        await().atMost(Duration.ofSeconds(30))
                .untilAsserted(() -> assertThat(FileTree.files(exported).keySet())
                        .containsExactlyInAnyOrder("first.jpg", "later-0.jpg", "later-1.jpg", "later-2.jpg"));
    }

    private static void store(StoredData stored, String id) {
        stored.add(
                "organization/location/" + id,
                UploadMetadata.newBuilder()
                        .setComponentName("gate")
                        .setMethodName("GetImages")
                        .setFileExtension(".jpg")
                        .addDatasetIds("dataset")
                        .build(),
                SensorMetadata.getDefaultInstance(),
                id.getBytes(StandardCharsets.UTF_8));
    }

    private int post(String path) throws Exception {
        return HttpClient.newHttpClient()
                .send(
                        HttpRequest.newBuilder(URI.create("http://localhost:" + properties.get("http.port") + path))
                                .POST(HttpRequest.BodyPublishers.ofString("{\"component_name\": \"gate\"}"))
                                .build(),
                        HttpResponse.BodyHandlers.ofString())
                .statusCode();
    }

    @ParameterizedTest
    @ValueSource(strings = {"tls-properties", "tls-java", "tls-yaml"})
    void aPrivateAuthorityIsTrusted(String recipe) throws Exception {
        properties.keySet().removeIf(name -> name.matches(".*\\.(host|port|plaintext)"));
        try (DefaultCamelContext context = new DefaultCamelContext();
                TestService tls = TestService.tls(
                        Http2Tls.forServer(TestTls.server(folder).createSSLContext(context)))) {
            properties.putAll(Map.of(
                    "trust-store",
                    folder.resolve("localhost.p12").toString(),
                    "trust-store.password",
                    "changeit",
                    "service.host",
                    "localhost",
                    "service.port",
                    String.valueOf(tls.port())));
            drop("gate.jpg", 100);

            if (recipe.equals("tls-properties")) {
                set(recipe);
                start("yaml");
            } else {
                start(recipe);
            }

            awaitInbox(".done/gate.jpg");
            assertThat(tls.onlyUpload().metadata().getComponentName()).isEqualTo("gate");
        }
    }

    @ParameterizedTest
    @CsvSource({"secret-files, viam-", "secret-kubernetes, viam/"})
    void keysAreReadFromAMountedSecret(String recipe, String prefix) throws Exception {
        Path secrets = Files.createDirectory(folder.resolve("secrets"));
        Files.createDirectory(secrets.resolve("viam"));
        Files.writeString(secrets.resolve(prefix + "api-key-id"), "our-id");
        Files.writeString(secrets.resolve(prefix + "api-key"), "our-key");
        set(recipe, "/etc/viam", secrets.toString());

        assertKeyIsUsed();
    }

    /** Camel's own modules take a vault to look into; what they look up by is the same. */
    @ParameterizedTest
    @CsvSource({
        "vault-hashicorp, hashicorp, secret:viam#",
        "vault-aws, aws, viam#",
        "vault-azure, azure, viam#",
        "vault-gcp, gcp, viam#"
    })
    void keysAreLookedUpInAVault(String recipe, String name, String secret) throws Exception {
        Map<String, String> vault = Map.of(secret + "api-key-id", "our-id", secret + "api-key", "our-key");
        functions.add(new PropertiesFunction() {

            @Override
            public String getName() {
                return name;
            }

            @Override
            public String apply(String remainder) {
                return vault.get(remainder);
            }
        });
        set(recipe);
        properties.computeIfPresent("camel.vault.hashicorp.token", (key, token) -> "token");

        assertKeyIsUsed();
    }

    private void assertKeyIsUsed() throws Exception {
        Map<String, String> keys = keysThatAreShown();
        drop("gate.jpg", 100);
        start("yaml");
        awaitInbox(".done/gate.jpg");
        assertThat(keys).isEqualTo(Map.of("our-id", "our-key"));
    }

    @Test
    void uploadsThroughAProxy() throws Exception {
        Map<String, String> settings = new HashMap<>();
        try (ConnectProxy proxy = new ConnectProxy();
                DefaultCamelContext context = new DefaultCamelContext();
                TestService tls = TestService.tls(
                        Http2Tls.forServer(TestTls.server(folder).createSSLContext(context)))) {
            Map<String, String> wanted =
                    Map.of("https.proxyHost", "localhost", "https.proxyPort", String.valueOf(proxy.port()));
            wanted.forEach((name, value) -> settings.put(name, System.setProperty(name, value)));
            // This machine itself is never reached through a proxy.
            properties.put("camel.component.viamdata.host", TestTls.OTHER_NAME);
            properties.put("camel.component.viamdata.port", String.valueOf(tls.port()));
            properties.put("camel.component.viamdata.plaintext", "false");
            properties.put("camel.component.viamdata.apiKeyId", "our-id");
            properties.put("camel.component.viamdata.apiKey", "our-key");
            tls.giving(request -> "token");
            properties.put("camel.component.viamdata.sslContextParameters", "#tls");
            beans.put("tls", TestTls.client(folder));
            byte[] picture = drop("gate.jpg", 100);

            start("yaml");

            awaitInbox(".done/gate.jpg");
            assertThat(tls.onlyUpload().payload()).isEqualTo(picture);
            assertThat(proxy.targets()).containsExactly(TestTls.OTHER_NAME + ":" + tls.port());
        } finally {
            settings.forEach((name, value) -> {
                if (value == null) {
                    System.clearProperty(name);
                } else {
                    System.setProperty(name, value);
                }
            });
        }
    }

    @Test
    void aTestRunsWithoutViam() throws Exception {
        JavaTest.run("UploadRouteTest", blocks().get("test").code(), folder);
    }

    @Test
    void theRelayPassesOn() throws Exception {
        beans.put("tls", TestTls.server(folder));
        beans.put("trust", TestTls.client(folder));
        properties.putAll(Map.of("relay.keys", "id=key", "relay.port", "0"));
        start("relay");

        Exchange sent = main.getCamelTemplate()
                .send(
                        "viamdata:sender?plaintext=false&sslContextParameters=#trust&host=localhost&port="
                                + serverPort(0)
                                + "&apiKeyId=id&apiKey=key&componentType=camera&componentName=gate&methodName=GetImages"
                                + "&fileExtension=.jpg",
                        exchange -> exchange.getMessage().setBody("picture"));

        assertThat(sent.getException()).isNull();
        assertThat(sent.getMessage().getHeader(ViamDataConstants.FILE_ID)).isEqualTo(TestService.BINARY_DATA_ID + 1);
        assertThat(service.onlyUpload().metadata().getPartId()).isEqualTo("sender");
    }

    @Test
    void eachKeyHasItsPartsAndItsAmount() throws Exception {
        beans.put("tls", TestTls.server(folder));
        beans.put("trust", TestTls.client(folder));
        properties.putAll(Map.of("relay.keys", "id=key,other=key", "relay.parts", "id=sender", "relay.port", "0"));
        properties.put("relay.uploads-per-second", "1");
        start("rights");

        List<Exchange> sent = new ArrayList<>();
        for (String key : List.of("id", "id", "id", "other")) {
            sent.add(main.getCamelTemplate()
                    .send(
                            "viamdata:sender?plaintext=false&sslContextParameters=#trust&host=localhost&port="
                                    + serverPort(0) + "&apiKeyId=" + key + "&apiKey=key&operation=file&maxAttempts=1",
                            exchange -> exchange.getMessage().setBody("picture")));
        }

        assertThat(sent.get(0).getException()).isNull();
        // Three within a second, of which one may be the first of the next second.
        assertThat(sent.subList(1, 3))
                .anySatisfy(upload -> assertThat(upload.getException()).hasMessageContaining("RESOURCE_EXHAUSTED"));
        assertThat(sent.get(3).getException()).hasMessageContaining("PERMISSION_DENIED");
        assertThat(service.uploads())
                .allMatch(upload -> upload.metadata().getPartId().equals("sender"));
    }

    @Test
    void theServerTurnsAwayWhoHasNoKeyOrNoCertificate() throws Exception {
        beans.put("anonymous", TestTls.client(folder));
        beans.put("known", TestTls.clientWithCertificate(folder));
        for (String store : List.of("key-store", "trust-store")) {
            properties.put(store, folder.resolve("localhost.p12").toString());
            properties.put(store + ".password", "changeit");
        }
        properties.put("receive.port", "0");
        set("server-keys", "{{env:RECEIVE_API_KEYS}}", "id=key,other=secret");

        start("server-tls");
        assertThat(refusal("anonymous", "id", "wrong")).hasMessageContaining("PERMISSION_DENIED");
        assertThat(refusal("anonymous", "id", "key")).isNull();
        main.stop();

        // What is added follows the properties that the bean has.
        String code = blocks().get("server-tls").code();
        assertThat(code).contains("\n- route:");
        String more = blocks().get("server-client-certificates").code();
        start("yaml", code.replace("\n- route:", "\n" + more + "\n- route:"));
        assertThat(refusal("anonymous", "id", "key")).hasMessageContaining("UNAVAILABLE");
        assertThat(refusal("known", "id", "wrong")).hasMessageContaining("PERMISSION_DENIED");
        assertThat(refusal("known", "other", "secret")).isNull();
        assertThat(service.uploads()).hasSize(2);
    }

    private Exception refusal(String tls, String apiKeyId, String apiKey) throws Exception {
        return main.getCamelTemplate()
                .send(
                        "viamdata:sender?plaintext=false&sslContextParameters=#" + tls + "&host=localhost&port="
                                + serverPort(0) + "&apiKeyId=" + apiKeyId + "&apiKey=" + apiKey
                                + "&componentType=camera&componentName=gate&methodName=GetImages&fileExtension=.jpg",
                        exchange -> exchange.getMessage().setBody("picture"))
                .getException();
    }

    private int serverPort(int route) {
        return ((ViamDataServerConsumer)
                        main.getCamelContext().getRoutes().get(route).getConsumer())
                .getPort();
    }

    @Test
    void whatArrivesIsKeptUntilViamIsThere() throws Exception {
        Path outbox = folder.resolve("outbox");
        properties.putAll(Map.of("outbox", outbox.toString(), "receive.port", "0", "viam.part-id", "part"));
        AtomicInteger calls = new AtomicInteger();
        service.answering(call -> calls.incrementAndGet() == 1 ? Status.UNAVAILABLE : Status.OK);
        start("store-and-forward");
        byte[] picture = new byte[1000];
        random.nextBytes(picture);

        Exchange sent = main.getCamelTemplate()
                .send(
                        "viamdata:sender?host=localhost&port=" + serverPort(0)
                                + "&componentType=camera&componentName=gate&methodName=GetImages&fileExtension=.jpg",
                        exchange -> exchange.getMessage().setBody(picture));

        assertThat(sent.getException()).isNull();
        await().atMost(Duration.ofSeconds(30)).until(() -> calls(picture).size() == 2);
        TestCall stored = calls(picture).get(1);
        assertThat(stored.metadata().getPartId()).isEqualTo("sender");
        assertThat(stored.metadata().getComponentName()).isEqualTo("gate");
        await().untilAsserted(() -> assertThat(FileTree.files(outbox).keySet()).containsExactly(".lock"));
    }

    /** A proxy as companies have them: asked by CONNECT, it passes on what it does not understand. */
    private static final class ConnectProxy implements AutoCloseable {

        private final ServerSocket server = new ServerSocket(0, 10, InetAddress.getLoopbackAddress());
        private final List<String> targets = new CopyOnWriteArrayList<>();

        ConnectProxy() throws IOException {
            run(() -> {
                while (true) {
                    Socket client = server.accept();
                    run(() -> connect(client));
                }
            });
        }

        int port() {
            return server.getLocalPort();
        }

        List<String> targets() {
            return targets;
        }

        private void connect(Socket client) throws IOException {
            String head = "";
            while (!head.endsWith("\r\n\r\n")) {
                head += (char) client.getInputStream().read();
            }
            String target = head.split(" ")[1];
            targets.add(target);
            Socket service = new Socket("localhost", Integer.parseInt(target.split(":")[1]));
            client.getOutputStream().write("HTTP/1.1 200 OK\r\n\r\n".getBytes(StandardCharsets.US_ASCII));
            run(() -> service.getInputStream().transferTo(client.getOutputStream()));
            client.getInputStream().transferTo(service.getOutputStream());
            service.close();
        }

        private interface Work {
            void run() throws IOException;
        }

        private static void run(Work work) {
            Thread thread = new Thread(() -> {
                try {
                    work.run();
                } catch (IOException e) {
                    // One side has closed.
                }
            });
            thread.setDaemon(true);
            thread.start();
        }

        @Override
        public void close() throws IOException {
            server.close();
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"java", "xml", "yaml"})
    void uploadsFilesInEveryLanguage(String language) throws Exception {
        byte[] stored = drop("gate-1.jpg", 3000);
        byte[] refused = drop("gate-2.png", 3000);
        service.answering(call -> Arrays.equals(call.payload(), refused) ? Status.INVALID_ARGUMENT : Status.OK);

        start(language);

        awaitInbox(".done/gate-1.jpg", ".refused/gate-2.png");
        TestCall call = uploaded(stored);
        assertThat(call.metadata().getPartId()).isEqualTo("part");
        assertThat(call.metadata().getComponentType()).isEqualTo("camera");
        assertThat(call.metadata().getComponentName()).isEqualTo("gate");
        assertThat(call.metadata().getMethodName()).isEqualTo("GetImages");
        assertThat(call.metadata().getFileExtension()).isEqualTo(".jpg");
        assertThat(call.metadata().getTagsList()).containsExactly("night");
        assertThat(inbox.resolve(".done/gate-1.jpg")).hasBinaryContent(stored);
        assertThat(aside(inbox, "gate-2.png")).hasBinaryContent(refused);
    }

    @Test
    void readingsAreUploaded() throws Exception {
        Files.writeString(inbox.resolve("1.json"), "[{\"at\": \"2026-11-01T12:00:00Z\", \"level\": 0.7}]");
        Files.writeString(inbox.resolve("2.json"), "[{\"at\": \"noon\"}]");

        start("readings-route");

        awaitInbox(".done/1.json", ".refused/2.json");
        DataCaptureUploadRequest request = DataCaptureUploadRequest.parseFrom(
                service.onlyUpload().messages().get(0));
        assertThat(request.getMetadata().getComponentName()).isEqualTo("tank");
        SensorData reading = request.getSensorContents(0);
        assertThat(ProtoValues.map(reading.getStruct()))
                .isEqualTo(Map.of("readings", Map.of("at", "2026-11-01T12:00:00Z", "level", 0.7)));
        assertThat(ProtoValues.instant(reading.getMetadata().getTimeReceived())).isEqualTo("2026-11-01T12:00:00Z");
    }

    @Test
    void recoversWhatIsWholeOfAMachinesOwnFolder() throws Exception {
        CaptureFile file = CaptureFile.ofPictures(new byte[100], new byte[200]);
        byte[] bytes = file.bytes();
        Path folder = Files.createDirectories(inbox.resolve("gate"));
        Files.write(folder.resolve("1.capture"), bytes);
        Files.write(folder.resolve("2.prog"), Arrays.copyOf(bytes, bytes.length - 1));
        Files.writeString(folder.resolve("3.capture"), "no such file");
        Files.copy(Path.of("src/test/resources/cases/readings-with-binary.capture"), folder.resolve("4.capture"));
        Path sequences = Files.createDirectories(inbox.resolve("sequences"));
        String sequence =
                "{\"start_time\": \"2026-03-01T06:00:00Z\", \"end_time\": \"2026-03-01T06:01:00Z\", \"resources\":"
                        + " [{\"resource_name\": \"gate\", \"method_name\": \"GetImages\"}]}";
        Files.writeString(sequences.resolve("1.seq"), sequence);
        Files.writeString(sequences.resolve("2.progseq"), sequence);
        Files.writeString(sequences.resolve("3.seq"), sequence.substring(1));
        service.querying(call -> CreateSequenceResponse.newBuilder()
                .setId("after " + service.uploads().size() + " uploads")
                .build());

        try (LogCollector log = new LogCollector()) {
            Path damaged = inbox.resolveSibling("damaged");
            properties.put("damaged", damaged.toString());
            start("capture-route");

            awaitInbox(
                    "gate/.done/1.capture",
                    "gate/.done/2.prog",
                    "gate/.refused/gate_3.capture",
                    "gate/.refused/gate_4.capture",
                    "sequences/.done/1.seq",
                    "sequences/2.progseq",
                    "sequences/.refused/3.seq");
            assertThat(log.linesWithoutCamelsOwn())
                    .filteredOn(line -> line.contains("1.seq: "))
                    .singleElement()
                    .asString()
                    .contains("1.seq: after 3 uploads");
            assertThat(service.queries()).hasSize(1);
            Path copy = aside(damaged, "gate_2.prog");
            assertThat(copy).hasBinaryContent(Arrays.copyOf(bytes, bytes.length - 1));
            assertThat(FileTree.files(damaged)).hasSize(2);
            assertThat(Path.of(copy + ".json")).content().contains("CamelViamDataCaptureDamage");
        }
        assertThat(service.uploads())
                .extracting(call -> call.payload().length)
                .containsExactlyInAnyOrder(100, 200, 100);
    }

    @Test
    void everyMessageHasAPartOfItsOwnAndAllShareAnEndpoint() throws Exception {
        Map<String, byte[]> pictures = new HashMap<>();
        for (int part = 0; part < 5; part++) {
            pictures.put("part-" + part, drop("part-" + part + "/gate.jpg", 2000));
        }

        start("parts");

        await().until(() ->
                service.uploads().stream().filter(TestCall::isHalfClosed).count() == 5);
        pictures.forEach((part, bytes) ->
                assertThat(uploaded(bytes).metadata().getPartId()).isEqualTo(part));
        assertThat(main.getCamelContext().getEndpoints())
                .filteredOn(ViamDataEndpoint.class::isInstance)
                .hasSize(1);
    }

    @Test
    void whatIsRefusedForGoodLiesInTheDeadLetterFolderBitForBit() throws Exception {
        Path deadLetter = folder.resolve("dead-letter");
        properties.put("dead-letter", deadLetter.toString());
        byte[] refused = drop("refused.jpg", 200_000);
        byte[] unknown = drop("without-extension", 500);
        byte[] late = drop("late.jpg", 3000);
        byte[] stored = drop("stored.jpg", 3000);
        AtomicInteger lates = new AtomicInteger();
        service.answering(call -> {
            if (Arrays.equals(call.payload(), refused)) {
                return Status.INVALID_ARGUMENT.withDescription("no picture at all");
            }
            return Arrays.equals(call.payload(), late) && lates.incrementAndGet() == 1 ? Status.UNAVAILABLE : Status.OK;
        });

        start("dead-letter");

        awaitInbox();
        assertThat(FileTree.files(deadLetter)).hasSize(4);
        assertThat(aside(deadLetter, "refused.jpg")).hasBinaryContent(refused);
        assertThat(aside(deadLetter, "without-extension")).hasBinaryContent(unknown);
        assertThat(Path.of(aside(deadLetter, "refused.jpg") + ".json"))
                .content()
                .contains("no picture at all");
        assertThat(Path.of(aside(deadLetter, "without-extension") + ".json"))
                .content()
                .contains("fileExtension");
    }

    @Test
    void aPictureThatComesAgainIsUploadedOnceEvenAfterARestart() throws Exception {
        Path store = folder.resolve("uploaded.db");
        properties.put("uploaded.file", store.toString());
        FileTime time = FileTime.fromMillis(1_793_000_000_123L);
        byte[] picture = drop("gate.jpg", 3000);
        start("once");
        awaitInbox(".done/gate.jpg");
        assertThat(calls(picture)).hasSize(1);

        drop("gate.jpg", picture, FileTime.fromMillis(1_793_000_000_000L));
        awaitInbox(".done/gate.jpg");
        main.stop();
        start("once");
        drop("gate.jpg", picture, FileTime.fromMillis(1_793_000_000_000L));
        awaitInbox(".done/gate.jpg");
        assertThat(calls(picture)).as("no second upload").hasSize(1);

        byte[] next = new byte[3000];
        random.nextBytes(next);
        drop("gate.jpg", next, time);
        awaitInbox(".done/gate.jpg");
        assertThat(calls(next)).as("another picture of the same name").hasSize(1);
    }

    @Test
    void aPictureWithoutAnAnswerIsSentAgainOnceTheServiceDoesNotListIt() throws Exception {
        properties.put("uploaded.file", folder.resolve("uploaded.db").toString());
        properties.put("camel.component.viamdata.lookBackPatience", "0");
        AtomicInteger failures = new AtomicInteger(1);
        service.answering(call -> failures.getAndDecrement() > 0 ? Status.UNAVAILABLE : Status.OK);
        service.querying(call -> BinaryDataByFilterResponse.getDefaultInstance());
        byte[] picture = drop("gate.jpg", 3000);
        start("once");

        awaitInbox(".done/gate.jpg");
        assertThat(calls(picture)).hasSize(2);
        assertThat(service.queries()).hasSize(1);
    }

    @Test
    void aThinLinkIsNotFloodedAndCarriesOneAtATime() throws Exception {
        int rate = 5;
        properties.put("pictures.per.second", String.valueOf(rate));
        List<byte[]> pictures = new ArrayList<>();
        for (int i = 0; i < 3 * rate + 1; i++) {
            pictures.add(drop("gate-" + i + ".jpg", 2000));
        }
        ConcurrentLinkedQueue<Long> times = new ConcurrentLinkedQueue<>();
        AtomicInteger inFlight = new AtomicInteger();
        AtomicInteger most = new AtomicInteger();
        service.reading(call -> {
            // The first message of the stream.
            if (call.messages().size() == 1) {
                most.accumulateAndGet(inFlight.incrementAndGet(), Math::max);
            }
            return true;
        });
        service.answering(call -> {
            // Long enough for a second one to come in between, if it may.
            LockSupport.parkNanos(Duration.ofMillis(100).toNanos());
            inFlight.decrementAndGet();
            return Status.OK;
        });

        SimpleEventNotifierSupport sendings = new SimpleEventNotifierSupport() {
            @Override
            public void notify(CamelEvent event) {
                if (event instanceof CamelEvent.ExchangeSendingEvent sending
                        && sending.getEndpoint() instanceof ViamDataEndpoint) {
                    times.add(System.nanoTime());
                }
            }
        };
        sendings.setIgnoreExchangeEvents(false);
        sendings.setIgnoreExchangeSendingEvents(false);
        beans.put("sendings", sendings);

        start("throttle");

        awaitInbox(IntStream.range(0, pictures.size())
                .mapToObj(i -> ".done/gate-" + i + ".jpg")
                .toArray(String[]::new));
        pictures.forEach(this::uploaded);
        assertThat(service.uploads()).allMatch(call -> call.method().equals("StreamingDataCaptureUpload"));
        assertThat(most).hasValue(1);
        List<Long> passes = List.copyOf(times);
        assertThat(passes).hasSize(pictures.size());
        // The first ones may be late, because the endpoint is new.
        for (int i = 2 * rate; i < passes.size(); i++) {
            assertThat(Duration.ofNanos(passes.get(i) - passes.get(i - rate)))
                    .as("from %d to %d", i - rate, i)
                    .isGreaterThan(Duration.ofMillis(800));
        }
    }

    @Test
    void everyPictureOfAZipFileIsUploaded() throws Exception {
        Map<String, byte[]> pictures = new HashMap<>();
        zip("shift.zip", 12, pictures);

        startZip();

        awaitInbox(".done/shift.zip");
        assertThat(service.uploads()).hasSize(12);
        pictures.forEach((name, bytes) -> {
            TestCall call = uploaded(bytes);
            assertThat(call.metadata().getFileExtension()).isEqualTo(name.substring(name.indexOf('.')));
            assertThat(call.metadata().getTagsList()).isEqualTo(name.contains("tag=") ? List.of("night") : List.of());
        });
    }

    @Test
    void picturesOfOneNameInTwoZipFilesAreUploadedOnceEach() throws Exception {
        Map<String, byte[]> early = new HashMap<>();
        Map<String, byte[]> late = new HashMap<>();
        zip("early.zip", 2, early);
        startZip();
        awaitInbox(".done/early.zip");

        zip("late.zip", 2, late);
        awaitInbox(".done/early.zip", ".done/late.zip");
        assertThat(late).containsOnlyKeys(early.keySet());
        early.values().forEach(this::uploaded);
        late.values().forEach(this::uploaded);

        Path again = inbox.resolve(".done/early.zip");
        Files.move(again, inbox.resolve("early.zip"));
        awaitInbox(".done/early.zip", ".done/late.zip");
        assertThat(service.uploads()).as("no second upload").hasSize(4);

        Files.setLastModifiedTime(again, FileTime.fromMillis(LATELY.toMillis() + 1));
        Files.move(again, inbox.resolve("early.zip"));
        awaitInbox(".done/early.zip", ".done/late.zip");
        early.values().forEach(bytes -> assertThat(calls(bytes)).hasSize(2));
    }

    @Test
    void aZipFileWithAPictureThatFailsIsPutAsideAndGoesOnFromThere() throws Exception {
        Map<String, byte[]> pictures = new HashMap<>();
        zip("shift.zip", 6, pictures);
        service.answering(call -> service.uploads().size() == 4 ? Status.INVALID_ARGUMENT : Status.OK);

        startZip();

        awaitInbox(".refused/shift.zip");
        assertThat(service.uploads()).hasSize(4);

        Files.move(aside(inbox, "shift.zip"), inbox.resolve("shift.zip"));
        awaitInbox(".done/shift.zip");
        assertThat(service.uploads()).hasSize(4 + 3);
        pictures.values().forEach(bytes -> assertThat(calls(bytes)).isNotEmpty());
    }

    private void startZip() throws Exception {
        properties.put("uploaded.file", folder.resolve("uploaded.db").toString());
        start("zip");
    }

    private void zip(String name, int count, Map<String, byte[]> pictures) throws IOException {
        Path file = folder.resolve("new.zip");
        try (OutputStream output = Files.newOutputStream(file);
                ZipOutputStream zip = new ZipOutputStream(output)) {
            zip.putNextEntry(new ZipEntry("tag=night/"));
            for (int i = 0; i < count; i++) {
                // Above the size from which Camel keeps entries on disk, and below it.
                byte[] bytes = new byte[i % 2 == 0 ? 400_000 : 3000];
                random.nextBytes(bytes);
                String entry = (i % 3 == 0 ? "tag=night/" : "") + "gate-" + i + (i % 2 == 0 ? ".jpg" : ".png");
                zip.putNextEntry(new ZipEntry(entry));
                zip.write(bytes);
                pictures.put(entry, bytes);
            }
        }
        Files.setLastModifiedTime(file, LATELY);
        Files.move(file, inbox.resolve(name));
    }

    @Test
    void whatAModelHasFoundGoesWithThePicture() throws Exception {
        properties.put("model.patience", "1000");
        byte[] picture = drop("gate.jpg", 3000);
        drop("alone.jpg", 3000);
        drop("gate.jpg.json", blocks().get("annotations-json").code().getBytes(StandardCharsets.UTF_8), LATELY);

        start("annotations");

        awaitInbox(".done/gate.jpg", ".done/gate.jpg.json", ".refused/alone.jpg");
        Annotations annotations = uploaded(picture).sensorMetadata().getAnnotations();
        assertThat(annotations.getBboxesList())
                .extracting(BoundingBox::getLabel, BoundingBox::getXMinNormalized, BoundingBox::getYMaxNormalized)
                .containsExactly(tuple("dog", 0.1, 0.5), tuple("cat", 0.1, 0.5));
        assertThat(annotations.getClassificationsList())
                .extracting(Classification::getLabel)
                .containsExactly("night");
        assertThat(uploaded(picture).metadata().getFileExtension()).isEqualTo(".jpg");
        assertThat(service.uploads()).hasSize(1);
    }

    @Test
    void dataWithoutANameIsWhatItsContentTells() throws Exception {
        byte[] png = Files.readAllBytes(Path.of("examples/gallery/screenshot.png"));
        byte[] noise = new byte[100];
        random.nextBytes(noise);
        drop("frame-1", png, LATELY);
        drop("frame-2", noise, LATELY);
        drop("frame-3.jpg", png, LATELY);

        start("detect");

        awaitInbox(".done/frame-1", ".done/frame-3.jpg", ".refused/frame-2");
        assertThat(service.uploads())
                .hasSize(2)
                .allMatch(call -> call.metadata().getFileExtension().equals(".png"));
    }

    @ParameterizedTest
    @CsvSource({
        "Day 1.csv, Day 1.csv",
        "reports/2026/a.csv, reports/2026/a.csv",
        "'', ID",
        "${sys.user.home}.csv, ${sys.user.home}.csv",
        "../outside.csv, ",
        "a/../../outside.csv, ",
    })
    void filesAreWrittenUnderTheirNamesAndNowhereElse(String name, String written) throws Exception {
        Path received = folder.resolve("received");
        properties.put("received", received.toString());
        properties.put("receive.port", "0");
        start("received");
        int port = ((ViamDataServerConsumer)
                        main.getCamelContext().getRoute("receive").getConsumer())
                .getPort();
        byte[] bytes = new byte[100_000];
        random.nextBytes(bytes);

        try (DefaultCamelContext sender = new DefaultCamelContext()) {
            sender.start();
            Exchange exchange = sender.createProducerTemplate()
                    .send(
                            "viamdata:part?operation=file&plaintext=true&maxAttempts=1&host=localhost&port=" + port,
                            e -> {
                                e.getMessage().setBody(bytes);
                                e.getMessage().setHeader(ViamDataConstants.FILE_NAME, name);
                            });

            if (written == null) {
                assertThat(exchange.getException()).isInstanceOf(ViamDataException.class);
                assertThat(FileTree.files(folder).keySet())
                        .containsExactly("application.properties", "routes.camel.yaml");
            } else {
                assertThat(exchange.getException()).isNull();
                assertThat(FileTree.files(received)).hasSize(1);
                String file = FileTree.files(received).keySet().iterator().next();
                assertThat(file).matches(written.equals("ID") ? "[0-9A-F]+-[0-9A-F]+" : Pattern.quote(written));
                assertThat(received.resolve(file)).hasBinaryContent(bytes);
            }
        }
    }
}
