// Copyright the camel-viamdata authors. SPDX-License-Identifier: Apache-2.0
package io.github.camelviamdata.observe;

import io.github.camelviamdata.client.TokenState;
import io.github.camelviamdata.client.UploadFailure;
import io.github.camelviamdata.client.ViamDataClient;
import io.grpc.ConnectivityState;
import java.util.Optional;
import java.util.function.Predicate;
import java.util.function.Supplier;
import java.util.stream.IntStream;
import org.apache.camel.health.HealthCheckResultBuilder;

/**
 * Whether a producer is ready to upload, by the state of its client. It makes no call of its own, and is up before the first
 * upload.
 */
public final class ViamDataHealthCheck extends ReadinessCheck {

    private final Supplier<ViamDataClient> client;
    private final String partId;
    private final String routeId;
    private final Supplier<Optional<String>> ledgerFailure;

    /**
     * @param client returns the present client of the producer
     * @param partId the part that the producer uploads to unless a message names another, or null
     * @param routeId the route of the producer, or null
     * @param ledgerFailure why the ledger of the option once cannot be used; empty if it can, or there is none
     * @param isUsed whether another check has this ID: routes may have several steps for one part
     */
    public ViamDataHealthCheck(
            Supplier<ViamDataClient> client,
            String partId,
            String routeId,
            Supplier<Optional<String>> ledgerFailure,
            Predicate<String> isUsed) {
        super(uniqueId(partId, routeId, isUsed));
        this.client = client;
        this.partId = partId;
        this.routeId = routeId;
        this.ledgerFailure = ledgerFailure;
    }

    private static String uniqueId(String partId, String routeId, Predicate<String> isUsed) {
        String first =
                "producer:viamdata" + (routeId == null ? "" : "-" + routeId) + (partId == null ? "" : "-" + partId);
        return IntStream.iterate(1, i -> i + 1)
                .mapToObj(i -> i == 1 ? first : first + "-" + i)
                .filter(isUsed.negate())
                .findFirst()
                .orElseThrow();
    }

    @Override
    void check(HealthCheckResultBuilder result) {
        ViamDataClient present = client.get();
        if (present == null) {
            result.unknown().message("The endpoint has not started");
            return;
        }
        ConnectivityState channel = present.connectivity();
        TokenState token = present.tokenState();
        Optional<UploadFailure> refusal = present.statistics().refusal(partId);
        Optional<String> ledger = ledgerFailure.get();

        if (channel == ConnectivityState.TRANSIENT_FAILURE) {
            result.down().message("The connection to " + present.target() + " is broken");
        } else if (channel == ConnectivityState.SHUTDOWN) {
            result.down().message("The client is closed");
        } else if (token.kind() == TokenState.Kind.refused || refusal.isPresent()) {
            result.down().message(present.target() + " does not accept the credential");
        } else if (ledger.isPresent()) {
            result.down().message("The ledger cannot be used, so nothing is uploaded");
        } else {
            result.up();
        }
        ledger.ifPresent(failure -> result.detail("ledger.failure", failure));
        detail(result, "route.id", routeId);
        detail(result, "part.id", partId);
        result.detail("target", present.target())
                .detail("channel.state", channel.name())
                .detail("token.state", token.toString())
                .detail("in.flight", present.getInFlight());
        refusal.or(present.statistics()::lastFailure)
                .ifPresent(failure -> result.detail(
                                "last.failure.status", failure.status().name())
                        .detail("last.failure.time", failure.time().toString())
                        .detail("last.failure.text", failure.text()));
    }

    private static void detail(HealthCheckResultBuilder result, String key, String value) {
        if (value != null) {
            result.detail(key, value);
        }
    }
}
