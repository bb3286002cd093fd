// Copyright the camel-viamdata authors. SPDX-License-Identifier: Apache-2.0
package io.github.camelviamdata.docs;

import io.github.camelviamdata.kamelets.KameletFile;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.regex.Matcher;
import java.util.stream.Stream;
import org.apache.camel.util.TimeUtils;
import org.apache.camel.util.json.DeserializationException;
import org.apache.camel.util.json.JsonObject;
import org.apache.camel.util.json.Jsoner;

/**
 * Keeps the tables of the reference pages in step with the components and the Kamelets: it renders what
 * Camel's build plugin has found in the code, and what the Kamelets declare, and puts it between a pair of marker comments.
 * {@code mvn -q -f verification/documents/pom.xml -Pwrite} runs it.
 */
public final class DocTables {

    static final Path METADATA = Path.of("src/generated/resources/META-INF");

    private static final Path KAMELETS = Path.of("src/main/resources/kamelets");
    private static final String KAMELET = ".kamelet.yaml";

    /** The pages that have tables, with the scheme that theirs are of. */
    static final Map<Path, String> PAGES = new TreeMap<>(Map.of(
            Path.of("src/main/docs/viamdata-component.adoc"), "viamdata",
            Path.of("src/main/docs/viamdata-kamelets.adoc"), "viamdata",
            Path.of("src/main/docs/viamdata-reading.adoc"), "viamdata",
            Path.of("src/main/docs/viamdata-server-component.adoc"), "viamdata-server"));

    /** What to call the headers of a group: those that a route sets and those that it gets. */
    private static final Map<String, String> GROUPS = Map.of(
            "common", "Read from the message",
            "result", "Set after the upload",
            "consumer", "Set on arrival",
            "answer", "Read for the answer");

    /** Options of what reads, and headers: these have a page of their own. */
    private static final Set<String> READING = Set.of("consumer", "filter", "reading", "operation");

    private final Path base;
    private final Path metadata;

    private DocTables(Path base) {
        this.base = base;
        this.metadata = base.resolve(METADATA);
    }

    /** With the folder of the project as its argument. */
    public static void main(String[] args) throws IOException {
        Path base = Path.of(args[0]);
        for (Path name : PAGES.keySet()) {
            Path page = base.resolve(name);
            String old = Files.readString(page);
            String current = update(name, old, base);
            if (!current.equals(old)) {
                Files.writeString(page, current);
            }
        }
        Files.writeString(base.resolve(SpringMetadata.FILE), SpringMetadata.of(base.resolve(METADATA)));
        Files.writeString(base.resolve(DashboardPicture.FILE), DashboardPicture.of(base));
    }

    /** The text of a page with the tables between its markers replaced by those of the project in that folder. */
    static String update(Path page, String text, Path base) throws IOException {
        DocTables tables = new DocTables(base);
        String scheme = PAGES.get(page);
        if (text.contains("// component options: start")) {
            text = replace(text, "// component options: %s", tables.componentOptions(scheme));
            text = replace(text, "// endpoint options: %s", tables.endpointOptions(scheme));
            text = replace(text, "// headers: %s", tables.headersOf(scheme));
        }
        if (text.contains("// reading options: start")) {
            text = replace(text, "// reading options: %s", asciidoc(tables.readingOptions(scheme)));
            text = replace(
                    text,
                    "// reading headers: %s",
                    asciidoc(tables.headerGroups(scheme).get("consumer")));
            text = replace(
                    text,
                    "// operation headers: %s",
                    asciidoc(tables.headerGroups(scheme).get("operation")));
        }
        if (!text.contains("// kamelet ")) {
            return text;
        }
        for (String kamelet : tables.kamelets(scheme)) {
            text = replace(text, "// kamelet " + kamelet + ": %s", tables.kamelet(kamelet));
        }
        return text;
    }

    private static String replace(String text, String marker, String table) {
        String start = marker.formatted("start") + "\n";
        String end = marker.formatted("end");
        int from = text.indexOf(start);
        int to = text.indexOf(end);
        if (from < 0 || to < from) {
            throw new IllegalStateException("There is no pair of markers " + start.strip() + " " + end);
        }
        return text.substring(0, from + start.length()) + "\n" + table + "\n" + text.substring(to);
    }

    private String componentOptions(String scheme) {
        Map<String, JsonObject> options = members(read(metadata, scheme), "componentProperties");
        return "The component supports " + options.size() + " options.\n\n" + asciidoc(options);
    }

    private String endpointOptions(String scheme) {
        JsonObject component = read(metadata, scheme);
        Map<String, JsonObject> path = members(component, "properties");
        Map<String, JsonObject> query = new LinkedHashMap<>(path);
        path.values().removeIf(option -> !isPath(option));
        query.keySet().removeAll(path.keySet());
        query.keySet().removeAll(readingOptions(scheme).keySet());
        return "=== Path parameters (" + path.size() + ")\n\n" + asciidoc(path) + "\n=== Query parameters ("
                + query.size() + ")\n\n" + asciidoc(query);
    }

    /** The options of what reads or changes what is stored, of a component that uploads too. */
    private Map<String, JsonObject> readingOptions(String scheme) {
        Map<String, JsonObject> options = members(read(metadata, scheme), "properties");
        options.values()
                .removeIf(option -> !scheme.equals("viamdata")
                        || Stream.of(option.getStringOrDefault("label", "").split(","))
                                .noneMatch(READING::contains));
        return options;
    }

    private String headersOf(String scheme) {
        List<String> tables = new ArrayList<>();
        Map<String, Map<String, JsonObject>> groups = headerGroups(scheme);
        if (scheme.equals("viamdata")) {
            groups.keySet().removeAll(READING);
        }
        groups.forEach((group, headers) ->
                tables.add("=== " + GROUPS.get(group) + " (" + headers.size() + ")\n\n" + asciidoc(headers)));
        return String.join("\n", tables);
    }

    /** The headers of a component by the direction in which they go, which the last of their labels says. */
    private Map<String, Map<String, JsonObject>> headerGroups(String scheme) {
        Map<String, Map<String, JsonObject>> groups = new LinkedHashMap<>();
        members(read(metadata, scheme), "headers")
                .forEach((name, header) -> groups.computeIfAbsent(
                                header.getString("group"), group -> new LinkedHashMap<>())
                        .put(name, header));
        return groups;
    }

    /** The names of the Kamelets on the page of a component. */
    private List<String> kamelets(String scheme) throws IOException {
        boolean server = scheme.equals("viamdata-server");
        try (Stream<Path> files = Files.list(base.resolve(KAMELETS))) {
            return files.map(file -> file.getFileName().toString())
                    .filter(name -> name.endsWith(KAMELET) && server == name.startsWith("viamdata-server-"))
                    .map(name -> name.replace(KAMELET, ""))
                    .sorted()
                    .toList();
        }
    }

    private String kamelet(String name) throws IOException {
        KameletFile kamelet =
                KameletFile.parse(Files.readString(base.resolve(KAMELETS).resolve(name + KAMELET)));
        List<String> stated = kamelet.list("spec", "definition", "required");
        List<String> required = stated == null ? List.of() : stated;
        Map<String, JsonObject> options = new LinkedHashMap<>();
        kamelet.properties().forEach((property, definition) -> {
            JsonObject option = new JsonObject(definition);
            option.put("required", required.contains(property));
            option.put("secret", "password".equals(definition.get("format")));
            Matcher value = KameletFile.DEFAULT.matcher(option.getString("description"));
            if (value.find()) {
                option.put("defaultValue", value.group(1));
                option.put("description", value.replaceFirst(""));
            }
            options.put(property, option);
        });
        return asciidoc(options);
    }

    private static boolean isPath(JsonObject option) {
        return "path".equals(option.getString("kind"));
    }

    private static String shown(String name, JsonObject option) {
        return option.containsKey("prefix") ? option.getString("prefix") + "*" : name;
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
            remarks += "*Required.* ";
        }
        if (option.getBooleanOrDefault("secret", false)) {
            remarks += "*Secret.* ";
        }
        if (option.getBooleanOrDefault("deprecated", false)) {
            remarks += "*Deprecated.* ";
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
        return type;
    }

    /** In the columns of Camel's own pages. */
    private static String asciidoc(Map<String, JsonObject> members) {
        StringBuilder table = new StringBuilder("[width=\"100%\",cols=\"2,5,^1,2\",options=\"header\"]\n|===\n");
        table.append("| Name | Description | Default | Type\n");
        members.forEach((name, member) -> {
            String constant = member.getString("constantName");
            table.append("\n| *")
                    .append(shown(name, member).replace(".*", ".++*++"))
                    .append("*")
                    .append(member.containsKey("group") ? " (" + member.getString("group") + ")" : "")
                    .append(constant == null ? "" : "\n\nConstant: `" + constant.replaceFirst(".*#", "") + "`")
                    .append("\n| ")
                    .append(remarks(member))
                    .append(asciidoc(member.getString("description")))
                    .append("\n| ")
                    .append(defaultValue(member))
                    .append("\n| ")
                    .append(asciidoc(type(member)))
                    .append("\n");
        });
        return table.append("|===\n").toString().replaceAll(" +\n", "\n");
    }

    private static String asciidoc(String text) {
        return cell(text).replace("|", "\\|");
    }

    private static String cell(String text) {
        return text.replaceAll("\\s+", " ").strip();
    }
}
