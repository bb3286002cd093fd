// Copyright the camel-viamdata authors. SPDX-License-Identifier: Apache-2.0
package io.github.camelviamdata;

import static org.assertj.core.api.Assertions.assertThat;

import com.google.protobuf.Message;
import io.grpc.ManagedChannel;
import io.grpc.netty.shaded.io.grpc.netty.NettyChannelBuilder;
import io.grpc.protobuf.ProtoUtils;
import io.grpc.stub.ClientCalls;
import java.io.IOException;
import java.util.List;
import org.apache.camel.CamelContext;
import org.apache.camel.impl.DefaultCamelContext;
import org.apache.camel.model.RouteDefinition;
import org.apache.camel.processor.SendProcessor;
import org.apache.camel.reifier.RouteReifier;
import org.apache.camel.support.DefaultComponent;
import org.junit.jupiter.api.Test;
import org.springframework.boot.SpringBootVersion;
import org.springframework.boot.autoconfigure.condition.ConditionalOnClass;

/** The tests run on the versions that Maven was told, be they those of the build or others. */
class VersionsTest {

    @Test
    void runsOnTheCamelThatMavenWasTold() throws IOException {
        try (DefaultCamelContext context = new DefaultCamelContext()) {
            assertThat(context.getVersion()).isEqualTo(System.getProperty("expected.camel.version"));
        }
        // One of each jar of the core, which other things on the class path might bring in their own version.
        for (Class<?> type : List.of(
                CamelContext.class,
                DefaultComponent.class,
                RouteDefinition.class,
                RouteReifier.class,
                SendProcessor.class)) {
            assertThat(jarOf(type)).contains("-" + System.getProperty("expected.camel.version") + ".jar");
        }
    }

    @Test
    void runsOnTheProtobufThatMavenWasTold() {
        assertThat(jarOf(Message.class)).contains("-" + System.getProperty("expected.protobuf.version") + ".jar");
    }

    @Test
    void runsOnTheGrpcThatMavenWasTold() {
        for (Class<?> type :
                List.of(ManagedChannel.class, ClientCalls.class, NettyChannelBuilder.class, ProtoUtils.class)) {
            assertThat(jarOf(type)).contains("-" + System.getProperty("expected.grpc.version") + ".jar");
        }
    }

    @Test
    void runsOnTheSpringBootThatMavenWasTold() {
        assertThat(jarOf(SpringBootVersion.class))
                .contains("-" + System.getProperty("expected.spring-boot.version") + ".jar");
        assertThat(jarOf(ConditionalOnClass.class))
                .contains("-" + System.getProperty("expected.spring-boot.version") + ".jar");
    }

    @Test
    void runsOnTheJavaThatMavenWasTold() {
        assertThat(System.getProperty("java.specification.version"))
                .isEqualTo(System.getProperty("expected.java.version"));
    }

    private static String jarOf(Class<?> type) {
        return type.getProtectionDomain().getCodeSource().getLocation().toString();
    }
}
