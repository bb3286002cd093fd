// Copyright the camel-viamdata authors. SPDX-License-Identifier: Apache-2.0
package io.github.camelviamdata.query;

import static org.assertj.core.api.Assertions.assertThat;

import com.google.protobuf.ByteString;
import com.google.protobuf.UnsafeByteOperations;
import io.github.camelviamdata.proto.data.v1.BinaryData;
import java.io.ByteArrayInputStream;
import java.nio.ByteBuffer;
import java.util.Random;
import java.util.stream.Stream;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

class OwnArrayTest {

    private static byte[] random(int size) {
        byte[] bytes = new byte[size];
        new Random(size).nextBytes(bytes);
        return bytes;
    }

    /** As gRPC parses an answer, below and above the buffers of protobuf. */
    @ParameterizedTest
    @ValueSource(ints = {1, 100, 4_096, 50_000, 1_000_000})
    void theArrayOfAnAnswerIsNotCopied(int size) throws Exception {
        byte[] bytes = random(size);
        BinaryData answer = BinaryData.parseFrom(new ByteArrayInputStream(BinaryData.newBuilder()
                .setBinary(ByteString.copyFrom(bytes))
                .build()
                .toByteArray()));

        byte[] own = OwnArray.of(answer.getBinary());

        assertThat(own).isEqualTo(bytes).isSameAs(OwnArray.of(answer.getBinary()));
    }

    static Stream<ByteString> others() {
        byte[] bytes = random(100);
        return Stream.of(
                UnsafeByteOperations.unsafeWrap(bytes).substring(0, 50),
                UnsafeByteOperations.unsafeWrap(bytes).substring(50),
                UnsafeByteOperations.unsafeWrap(bytes, 10, 90),
                UnsafeByteOperations.unsafeWrap(ByteBuffer.wrap(bytes)),
                UnsafeByteOperations.unsafeWrap(ByteBuffer.allocateDirect(100)),
                ByteString.copyFrom(random(1_000)).concat(ByteString.copyFrom(random(2_000))),
                ByteString.EMPTY);
    }

    @ParameterizedTest
    @MethodSource("others")
    void whatHasNoArrayOfItsOwnIsCopied(ByteString bytes) {
        assertThat(OwnArray.of(bytes)).isEqualTo(bytes.toByteArray());
    }
}
