// Copyright the camel-viamdata authors. SPDX-License-Identifier: Apache-2.0
package io.github.camelviamdata.observe;

import io.github.camelviamdata.ViamDataOperation;
import io.github.camelviamdata.client.ClientListener.ItemEnd;
import io.github.camelviamdata.client.ClientListener.OnceCheck;
import io.github.camelviamdata.client.ClientListener.TokenFetch;
import io.github.camelviamdata.client.ClientStatistics;
import io.github.camelviamdata.client.UploadOutcome;
import io.github.camelviamdata.client.ViamDataClient;
import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import org.apache.camel.spi.annotations.DevConsole;
import org.apache.camel.support.console.AbstractDevConsole;
import org.apache.camel.util.StringHelper;
import org.apache.camel.util.json.JsonArray;
import org.apache.camel.util.json.JsonObject;

/** Shows each client of {@code viamdata}: its target, its state and its counters. */
@DevConsole(name = "viamdata", displayName = "Viam Data", description = "Uploads to Viam")
public class ViamDataDevConsole extends AbstractDevConsole {

    public ViamDataDevConsole() {
        super("camel", "viamdata", "Viam Data", "Uploads to Viam");
    }

    @Override
    protected String doCallText(Map<String, Object> options) {
        StringBuilder text = new StringBuilder();
        for (ViamDataClient client : clients()) {
            facts(client)
                    .forEach((name, value) -> text.append("target".equals(name) ? "\n    " : "\n        ")
                            .append(label(name))
                            .append(": ")
                            .append(
                                    value instanceof Collection<?> several
                                            ? String.join(", ", texts(several))
                                            : value));
            text.append('\n');
        }
        return text.toString();
    }

    @Override
    protected Map<String, Object> doCallJson(Map<String, Object> options) {
        JsonArray clients = new JsonArray();
        clients().forEach(client -> clients.add(new JsonObject(facts(client))));
        JsonObject root = new JsonObject();
        root.put("clients", clients);
        return root;
    }

    private List<ViamDataClient> clients() {
        return WatchedClients.of(getCamelContext()).toList();
    }

    private Map<String, Object> facts(ViamDataClient client) {
        ClientStatistics statistics = client.statistics();
        Map<String, Object> facts = new LinkedHashMap<>();
        facts.put("target", client.target());
        facts.put("parts", parts(client));
        facts.put("channelState", client.connectivity().name());
        facts.put("tokenState", client.tokenState().toString());
        facts.put("inFlight", client.getInFlight());
        facts.put("maxInFlight", client.getMaxInFlight());
        for (UploadOutcome outcome : UploadOutcome.values()) {
            for (ViamDataOperation operation : ViamDataOperation.values()) {
                long count = statistics.uploads(outcome, operation);
                if (count > 0 || (operation == ViamDataOperation.binary && outcome == UploadOutcome.stored)) {
                    facts.put(outcome + StringHelper.capitalize(operation.name()), count);
                }
            }
        }
        facts.put("uploadedBytes", statistics.uploadedBytes());
        facts.put("retries", statistics.retries());
        for (TokenFetch outcome : TokenFetch.values()) {
            facts.put("tokens" + StringHelper.capitalize(outcome.name()), statistics.tokenRequests(outcome));
        }
        for (OnceCheck check : OnceCheck.values()) {
            if (statistics.onceChecks(check) > 0) {
                facts.put("once" + StringHelper.capitalize(check.name()), statistics.onceChecks(check));
            }
        }
        for (ItemEnd end : ItemEnd.values()) {
            if (statistics.items(end) > 0) {
                facts.put("items" + StringHelper.capitalize(end.name()), statistics.items(end));
                facts.put("downloadedBytes", statistics.downloadedBytes());
            }
        }
        statistics.lastFailure().ifPresent(failure -> {
            facts.put("lastFailureStatus", failure.status().name());
            facts.put("lastFailureTime", failure.time().toString());
            facts.put("lastFailure", failure.text());
        });
        return facts;
    }

    /** The parts of the endpoints with this client; messages may name others. */
    private JsonArray parts(ViamDataClient client) {
        JsonArray parts = new JsonArray();
        getCamelContext().getEndpoints().stream()
                .filter(ManagedViamDataEndpoint.class::isInstance)
                .map(ManagedViamDataEndpoint.class::cast)
                .filter(endpoint -> endpoint.client() == client)
                .map(ManagedViamDataEndpoint::partId)
                .filter(Objects::nonNull)
                .distinct()
                .sorted()
                .forEach(parts::add);
        return parts;
    }

    private static List<String> texts(Collection<?> values) {
        return values.stream().map(String::valueOf).toList();
    }

    /** {@code inFlight} becomes {@code In flight}. */
    private static String label(String name) {
        return StringHelper.capitalize(
                StringHelper.camelCaseToDash(name).replace('-', ' ').toLowerCase());
    }
}
