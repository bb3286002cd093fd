// Copyright the camel-viamdata authors. SPDX-License-Identifier: Apache-2.0
package io.github.camelviamdata.once;

import io.github.camelviamdata.once.Ledger.State;
import io.github.camelviamdata.once.NoteFile.Kind;
import java.time.Duration;
import java.util.concurrent.CompletableFuture;

/** A note to be made. Completes with what was noted before, once the note is as safe as {@link Ledger} asks for. */
final class NoteTask extends CompletableFuture<State> {

    static final long UNCHANGED = -1;

    final Kind kind;
    final NoteKey key;
    final byte[] id;
    final Duration timeout;
    private final long submitted = System.nanoTime();
    // The writer writes these before it completes the task.
    State noted = State.begun();
    // Of the key's last note before this one.
    long placeBefore = UNCHANGED;

    NoteTask(Kind kind, NoteKey key, byte[] id, Duration timeout) {
        this.kind = kind;
        this.key = key;
        this.id = id;
        this.timeout = timeout;
    }

    boolean isWritten() {
        return placeBefore != UNCHANGED;
    }

    /** Whether a crash after its completion may not lose it: without the others, the service is asked. */
    boolean isSynced() {
        return kind == Kind.BEGUN && isWritten();
    }

    /** Whether an upload goes on with the note that another one of the same group has made. */
    boolean countsOnNoteOf(NoteTask other) {
        return kind == Kind.BEGUN && this != other && key.equals(other.key) && !isCompletedExceptionally();
    }

    void failIfLate() {
        if (System.nanoTime() - submitted > timeout.toNanos()) {
            completeExceptionally(KeptLedger.noAnswer(timeout));
        }
    }
}
