// Copyright the camel-viamdata authors. SPDX-License-Identifier: Apache-2.0
package io.github.camelviamdata.server;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowable;

import io.grpc.Status;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import org.assertj.core.api.AbstractStringAssert;
import org.assertj.core.api.ThrowableAssert.ThrowingCallable;

/** Assertions on calls that fail. */
final class Failures {

    private Failures() {}

    /** Asserts the status code and goes on with the description. */
    static AbstractStringAssert<?> assertFails(Status.Code code, ThrowingCallable call) {
        Throwable failure = catchThrowable(call);
        assertThat(failure).as("failure").isNotNull();
        Status status = Status.fromThrowable(failure);
        assertThat(status.getCode()).as("%s", status).isEqualTo(code);
        return assertThat(String.valueOf(status.getDescription()));
    }

    /** Asserts that the status code is one of several. */
    static void assertFails(List<Status.Code> codes, ThrowingCallable call) {
        Status status = Status.fromThrowable(catchThrowable(call));
        assertThat(status.getCode()).as("%s", status).isIn(codes);
    }

    static AbstractStringAssert<?> assertFails(Status.Code code, CompletableFuture<?> answer) {
        return assertFails(code, () -> answer.get(20, TimeUnit.SECONDS));
    }
}
