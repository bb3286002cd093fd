// Copyright the camel-viamdata authors. SPDX-License-Identifier: Apache-2.0
package io.github.camelviamdata.once;

import java.util.Objects;

/**
 * Notes which uploads began and which are stored, so that none is made twice. Safe for use by many threads. What it throws fails the
 * upload as unavailable: no upload is sent without a note.
 *
 * <p>Each call has to return, so a database needs a socket timeout: while a {@link #begin} has not returned, all further uploads of its
 * key fail as unavailable.
 *
 * <p>A key has 26 letters and digits. It encodes 128 bits of a hash, so two keys are equal only for the same data.
 */
public interface Ledger {

    /**
     * Notes that an upload begins, unless its key is noted already. A note has to survive a crash of the process once this
     * returns, and of several callers at once only one may get {@link State#isNew() a new one}.
     *
     * @param key never null
     * @return what was noted before; never null
     */
    State begin(String key);

    /**
     * Notes that an upload is stored. The note has to survive a crash of the process once this returns.
     *
     * @param key that began before
     * @param id of the stored data, as {@link State#id()} gives it back; may be empty, never null
     */
    void done(String key, String id);

    /**
     * Removes the note of an upload that began: nothing of it is stored.
     *
     * @param key unknown ones change nothing
     */
    void forget(String key);

    /**
     * What was noted of a key.
     *
     * @param kind whether it is new, open, or done
     * @param id of the stored data; empty if the ledger does not keep it
     */
    record State(Kind kind, String id) {

        /** @throws NullPointerException if kind or id is null */
        public State {
            Objects.requireNonNull(kind, "kind");
            Objects.requireNonNull(id, "id");
        }

        /** The states of a key. */
        public enum Kind {
            /** It is noted for the first time, as of now. */
            NEW,
            /** Its upload began, and how it ended is not noted. */
            OPEN,
            /** Its upload is stored. */
            DONE
        }

        /** Noted for the first time. */
        public static State begun() {
            return new State(Kind.NEW, "");
        }

        /** Its upload began, and how it ended is not noted. */
        public static State open() {
            return new State(Kind.OPEN, "");
        }

        /** @param id empty if it is not known */
        public static State done(String id) {
            return new State(Kind.DONE, id);
        }

        /** Whether the key was not noted before. */
        public boolean isNew() {
            return kind == Kind.NEW;
        }
    }
}
