// Copyright the camel-viamdata authors. SPDX-License-Identifier: Apache-2.0
package io.github.camelviamdata.docs;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.Stream;
import org.apache.camel.util.TimeUtils;
import org.apache.camel.util.json.DeserializationException;
import org.apache.camel.util.json.JsonObject;
import org.apache.camel.util.json.Jsoner;

/**
 * Keeps the tables of README.md in step with the components: it renders what Camel's build plugin has found in the code
 * and puts it between a pair of marker comments, {@code <!-- options viamdata: start -->} for one. {@code mvn -q -Pdocs}
 * runs it.
 */
public final class ReadmeTables {

    static final Path README = Path.of("README.md");
    static final Path METADATA = Path.of("src/generated/resources/META-INF");

    /** Every Camel component has these, and Camel's own documentation explains them. */
    private static final Set<String> COMMON = Set.of(
            "autowiredEnabled",
            "bridgeErrorHandler",
            "exceptionHandler",
            "exchangePattern",
            "healthCheckConsumerEnabled",
            "lazyStartProducer");

    private final Path metadata;

    private ReadmeTables(Path metadata) {
        this.metadata = metadata;
    }

    /** With the folder of the project as its argument. */
    public static void main(String[] args) throws IOException {
        Path base = Path.of(args[0]);
        Path readme = base.resolve(README);
        String old = Files.readString(readme);
        String current = update(old, base.resolve(METADATA));
        if (!current.equals(old)) {
            Files.writeString(readme, current);
        }
        Files.writeString(base.resolve(SpringMetadata.FILE), SpringMetadata.of(base.resolve(METADATA)));
    }

    /** The text with the tables between its markers replaced by those of the metadata. */
    static String update(String readme, Path metadata) {
        ReadmeTables tables = new ReadmeTables(metadata);
        String text = replace(readme, "options viamdata", tables.options("viamdata"));
        text = replace(text, "options viamdata-server", tables.options("viamdata-server"));
        return replace(text, "headers", tables.headers("viamdata"));
    }

    private static String replace(String text, String name, String table) {
        String start = "<!-- " + name + ": start -->\n";
        String end = "<!-- " + name + ": end -->";
        int from = text.indexOf(start);
        int to = text.indexOf(end);
        if (from < 0 || to < from) {
            throw new IllegalStateException(README + " has no pair of markers " + start.strip() + " " + end);
        }
        return text.substring(0, from + start.length()) + "\n" + table + "\n" + text.substring(to);
    }

    /** One table for both places where an option can be set, because nearly all can be in both. */
    private String options(String scheme) {
        JsonObject component = read(metadata, scheme);
        Map<String, JsonObject> onEndpoint = members(component, "properties");
        Map<String, JsonObject> onComponent = members(component, "componentProperties");
        Map<String, JsonObject> all = new LinkedHashMap<>(onEndpoint);
        onComponent.forEach(all::putIfAbsent);
        all.keySet().removeAll(COMMON);

        List<List<String>> rows = new ArrayList<>();
        all.forEach((name, option) -> {
            List<String> places = new ArrayList<>();
            if (onEndpoint.containsKey(name)) {
                places.add("path".equals(option.getString("kind")) ? "path" : "endpoint");
            }
            if (onComponent.containsKey(name)) {
                places.add("component");
            }
            String shown = option.containsKey("prefix") ? option.getString("prefix") + "*" : name;
            rows.add(List.of(
                    "`" + shown + "`",
                    remarks(option) + cell(option.getString("description")),
                    defaultValue(option),
                    type(option),
                    String.join(", ", places)));
        });
        return table(List.of("Option", "Description", "Default", "Type", "Set on"), rows);
    }

    private String headers(String scheme) {
        List<List<String>> rows = new ArrayList<>();
        members(read(metadata, scheme), "headers")
                .forEach((name, header) ->
                        rows.add(List.of("`" + name + "`", cell(header.getString("description")), type(header))));
        return table(List.of("Header", "Description", "Type"), rows);
    }

    static JsonObject read(Path metadata, String scheme) {
        try (Stream<Path> files = Files.walk(metadata)) {
            Path file = files.filter(path -> path.endsWith(scheme + ".json"))
                    .findFirst()
                    .orElseThrow(() -> new IllegalStateException("No " + scheme + ".json below " + metadata));
            return (JsonObject) Jsoner.deserialize(Files.readString(file));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        } catch (DeserializationException e) {
            throw new IllegalStateException("The metadata of " + scheme + " is no JSON", e);
        }
    }

    static Map<String, JsonObject> members(JsonObject component, String group) {
        Map<String, JsonObject> members = new LinkedHashMap<>();
        component.getMap(group).forEach((name, member) -> members.put(String.valueOf(name), (JsonObject) member));
        return members;
    }

    private static String remarks(JsonObject option) {
        String remarks = "";
        if (option.getBooleanOrDefault("required", false)) {
            remarks += "**Required.** ";
        }
        if (option.getBooleanOrDefault("secret", false)) {
            remarks += "**Secret.** ";
        }
        if (option.getBooleanOrDefault("deprecated", false)) {
            remarks += "**Deprecated.** ";
        }
        return remarks;
    }

    private static String defaultValue(JsonObject option) {
        Object value = option.get("defaultValue");
        if (value == null) {
            return "";
        }
        return "`"
                + ("duration".equals(option.getString("type"))
                        ? duration(Long.parseLong(String.valueOf(value)))
                        : value)
                + "`";
    }

    /** As it may be written in an option: 1m rather than 1m0s0ms. */
    static String duration(long millis) {
        return TimeUtils.printDuration(millis, true).replaceAll("(?<=[a-z])0[a-z]+", "");
    }

    private static String type(JsonObject option) {
        if (option.containsKey("enum")) {
            return option.getCollection("enum").stream()
                    .map(value -> "`" + value + "`")
                    .reduce((left, right) -> left + ", " + right)
                    .orElseThrow();
        }
        String type = option.getString("type");
        if (type == null || "object".equals(type)) {
            // Without its package; String.class is String either way.
            type = option.getString("javaType").replaceAll("\\b\\w+\\.", "");
        }
        return cell(type);
    }

    private static String table(List<String> head, List<List<String>> rows) {
        StringBuilder table = new StringBuilder();
        line(table, head);
        line(table, head.stream().map(title -> "---").toList());
        rows.forEach(row -> line(table, row));
        return table.toString();
    }

    private static void line(StringBuilder table, List<String> cells) {
        table.append("| ").append(String.join(" | ", cells)).append(" |\n");
    }

    private static String cell(String text) {
        return text.replace("|", "\\|")
                .replace("<", "&lt;")
                .replaceAll("\\s+", " ")
                .strip();
    }
}
