// Copyright the camel-viamdata authors. SPDX-License-Identifier: Apache-2.0
package io.github.camelviamdata;

import io.grpc.Status;
import java.io.Serializable;
import java.util.regex.Pattern;
import org.apache.camel.RuntimeCamelException;

/**
 * An upload that failed. The three subclasses tell a route what to do: redeliver later, correct the credentials, or put the
 * message aside.
 */
public abstract sealed class ViamDataException extends RuntimeCamelException
        permits ViamDataUnavailableException, ViamDataAuthenticationException, ViamDataRejectedException {

    private static final long serialVersionUID = 1L;

    // Exception texts quote messages and the service, and must not look like several log lines.
    private static final Pattern LINE_BREAKS = Pattern.compile("[\\p{Cc}\\p{Zl}\\p{Zp}]");

    /**
     * The state of the upload when it failed.
     *
     * @param status the gRPC status of the last call, or the one that describes the failure best where no call was made
     * @param partId the machine part the data was meant for, or null where none was known
     * @param bytesSent number of payload bytes handed to the connection by the last call
     * @param attempts number of calls made, 0 where the message was refused before any
     * @param delivery where the data is, after all attempts
     */
    public record Progress(Status.Code status, String partId, long bytesSent, int attempts, ViamDataDelivery delivery)
            implements Serializable {

        /** Nothing was sent. */
        public static Progress none(Status.Code status, String partId) {
            return new Progress(status, partId, 0, 0, ViamDataDelivery.notSent);
        }
    }

    private final Progress progress;

    ViamDataException(String message, Throwable cause, Progress progress) {
        super(LINE_BREAKS.matcher(message).replaceAll(" "), cause);
        this.progress = progress;
    }

    /** The gRPC status of the last call; {@code INVALID_ARGUMENT} where the message was refused before any. */
    public Status.Code getStatus() {
        return progress.status();
    }

    /** The machine part the data was meant for, or null where none was known. */
    public String getPartId() {
        return progress.partId();
    }

    /** Number of payload bytes that the last call handed to the connection; not all need have arrived. */
    public long getBytesSent() {
        return progress.bytesSent();
    }

    /** Number of calls made, 0 where the message was refused before any. */
    public int getAttempts() {
        return progress.attempts();
    }

    /**
     * Where the data is, after all attempts. {@link ViamDataDelivery#unknown} if the answer to any of them is missing:
     * another upload may then store it, and bill it, twice.
     */
    public ViamDataDelivery getDelivery() {
        return progress.delivery();
    }
}
