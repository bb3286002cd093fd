// Copyright the camel-viamdata authors. SPDX-License-Identifier: Apache-2.0
package io.github.camelviamdata.source;

import com.google.gson.Gson;
import com.google.gson.GsonBuilder;
import com.google.gson.JsonObject;
import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.util.Base64;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import java.util.regex.Pattern;
import org.apache.camel.Exchange;
import org.apache.camel.Message;
import org.apache.camel.util.URISupport;

/** The file name under which a message is put aside, and the JSON beside it. Never throws, whatever the message holds. */
final class AsideReport {

    private static final Gson JSON = new GsonBuilder()
            .setPrettyPrinting()
            .serializeNulls()
            .disableHtmlEscaping()
            .create();
    private static final DateTimeFormatter STAMP =
            DateTimeFormatter.ofPattern("yyyyMMdd-HHmmss.SSS").withZone(ZoneOffset.UTC);
    private static final Pattern SECRET =
            Pattern.compile("(?i).*(authorization|cookie|password|passphrase|secret|token|api[-_.]?key).*");
    private static final Pattern UNSAFE = Pattern.compile("[^A-Za-z0-9._-]+");
    private static final Pattern EXTENSION = Pattern.compile("\\.?[A-Za-z0-9]{1,10}");

    /** Headers with the origin of a message, the preferred one first. That of Kafka's topic depends on Camel's version. */
    private static final List<String> NAMES =
            List.of("CamelViamDataFileName", "CamelFileName", "CamelMqttTopic", "CamelKafkaTopic", "kafka.TOPIC");

    /** File names have at most 255 bytes, of which time, UUID and extensions take some 80. */
    private static final int HINT_LENGTH = 100;

    private static final int TEXT_LENGTH = 10_000;

    private AsideReport() {}

    /**
     * A unique name. It begins with the time, in UTC, and ends with the name of the message's origin, with unsafe characters
     * replaced.
     */
    static String uniqueName(Message message) {
        String hint = "";
        for (String name : NAMES) {
            if (hint.isEmpty() && message.getHeader(name) != null) {
                hint = UNSAFE.matcher(text(message.getHeader(name))).replaceAll("_");
            }
        }
        hint = hint.substring(Math.max(0, hint.length() - HINT_LENGTH));
        Object given = message.getHeader("CamelViamDataFileExtension");
        String extension = given == null ? "" : text(given);
        if (!hint.contains(".") && EXTENSION.matcher(extension).matches()) {
            hint += extension.startsWith(".") ? extension : "." + extension;
        }
        String unique = STAMP.format(Instant.now()) + "-" + UUID.randomUUID();
        return hint.isEmpty() ? unique : unique + "-" + hint;
    }

    /**
     * @param body the name of the file with the body, or null where there is none
     * @param note a remark about the body, or null
     */
    static String json(Exchange exchange, String body, String note) {
        Message message = exchange.getMessage();
        Exception reason = exchange.getProperty(Exchange.EXCEPTION_CAUGHT, exchange.getException(), Exception.class);
        JsonObject report = new JsonObject();
        report.addProperty("time", Instant.now().toString());
        report.addProperty("reason", reason == null ? null : text(reason.getMessage()));
        report.addProperty(
                "exception", reason == null ? null : reason.getClass().getName());
        report.addProperty("exchangeId", exchange.getExchangeId());
        report.addProperty(
                "from",
                exchange.getFromEndpoint() == null
                        ? null
                        : URISupport.sanitizeUri(exchange.getFromEndpoint().getEndpointUri()));
        report.addProperty("body", body);
        report.addProperty(
                "bodyType",
                message.getBody() == null ? null : message.getBody().getClass().getName());
        if (note != null) {
            report.addProperty("bodyNote", note);
        }
        JsonObject headers = new JsonObject();
        for (Map.Entry<String, Object> header : message.getHeaders().entrySet()) {
            boolean secret = SECRET.matcher(header.getKey()).matches();
            headers.addProperty(header.getKey(), secret ? "xxxxxx" : text(header.getValue()));
        }
        report.add("headers", headers);
        return JSON.toJson(report) + System.lineSeparator();
    }

    /** A value as text. Never throws, although the toString of foreign values may. */
    @SuppressWarnings("checkstyle:IllegalCatch")
    private static String text(Object value) {
        try {
            String text = value instanceof byte[] bytes ? decoded(bytes) : value == null ? null : value.toString();
            return text == null || text.length() <= TEXT_LENGTH ? text : text.substring(0, TEXT_LENGTH) + "...";
        } catch (Throwable e) {
            return value.getClass().getName() + ": " + e.getClass().getName();
        }
    }

    private static String decoded(byte[] bytes) {
        try {
            return StandardCharsets.UTF_8
                    .newDecoder()
                    .decode(ByteBuffer.wrap(bytes))
                    .toString();
        } catch (CharacterCodingException e) {
            return "base64:" + Base64.getEncoder().encodeToString(bytes);
        }
    }
}
