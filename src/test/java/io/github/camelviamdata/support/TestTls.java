// Copyright the camel-viamdata authors. SPDX-License-Identifier: Apache-2.0
package io.github.camelviamdata.support;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.apache.camel.support.jsse.KeyManagersParameters;
import org.apache.camel.support.jsse.KeyStoreParameters;
import org.apache.camel.support.jsse.SSLContextParameters;
import org.apache.camel.support.jsse.SSLContextServerParameters;
import org.apache.camel.support.jsse.TrustManagersParameters;

/** TLS for tests. All parameters made for one directory trust each other; the certificate is for {@code localhost}. */
public final class TestTls {

    /** A name that no name server knows, and that the certificate is for too. */
    public static final String OTHER_NAME = "service.test";

    private static final String PASSWORD = "changeit";

    private TestTls() {}

    /** A server with a certificate for {@code localhost} and {@code 127.0.0.1}. */
    public static SSLContextParameters server(Path directory) {
        SSLContextParameters tls = new SSLContextParameters();
        tls.setKeyManagers(keys(directory));
        return tls;
    }

    /** The same server, which turns clients without a certificate away. */
    public static SSLContextParameters serverRequiringClientCertificate(Path directory) {
        SSLContextParameters tls = server(directory);
        tls.setTrustManagers(trust(directory));
        SSLContextServerParameters server = new SSLContextServerParameters();
        server.setClientAuthentication("REQUIRE");
        tls.setServerParameters(server);
        return tls;
    }

    /** A client that trusts the server, and shows no certificate. */
    public static SSLContextParameters client(Path directory) {
        SSLContextParameters tls = new SSLContextParameters();
        tls.setTrustManagers(trust(directory));
        return tls;
    }

    /** A client that trusts the server, and shows a certificate that the server trusts. */
    public static SSLContextParameters clientWithCertificate(Path directory) {
        SSLContextParameters tls = client(directory);
        tls.setKeyManagers(keys(directory));
        return tls;
    }

    private static KeyManagersParameters keys(Path directory) {
        KeyManagersParameters keys = new KeyManagersParameters();
        keys.setKeyPassword(PASSWORD);
        keys.setKeyStore(store(directory));
        return keys;
    }

    private static TrustManagersParameters trust(Path directory) {
        TrustManagersParameters trust = new TrustManagersParameters();
        trust.setKeyStore(store(directory));
        return trust;
    }

    private static KeyStoreParameters store(Path directory) {
        Path file = directory.resolve("localhost.p12");
        if (!Files.exists(file)) {
            generate(file);
        }
        KeyStoreParameters store = new KeyStoreParameters();
        store.setType("PKCS12");
        store.setPassword(PASSWORD);
        store.setResource("file:" + file);
        return store;
    }

    private static void generate(Path file) {
        String keytool =
                Path.of(System.getProperty("java.home"), "bin", "keytool").toString();
        String arguments =
                "-genkeypair -alias localhost -keyalg EC -groupname secp256r1 -validity 2 -dname CN=localhost"
                        + " -ext san=dns:localhost,ip:127.0.0.1,dns:" + OTHER_NAME + " -storetype PKCS12 -storepass "
                        + PASSWORD
                        + " -keystore";
        try {
            Process process = new ProcessBuilder((keytool + " " + arguments + " " + file).split(" "))
                    .redirectErrorStream(true)
                    .start();
            String output = new String(process.getInputStream().readAllBytes());
            assertThat(process.waitFor()).as(output).isZero();
        } catch (IOException e) {
            throw new AssertionError("Cannot run keytool", e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new AssertionError("Interrupted", e);
        }
    }
}
