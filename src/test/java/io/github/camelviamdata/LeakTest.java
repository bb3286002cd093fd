// Copyright the camel-viamdata authors. SPDX-License-Identifier: Apache-2.0
package io.github.camelviamdata;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.github.camelviamdata.service.TestService;
import io.grpc.Status;
import java.io.IOException;
import java.lang.management.BufferPoolMXBean;
import java.lang.management.ManagementFactory;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.Stream;
import org.apache.camel.Exchange;
import org.apache.camel.impl.DefaultCamelContext;
import org.junit.jupiter.api.Assumptions;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** However uploads end, and however often a context starts and stops, nothing stays behind. */
@Timeout(120)
class LeakTest {

    private static final Path OPEN_FILES = Path.of("/proc/self/fd");

    @TempDir
    Path directory;

    @Test
    void nothingStaysBehind() throws Exception {
        Assumptions.assumeTrue(Files.isDirectory(OPEN_FILES), "Open files can be counted on Linux only");
        Path file = Files.write(directory.resolve("picture.jpg"), new byte[1_500_000]);
        // The first rounds load classes, and fill the pools of Netty and of gRPC.
        for (int i = 0; i < 3; i++) {
            round(file);
        }
        long threads = threads();
        long buffers = directBuffers();

        for (int i = 0; i < 10; i++) {
            round(file);
        }

        assertThat(open(file)).isZero();
        // The Java runtime and other tests have threads of their own; a thread lost in each round would be ten.
        await().untilAsserted(() -> assertThat(threads()).isLessThanOrEqualTo(threads + 5));
        // Netty's pools breathe by chunks of 4 MiB; a single payload lost in each round would be 15 MB.
        assertThat(directBuffers()).isLessThanOrEqualTo(buffers + 2 * 4 * 1024 * 1024);
    }

    /** A context that uploads a file as a stream and in one message, with success, with a refusal and with retries. */
    private static void round(Path file) throws Exception {
        AtomicInteger calls = new AtomicInteger();
        try (TestService service = TestService.plaintext();
                DefaultCamelContext context = new DefaultCamelContext()) {
            service.answering(call -> switch (calls.getAndIncrement() % 3) {
                case 0 -> Status.UNAVAILABLE;
                case 1 -> Status.OK;
                default -> Status.INVALID_ARGUMENT;
            });
            context.start();
            for (String mode : new String[] {"streaming", "unary"}) {
                for (int i = 0; i < 4; i++) {
                    Exchange exchange = context.createProducerTemplate()
                            .send(
                                    "viamdata:p?" + service.options() + "&retryDelay=1&componentType=c&componentName=n"
                                            + "&methodName=m&fileExtension=.jpg&uploadMode=" + mode,
                                    message -> message.getMessage().setBody(file));
                    assertThat(exchange.getException() == null || exchange.getException() instanceof ViamDataException)
                            .isTrue();
                }
            }
        }
        await().until(() -> threadsNamed("ViamData") == 0);
    }

    private static long threadsNamed(String part) {
        return Thread.getAllStackTraces().keySet().stream()
                .filter(thread -> thread.getName().contains(part))
                .count();
    }

    private static long threads() {
        return Thread.getAllStackTraces().size();
    }

    private static long directBuffers() {
        return ManagementFactory.getPlatformMXBeans(BufferPoolMXBean.class).stream()
                .filter(pool -> pool.getName().equals("direct"))
                .mapToLong(BufferPoolMXBean::getMemoryUsed)
                .sum();
    }

    private static long open(Path file) throws IOException {
        try (Stream<Path> descriptors = Files.list(OPEN_FILES)) {
            return descriptors
                    .filter(descriptor -> {
                        try {
                            return Files.readSymbolicLink(descriptor).equals(file);
                        } catch (IOException e) {
                            // Closed meanwhile.
                            return false;
                        }
                    })
                    .count();
        }
    }
}
