// Copyright the camel-viamdata authors. SPDX-License-Identifier: Apache-2.0
package io.github.camelviamdata.examples;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** Finds in queries and on a page of meters which series there are, as far as our own names go. */
final class PromQueries {

    private static final Pattern SERIES = Pattern.compile("^(viamdata_\\w+)(?:\\{(.*)})? \\S+$", Pattern.MULTILINE);
    private static final Pattern USE = Pattern.compile("\\b(viamdata_\\w+)(?:\\{([^}]*)})?");
    private static final Pattern LABEL = Pattern.compile("(\\w+)(=~|!~|!=|=)\"([^\"]*)\"");
    private static final Pattern GROUP = Pattern.compile("\\b(?:by|on) \\(([^)]*)\\)");
    private static final Pattern RULE = Pattern.compile("^ +expr: (?:\\|\n((?: {10}.*\n)+)|(.*)\n)", Pattern.MULTILINE);

    /** Prometheus adds these to each series. */
    private static final Set<String> OF_PROMETHEUS = Set.of("instance", "job");

    private PromQueries() {}

    /** The values of each label of each series. */
    static Map<String, Map<String, Set<String>>> page(String page) {
        Map<String, Map<String, Set<String>>> series = new HashMap<>();
        Matcher line = SERIES.matcher(page);
        while (line.find()) {
            Map<String, Set<String>> labels = series.computeIfAbsent(line.group(1), name -> new HashMap<>());
            Matcher label = LABEL.matcher(line.group(2) == null ? "" : line.group(2));
            while (label.find()) {
                labels.computeIfAbsent(label.group(1), name -> new HashSet<>()).add(label.group(3));
            }
        }
        return series;
    }

    static List<String> ofRules(Path file) throws IOException {
        List<String> queries = new ArrayList<>();
        Matcher rule = RULE.matcher(Files.readString(file));
        while (rule.find()) {
            queries.add(rule.group(1) == null ? rule.group(2) : rule.group(1));
        }
        return queries;
    }

    /** Its panels' queries, each with its legend, which names labels too. */
    static List<String> ofDashboard(Path file) throws IOException {
        List<String> queries = new ArrayList<>();
        for (JsonNode panel : new ObjectMapper().readTree(file.toFile()).get("panels")) {
            for (JsonNode target : panel.path("targets")) {
                queries.add(target.get("expr").asText() + " by ("
                        + target.get("legendFormat").asText().replaceAll("[^{}]*\\{\\{(\\w+)}}[^{}]*", "$1,") + ")");
            }
        }
        return queries;
    }

    /** What a query names that is not on the page: series, labels, and values of labels. */
    static List<String> missing(String query, Map<String, Map<String, Set<String>>> page) {
        List<String> missing = new ArrayList<>();
        Set<String> groups = new HashSet<>();
        Matcher group = GROUP.matcher(query);
        while (group.find()) {
            groups.addAll(List.of(group.group(1).split("[, ]+")));
        }
        groups.removeAll(OF_PROMETHEUS);
        groups.remove("");
        Matcher use = USE.matcher(query);
        while (use.find()) {
            Map<String, Set<String>> labels = page.get(use.group(1));
            if (labels == null) {
                missing.add(use.group(1));
                continue;
            }
            groups.stream()
                    .filter(label -> !labels.containsKey(label))
                    .forEach(label -> missing.add(use.group(1) + " by " + label));
            missing.addAll(missingValues(use, labels));
        }
        return missing;
    }

    private static List<String> missingValues(Matcher use, Map<String, Set<String>> labels) {
        List<String> missing = new ArrayList<>();
        Matcher label = LABEL.matcher(use.group(2) == null ? "" : use.group(2));
        while (label.find()) {
            Set<String> values = labels.getOrDefault(label.group(1), Set.of());
            // A variable of the dashboard is any value.
            boolean any = label.group(3).startsWith("$") && !values.isEmpty();
            if (!any && !values.containsAll(List.of(label.group(3).split("[|]")))) {
                missing.add(use.group(1) + " with " + label.group());
            }
        }
        return missing;
    }
}
