// Copyright the camel-viamdata authors. SPDX-License-Identifier: Apache-2.0
package io.github.camelviamdata.client;

import io.github.camelviamdata.ViamDataAuthenticationException;
import io.github.camelviamdata.ViamDataDelivery;
import io.github.camelviamdata.ViamDataException;
import io.github.camelviamdata.ViamDataException.Progress;
import io.github.camelviamdata.ViamDataRejectedException;
import io.github.camelviamdata.ViamDataUnavailableException;
import io.github.camelviamdata.ViamDataUploadMode;
import io.github.camelviamdata.upload.Upload;
import io.grpc.Status;
import java.util.Locale;

/** Classifies failed calls: whether another attempt may succeed, and which exception the route gets. */
final class Failures {

    private static final String PART_ID = " (in the URI, or in the header CamelViamDataPartId)";

    private final ClientSettings client;

    Failures(ClientSettings client) {
        this.client = client;
    }

    /** Whether another call may succeed after one with this status. A lost connection may show up as any of these codes. */
    static boolean isTransient(Status status) {
        return switch (status.getCode()) {
            case UNAVAILABLE, INTERNAL, UNKNOWN, CANCELLED, ABORTED, DATA_LOSS, DEADLINE_EXCEEDED, RESOURCE_EXHAUSTED ->
                true;
            default -> false;
        };
    }

    /** The exception for an upload after its last attempt. */
    ViamDataException exception(
            CallOutcome outcome,
            UploadSettings settings,
            Upload upload,
            ViamDataDelivery delivery,
            int storedBefore,
            boolean repeatable,
            int attempts,
            String token) {
        Status status = safe(outcome.status(), token);
        Status.Code code = status.getCode();
        String partId = upload.metadata().getPartId();
        Progress progress = new Progress(
                code, partId, outcome.bytesSent(), attempts, storedBefore > 0 ? ViamDataDelivery.partial : delivery);
        String message = partial(storedBefore) + "Upload to " + client.target() + " for part " + partId + " failed"
                + (attempts > 1 ? " after " + attempts + " attempts" : "") + ": " + text(status, outcome, delivery)
                + advice(code, outcome, settings, upload)
                + (repeatable
                        ? ""
                        : ". The body can be read only once, so the upload was not tried again: with stream"
                                + " caching enabled it would be");
        Throwable cause = outcome.readError() != null ? outcome.readError() : status.asRuntimeException();
        if (outcome.isTransient()) {
            return new ViamDataUnavailableException(message, cause, progress);
        } else if (code == Status.Code.UNAUTHENTICATED || code == Status.Code.PERMISSION_DENIED) {
            return new ViamDataAuthenticationException(message, cause, progress);
        }
        return new ViamDataRejectedException(message, cause, progress);
    }

    /** The beginning of an exception text where some uploads of the same message are stored already. */
    static String partial(int storedBefore) {
        return storedBefore == 0
                ? ""
                : "The first " + storedBefore
                        + " uploads of this message are stored, and without the option once would be stored again with"
                        + " another try. ";
    }

    /** The exception text of an upload of which no call was made. */
    static String notBegun(String target, String partId, String obstacle) {
        return "Upload to " + target + " for part " + partId + " was not begun: " + obstacle;
    }

    /** The status without secrets and control characters: the service, or a proxy, may echo the credential. */
    Status safe(Status status, String token) {
        String description = status.getDescription();
        if (description != null) {
            for (String secret : client.credential().secrets()) {
                description = description.replace(secret, "xxxxxx");
            }
            // The cause of an exception is logged as well.
            description = description.replaceAll("[\\p{Cc}\\p{Zl}\\p{Zp}]", " ");
            description = token == null ? description : description.replace(token, "xxxxxx");
        }
        return Status.fromCode(status.getCode()).withDescription(description).withCause(status.getCause());
    }

    private static String text(Status status, CallOutcome outcome, ViamDataDelivery delivery) {
        if (outcome.readError() != null) {
            return "the body could not be read after " + outcome.bytesSent() + " bytes were sent, and the call was"
                    + " cancelled, so "
                    + (delivery == ViamDataDelivery.unknown
                            ? "only an earlier attempt can have stored it: "
                            : "nothing is stored: ")
                    + outcome.readError().getMessage();
        }
        StringBuilder text = new StringBuilder(status.getCode().name());
        if (status.getDescription() != null) {
            text.append(": ").append(status.getDescription());
        }
        for (Throwable cause = status.getCause(); cause != null; cause = cause.getCause()) {
            if (cause.getMessage() != null && text.indexOf(cause.getMessage()) < 0) {
                text.append(": ").append(cause.getMessage());
            }
        }
        return text.toString();
    }

    private String advice(Status.Code code, CallOutcome outcome, UploadSettings settings, Upload upload) {
        if (outcome.isTransient() && outcome.pushBack().noRetry()) {
            return ". The service asks for no further attempt";
        } else if (outcome.isTransient() && outcome.pushBack().delay().compareTo(settings.maxRetryDelay()) > 0) {
            return ". The service asks for a pause of "
                    + outcome.pushBack().delay().toMillis() + " ms, which is longer than maxRetryDelay";
        }
        String ofDatasets = upload.metadata().getDatasetIdsCount() == 0 ? "" : DatasetAdvice.of(outcome.status());
        return !ofDatasets.isEmpty() ? ofDatasets : adviceByCode(code, outcome, settings, upload);
    }

    private String adviceByCode(Status.Code code, CallOutcome outcome, UploadSettings settings, Upload upload) {
        return switch (code) {
            case UNAUTHENTICATED, PERMISSION_DENIED ->
                client.credential() instanceof Credential.None
                        ? ". Set the options apiKeyId and apiKey: there is no credential"
                        : ". Check the " + client.credential() + " and what it may do"
                                + (code == Status.Code.PERMISSION_DENIED ? ", and the part ID" + PART_ID : "");
            case NOT_FOUND -> ". Check the part ID" + PART_ID + " and the IDs of datasets";
            case UNAVAILABLE -> unavailable(text(outcome.status(), outcome, outcome.delivery()));
            case UNIMPLEMENTED -> ". Check host and port: this is no Viam data service";
            case DEADLINE_EXCEEDED ->
                outcome.answered()
                        ? ""
                        : (outcome.sentAll() ? ". The data may have been stored all the same" : "")
                                + ". requestTimeout is "
                                + settings.requestTimeout().toMillis() + " ms, and idleTimeout "
                                + settings.idleTimeout().toMillis() + " ms";
            case RESOURCE_EXHAUSTED -> ". If the message is too large for the service, " + smaller(settings, upload);
            default -> "";
        };
    }

    /** Advice on a connection that fails, by the text of gRPC, Netty or the Java runtime. */
    private String unavailable(String text) {
        if (text.contains("not an SSL/TLS record")) {
            return ". What listens on this port speaks no TLS: correct host and port, or set plaintext=true for a service"
                    + " on this machine";
        } else if (text.contains("PKIX path")
                || text.contains("certificate")
                || text.contains("No subject alternative")) {
            return ". The certificate is not trusted: set sslContextParameters to a trust store that holds the service's"
                    + " certificate authority, and host to the name in the certificate";
        } else if (text.toLowerCase(Locale.ROOT).contains("proxy")) {
            return ". Check the proxy, which the system properties https.proxyHost and https.proxyPort name";
        } else if (client.plaintext()) {
            return ". Check host and port; if the service speaks TLS there, remove plaintext=true";
        }
        return "";
    }

    /** Names the option that makes the messages of an upload smaller. */
    private static String smaller(UploadSettings settings, Upload upload) {
        if (upload.isTabular()) {
            return "lower maxRequestSize; what came from viamdata-server is not split, so let its client send less at once";
        } else if (upload.isFile() || settings.uploadMode() == ViamDataUploadMode.streaming) {
            return "lower chunkSize";
        }
        return settings.uploadMode() == ViamDataUploadMode.unary ? "set uploadMode=auto" : "lower streamingThreshold";
    }
}
