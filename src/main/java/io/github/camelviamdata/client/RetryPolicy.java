// Copyright the camel-viamdata authors. SPDX-License-Identifier: Apache-2.0
package io.github.camelviamdata.client;

import io.grpc.Status;
import java.time.Duration;
import java.util.Optional;
import java.util.random.RandomGenerator;

/**
 * Decides whether there is another attempt, and after which pause. A pure function, without a clock, a thread or a random number
 * of its own.
 *
 * @param maxAttempts how many attempts there may be, from 1
 * @param backoff the pause between them
 */
record RetryPolicy(int maxAttempts, Backoff backoff) {

    /**
     * A wait that doubles with every failure.
     *
     * @param first the longest wait after the first failure
     * @param longest the longest wait after any
     */
    record Backoff(Duration first, Duration longest) {

        /** The longest wait after this number of failures, from 1. */
        Duration limit(int failures) {
            Duration limit = first;
            for (int i = 1; i < failures && limit.compareTo(longest) < 0; i++) {
                limit = limit.multipliedBy(2);
            }
            return limit.compareTo(longest) < 0 ? limit : longest;
        }
    }

    /**
     * The attempts so far.
     *
     * @param number number of attempts, from 1
     * @param repeatable whether the body can be read again
     * @param newToken whether a refused token can be replaced by a new one, which has not happened yet
     */
    record Tried(int number, boolean repeatable, boolean newToken) {}

    /**
     * A pause before the next attempt: a random part of the longest one (full jitter), but at least the service's push-back.
     *
     * @param pushBack the shortest pause
     * @param longest the longest pause, unless the push-back is longer
     */
    record Pause(Duration pushBack, Duration longest) {

        static final Pause NONE = new Pause(Duration.ZERO, Duration.ZERO);

        Duration draw(RandomGenerator random) {
            Duration drawn = Duration.ofNanos(random.nextLong(longest.toNanos() + 1));
            return pushBack.compareTo(drawn) > 0 ? pushBack : drawn;
        }
    }

    /** The pause before the next attempt; empty if there is none, because it cannot succeed or is not allowed. */
    Optional<Pause> next(CallOutcome outcome, Tried tried) {
        if (!tried.repeatable() || outcome.readError() != null) {
            return Optional.empty();
        } else if (outcome.status().getCode() == Status.Code.UNAUTHENTICATED && tried.newToken()) {
            return Optional.of(Pause.NONE);
        }
        PushBack pushBack = outcome.pushBack();
        boolean retryable = outcome.isTransient()
                && tried.number() < maxAttempts
                && !pushBack.noRetry()
                // The push-back forbids a shorter pause, and maxRetryDelay a longer one.
                && pushBack.delay().compareTo(backoff.longest()) <= 0;
        return retryable ? Optional.of(new Pause(pushBack.delay(), backoff.limit(tried.number()))) : Optional.empty();
    }
}
