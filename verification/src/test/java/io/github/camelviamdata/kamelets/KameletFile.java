// Copyright the camel-viamdata authors. SPDX-License-Identifier: Apache-2.0
package io.github.camelviamdata.kamelets;

import java.io.IOException;
import java.io.InputStream;
import java.util.List;
import java.util.Map;
import java.util.regex.Pattern;
import org.snakeyaml.engine.v2.api.Load;
import org.snakeyaml.engine.v2.api.LoadSettings;

/** A YAML document as maps and lists: a Kamelet, or a resource of Camel K. */
@SuppressWarnings("unchecked")
public final class KameletFile {

    /** How a property says what counts without it. A default of its own would hide the setting of the component. */
    public static final Pattern DEFAULT = Pattern.compile(" Default: (\\S+)\\.$");

    private final Map<String, Object> content;

    private KameletFile(Map<String, Object> content) {
        this.content = content;
    }

    public static KameletFile parse(String yaml) {
        return new KameletFile(
                (Map<String, Object>) new Load(LoadSettings.builder().build()).loadFromString(yaml));
    }

    /** A Kamelet of the class path, as it is in the jar: Maven has filled in the version. */
    static KameletFile kamelet(String name) throws IOException {
        try (InputStream stream = KameletFile.class.getResourceAsStream("/kamelets/" + name + ".kamelet.yaml")) {
            return parse(new String(stream.readAllBytes(), java.nio.charset.StandardCharsets.UTF_8));
        }
    }

    Map<String, Object> content() {
        return content;
    }

    /** What stands under these keys; null where one of them is missing. */
    <T> T at(String... keys) {
        Object value = content;
        for (String key : keys) {
            value = value == null ? null : ((Map<String, Object>) value).get(key);
        }
        return (T) value;
    }

    String text(String... keys) {
        Object value = at(keys);
        return value == null ? null : value.toString();
    }

    public Map<String, Map<String, Object>> properties() {
        return at("spec", "definition", "properties");
    }

    public List<String> list(String... keys) {
        return at(keys);
    }
}
