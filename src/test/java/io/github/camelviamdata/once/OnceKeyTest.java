// Copyright the camel-viamdata authors. SPDX-License-Identifier: Apache-2.0
package io.github.camelviamdata.once;

import static org.assertj.core.api.Assertions.assertThat;

import com.google.protobuf.ByteString;
import io.github.camelviamdata.proto.datasync.v1.SensorMetadata;
import io.github.camelviamdata.proto.datasync.v1.UploadMetadata;
import io.github.camelviamdata.upload.Payload;
import io.github.camelviamdata.upload.ReadProgress;
import io.github.camelviamdata.upload.Upload;
import java.io.ByteArrayInputStream;
import java.io.InputStream;
import java.security.MessageDigest;
import java.util.HexFormat;
import java.util.Random;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** The hash of a content does not depend on where it is. */
class OnceKeyTest {

    @ParameterizedTest
    @ValueSource(ints = {0, 1, 65_535, 65_536, 65_537, 200_000})
    void theContentIsHashedWhole(int size) throws Exception {
        byte[] bytes = new byte[size];
        new Random(size).nextBytes(bytes);
        String hash =
                HexFormat.of().formatHex(MessageDigest.getInstance("SHA-256").digest(bytes));
        ReadProgress progress = new ReadProgress();
        long before = progress.last();

        assertThat(OnceKey.content(upload(Payload.of(ByteString.copyFrom(bytes))), null))
                .isEqualTo(hash);
        assertThat(OnceKey.content(upload(new Stream(bytes, bytes.length)), null))
                .isEqualTo(hash);
        assertThat(OnceKey.content(upload(new Stream(bytes, Payload.UNKNOWN_LENGTH)), progress))
                .isEqualTo(hash);
        assertThat(progress.last() > before).isEqualTo(size > 0);
    }

    private static Upload upload(Payload payload) {
        return Upload.of(UploadMetadata.getDefaultInstance(), SensorMetadata.getDefaultInstance(), payload);
    }

    private record Stream(byte[] bytes, long length) implements Payload {

        @Override
        public boolean isRepeatable() {
            return true;
        }

        @Override
        public InputStream open() {
            return new ByteArrayInputStream(bytes);
        }
    }
}
