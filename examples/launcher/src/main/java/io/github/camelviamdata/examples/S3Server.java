// Copyright the camel-viamdata authors. SPDX-License-Identifier: Apache-2.0
package io.github.camelviamdata.examples;

import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Properties;
import org.gaul.s3proxy.AuthenticationType;
import org.gaul.s3proxy.S3Proxy;
import org.jclouds.ContextBuilder;
import org.jclouds.blobstore.BlobStoreContext;
import org.jclouds.filesystem.FilesystemApiMetadata;

/** An S3 server in this process, on loopback: S3Proxy, with a folder for each bucket. A bean of the examples. */
public final class S3Server {

    private static final String CHECKSUMS = "aws.requestChecksumCalculation";
    private static final String WHERE_REQUIRED = "WHEN_REQUIRED";

    private int port;
    private String accessKey;
    private String secretKey;
    private String bucket;
    private Path directory;
    private BlobStoreContext store;
    private S3Proxy server;

    public void setPort(int port) {
        this.port = port;
    }

    public void setAccessKey(String accessKey) {
        this.accessKey = accessKey;
    }

    public void setSecretKey(String secretKey) {
        this.secretKey = secretKey;
    }

    /** A bucket that is there from the start. */
    public void setBucket(String bucket) {
        this.bucket = bucket;
    }

    public void setDirectory(String directory) {
        this.directory = Path.of(directory);
    }

    /** What a program is started with for Camel's component to use a server on a port of this machine. */
    public static List<String> options(int port) {
        String component = "-Dcamel.component.aws2-s3.";
        return List.of(
                component + "override-endpoint=true",
                component + "uri-endpoint-override=http://localhost:" + port,
                component + "force-path-style=true",
                // Without TLS, Amazon's client signs a checksum behind the body, which this server does not know.
                "-D" + CHECKSUMS + "=" + WHERE_REQUIRED);
    }

    public void start() throws Exception {
        Addresses.requireFree(port);
        Properties properties = new Properties();
        properties.setProperty(
                "jclouds.filesystem.basedir",
                Files.createDirectories(directory).toAbsolutePath().toString());
        store = ContextBuilder.newBuilder(new FilesystemApiMetadata())
                .credentials("identity", "credential")
                .overrides(properties)
                .build(BlobStoreContext.class);
        store.getBlobStore().createContainerInLocation(null, bucket);
        // For a client in this process, see options().
        System.setProperty(CHECKSUMS, WHERE_REQUIRED);
        server = S3Proxy.builder()
                .blobStore(store.getBlobStore())
                .endpoint(URI.create("http://localhost:" + port))
                .awsAuthentication(AuthenticationType.AWS_V2_OR_V4, accessKey, secretKey)
                .build();
        server.start();
    }

    public void stop() throws Exception {
        server.stop();
        store.close();
    }
}
