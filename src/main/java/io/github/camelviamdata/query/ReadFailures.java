// Copyright the camel-viamdata authors. SPDX-License-Identifier: Apache-2.0
package io.github.camelviamdata.query;

import io.github.camelviamdata.ViamDataAuthenticationException;
import io.github.camelviamdata.ViamDataDelivery;
import io.github.camelviamdata.ViamDataException;
import io.github.camelviamdata.ViamDataException.Progress;
import io.github.camelviamdata.ViamDataRejectedException;
import io.github.camelviamdata.ViamDataUnavailableException;
import io.github.camelviamdata.client.CallFailedException;
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
        return exception(what, cause, Progress.none(Status.fromThrowable(cause).getCode(), null));
    }

    /** As {@link #exception}, for a call that changes something: the service may have made the change all the same. */
    static ViamDataException change(String what, Throwable error) {
        Throwable cause = cause(error);
        Status.Code code = Status.fromThrowable(cause).getCode();
        Progress progress = Progress.none(code, null);
        if (cause instanceof CallFailedException call) {
            progress = new Progress(code, null, 0, call.attempts(), call.delivery());
        } else if (code == Status.Code.CANCELLED) {
            // A call was in flight when the route or the component was stopped.
            progress = new Progress(code, null, 0, 1, ViamDataDelivery.unknown);
        }
        boolean unknown = progress.delivery() == ViamDataDelivery.unknown;
        return exception(what + (unknown ? ", which the service may have done all the same," : ""), cause, progress);
    }

    /** The exception for a message that does not say, or says wrongly, what to do. */
    static ViamDataException unsent(Throwable error) {
        String nothing = "Nothing was sent. ";
        if (error instanceof ViamDataException known) {
            return known;
        } else if (error instanceof IllegalArgumentException) {
            return new ViamDataRejectedException(
                    nothing + error.getMessage(), error.getCause(), Progress.none(Status.Code.INVALID_ARGUMENT, null));
        }
        // Foreign code throws others: a converter, or a collection that is changed meanwhile.
        String text = nothing + "The body or a header cannot be read: "
                + error.getClass().getName();
        return error instanceof RuntimeException || error instanceof StackOverflowError
                ? new ViamDataRejectedException(text, error, Progress.none(Status.Code.INVALID_ARGUMENT, null))
                : new ViamDataUnavailableException(text, error, Progress.none(Status.Code.INTERNAL, null));
    }

    private static ViamDataException exception(String what, Throwable cause, Progress progress) {
        if (cause instanceof ViamDataException known) {
            return known;
        } else if (cause instanceof IllegalArgumentException) {
            return new ViamDataRejectedException(what + " failed: " + cause.getMessage(), cause, progress);
        }
        Status status = Status.fromThrowable(cause);
        String text = what + " failed: " + status.getCode()
                + (status.getDescription() == null ? "" : ": " + status.getDescription());
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
