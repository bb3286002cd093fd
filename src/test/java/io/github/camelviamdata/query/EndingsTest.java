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
import java.util.stream.IntStream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** What becomes of items that are done, when the service does not do its part. */
class EndingsTest {

    private final KnownItems known = new KnownItems();
    private final List<List<String>> calls = new ArrayList<>();
    private final Set<String> ended = new TreeSet<>();

    @BeforeEach
    void take() {
        List.of("a", "b", "c", "d").forEach(known::take);
    }

    /** All four are refused together; then the first half fails for a reason that passes. */
    @Test
    void aHalfThatFailsDoesNotKeepTheOther() {
        Endings endings = endings(Status.INVALID_ARGUMENT, Status.UNAVAILABLE);
        assertThat(endings.flush()).isCompletedExceptionally();
        assertThat(ended).containsExactly("c", "d");
        assertThat(endings.flush()).isCompleted();
        assertThat(ended).containsExactly("a", "b", "c", "d");
        assertThat(calls)
                .containsExactly(List.of("a", "b", "c", "d"), List.of("a", "b"), List.of("c", "d"), List.of("a", "b"));
    }

    @Test
    void whatFailsAtOnceIsTriedOnceForEachFlush() {
        Endings endings = endings(Status.UNAVAILABLE, Status.UNAVAILABLE);
        assertThat(endings.flush()).isCompletedExceptionally();
        assertThat(calls).hasSize(1);
        assertThat(endings.flush()).isCompletedExceptionally();
        assertThat(calls).hasSize(2);
        assertThat(endings.flush()).isCompleted();
        assertThat(ended).containsExactly("a", "b", "c", "d");
    }

    @Test
    void aFullBatchThatFailsWaitsForTheNextFlush() {
        Endings endings = new Endings("onDone=delete", ids -> answer(ids, Status.UNAVAILABLE), known);
        IntStream.range(0, DataRequests.MOST).forEach(i -> endings.add("item-" + i));
        assertThat(calls).hasSize(1);
        List.of("a", "b", "c").forEach(endings::add);
        assertThat(calls).hasSize(1);
        assertThat(endings.flush()).isCompleted();
        assertThat(ended).hasSize(DataRequests.MOST + 3);
        IntStream.range(0, DataRequests.MOST).forEach(i -> endings.add("another-" + i));
        assertThat(ended).hasSize(2 * DataRequests.MOST + 3);
    }

    /** With four items that wait. The calls end at once, the first ones in these statuses. */
    private Endings endings(Status... statuses) {
        Endings endings = new Endings("onDone=delete", ids -> answer(ids, statuses), known);
        List.of("a", "b", "c", "d").forEach(endings::add);
        return endings;
    }

    private CompletionStage<?> answer(List<String> ids, Status... statuses) {
        calls.add(ids);
        if (calls.size() <= statuses.length) {
            return CompletableFuture.failedFuture(statuses[calls.size() - 1].asRuntimeException());
        }
        ended.addAll(ids);
        return CompletableFuture.completedFuture(null);
    }
}
