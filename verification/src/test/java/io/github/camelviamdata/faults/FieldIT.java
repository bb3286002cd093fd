// Copyright the camel-viamdata authors. SPDX-License-Identifier: Apache-2.0
package io.github.camelviamdata.faults;

import static org.assertj.core.api.Assertions.assertThat;

import io.github.camelviamdata.service.FaultyProxy;
import java.io.IOException;
import java.util.concurrent.TimeUnit;
import java.util.stream.LongStream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/**
 * What users' brokers, folders and networks do to the routes of the examples, which are the Kamelets of the jar and a few
 * steps more. Lost and stuck have to be 0, what is put aside is what can never be stored, and of duplicates there are no more
 * than the reference promises.
 */
@Tag("field")
@Timeout(600)
class FieldIT extends FieldSupport {

    private static final int CUT_MESSAGES = 40;

    private static Report report;

    @BeforeAll
    static void startReport() {
        report = report("1-outages", "What fails", "Services, brokers, connections, programs and messages.");
    }

    @AfterAll
    static void writeReport() throws IOException {
        report.sort();
        report.write();
    }

    @ParameterizedTest
    @EnumSource
    void theServiceIsDown(Kind kind) throws Exception {
        start(kind);
        program(service.port());
        publish(MESSAGES / 2);
        awaitStored(MESSAGES / 4);
        int port = service.port();
        service.close();
        publish(MESSAGES / 2);
        TimeUnit.SECONDS.sleep(OUTAGE_SECONDS);
        service = service(port);
        assertThat(good).hasSize(MESSAGES);
        verify(report, "the service is down for " + OUTAGE_SECONDS + " s", IN_FLIGHT);
    }

    @ParameterizedTest
    @EnumSource(names = {"MOSQUITTO", "ARTEMIS", "KAFKA", "README_MQTT", "README_KAFKA"})
    void theBrokerRestartsFiveTimesWhileTheServiceIsDown(Kind kind) throws Exception {
        start(kind);
        program(service.port());
        publish(1);
        awaitStored(1);
        int port = service.port();
        service.close();
        publish(IN_FLIGHT);
        for (int i = 0; i < 5; i++) {
            TimeUnit.SECONDS.sleep(WHOLE ? 8 : 3);
            source.stop();
            source.start();
        }
        service = service(port);
        verify(
                report,
                "the broker restarts 5 times while the service is down",
                kind.isKafka() ? 5 * IN_FLIGHT : IN_FLIGHT);
    }

    @ParameterizedTest
    @EnumSource(names = {"MOSQUITTO", "ARTEMIS", "KAFKA", "README_MQTT", "README_KAFKA"})
    void theBrokerIsStopped(Kind kind) throws Exception {
        start(kind);
        program(service.port());
        publish(MESSAGES / 2);
        awaitStored(MESSAGES / 4);
        source.signal("STOP");
        TimeUnit.SECONDS.sleep(STOPPED_SECONDS);
        source.signal("CONT");
        publish(MESSAGES / 2);
        verify(
                report,
                "the broker is suspended (SIGSTOP) for " + STOPPED_SECONDS + " s",
                // The connection is lost once a minute.
                (1 + STOPPED_SECONDS / 60) * IN_FLIGHT);
    }

    @ParameterizedTest
    @EnumSource(names = {"MOSQUITTO", "ARTEMIS", "KAFKA", "README_MQTT", "README_KAFKA"})
    void theConnectionIsCut(Kind kind) throws Exception {
        source = create(kind);
        try (FaultyProxy proxy = cuttingProxy(source.port(), kind.isKafka() ? 4_000 : 300)) {
            source.routeBy(proxy.port());
            begin();
            program(service.port());
            for (int i = 0; i < 5; i++) {
                publish(CUT_MESSAGES);
                awaitStored(good.size() - CUT_MESSAGES / 2);
            }
            verify(report, "a proxy resets the connection 5 times", 5 * IN_FLIGHT);
        }
    }

    /** Five connections live for some hundred bytes of the route each, in the middle of its acknowledgements. */
    private static FaultyProxy cuttingProxy(int port, long shortest) throws IOException {
        return new FaultyProxy(
                port,
                LongStream.concat(
                        LongStream.of(1, 2, 3, 4, 5).map(i -> i * shortest),
                        LongStream.generate(() -> Long.MAX_VALUE)));
    }

    /** The broker has more for the route, when it is back, than Camel's own consumer has places for. */
    @ParameterizedTest
    @EnumSource(names = {"MOSQUITTO", "ARTEMIS", "README_MQTT"})
    void theConnectionIsAwayForAWhile(Kind kind) throws Exception {
        source = create(kind);
        FaultyProxy proxy = new FaultyProxy(source.port(), LongStream.generate(() -> Long.MAX_VALUE));
        source.routeBy(proxy.port());
        begin();
        program(service.port());
        publish(20);
        awaitStored(20);
        proxy.close();
        publish(CUT_MESSAGES);
        TimeUnit.SECONDS.sleep(8);
        try (FaultyProxy back =
                new FaultyProxy(proxy.port(), source.port(), LongStream.generate(() -> Long.MAX_VALUE))) {
            publish(20);
            verify(
                    report,
                    "the route's connection is away for 8 s, while " + CUT_MESSAGES + " are published",
                    IN_FLIGHT);
        }
    }

    @ParameterizedTest
    @EnumSource
    void theProgramIsKilled(Kind kind) throws Exception {
        start(kind);
        Child child = program(service.port());
        publish(1);
        awaitStored(1);
        for (int i = 0; i < 3; i++) {
            publish(MESSAGES);
            awaitStored(good.size() - MESSAGES / 2);
            child.kill();
            child = program(service.port());
        }
        verify(report, "the program is killed (kill -9) 3 times", 3 * IN_FLIGHT);
    }

    @ParameterizedTest
    @EnumSource
    void poisonStopsNothing(Kind kind) throws Exception {
        start(kind);
        program(service.port());
        publish(MESSAGES / 2);
        publishPoison(source.place(), new byte[0]);
        if (kind.isKafka()) {
            publishPoison(source.place(), null);
        }
        for (int i = 0; i < 5; i++) {
            publish(MESSAGES / 10);
            publishPoison(source.place(), new byte[0]);
        }
        verify(report, "empty messages in the middle" + (kind.isKafka() ? ", and a tombstone" : ""), 0);
    }

    @ParameterizedTest
    @EnumSource
    void oddNamesStopNothing(Kind kind) throws Exception {
        start(kind);
        program(service.port());
        for (String place : source.oddPlaces()) {
            for (int i = 0; i < 20; i++) {
                publish(place);
            }
        }
        for (String place : source.refusedPlaces()) {
            for (int i = 0; i < 20; i++) {
                publishPoison(place, picture());
            }
        }
        publish(50);
        verify(report, "names and topics that are no file names, 20 of each", 0);
    }

    @ParameterizedTest
    @EnumSource
    void whatWaitsAtTheStartIsUploaded(Kind kind) throws Exception {
        start(kind);
        Child first = program(service.port());
        publish(1);
        awaitStored(1);
        first.terminate(180);
        publish(BACKLOG);
        program(service.port());
        verify(report, BACKLOG + " messages wait at the start", 1);
    }
}
