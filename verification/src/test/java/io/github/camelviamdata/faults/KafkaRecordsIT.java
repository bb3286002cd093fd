// Copyright the camel-viamdata authors. SPDX-License-Identifier: Apache-2.0
package io.github.camelviamdata.faults;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.github.camelviamdata.examples.KafkaBroker;
import io.grpc.Status;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** What depends on the version of camel-kafka: when offsets are committed, and what records are called. */
@Tag("field")
@Timeout(600)
class KafkaRecordsIT extends FieldSupport {

    private long committed() throws Exception {
        KafkaBroker broker = new KafkaBroker();
        broker.setPort(source.port());
        return broker.committed("uploader");
    }

    /** After the first 5 of 10. Those are committed while the program runs, so only the others come again. */
    @Test
    void aKilledProgramUploadsOnlyAgainWhatWasInFlight() throws Exception {
        source = create(Kind.KAFKA);
        source.start();
        service = new FaultService(
                new Script().byContent().answerDelay(call -> ledger.ids().size() < 5 ? 0 : 120_000), ledger, 0);
        Child first = program(service.port());
        publish(4);
        await().atMost(STARTUP).until(() -> committed() == 4);
        publish(6);
        int port = service.port();
        await().atMost(STARTUP).until(() -> ledger.calls() == 10);
        first.kill();
        service.close();
        service = service(port);
        program(port);
        await().atMost(STARTUP).until(() -> committed() == 10);
        assertThat(ledger.ids()).containsExactlyInAnyOrderElementsOf(good);
        assertThat(ledger.calls()).as("calls of both starts").isLessThanOrEqualTo(16);
    }

    @Test
    void rejectedRecordsOfEqualNamesAreAllPutAside() throws Exception {
        source = create(Kind.KAFKA);
        source.start();
        service = new FaultService(new Script().byContent().status(call -> Status.INVALID_ARGUMENT), ledger, 0);
        program(service.port());
        publish(100);
        await().atMost(STARTUP).until(() -> committed() == 100);
        List<Path> files;
        try (var list = Files.list(directory.resolve("rejected"))) {
            files = list.toList();
        }
        assertThat(files).hasSize(200);
        assertThat(files)
                .filteredOn(file -> file.toString().endsWith(".json"))
                .hasSize(100)
                .allSatisfy(file -> assertThat(Files.readString(file, StandardCharsets.UTF_8))
                        .contains("INVALID_ARGUMENT"));
        assertThat(files)
                .filteredOn(file -> !file.toString().endsWith(".json"))
                .extracting(file -> Bodies.name(Files.readAllBytes(file)))
                .containsExactlyInAnyOrderElementsOf(good);
    }
}
