// Copyright the camel-viamdata authors. SPDX-License-Identifier: Apache-2.0
package io.github.camelviamdata.client;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.github.camelviamdata.proto.datasync.v1.DataCaptureUploadRequest;
import io.github.camelviamdata.proto.datasync.v1.DataSyncServiceGrpc;
import io.github.camelviamdata.service.TestService;
import io.grpc.Status;
import io.grpc.netty.shaded.io.grpc.netty.NettyChannelBuilder;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** The connections of a client after its end. */
class ConnectionsTest {

    @ParameterizedTest
    @ValueSource(booleans = {true, false})
    void allCallsFailAfterTheEnd(boolean used) {
        try (TestService service = TestService.plaintext()) {
            Connections connections = new Connections(
                    2,
                    () -> NettyChannelBuilder.forAddress("localhost", service.port())
                            .usePlaintext()
                            .build());
            if (used) {
                call(connections);
            }
            int before = service.calls().size();

            connections.close();

            for (int i = 0; i < 3; i++) {
                assertThatThrownBy(() -> call(connections))
                        .extracting(Status::fromThrowable)
                        .extracting(Status::getCode)
                        .isEqualTo(Status.Code.UNAVAILABLE);
            }
            assertThat(service.calls()).hasSize(before);
        }
    }

    private static void call(Connections connections) {
        DataSyncServiceGrpc.newBlockingStub(connections.next())
                .withDeadlineAfter(20, TimeUnit.SECONDS)
                .dataCaptureUpload(DataCaptureUploadRequest.getDefaultInstance());
    }
}
