// Copyright the camel-viamdata authors. SPDX-License-Identifier: Apache-2.0
package io.github.camelviamdata.query;

import static org.assertj.core.api.Assertions.assertThat;

import io.grpc.Status;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import org.junit.jupiter.api.Test;

/** What becomes of items that are done, when the service does not do its part. */
class EndingsTest {

    private final List<List<String>> calls = new ArrayList<>();
    private final Set<String> ended = new TreeSet<>();
    private final CompletableFuture<Void> first = new CompletableFuture<>();

    @Test
    void whatIsAddedDuringACallGoesWithTheNextOne() {
        Endings endings = endings();
        assertThat(calls).containsExactly(List.of("first"));
        assertThat(endings.flush()).isNotDone();

        first.complete(null);

        assertThat(calls).containsExactly(List.of("first"), List.of("a", "b", "c", "d"));
        assertThat(ended).containsExactly("a", "b", "c", "d", "first");
        assertThat(endings.flush()).isCompleted();
    }

    @Test
    void aCallHasAHundredIdsAtTheMost() {
        Endings endings = endings();
        for (int i = 0; i < 197; i++) {
            endings.add("id-" + i);
        }
        first.complete(null);

        assertThat(calls).extracting(List::size).containsExactly(1, 100, 100, 1);
    }

    /** All four are refused together; then the first half fails for a reason that passes. */
    @Test
    void aHalfThatFailsDoesNotKeepTheOther() {
        Endings endings = endings(Status.INVALID_ARGUMENT, Status.UNAVAILABLE);
        CompletableFuture<Void> round = endings.flush();
        first.complete(null);
        assertThat(round).isCompletedExceptionally();
        assertThat(ended).containsExactly("c", "d", "first");
        assertThat(endings.flush()).isCompleted();
        assertThat(ended).containsExactly("a", "b", "c", "d", "first");
        assertThat(calls)
                .containsExactly(
                        List.of("first"),
                        List.of("a", "b", "c", "d"),
                        List.of("a", "b"),
                        List.of("c", "d"),
                        List.of("a", "b"));
    }

    @Test
    void whatFailsIsTriedOnceForEachFlush() {
        Endings endings = endings(Status.UNAVAILABLE, Status.UNAVAILABLE);
        first.complete(null);
        assertThat(calls).hasSize(2);
        // Another item does not call while the service fails.
        endings.add("e");
        assertThat(calls).hasSize(2);
        assertThat(endings.flush()).isCompletedExceptionally();
        assertThat(calls).hasSize(3);
        assertThat(endings.flush()).isCompleted();
        assertThat(ended).containsExactly("a", "b", "c", "d", "e", "first");
    }

    @Test
    void aPauseThatCannotBeMadeIsNone() {
        Endings endings = new Endings("onDone=delete", ids -> answer(ids), ended::add, id -> {}, task -> {
            throw new OutOfMemoryError("no thread");
        });
        List.of("first", "a").forEach(endings::add);
        first.complete(null);

        assertThat(ended).containsExactly("a", "first");
        assertThat(endings.flush()).isCompleted();
    }

    @Test
    void aRetryCallsOnlyAfterAFailure() {
        Endings endings = endings(Status.UNAVAILABLE);
        assertThat(endings.retry()).isCompleted();
        first.complete(null);
        assertThat(calls).hasSize(2);
        assertThat(endings.retry()).isCompleted();
        assertThat(calls).hasSize(3);
        assertThat(ended).hasSize(5);
    }

    /** With a call in flight and four items that wait. The next calls end at once, the first ones in these statuses. */
    private Endings endings(Status... statuses) {
        Endings endings =
                new Endings("onDone=delete", ids -> answer(ids, statuses), ended::add, id -> {}, Runnable::run);
        List.of("first", "a", "b", "c", "d").forEach(endings::add);
        return endings;
    }

    private CompletionStage<?> answer(List<String> ids, Status... statuses) {
        calls.add(ids);
        if (calls.size() == 1) {
            return first;
        } else if (calls.size() - 2 < statuses.length) {
            return CompletableFuture.failedFuture(statuses[calls.size() - 2].asRuntimeException());
        }
        return CompletableFuture.completedFuture(null);
    }
}
