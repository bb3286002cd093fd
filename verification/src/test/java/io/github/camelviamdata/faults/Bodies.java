// Copyright the camel-viamdata authors. SPDX-License-Identifier: Apache-2.0
package io.github.camelviamdata.faults;

import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.List;
import java.util.Random;

/**
 * What the fault suite uploads: the same bodies in every run and under every fault, from 1 KB to 5 MB, as arrays, files
 * and streams by turns. Each is a piece of one random block, so they cost no time to make and no two are alike.
 */
final class Bodies {

    static final long SEED = 20261122;
    static final int SMALLEST = 1_000;
    static final int LARGEST = 5_000_000;

    private static final int BLOCK = 16 * 1024 * 1024;

    private final byte[] block = new byte[BLOCK];
    private final List<Body> bodies = new ArrayList<>();
    private final Path directory;

    enum Kind {
        ARRAY,
        FILE,
        STREAM
    }

    /** One body, and the digest that it has to arrive with. */
    record Body(String id, int offset, int size, Kind kind, byte[] digest) {}

    /**
     * @param directory for the bodies that are files
     */
    Bodies(int count, Path directory) throws IOException {
        this.directory = Files.createDirectories(directory);
        Random random = new Random(SEED);
        random.nextBytes(block);
        MessageDigest sha256 = sha256();
        for (int i = 0; i < count; i++) {
            int size = size(random);
            int offset = random.nextInt(BLOCK - size);
            sha256.update(block, offset, size);
            Kind kind = Kind.values()[i % Kind.values().length];
            Body body = new Body("upload-" + i, offset, size, kind, sha256.digest());
            bodies.add(body);
            if (kind == Kind.FILE) {
                Files.write(file(body), bytes(body));
            }
        }
    }

    /** Mostly small, one in 20 up to 1 MB, one in 50 up to 5 MB and so a stream; even on a logarithmic scale in between. */
    private static int size(Random random) {
        int share = random.nextInt(100);
        if (share < 93) {
            return between(SMALLEST, 64_000, random);
        }
        return share < 98 ? between(64_000, 1_000_000, random) : between(1_000_001, LARGEST, random);
    }

    private static int between(int least, int most, Random random) {
        return (int) Math.round(least * Math.pow((double) most / least, random.nextDouble()));
    }

    static MessageDigest sha256() {
        try {
            return MessageDigest.getInstance("SHA-256");
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException(e);
        }
    }

    /** What an upload is known by where it carries no name of its own. */
    static String name(byte[] content) {
        return HexFormat.of().formatHex(sha256().digest(content));
    }

    List<Body> all() {
        return bodies;
    }

    long totalBytes() {
        return bodies.stream().mapToLong(Body::size).sum();
    }

    /** The body as a route gets it. */
    Object open(Body body) {
        return switch (body.kind()) {
            case ARRAY -> bytes(body);
            case FILE -> file(body).toFile();
            case STREAM -> new ByteArrayInputStream(block, body.offset(), body.size());
        };
    }

    private byte[] bytes(Body body) {
        return Arrays.copyOfRange(block, body.offset(), body.offset() + body.size());
    }

    private Path file(Body body) {
        return directory.resolve(body.id() + ".jpg");
    }
}
