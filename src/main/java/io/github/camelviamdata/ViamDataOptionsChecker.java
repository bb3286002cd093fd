// Copyright the camel-viamdata authors. SPDX-License-Identifier: Apache-2.0
package io.github.camelviamdata;

import io.github.camelviamdata.client.ClientSettings;
import io.github.camelviamdata.client.Credential;
import io.github.camelviamdata.client.UploadSettings;
import io.github.camelviamdata.message.PlainText;
import io.github.camelviamdata.once.OnceSettings;
import io.github.camelviamdata.transport.Loopback;
import java.net.URI;
import java.net.URISyntaxException;
import java.time.Duration;
import java.util.function.UnaryOperator;
import java.util.regex.Pattern;
import java.util.stream.Stream;

/**
 * Checks the options of an endpoint and makes the settings of them. For a wrong value it throws an {@link
 * IllegalArgumentException} that names the option, and never shows a secret.
 */
final class ViamDataOptionsChecker {

    // Timers count nanoseconds in a long: this is hundreds of years.
    private static final long MAX_MILLIS = Long.MAX_VALUE / 1_000_000;

    // No service answers faster. A smaller value probably means seconds.
    private static final long MIN_TIMEOUT = 100;

    private static final Pattern UUID = Pattern.compile("\\p{XDigit}{8}(-\\p{XDigit}{4}){3}-\\p{XDigit}{12}");

    private final ViamDataConfiguration options;
    private final UnaryOperator<String> environment;

    ViamDataOptionsChecker(ViamDataConfiguration options, UnaryOperator<String> environment) {
        this.options = options;
        this.environment = environment;
    }

    UploadSettings uploadSettings() {
        PlainText.id("The part ID (in the URI, of the component, or VIAM_MACHINE_PART_ID)", options.getPartId());
        PlainText.componentType("The option componentType", options.getComponentType());
        PlainText.resolved("The option componentName", options.getComponentName());
        PlainText.resolved("The option methodName", options.getMethodName());
        PlainText.list("The option tags", options.getTags());
        PlainText.list("The option datasetIds", options.getDatasetIds());
        between("streamingThreshold", options.getStreamingThreshold(), 0, 16 * 1024 * 1024);
        between("chunkSize", options.getChunkSize(), 1024, 4_000_000);
        between("maxRequestSize", options.getMaxRequestSize(), 1024, 16 * 1024 * 1024);
        between("maxAttempts", options.getMaxAttempts(), 1, 100);
        atLeast("retryDelay", options.getRetryDelay(), 1);
        if (options.getMaxRetryDelay() < options.getRetryDelay()) {
            throw new IllegalArgumentException("The option maxRetryDelay is " + options.getMaxRetryDelay()
                    + " ms; it must be at least retryDelay, which is " + options.getRetryDelay() + " ms");
        }
        atLeast("maxRetryDelay", options.getMaxRetryDelay(), 1);
        return new UploadSettings(
                options.getUploadMode(),
                options.getStreamingThreshold(),
                options.getChunkSize(),
                atLeast("requestTimeout", options.getRequestTimeout(), MIN_TIMEOUT),
                atLeast("idleTimeout", options.getIdleTimeout(), MIN_TIMEOUT),
                options.getMaxAttempts(),
                Duration.ofMillis(options.getRetryDelay()),
                Duration.ofMillis(options.getMaxRetryDelay()),
                atLeast("maxInFlightWait", options.getMaxInFlightWait(), 0));
    }

    ClientSettings clientSettings() {
        checkHost();
        between("port", options.getPort(), 1, 65535);
        between("connections", options.getConnections(), 1, 64);
        between("maxInFlight", options.getMaxInFlight(), 1, 10_000);
        return new ClientSettings(
                options.getHost(),
                options.getPort(),
                options.isPlaintext(),
                options.isPlaintext() ? null : options.getSslContextParameters(),
                credential(),
                options.getConnections(),
                options.getMaxInFlight(),
                atLeast("keepAliveTime", options.getKeepAliveTime(), 10_000),
                atLeast("keepAliveTimeout", options.getKeepAliveTimeout(), 1),
                atLeast("shutdownTimeout", options.getShutdownTimeout(), 0));
    }

    /** Null with {@code once=off}. */
    OnceSettings onceSettings() {
        if (options.getOnce() == ViamDataOnce.off) {
            return null;
        } else if (options.getLedger() == null || isBlank(options.getLedger().toString())) {
            throw new IllegalArgumentException("The option once=" + options.getOnce()
                    + " needs the option ledger, such as" + " ledger=file:/var/lib/viamdata/ledger.db");
        }
        PlainText.resolved("The option onceKey", options.getOnceKey());
        boolean lookBack = options.getOnce() == ViamDataOnce.lookback;
        if (lookBack
                && options.getOnceIdentity() == ViamDataIdentity.time
                && options.getOperation() == ViamDataOperation.capture) {
            throw new IllegalArgumentException("The option onceIdentity=time cannot distinguish the images of a capture"
                    + " file. Set onceIdentity=tag");
        }
        return new OnceSettings(
                options.getHost() + ":" + options.getPort(),
                options.getLedger(),
                atLeast("ledgerRetention", options.getLedgerRetention(), 60_000),
                isBlank(options.getOnceKey()) ? null : options.getOnceKey(),
                lookBack,
                options.getOnceIdentity(),
                options.isKeepOnceTag(),
                atLeast("lookBackPatience", options.getLookBackPatience(), 0),
                atLeast("lookBackInterval", options.getLookBackInterval(), 100));
    }

    private void checkHost() {
        String host = PlainText.resolved("The option host", options.getHost());
        if (isBlank(host)) {
            throw new IllegalArgumentException("The option host is empty");
        } else if (!isHost(host)) {
            throw new IllegalArgumentException("The option host is '" + host
                    + "'; it must be a name or an address, without a scheme, a port or a path");
        }
    }

    /** Whether a host is valid by the rules of URIs, which gRPC applies only when it connects. */
    private static boolean isHost(String host) {
        try {
            String found = new URI(null, null, host, -1, null, null, null).getHost();
            return host.equals(found) || ("[" + host + "]").equals(found);
        } catch (URISyntaxException e) {
            return false;
        }
    }

    private Credential credential() {
        Credential credential =
                credential(options.getApiKeyId(), options.getApiKey(), options.getSecret(), options.getAccessToken());
        if (credential instanceof Credential.None) {
            credential =
                    credential(environment.apply("VIAM_API_KEY_ID"), environment.apply("VIAM_API_KEY"), null, null);
        }
        boolean local = Loopback.isLoopback(options.getHost());
        if (credential instanceof Credential.None && !local) {
            throw new IllegalArgumentException("There is no credential for " + options.getHost()
                    + ". Set the options apiKeyId and apiKey, or the environment variables VIAM_API_KEY_ID and"
                    + " VIAM_API_KEY; or the option secret or accessToken");
        } else if (options.isPlaintext() && !local) {
            throw new IllegalArgumentException("plaintext=true would show the " + credential + " and the data to the"
                    + " network on the way to " + options.getHost() + ". Remove the option plaintext, which is for a"
                    + " service on this machine; sslContextParameters can trust a private certificate authority");
        }
        return credential;
    }

    private Credential credential(String apiKeyId, String apiKey, String secret, String accessToken) {
        PlainText.id("The option apiKeyId, or VIAM_API_KEY_ID,", apiKeyId);
        PlainText.id("The option apiKey, or VIAM_API_KEY,", apiKey);
        PlainText.id("The option secret", secret);
        PlainText.resolved("The option accessToken", accessToken);
        if (Stream.of(apiKey, secret, accessToken)
                        .filter(text -> !isBlank(text))
                        .count()
                > 1) {
            throw new IllegalArgumentException("Set only one of the options apiKey, secret and accessToken");
        } else if (isBlank(apiKeyId) != isBlank(apiKey)) {
            throw new IllegalArgumentException(
                    "An API key takes two options: " + (isBlank(apiKeyId) ? "apiKeyId" : "apiKey") + " is missing"
                            + " (or the environment variable "
                            + (isBlank(apiKeyId) ? "VIAM_API_KEY_ID" : "VIAM_API_KEY") + ")");
        } else if (!isBlank(apiKey)) {
            if (UUID.matcher(apiKey).matches() && !UUID.matcher(apiKeyId).matches()) {
                throw new IllegalArgumentException(
                        "The options apiKeyId and apiKey are swapped: the value of apiKey has"
                                + " the form of an ID, and that of apiKeyId has not");
            }
            return new Credential.ApiKey(apiKeyId, apiKey);
        } else if (!isBlank(secret)) {
            if (isBlank(options.getPartId())) {
                throw new IllegalArgumentException("The option secret needs the part ID in the endpoint's URI");
            }
            return new Credential.MachineSecret(options.getPartId(), secret);
        } else if (!isBlank(accessToken)) {
            if (!Credential.isSendable(accessToken)) {
                throw new IllegalArgumentException("The option accessToken holds a character that no access token has,"
                        + " such as a space or a line break at its end");
            }
            return new Credential.AccessToken(accessToken);
        }
        return new Credential.None();
    }

    private static boolean isBlank(String text) {
        return text == null || text.isBlank();
    }

    private static Duration atLeast(String option, long millis, long min) {
        if (millis < min) {
            throw new IllegalArgumentException("The option " + option + " is " + millis + " ms; it must be at least "
                    + min + " ms"
                    + (millis > 0 && min == MIN_TIMEOUT
                            ? ". A number without a unit means milliseconds: " + millis + " seconds are " + millis + "s"
                            : ""));
        }
        if (millis > MAX_MILLIS) {
            throw new IllegalArgumentException(
                    "The option " + option + " is " + millis + " ms; it must be at most " + MAX_MILLIS + " ms");
        }
        return Duration.ofMillis(millis);
    }

    private static void between(String option, int value, int min, int max) {
        if (value < min || value > max) {
            throw new IllegalArgumentException(
                    "The option " + option + " is " + value + "; it must be from " + min + " to " + max);
        }
    }
}
