// Copyright the camel-viamdata authors. SPDX-License-Identifier: Apache-2.0
package io.github.camelviamdata.brokers;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.github.camelviamdata.service.FileTree;
import io.github.camelviamdata.service.TestCall;
import io.github.camelviamdata.support.LogCollector;
import io.github.camelviamdata.support.ViamDataTestSupport;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Random;
import org.apache.camel.Exchange;
import org.apache.camel.Processor;
import org.apache.camel.builder.RouteBuilder;
import org.apache.ftpserver.ConnectionConfigFactory;
import org.apache.ftpserver.FtpServer;
import org.apache.ftpserver.FtpServerFactory;
import org.apache.ftpserver.impl.DefaultFtpServer;
import org.apache.ftpserver.listener.ListenerFactory;
import org.apache.ftpserver.usermanager.impl.BaseUser;
import org.apache.ftpserver.usermanager.impl.WritePermission;
import org.apache.sshd.common.file.virtualfs.VirtualFileSystemFactory;
import org.apache.sshd.server.SshServer;
import org.apache.sshd.server.keyprovider.SimpleGeneratorHostKeyProvider;
import org.apache.sshd.sftp.server.SftpSubsystemFactory;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Files from real FTP and SFTP servers: what a transfer has changed or cut off is never stored for the whole. */
@Timeout(120)
class RemoteFilesIT extends ViamDataTestSupport {

    private static final String OPTIONS = "username=camera&password=admin&move=.done&moveFailed=.failed&initialDelay=0"
            + "&delay=200&localWorkDirectory=";

    @TempDir
    Path home;

    private byte[] picture;

    /** Line ends of both kinds, as all pictures of some size have them. */
    @BeforeEach
    void picture() throws IOException {
        picture = new byte[3_000_000];
        new Random(3).nextBytes(picture);
        picture[0] = (byte) 0xff;
        picture[1] = (byte) 0xd8;
        Files.write(home.resolve("gate.jpg"), picture);
    }

    private FtpServer ftp() throws Exception {
        FtpServerFactory factory = new FtpServerFactory();
        ListenerFactory listener = new ListenerFactory();
        listener.setPort(0);
        listener.setServerAddress("localhost");
        factory.addListener("default", listener.createListener());
        ConnectionConfigFactory connections = new ConnectionConfigFactory();
        factory.setConnectionConfig(connections.createConnectionConfig());
        BaseUser user = new BaseUser();
        user.setName("camera");
        user.setPassword("admin");
        user.setHomeDirectory(home.toString());
        user.setAuthorities(List.of(new WritePermission()));
        factory.getUserManager().save(user);
        FtpServer server = factory.createServer();
        server.start();
        return server;
    }

    private static int port(FtpServer server) {
        return ((DefaultFtpServer) server).getListener("default").getPort();
    }

    private SshServer sftp() throws IOException {
        SshServer server = SshServer.setUpDefaultServer();
        server.setHost("localhost");
        server.setPort(0);
        SimpleGeneratorHostKeyProvider keys = new SimpleGeneratorHostKeyProvider();
        keys.setAlgorithm("EC");
        server.setKeyPairProvider(keys);
        server.setPasswordAuthenticator((user, password, session) -> password.equals("admin"));
        server.setSubsystemFactories(List.of(new SftpSubsystemFactory()));
        server.setFileSystemFactory(new VirtualFileSystemFactory(home));
        server.start();
        return server;
    }

    private void route(String from, Processor between) throws Exception {
        context.addRoutes(new RouteBuilder() {
            @Override
            public void configure() {
                from(from).process(between).to(uri("componentType=camera&componentName=gate&methodName=GetImages"));
            }
        });
    }

    private void awaitFolder(String name) {
        await().atMost(Duration.ofSeconds(60))
                .untilAsserted(() -> assertThat(FileTree.files(home)).containsOnlyKeys(name));
    }

    private static void nothing(Exchange exchange) {}

    @Test
    void whatFtpConvertsByDefaultIsRefusedAndKept() throws Exception {
        FtpServer server = ftp();
        try (LogCollector log = new LogCollector()) {
            route("ftp:localhost:" + port(server) + "?" + OPTIONS.replace("&localWorkDirectory=", ""), e -> nothing(e));

            awaitFolder(".failed/gate.jpg");
            assertThat(service.uploads()).isEmpty();
            assertThat(log.lines())
                    .anyMatch(line -> line.contains("The body is not whole") && line.contains("binary=true"));
            assertThat(home.resolve(".failed/gate.jpg")).hasBinaryContent(picture);
        } finally {
            context.stop();
            server.stop();
        }
    }

    @ParameterizedTest
    @CsvSource({"false, false", "true, false", "false, true"})
    void whatIsWholeIsUploaded(boolean streamDownload, boolean localWork, @TempDir Path work) throws Exception {
        FtpServer server = ftp();
        try {
            route(
                    "ftp:localhost:" + port(server) + "?binary=true&stepwise=false&streamDownload=" + streamDownload
                            + "&" + (localWork ? OPTIONS + work : OPTIONS.replace("&localWorkDirectory=", "")),
                    e -> nothing(e));

            awaitFolder(".done/gate.jpg");
            TestCall call = service.onlyUpload();
            assertThat(call.payload()).isEqualTo(picture);
            assertThat(call.metadata().getFileExtension()).isEqualTo(".jpg");
        } finally {
            context.stop();
            server.stop();
        }
    }

    /** As a link that breaks, or a camera that is still writing: another length than the server listed. */
    @ParameterizedTest
    @ValueSource(ints = {-1_000_000, 1_000_000})
    void aRemoteStreamOfAnotherLengthIsNotStored(int more) throws Exception {
        FtpServer server = ftp();
        try {
            route(
                    "ftp:localhost:" + port(server) + "?binary=true&streamDownload=true&stepwise=false&"
                            + OPTIONS.replace("&localWorkDirectory=", ""),
                    exchange -> exchange.getMessage()
                            .getBody(org.apache.camel.component.file.GenericFile.class)
                            .setFileLength(picture.length - more));

            awaitFolder(".failed/gate.jpg");
            assertThat(service.uploads()).noneMatch(TestCall::isHalfClosed);
        } finally {
            context.stop();
            server.stop();
        }
    }

    @ParameterizedTest
    @ValueSource(booleans = {false, true})
    void filesOfAnSftpServerAreUploaded(boolean streamDownload) throws Exception {
        try (SshServer server = sftp()) {
            route(
                    "sftp:localhost:" + server.getPort() + "?useUserKnownHostsFile=false&strictHostKeyChecking=no"
                            + "&streamDownload=" + streamDownload + "&" + OPTIONS.replace("&localWorkDirectory=", ""),
                    e -> nothing(e));

            awaitFolder(".done/gate.jpg");
            assertThat(service.onlyUpload().payload()).isEqualTo(picture);
            context.stop();
        }
    }
}
