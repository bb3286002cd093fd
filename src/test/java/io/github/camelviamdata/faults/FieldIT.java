// Copyright the camel-viamdata authors. SPDX-License-Identifier: Apache-2.0
package io.github.camelviamdata.faults;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.util.concurrent.TimeUnit;
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

    private static Report report;

    @BeforeAll
    static void startReport() {
        report = new Report(
                "field-suite",
                "The field suite",
                """
                Messages of 1 to 20 KB go from mosquitto as Debian ships it (with `max_queued_messages 0`), Artemis, Kafka with 4
                partitions, and a folder, by the routes of `examples/mqtt`, `examples/kafka` and `examples/file`, in a Java
                runtime of its own. *Lost* is what the source had and is neither stored bit for bit nor put aside; *stuck*, what
                is neither after two minutes in which the source and the service run. Written by
                `mvn -B verify -Pfield -Dfield=whole`; without the option it is shorter in all parts, and leaves this page as it is.
                """,
                "Case",
                "Source",
                "Offered",
                "Stored",
                "Lost or stuck",
                "Put aside",
                "Poison",
                "Duplicates");
    }

    @AfterAll
    static void writeReport() throws IOException {
        report.writeAlone(
                "field-suite.md", WHOLE && System.getProperty("it.test", "").isEmpty());
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
        assertThat(source.putAside()).isZero();
    }

    @ParameterizedTest
    @EnumSource(mode = EnumSource.Mode.EXCLUDE, names = "FOLDER")
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
                kind == Kind.KAFKA ? 5 * IN_FLIGHT : IN_FLIGHT);
        assertThat(source.putAside()).isZero();
    }

    @ParameterizedTest
    @EnumSource(mode = EnumSource.Mode.EXCLUDE, names = "FOLDER")
    void theBrokerIsStopped(Kind kind) throws Exception {
        start(kind);
        program(service.port());
        publish(MESSAGES / 2);
        awaitStored(MESSAGES / 4);
        source.signal("STOP");
        TimeUnit.SECONDS.sleep(STOPPED_SECONDS);
        source.signal("CONT");
        publish(MESSAGES / 2);
        verify(report, "the broker stands still (SIGSTOP) for " + STOPPED_SECONDS + " s", IN_FLIGHT);
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
        assertThat(source.putAside()).isZero();
    }

    @ParameterizedTest
    @EnumSource
    void poisonStopsNothing(Kind kind) throws Exception {
        start(kind);
        program(service.port());
        publish(MESSAGES / 2);
        publishPoison(new byte[0]);
        if (kind == Kind.KAFKA) {
            publishPoison(null);
        }
        for (int i = 0; i < 5; i++) {
            publish(MESSAGES / 10);
            publishPoison(new byte[0]);
        }
        verify(report, "empty messages in the middle, and a tombstone", 0);
        assertThat(source.putAside()).isEqualTo(poison);
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
        first.terminate(60);
        publish(BACKLOG);
        program(service.port());
        verify(report, BACKLOG + " messages wait at the start", 1);
        assertThat(source.putAside()).isZero();
    }
}
