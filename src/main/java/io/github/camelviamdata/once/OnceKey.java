// Copyright the camel-viamdata authors. SPDX-License-Identifier: Apache-2.0
package io.github.camelviamdata.once;

import com.google.protobuf.ByteString;
import io.github.camelviamdata.upload.Payload;
import io.github.camelviamdata.upload.PayloadReader;
import io.github.camelviamdata.upload.ReadProgress;
import io.github.camelviamdata.upload.Upload;
import java.io.ByteArrayOutputStream;
import java.io.DataOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.math.BigInteger;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.Arrays;
import java.util.HexFormat;

/** Names uploads by a hash of 128 bits, as 26 letters and digits. */
final class OnceKey {

    private static final int BYTES = 16;
    private static final int RADIX = 32;
    private static final int LENGTH = 26;
    private static final int CHUNK = 64 * 1024;

    private OnceKey() {}

    /** @param identity what the source says, or the hash of the content */
    static String of(Upload upload, String identity, int number) {
        ByteArrayOutputStream bytes = new ByteArrayOutputStream();
        try (DataOutputStream fields = new DataOutputStream(bytes)) {
            // With their lengths, so that what moves from one field to the next makes another key.
            for (String field : new String[] {
                upload.metadata().getPartId(),
                upload.operation().name(),
                upload.metadata().getComponentName(),
                upload.metadata().getMethodName(),
                identity
            }) {
                byte[] text = field.getBytes(StandardCharsets.UTF_8);
                fields.writeInt(text.length);
                fields.write(text);
            }
            fields.writeInt(number);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        byte[] hash = Arrays.copyOf(sha256().digest(bytes.toByteArray()), BYTES);
        String digits = new BigInteger(1, hash).toString(RADIX);
        return "0".repeat(LENGTH - digits.length()) + digits;
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
        try (PayloadReader reader = payload.open()) {
            ByteString bytes;
            do {
                bytes = reader.read(CHUNK);
                bytes.asReadOnlyByteBufferList().forEach(hash::update);
                if (progress != null) {
                    progress.moved();
                }
            } while (bytes.size() == CHUNK);
            reader.release();
        }
    }

    private static MessageDigest sha256() {
        try {
            return MessageDigest.getInstance("SHA-256");
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException(e);
        }
    }
}
