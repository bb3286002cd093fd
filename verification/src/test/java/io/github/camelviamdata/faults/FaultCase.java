// Copyright the camel-viamdata authors. SPDX-License-Identifier: Apache-2.0
package io.github.camelviamdata.faults;

import io.grpc.Status;
import java.util.List;
import java.util.Random;
import java.util.concurrent.TimeUnit;
import java.util.function.Supplier;
import java.util.stream.LongStream;
import java.util.stream.Stream;

/** One line of the fault suite: what goes wrong, the options that get over it, and what may come of it. */
final class FaultCase {

    enum Duplicates {
        /** As many as answers were kept from the client, neither more nor fewer; mostly none. */
        ANSWERS_LOST,
        /** At most what was in flight on each lost connection. */
        IN_FLIGHT
    }

    /** The default of maxInFlight. */
    static final int IN_FLIGHT = 64;

    private static final int FAILING = 100;

    private static final List<Status.Code> TRANSIENT = List.of(
            Status.Code.UNAVAILABLE,
            Status.Code.INTERNAL,
            Status.Code.UNKNOWN,
            Status.Code.CANCELLED,
            Status.Code.ABORTED,
            Status.Code.DATA_LOSS,
            Status.Code.DEADLINE_EXCEEDED,
            Status.Code.RESOURCE_EXHAUSTED);

    private static final List<Status.Code> FINAL = List.of(
            Status.Code.INVALID_ARGUMENT,
            Status.Code.NOT_FOUND,
            Status.Code.ALREADY_EXISTS,
            Status.Code.PERMISSION_DENIED,
            Status.Code.FAILED_PRECONDITION,
            Status.Code.OUT_OF_RANGE,
            Status.Code.UNIMPLEMENTED,
            Status.Code.UNAUTHENTICATED);

    final String name;
    final Supplier<Script> script;
    int attempts = 5;
    String options = "";
    Duplicates duplicates = Duplicates.ANSWERS_LOST;

    /** Bytes that the connections may carry before they are reset; null for no limit. */
    LongStream lives;

    /** How often the service goes down, each time after another part of what is offered, and for how long. */
    int outages;

    int outageSeconds;

    /** Whether the faults are lost connections, rather than calls. */
    boolean losesConnections;

    /** Whether the route is told of every fault, instead of another attempt being made. */
    boolean told;

    private FaultCase(String name, Supplier<Script> script) {
        this.name = name;
        this.script = script;
    }

    private FaultCase options(String options) {
        this.options = options;
        return this;
    }

    private FaultCase attempts(int attempts) {
        this.attempts = attempts;
        options += (options.isEmpty() ? "" : "&") + "maxAttempts=" + attempts;
        return this;
    }

    private FaultCase losesConnections(Duplicates duplicates) {
        this.losesConnections = true;
        this.duplicates = duplicates;
        return this;
    }

    private FaultCase lives(LongStream lives) {
        this.lives = lives;
        return losesConnections(Duplicates.IN_FLIGHT);
    }

    private FaultCase outages(int number, int seconds) {
        this.outages = number;
        this.outageSeconds = seconds;
        return losesConnections(Duplicates.IN_FLIGHT);
    }

    private FaultCase told() {
        this.told = true;
        return this;
    }

    @Override
    public String toString() {
        return name;
    }

    static Stream<FaultCase> all() {
        return Stream.of(
                        Stream.of(new FaultCase("nothing", Script::new)),
                        TRANSIENT.stream()
                                // With five attempts, one upload may happen to make five of these calls.
                                .map(code -> new FaultCase(
                                                "the first " + FAILING + " calls fail with " + code,
                                                () -> failFirst(code))
                                        .attempts(20)),
                        FINAL.stream()
                                .map(code -> new FaultCase(
                                                "the first " + FAILING + " calls are refused with " + code,
                                                () -> failFirst(code))
                                        .told()),
                        others())
                .flatMap(cases -> cases);
    }

    private static Stream<FaultCase> others() {
        return Stream.of(
                new FaultCase(
                                "10 % of calls fail, with each of the transient statuses in turn",
                                () -> new Script().status(FaultCase::oneInTen))
                        .attempts(10),
                new FaultCase(
                                "5 % of calls are reset (RST_STREAM), streams after up to 3 MB",
                                () -> new Script().resetAfter(FaultCase::someBytes))
                        .attempts(10),
                new FaultCase("every connection is reset (TCP RST) after 8 to 40 MB", Script::new)
                        .attempts(20)
                        .lives(new Random(Script.SEED).longs(8_000_000, 40_000_000)),
                new FaultCase(
                                "files: 5 % of calls are reset (RST_STREAM) after up to 30 KB",
                                () -> new Script().resetAfter(call -> someBytes(call) / 100))
                        .options("operation=file")
                        .attempts(10),
                new FaultCase("files: every connection is reset (TCP RST) after 40 to 120 MB", Script::new)
                        .options("operation=file")
                        .attempts(20)
                        .lives(new Random(Script.SEED).longs(40_000_000, 120_000_000)),
                new FaultCase("GOAWAY every second; what is in flight may end", () -> goAway(60_000))
                        .losesConnections(Duplicates.ANSWERS_LOST),
                new FaultCase("GOAWAY every second; the connection is closed 20 ms later", () -> goAway(20))
                        .attempts(20)
                        .losesConnections(Duplicates.IN_FLIGHT),
                new FaultCase(
                                "5 % of uploads are stored, and the answer is lost",
                                () -> new Script().losesAnswer(call -> chance(call, 0.05)))
                        .attempts(10),
                new FaultCase(
                        "all answers come late, by up to 100 ms",
                        () -> new Script()
                                .answerDelay(call -> 1 + Script.random(call).nextInt(100))),
                new FaultCase(
                                "0.5 % of answers come too late, after 20 s",
                                () -> new Script().answerDelay(call -> chance(call, 0.005) ? 20_000 : 0))
                        .options("requestTimeout=4000"),
                new FaultCase("every message is read 5 ms late", () -> new Script().readDelay(call -> 5)),
                new FaultCase(
                                "the token is refused after every 20 % of the uploads",
                                () -> new Script().uploadsPerToken(Math.max(1, FaultSuiteIT.UPLOADS / 5)))
                        .options("apiKeyId=id&apiKey=key"),
                new FaultCase("the service is down for 30 s", Script::new)
                        .options("maxRetryDelay=2000")
                        .attempts(100)
                        .outages(1, 30),
                new FaultCase("the service restarts on the same port, 5 times", Script::new)
                        .options("maxRetryDelay=2000")
                        .attempts(100)
                        .outages(5, 0));
    }

    private static Script failFirst(Status.Code code) {
        return new Script().status(call -> call < FAILING ? Status.fromCode(code) : null);
    }

    /** Answers come late too, so that there is always something in flight. */
    private static Script goAway(long graceMillis) {
        return new Script()
                .answerDelay(call -> 1 + Script.random(call).nextInt(200))
                .settings(server -> server.maxConnectionAge(1, TimeUnit.SECONDS)
                        .maxConnectionAgeGrace(graceMillis, TimeUnit.MILLISECONDS));
    }

    private static Status oneInTen(int call) {
        return chance(call, 0.1) ? Status.fromCode(TRANSIENT.get(call / 2 % TRANSIENT.size())) : null;
    }

    private static long someBytes(int call) {
        return chance(call, 0.05) ? 1 + Script.random(~call).nextInt(3_000_000) : Script.NEVER;
    }

    private static boolean chance(int call, double share) {
        return Script.random(call).nextDouble() < share;
    }
}
