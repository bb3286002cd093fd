// Copyright the camel-viamdata authors. SPDX-License-Identifier: Apache-2.0
package io.github.camelviamdata.client;

import static org.assertj.core.api.Assertions.assertThat;

import com.google.protobuf.ByteString;
import io.github.camelviamdata.proto.datasync.v1.DataCaptureUploadRequest;
import io.github.camelviamdata.proto.datasync.v1.SensorData;
import io.github.camelviamdata.proto.datasync.v1.UploadMetadata;
import io.grpc.Drainable;
import io.grpc.KnownLength;
import io.grpc.MethodDescriptor.Marshaller;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.InputStream;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class RequestMarshallerTest {

    private final Marshaller<DataCaptureUploadRequest> marshaller =
            UploadRpc.UNARY.method().getRequestMarshaller();

    /** Less than a buffer, about one, and many. */
    @ParameterizedTest
    @ValueSource(ints = {0, 200, 255, 256, 257, 100_000})
    void drainsAndReadsTheRequest(int size) throws Exception {
        DataCaptureUploadRequest request = DataCaptureUploadRequest.newBuilder()
                .setMetadata(UploadMetadata.newBuilder().setPartId("part").addTags("t".repeat(size)))
                .addSensorContents(SensorData.newBuilder().setBinary(ByteString.copyFrom(new byte[size])))
                .build();

        ByteArrayOutputStream drained = new ByteArrayOutputStream();
        InputStream stream = marshaller.stream(request);
        assertThat(stream).isInstanceOf(KnownLength.class).hasBinaryContent(request.toByteArray());
        assertThat(stream.available()).isZero();
        stream = marshaller.stream(request);
        assertThat(stream.available()).isEqualTo(request.getSerializedSize());
        assertThat(((Drainable) stream).drainTo(drained)).isEqualTo(request.getSerializedSize());

        assertThat(drained.toByteArray()).isEqualTo(request.toByteArray());
        assertThat(marshaller.parse(new ByteArrayInputStream(drained.toByteArray())))
                .isEqualTo(request);
    }
}
