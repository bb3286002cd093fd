// Copyright the camel-viamdata authors. SPDX-License-Identifier: Apache-2.0
package io.github.camelviamdata.examples;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import com.google.protobuf.ByteString;
import io.github.camelviamdata.ViamDataConstants;
import io.github.camelviamdata.proto.datasync.v1.DataCaptureUploadRequest;
import io.github.camelviamdata.proto.datasync.v1.DataSyncServiceGrpc;
import io.github.camelviamdata.proto.datasync.v1.DataType;
import io.github.camelviamdata.proto.datasync.v1.SensorData;
import io.github.camelviamdata.proto.datasync.v1.UploadMetadata;
import io.grpc.ManagedChannel;
import io.grpc.ManagedChannelBuilder;
import java.io.File;
import java.io.IOException;
import java.io.OutputStream;
import java.net.Socket;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import java.util.logging.Level;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.apache.camel.CamelContext;
import org.apache.camel.Exchange;
import org.apache.camel.impl.DefaultCamelContext;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.openqa.selenium.By;
import org.openqa.selenium.Keys;
import org.openqa.selenium.OutputType;
import org.openqa.selenium.WebElement;
import org.openqa.selenium.chrome.ChromeDriver;
import org.openqa.selenium.chrome.ChromeDriverService;
import org.openqa.selenium.chrome.ChromeOptions;
import org.openqa.selenium.logging.LogType;
import org.openqa.selenium.logging.LoggingPreferences;

/** Starts examples/gallery as its reader does, uploads to it, and looks at its page, where there is one in a Chromium. */
@Tag("examples")
class GalleryIT {

    private static final Path GALLERY = Path.of("target/demo/gallery");
    private static final Path RECEIVED = GALLERY.resolve("received");
    private static final Path INBOX = Path.of("examples/file/inbox");
    private static final int READINGS = 12;

    private static final HttpClient HTTP = HttpClient.newHttpClient();

    @TempDir
    static Path temporary;

    private static Process gallery;
    private static URI page;
    private static int port;
    private static CamelContext client;
    private static ChromeDriver browser;

    @BeforeAll
    static void startTheGallery() throws Exception {
        Path output = temporary.resolve("output");
        gallery = new ProcessBuilder(
                        Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                        "-Dlog4j2.configurationFile=examples/log4j2-demo.xml",
                        "-Dexample=gallery",
                        "-Dpause=50",
                        "-cp",
                        System.getProperty("java.class.path"),
                        Example.class.getName())
                .redirectErrorStream(true)
                .redirectOutput(output.toFile())
                .start();
        await().atMost(Duration.ofMinutes(1)).untilAsserted(() -> {
            assertThat(Files.readAllLines(output))
                    .filteredOn(line -> line.contains(" stored as "))
                    .hasSize(7);
            assertThat(RECEIVED).isDirectoryRecursivelyContaining("glob:**.jpg");
            assertThat(names(".json")).hasSize(READINGS);
        });
        Matcher address = Pattern.compile("(http://localhost:\\d+/) shows what localhost:(\\d+) receives")
                .matcher(Files.readString(output));
        assertThat(address.find()).isTrue();
        page = URI.create(address.group(1));
        port = Integer.parseInt(address.group(2));

        client = new DefaultCamelContext();
        client.start();
    }

    @AfterAll
    static void endTheGallery() throws Exception {
        if (browser != null) {
            browser.quit();
        }
        if (client != null) {
            client.stop();
        }
        if (gallery != null) {
            // As Ctrl+C does.
            gallery.destroy();
            boolean ended = gallery.waitFor(20, TimeUnit.SECONDS);
            gallery.destroyForcibly();
            assertThat(ended).as("a signal ends the example").isTrue();
        }
    }

    // ---- In a browser ----------------------------------------------------------------------------------------------

    @Test
    void picturesPointCloudsAndReadingsAreShown() throws Exception {
        open();

        for (String component : List.of("gate", "warehouse", "yard")) {
            for (WebElement card : cards(component)) {
                assertLoaded(card);
            }
        }
        assertThat(cards("gate")).hasSize(3);
        assertThat(cards("lidar")).hasSize(2).allSatisfy(card -> {
            WebElement canvas = card.findElement(By.tagName("canvas"));
            Object dots = browser.executeScript("""
                    const pixels = arguments[0].getContext("2d")
                        .getImageData(0, 0, arguments[0].width, arguments[0].height).data;
                    let dots = 0;
                    for (let i = 3; i < pixels.length; i += 4) if (pixels[i] > 0) dots++;
                    return dots;
                    """, canvas);
            assertThat((Long) dots).isGreaterThan(2000);
            assertThat(canvas.getDomAttribute("aria-label")).contains("lidar", "points");
        });

        WebElement night = card("gate-2304.jpg");
        assertThat(night.getText()).contains("gate", "gate-2304.jpg", "108 kB", "demo", "night");
        WebElement metadata = night.findElement(By.cssSelector("details"));
        metadata.findElement(By.tagName("summary")).sendKeys(Keys.ENTER);
        assertThat(metadata.getText())
                .containsSubsequence("ComponentType", "camera")
                .containsSubsequence("MethodName", "GetImages")
                .containsSubsequence("PartId", "2f8a1c5e-6b0d-4c3f-9a57-d41e8b7c6f30")
                .containsPattern("TimeRequested\\s+\\d{4}-\\d\\d-\\d\\dT");
        metadata.findElement(By.tagName("summary")).sendKeys(Keys.ENTER);

        assertThat(rows("tank"))
                .hasSize(READINGS)
                .extracting(WebElement::getText)
                .allSatisfy(row -> assertThat(row)
                        .containsPattern("tank\\s+level 0\\.\\d+, temperature \\d+(\\.\\d)?, pump true\\s+demo tank"));

        // For README.md: the samples only.
        button("demo").click();
        browser.executeScript("window.scrollTo(0, 0)");
        Files.write(GALLERY.resolve("screenshot.png"), browser.getScreenshotAs(OutputType.BYTES));
        assertNothingWrong();
    }

    @Test
    void aTagHidesWhatDoesNotHaveIt() {
        open();

        WebElement night = button("night");
        night.sendKeys(Keys.ENTER);

        assertThat(night.getDomAttribute("aria-pressed")).isEqualTo("true");
        assertThat(visible("#files > li"))
                .singleElement()
                .satisfies(card -> assertThat(card.getText()).contains("gate-2304.jpg"));
        assertThat(visible("#readings tbody tr")).isEmpty();
        assertThat(browser.findElement(By.id("count")).getText()).startsWith("1 of ");

        button("tank").click();
        assertThat(visible("#files > li")).isEmpty();
        assertThat(visible("#readings tbody tr")).hasSize(READINGS);

        button("All").click();
        assertThat(visible("#files > li")).hasSizeGreaterThanOrEqualTo(7);
        assertThat(visible("#readings tbody tr")).hasSizeGreaterThanOrEqualTo(READINGS);
        assertNothingWrong();
    }

    @Test
    void whatArrivesLaterAppearsWithoutAReload() {
        open();
        browser.executeScript("window.stillTheSame = true");
        button("All").sendKeys("");
        WebElement focused = browser.switchTo().activeElement();

        upload(
                "",
                INBOX.resolve("gate/gate-0713.jpg").toFile(),
                Map.of(
                        ViamDataConstants.COMPONENT_NAME, "late",
                        ViamDataConstants.FILE_NAME, "late.jpg",
                        ViamDataConstants.TAGS, "late"));
        upload(
                "&operation=tabular",
                List.of(Map.of("level", 1), Map.of("level", 2)),
                Map.of(ViamDataConstants.COMPONENT_NAME, "late", ViamDataConstants.TAGS, "late"));

        await().atMost(Duration.ofSeconds(10)).until(() -> cards("late"), cards -> cards.size() == 1);
        assertLoaded(card("late.jpg"));
        await().atMost(Duration.ofSeconds(10)).until(() -> rows("late"), rows -> rows.size() == 2);
        assertThat(browser.findElements(By.cssSelector("#files > li")).get(0).getText())
                .as("the newest is the first")
                .contains("late.jpg");
        assertThat(browser.executeScript("return window.stillTheSame")).isEqualTo(true);
        assertThat(browser.switchTo().activeElement()).isEqualTo(focused);
        button("late").click();
        assertThat(visible("#files > li")).hasSize(1);
        assertNothingWrong();
    }

    @Test
    void markupFromTheWireIsText() {
        open();
        String component = "<img src=x onerror='window.hacked=1'>";
        String name = "\"><script>window.hacked=2</script>../../../../passwd.jpg";
        String tag = "<b onclick='window.hacked=3'>&amp;' \" javascript:alert(1)</b>";
        String key = "<svg onload=window.hacked=4>";
        Map<String, Object> headers = Map.of(
                ViamDataConstants.COMPONENT_NAME,
                component,
                ViamDataConstants.FILE_NAME,
                name,
                ViamDataConstants.METHOD_PARAMETERS,
                Map.of(key, key),
                ViamDataConstants.TAGS,
                List.of(tag));

        upload("", "<script>window.hacked=5</script>", headers, ".html");
        upload("", "<svg xmlns='http://www.w3.org/2000/svg' onload='window.hacked=6'/>", headers, ".svg");
        upload("", "VERSION 0.7\nFIELDS <b> y z\nPOINTS 1e99\nDATA binary\n", headers, ".pcd");
        upload("", "no picture", headers, ".png");
        upload("&operation=tabular", List.of(Map.of(key, Map.of(key, component), "__proto__", key)), headers);

        await().atMost(Duration.ofSeconds(10)).until(() -> cards(component), cards -> cards.size() == 4);
        await().atMost(Duration.ofSeconds(10)).until(() -> rows(component), rows -> rows.size() == 1);
        assertThat(cards(component)).allSatisfy(card -> {
            browser.executeScript("arguments[0].scrollIntoView()", card);
            await().atMost(Duration.ofSeconds(10))
                    .until(() -> card.getText().contains("that can be shown")
                            || card.getText().contains("cannot be drawn")
                            || card.getText().contains("Download"));
            assertThat(card.getText()).contains(component, name, tag);
            card.findElement(By.tagName("summary")).click();
            assertThat(card.findElement(By.tagName("dl")).getText()).contains(key);
        });
        assertThat(rows(component).get(0).getText()).contains(component, key, tag);
        button(tag).click();
        assertThat(visible("#files > li")).hasSize(4);
        assertThat(browser.findElements(By.cssSelector("main b, main svg, main script, [src=x], [onclick], [onerror]")))
                .isEmpty();
        assertThat(browser.executeScript("return window.hacked")).isNull();
        // The picture that is none tells no error to the console, but its replacement's text to the reader.
        assertNothingWrong();
    }

    // ---- By plain HTTP ---------------------------------------------------------------------------------------------

    @Test
    void filesAreServedAsWhatTheyMayBeOnly() throws Exception {
        String html = "<script>alert(1)</script>";

        HttpResponse<String> page = get("data/" + upload("", html, Map.of(), ".html") + ".bin");
        assertThat(page.body()).isEqualTo(html);
        assertThat(page.headers().firstValue("Content-Type")).hasValue("application/octet-stream");
        assertThat(page.headers().firstValue("Content-Disposition")).hasValue("attachment");
        assertThat(page.headers().firstValue("X-Content-Type-Options")).hasValue("nosniff");

        HttpResponse<String> picture = get("data/" + upload("", html, Map.of(), ".JPEG") + ".jpg");
        assertThat(picture.body()).isEqualTo(html);
        assertThat(picture.headers().firstValue("Content-Type")).hasValue("image/jpeg");
        assertThat(picture.headers().firstValue("X-Content-Type-Options")).hasValue("nosniff");

        String byType = upload("&fileExtension=.data&mimeType=image/png", html, Map.of());
        assertThat(get("data/" + byType + ".png").headers().firstValue("Content-Type"))
                .hasValue("image/png");
        for (String path : List.of("", "gallery.js", "gallery.css", "items", "data/nothing")) {
            assertThat(get(path).headers().map())
                    .as(path)
                    .containsEntry("x-content-type-options", List.of("nosniff"))
                    .containsEntry("cache-control", List.of("no-cache"))
                    .hasEntrySatisfying(
                            "content-security-policy",
                            policy -> assertThat(policy)
                                    .singleElement()
                                    .asString()
                                    .contains("default-src 'none'")
                                    .doesNotContain("unsafe"));
        }
    }

    @ParameterizedTest
    @CsvSource({
        "localhost,200",
        "LOCALHOST:1,200",
        "127.0.0.1:80,200",
        "[::1],200",
        "evil.example,403",
        "localhost.evil.example,403"
    })
    void thePageAnswersToItsOwnNamesOnly(String host, String status) throws Exception {
        try (Socket socket = new Socket(page.getHost(), page.getPort())) {
            socket.getOutputStream()
                    .write(("GET /items HTTP/1.1\r\nHost: " + host + "\r\nConnection: close\r\n\r\n")
                            .getBytes(StandardCharsets.US_ASCII));
            String answer = new String(socket.getInputStream().readAllBytes(), StandardCharsets.UTF_8);

            assertThat(answer).startsWith("HTTP/1.1 " + status);
            if (status.equals("403")) {
                assertThat(answer).doesNotContain("CamelViamData");
            }
        }
    }

    @Test
    void hugeMetadataIsNotShown() throws Exception {
        int before = get("items").body().length();
        List<String> tags =
                IntStream.range(0, 300_000).mapToObj(i -> "tag-" + i).toList();

        String id = upload("", "picture", Map.of(ViamDataConstants.TAGS, tags), ".bin");

        assertThat(get("items").body()).contains(id).hasSizeLessThan(before + 1000);
        assertThat(get("data/" + id + ".bin").body()).isEqualTo("picture");
    }

    @Test
    void nothingButReceivedFilesIsServed() throws Exception {
        Path beside = GALLERY.resolve("0f0f0f0f-0f0f-4f0f-8f0f-0f0f0f0f0f0f.bin");
        Files.writeString(beside, "beside");
        for (String path : List.of(
                "data/" + beside.getFileName(),
                "data/../" + beside.getFileName(),
                "data/..%2f" + beside.getFileName(),
                "data/%2e%2e%2f" + beside.getFileName(),
                "data/..%5c" + beside.getFileName(),
                "data/x/../../pom.xml",
                "pom.xml",
                "../pom.xml",
                "data/..%2f..%2f..%2f..%2fpom.xml",
                "data/%2fetc%2fpasswd",
                "data/application.properties",
                "application.properties",
                "data/",
                "data/%00",
                "data/${sys.user.home}",
                "data/?file=" + beside.getFileName())) {
            HttpResponse<String> answer =
                    get(path.replace("$", "%24").replace("{", "%7B").replace("}", "%7D"));
            assertThat(answer.statusCode()).as(path).isBetween(400, 404);
            assertThat(answer.body()).as(path).doesNotContain("beside", "<project", "root:", "free.port");
        }
        assertThat(post("items").statusCode()).isEqualTo(405);
    }

    @Test
    void aQueryIsNoHeaderOfTheAnswer() throws Exception {
        HttpResponse<String> answer = get(
                "items?Set-Cookie=a%3Db&Content-Type=text/html&Location=http://localhost&CamelHttpResponseCode=302");

        assertThat(answer.statusCode()).isEqualTo(200);
        assertThat(answer.headers().map()).doesNotContainKeys("set-cookie", "location");
        assertThat(answer.headers().firstValue("Content-Type")).hasValue("application/json");
        assertThat(get(
                                "items",
                                "If-None-Match",
                                answer.headers().firstValue("ETag").orElseThrow())
                        .statusCode())
                .isEqualTo(304);
    }

    @Test
    void namesFromTheWireMakeNoFileNames() throws Exception {
        // As no client of ours would send it.
        DataCaptureUploadRequest upload = DataCaptureUploadRequest.newBuilder()
                .setMetadata(UploadMetadata.newBuilder()
                        .setPartId("../escaped")
                        .setType(DataType.DATA_TYPE_BINARY_SENSOR)
                        .setComponentName("../../escaped")
                        .setFileName("/../../../escaped.jpg")
                        .setFileExtension("/../../escaped")
                        .setMimeType("../escaped"))
                .addSensorContents(SensorData.newBuilder().setBinary(ByteString.copyFromUtf8("anything")))
                .build();
        ManagedChannel channel = ManagedChannelBuilder.forAddress("localhost", port)
                .usePlaintext()
                .build();
        String id;
        try {
            id = DataSyncServiceGrpc.newBlockingStub(channel)
                    .dataCaptureUpload(upload)
                    .getFileId();
        } finally {
            channel.shutdownNow();
        }

        assertThat(RECEIVED.resolve(id + ".bin")).hasContent("anything");
        assertThat(names("")).allMatch(name -> name.matches("[0-9a-f-]{36}\\.(jpg|png|pcd|json|bin)"));
        try (Stream<Path> files = Files.walk(Path.of("target/demo"))) {
            assertThat(files).noneMatch(file -> file.toString().contains("escaped"));
        }
    }

    // ---- Uploads ---------------------------------------------------------------------------------------------------

    private static String upload(String options, Object body, Map<String, Object> headers, String extension) {
        Exchange sent = client.createFluentProducerTemplate()
                .to("viamdata:part?host=localhost&plaintext=true&port=" + port
                        + "&apiKeyId=id&apiKey=key"
                        + "&componentType=camera&componentName=test&methodName=Get" + options)
                .withBody(body)
                .withHeaders(headers)
                .withHeader(ViamDataConstants.FILE_EXTENSION, extension)
                .send();
        assertThat(sent.getException()).isNull();
        return sent.getMessage().getHeader(ViamDataConstants.FILE_ID, String.class);
    }

    private static String upload(String options, Object body, Map<String, Object> headers) {
        return upload(options, body, headers, null);
    }

    private static List<String> names(String ending) throws IOException {
        try (Stream<Path> files = Files.list(RECEIVED)) {
            return files.map(file -> file.getFileName().toString())
                    .filter(name -> name.endsWith(ending))
                    .toList();
        }
    }

    private static HttpResponse<String> get(String path, String... headers) throws Exception {
        HttpRequest.Builder request = HttpRequest.newBuilder(URI.create(page + path));
        return HTTP.send(
                (headers.length == 0 ? request : request.headers(headers)).build(),
                HttpResponse.BodyHandlers.ofString());
    }

    private static HttpResponse<String> post(String path) throws Exception {
        return HTTP.send(
                HttpRequest.newBuilder(URI.create(page + path))
                        .POST(HttpRequest.BodyPublishers.noBody())
                        .build(),
                HttpResponse.BodyHandlers.ofString());
    }

    // ---- The browser -----------------------------------------------------------------------------------------------

    /** Opens the page and waits for the samples. Skips the test where there is no Chromium. */
    private static void open() {
        if (browser == null) {
            File chromium = onThePath("chromium", "google-chrome");
            File driver = onThePath("chromedriver");
            assumeTrue(
                    chromium != null && driver != null,
                    "The page was not looked at: chromium and chromedriver are not both on the PATH");
            browser = start(chromium, driver);
        }
        browser.get(page.toString());
        await().atMost(Duration.ofSeconds(20)).untilAsserted(() -> {
            assertThat(visible("#files > li")).hasSizeGreaterThanOrEqualTo(7);
            assertThat(rows("tank")).hasSize(READINGS);
            assertThat(visible("canvas")).hasSizeGreaterThanOrEqualTo(2);
        });
        assertThat(browser.findElement(By.id("state")).getText()).isEqualTo("Live");
    }

    private static ChromeDriver start(File chromium, File driver) {
        LoggingPreferences console = new LoggingPreferences();
        console.enable(LogType.BROWSER, Level.WARNING);
        ChromeOptions options = new ChromeOptions();
        options.setBinary(chromium);
        options.setCapability("goog:loggingPrefs", console);
        options.addArguments(
                "--headless=new",
                "--window-size=1200,1380",
                // Chromium refuses to run as root with it. All pages it opens here are this example's.
                "--no-sandbox",
                "--disable-dev-shm-usage",
                // Neither the page nor the browser itself gets anything from elsewhere.
                "--disable-background-networking",
                "--disable-component-update",
                "--host-resolver-rules=MAP * ~NOTFOUND, EXCLUDE localhost, EXCLUDE 127.0.0.1");
        return new ChromeDriver(
                new ChromeDriverService.Builder()
                        .usingDriverExecutable(driver)
                        .usingAnyFreePort()
                        .withLogOutput(OutputStream.nullOutputStream())
                        .build(),
                options);
    }

    private static File onThePath(String... names) {
        for (String name : names) {
            for (String folder : System.getenv("PATH").split(File.pathSeparator)) {
                File file = new File(folder, name);
                if (file.canExecute()) {
                    return file;
                }
            }
        }
        return null;
    }

    private static List<WebElement> visible(String selector) {
        return browser.findElements(By.cssSelector(selector)).stream()
                .filter(WebElement::isDisplayed)
                .toList();
    }

    private static List<WebElement> cards(String component) {
        return browser.findElements(By.cssSelector("#files > li")).stream()
                .filter(card -> card.findElement(By.tagName("h3")).getText().equals(component))
                .toList();
    }

    private static WebElement card(String name) {
        return browser.findElements(By.cssSelector("#files > li")).stream()
                .filter(card -> card.getText().contains(name))
                .findFirst()
                .orElseThrow();
    }

    private static List<WebElement> rows(String component) {
        return browser.findElements(By.cssSelector("#readings tbody tr")).stream()
                .filter(row ->
                        row.findElements(By.tagName("td")).get(1).getText().equals(component))
                .toList();
    }

    private static WebElement button(String tag) {
        return browser.findElements(By.cssSelector("#tags button")).stream()
                .filter(button -> button.getText().equals(tag))
                .findFirst()
                .orElseThrow();
    }

    private static void assertLoaded(WebElement card) {
        WebElement picture = card.findElement(By.tagName("img"));
        assertThat(picture.getDomAttribute("alt")).startsWith("Picture of ");
        browser.executeScript("arguments[0].scrollIntoView()", picture);
        await().atMost(Duration.ofSeconds(10))
                .untilAsserted(() -> assertThat((Long) browser.executeScript(
                                "return arguments[0].complete ? arguments[0].naturalWidth : 0", picture))
                        .isPositive());
    }

    private static void assertNothingWrong() {
        assertThat(browser.manage().logs().get(LogType.BROWSER).getAll()).isEmpty();
    }
}
