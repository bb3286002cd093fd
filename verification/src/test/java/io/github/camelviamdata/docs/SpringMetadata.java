// Copyright the camel-viamdata authors. SPDX-License-Identifier: Apache-2.0
package io.github.camelviamdata.docs;

import io.github.camelviamdata.springboot.ViamDataAutoConfiguration;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import org.apache.camel.util.StringHelper;
import org.apache.camel.util.json.JsonArray;
import org.apache.camel.util.json.JsonObject;
import org.apache.camel.util.json.Jsoner;

/**
 * What IDEs know about {@code camel.component.viamdata.*} in the properties of a Spring Boot application.
 * {@link DocTables} writes it, like the tables of the reference pages, from what Camel's build plugin has found in the code.
 */
final class SpringMetadata {

    static final Path FILE = DocTables.METADATA.resolve("spring-configuration-metadata.json");

    private static final Map<String, String> TYPES = Map.of(
            "boolean", "java.lang.Boolean",
            "integer", "java.lang.Integer",
            "string", "java.lang.String",
            // Text such as 1m30s, which Spring's own durations do not know.
            "duration", "java.lang.String");

    private SpringMetadata() {}

    static String of(Path metadata) {
        JsonArray groups = new JsonArray();
        JsonArray properties = new JsonArray();
        for (String scheme : List.of("viamdata", "viamdata-server")) {
            JsonObject component = DocTables.read(metadata, scheme);
            String prefix = "camel.component." + scheme;
            JsonObject group = new JsonObject();
            group.put("name", prefix);
            group.put("type", component.getMap("component").get("javaType"));
            group.put("sourceType", ViamDataAutoConfiguration.class.getName());
            groups.add(group);
            DocTables.members(component, "componentProperties")
                    .forEach((name, option) -> properties.add(property(prefix, name, option)));
            properties.add(flag(prefix + ".enabled", "Whether the component " + scheme + " gets these properties."));
            properties.add(flag(
                    prefix + ".customizer.enabled",
                    "Whether the component " + scheme + " gets these properties. The same as enabled."));
        }
        JsonObject all = new JsonObject();
        all.put("groups", groups);
        all.put("properties", properties);
        return Jsoner.prettyPrint(all.toJson(), 2) + "\n";
    }

    private static JsonObject property(String prefix, String name, JsonObject option) {
        boolean secret = option.getBooleanOrDefault("secret", false);
        JsonObject property = new JsonObject();
        property.put("name", prefix + "." + StringHelper.camelCaseToDash(name));
        property.put("type", type(option));
        property.put("description", (secret ? "Secret. " : "") + option.getString("description"));
        property.put("sourceType", ViamDataAutoConfiguration.class.getName());
        Object value = option.get("defaultValue");
        if (value != null && !secret) {
            property.put(
                    "defaultValue",
                    "duration".equals(option.getString("type"))
                            ? DocTables.duration(Long.parseLong(value.toString()))
                            : value);
        }
        if (option.getBooleanOrDefault("deprecated", false)) {
            property.put("deprecated", true);
        }
        return property;
    }

    private static JsonObject flag(String name, String description) {
        JsonObject property = new JsonObject();
        property.put("name", name);
        property.put("type", "java.lang.Boolean");
        property.put("description", description);
        property.put("sourceType", ViamDataAutoConfiguration.class.getName());
        property.put("defaultValue", true);
        return property;
    }

    /** The class, for enumerations and beans: IDEs list the values of the one and complete the names of the others. */
    private static String type(JsonObject option) {
        return TYPES.getOrDefault(option.getString("type"), option.getString("javaType"));
    }
}
