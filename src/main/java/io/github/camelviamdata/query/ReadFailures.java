// Copyright the camel-viamdata authors. SPDX-License-Identifier: Apache-2.0
package io.github.camelviamdata.query;

import io.github.camelviamdata.ViamDataAuthenticationException;
import io.github.camelviamdata.ViamDataException;
import io.github.camelviamdata.ViamDataException.Progress;
import io.github.camelviamdata.ViamDataRejectedException;
import io.github.camelviamdata.ViamDataUnavailableException;
import io.grpc.Status;
import java.util.concurrent.CompletionException;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.ExecutionException;

/** Which exception a failed call becomes. Its text has no credential: the client has taken it out. */
final class ReadFailures {

    private ReadFailures() {}

    /**
     * Waits for a call, which ends by its own timeouts.
     *
     * @param what the call does, at the beginning of a sentence
     * @throws ViamDataException if it fails
     */
    static <T> T await(String what, CompletionStage<T> call) throws InterruptedException {
        try {
            return call.toCompletableFuture().get();
        } catch (ExecutionException e) {
            throw exception(what, e);
        }
    }

    static ViamDataException exception(String what, Throwable error) {
        Throwable cause = cause(error);
        if (cause instanceof ViamDataException known) {
            return known;
        }
        Status status = Status.fromThrowable(cause);
        String text = what + " failed: " + status.getCode()
                + (status.getDescription() == null ? "" : ": " + status.getDescription());
        Progress progress = Progress.none(status.getCode(), null);
        return switch (status.getCode()) {
            case UNAUTHENTICATED, PERMISSION_DENIED ->
                new ViamDataAuthenticationException(
                        text + ". Check the credential and what it may do", cause, progress);
            case INVALID_ARGUMENT, NOT_FOUND, FAILED_PRECONDITION, OUT_OF_RANGE, ALREADY_EXISTS, UNIMPLEMENTED ->
                new ViamDataRejectedException(text, cause, progress);
            default -> new ViamDataUnavailableException(text, cause, progress);
        };
    }

    /** What a stage wraps. */
    static Throwable cause(Throwable error) {
        boolean wrapped = error instanceof CompletionException || error instanceof ExecutionException;
        return wrapped && error.getCause() != null ? cause(error.getCause()) : error;
    }
}
