// Copyright the camel-viamdata authors. SPDX-License-Identifier: Apache-2.0
package io.github.camelviamdata.docs;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.github.camelviamdata.server.TestServer;
import io.github.camelviamdata.service.Bytes;
import io.github.camelviamdata.service.FileTree;
import io.github.camelviamdata.service.ThinLink;
import io.grpc.Metadata;
import io.grpc.MethodDescriptor.MethodType;
import io.grpc.Server;
import io.grpc.ServerCall;
import io.grpc.ServerCallHandler;
import io.grpc.ServerServiceDefinition;
import io.grpc.Status;
import io.grpc.netty.shaded.io.grpc.netty.NettyServerBuilder;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** The recipe for a thin link, as it stands in the page, on one that passes 8 kB a second. Takes minutes. */
@Tag("heavy")
@Timeout(900)
class ThinLinkIT extends PageTestSupport {

    private static final int BYTES_PER_SECOND = 8_000;

    /** A picture, and one that is larger than the window of a server. */
    private static final List<Integer> SIZES = List.of(350_000, 1_200_000);

    private final AtomicInteger stored = new AtomicInteger();

    @Test
    void theRecipeHoldsAgainstViamdataServer() throws Exception {
        try (TestServer server = new TestServer()) {
            server.start("viamdata-server:localhost:0", route -> route.process(exchange -> stored.incrementAndGet()));
            uploadAcrossThinLink(server.port());
        }
    }

    /** With the window that it begins with by default, and that grows when it finds the link to be long. */
    @Test
    void theRecipeHoldsAgainstAnyServer() throws Exception {
        Server server = NettyServerBuilder.forAddress(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0))
                .permitKeepAliveTime(5, TimeUnit.SECONDS)
                .addService(ServerServiceDefinition.builder("viam.app.datasync.v1.DataSyncService")
                        .addMethod(
                                Bytes.method(
                                        "viam.app.datasync.v1.DataSyncService/StreamingDataCaptureUpload",
                                        MethodType.CLIENT_STREAMING),
                                counting())
                        .build())
                .build()
                .start();
        try {
            uploadAcrossThinLink(server.getPort());
        } finally {
            server.shutdownNow();
        }
    }

    private void uploadAcrossThinLink(int port) throws Exception {
        try (ThinLink link = new ThinLink(port, BYTES_PER_SECOND)) {
            properties.put("camel.component.viamdata.port", String.valueOf(link.port()));
            properties.put("viam.part-id", "part");
            properties.put("pictures.per.second", "1");
            for (int size : SIZES) {
                drop(size + ".jpg", size);
            }

            start("yaml", RecipesIT.blocks().get("throttle").code());

            await().atMost(Duration.ofMinutes(12))
                    .pollInterval(Duration.ofSeconds(1))
                    .untilAsserted(() -> assertThat(FileTree.files(inbox).keySet())
                            .containsExactlyInAnyOrderElementsOf(SIZES.stream()
                                    .map(size -> ".done/" + size + ".jpg")
                                    .toList()));
            assertThat(stored).as("stored, each once").hasValue(SIZES.size());
            assertThat(link.made()).as("connections").isEqualTo(1);
        }
    }

    private ServerCallHandler<byte[], byte[]> counting() {
        return (call, headers) -> {
            call.request(1);
            return new ServerCall.Listener<>() {
                @Override
                public void onMessage(byte[] message) {
                    call.request(1);
                }

                @Override
                public void onHalfClose() {
                    stored.incrementAndGet();
                    call.sendHeaders(new Metadata());
                    call.sendMessage(new byte[0]);
                    call.close(Status.OK, new Metadata());
                }
            };
        };
    }
}
