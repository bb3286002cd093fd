// Copyright the camel-viamdata authors. SPDX-License-Identifier: Apache-2.0
package io.github.camelviamdata.once;

import io.github.camelviamdata.upload.BytesPayload;
import io.github.camelviamdata.upload.Payload;
import io.github.camelviamdata.upload.ReadProgress;
import io.github.camelviamdata.upload.Upload;
import java.io.IOException;
import java.io.InputStream;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HexFormat;

/** Names uploads by a hash of 128 bits, as 26 letters and digits. */
final class OnceKey {

    // One costs more to make than to use.
    private static final ThreadLocal<MessageDigest> SHA_256 = ThreadLocal.withInitial(OnceKey::create);
    private static final int CHUNK = 64 * 1024;

    private OnceKey() {}

    /**
     * @param target host and port of the service
     * @param identity what the source says, or the hash of the content
     */
    static String of(String target, Upload upload, String identity, int number) {
        MessageDigest hash = sha256();
        update(hash, target);
        update(hash, upload.metadata().getPartId());
        update(hash, upload.operation().name());
        update(hash, upload.metadata().getComponentName());
        update(hash, upload.metadata().getMethodName());
        update(hash, identity);
        update(hash, number);
        return base32(hash.digest());
    }

    /** With its length, so that what moves from one field to the next makes another key. */
    private static void update(MessageDigest hash, String field) {
        byte[] text = field.getBytes(StandardCharsets.UTF_8);
        update(hash, text.length);
        hash.update(text);
    }

    private static void update(MessageDigest hash, int number) {
        for (int shift = 24; shift >= 0; shift -= Byte.SIZE) {
            hash.update((byte) (number >> shift));
        }
    }

    /** Of the first 128 bits. */
    private static String base32(byte[] hash) {
        ByteBuffer bits = ByteBuffer.wrap(hash);
        return new NoteKey(bits.getLong(), bits.getLong()).toString();
    }

    /**
     * The hash of what the upload stores. Reads the body.
     *
     * @param progress where reads are noted, or null
     */
    static String content(Upload upload, ReadProgress progress) throws IOException {
        MessageDigest hash = sha256();
        if (upload.isTabular()) {
            upload.contents().forEach(reading -> hash.update(reading.toByteArray()));
        } else {
            read(upload.payload(), hash, progress);
        }
        return HexFormat.of().formatHex(hash.digest());
    }

    private static void read(Payload payload, MessageDigest hash, ReadProgress progress) throws IOException {
        if (payload instanceof BytesPayload memory) {
            memory.bytes().asReadOnlyByteBufferList().forEach(hash::update);
            return;
        }
        byte[] chunk = new byte[payload.bufferSize(CHUNK)];
        try (InputStream stream = payload.open()) {
            for (int count = stream.read(chunk); count >= 0; count = stream.read(chunk)) {
                hash.update(chunk, 0, count);
                if (progress != null) {
                    progress.advance();
                }
            }
        }
    }

    private static MessageDigest sha256() {
        MessageDigest hash = SHA_256.get();
        hash.reset();
        return hash;
    }

    private static MessageDigest create() {
        try {
            return MessageDigest.getInstance("SHA-256");
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException(e);
        }
    }
}
