// Copyright the camel-viamdata authors. SPDX-License-Identifier: Apache-2.0
package io.github.camelviamdata.faults;

import io.github.camelviamdata.service.StoredData;
import io.grpc.Status;
import io.grpc.netty.shaded.io.grpc.netty.NettyServerBuilder;
import java.util.SplittableRandom;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.Consumer;
import java.util.function.IntFunction;
import java.util.function.IntPredicate;
import java.util.function.IntToLongFunction;

/** What a {@link FaultService} does wrong, by the number of a call, so that it can be repeated. */
final class Script {

    static final long SEED = 3;
    static final long NEVER = Long.MAX_VALUE;

    Consumer<NettyServerBuilder> settings = builder -> {};
    IntFunction<Status> status = call -> null;
    IntToLongFunction resetAfter = call -> NEVER;
    IntPredicate losesAnswer = call -> false;
    IntToLongFunction answerDelay = call -> 0;
    IntToLongFunction readDelay = call -> 0;
    int uploadsPerToken = Integer.MAX_VALUE;
    boolean byContent;
    StoredData listing;

    /** How to set up the server. */
    Script settings(Consumer<NettyServerBuilder> settings) {
        this.settings = settings;
        return this;
    }

    /**
     * Which status to fail calls with; null for none. It comes before anything is read with even calls, when all has been
     * read with odd ones.
     */
    Script status(IntFunction<Status> status) {
        this.status = status;
        return this;
    }

    /** After how many payload bytes to reset streams. A call in one message is reset when it has come in. */
    Script resetAfter(IntToLongFunction bytes) {
        this.resetAfter = bytes;
        return this;
    }

    /** Which calls to store and then to reset instead of answering. */
    Script losesAnswer(IntPredicate losesAnswer) {
        this.losesAnswer = losesAnswer;
        return this;
    }

    /** For how many milliseconds to keep an answer back. */
    Script answerDelay(IntToLongFunction millis) {
        this.answerDelay = millis;
        return this;
    }

    /** Keeps answers back so that one goes out each second, however many wait. */
    Script oneAnswerPerSecond() {
        AtomicLong nextAnswer = new AtomicLong(System.nanoTime());
        return answerDelay(call -> {
            long now = System.nanoTime();
            long second = TimeUnit.SECONDS.toNanos(1);
            return TimeUnit.NANOSECONDS.toMillis(
                    nextAnswer.updateAndGet(last -> Math.max(last + second, now + second)) - now);
        });
    }

    /** For how many milliseconds to leave each message unread. */
    Script readDelay(IntToLongFunction millis) {
        this.readDelay = millis;
        return this;
    }

    /** After how many stored uploads to refuse the token that was given. */
    Script uploadsPerToken(int uploads) {
        this.uploadsPerToken = uploads;
        return this;
    }

    /** To know uploads by {@link Bodies#name their content}, and not by their tag. */
    Script byContent() {
        this.byContent = true;
        return this;
    }

    /** Lists what is stored, by the filters of Viam's data service. */
    Script lists(StoredData listing) {
        this.listing = listing;
        return this;
    }

    /** Random numbers for a call: the same ones every time. */
    static SplittableRandom random(int call) {
        return new SplittableRandom(SEED * 1_000_003 + call);
    }
}
