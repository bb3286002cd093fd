// Copyright the camel-viamdata authors. SPDX-License-Identifier: Apache-2.0
package io.github.camelviamdata.message;

import static org.assertj.core.api.Assertions.assertThat;

import io.github.camelviamdata.ViamDataConstants;
import io.github.camelviamdata.proto.datasync.v1.DataCaptureUploadRequest;
import io.github.camelviamdata.service.TestCall;
import io.github.camelviamdata.service.TestService;
import io.github.camelviamdata.support.Golden;
import io.github.camelviamdata.support.ViamDataTestSupport;
import org.apache.camel.Exchange;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** The same inputs make the same requests as Viam's own clients make of them. */
class GoldenRequestTest extends ViamDataTestSupport {

    @ParameterizedTest
    @MethodSource("io.github.camelviamdata.support.Golden#unaryBinary")
    void unaryRequestsAreEqualByteForByte(Golden golden) {
        Exchange exchange = upload(uri("allowEmptyPayload=true"), golden.payload(), golden.headers());

        TestCall call = service.onlyUpload();
        assertThat(call.method()).isEqualTo(golden.rpc());
        assertThat(call.messages()).containsExactly(golden.bytes());
        assertThat(exchange.getMessage().getHeader(ViamDataConstants.FILE_ID))
                .isEqualTo(TestService.BINARY_DATA_ID + 1);
    }

    @ParameterizedTest
    @MethodSource("io.github.camelviamdata.support.Golden#streams")
    void streamsAreEqualMessageForMessage(Golden golden) {
        Exchange exchange = upload(uri("uploadMode=streaming"), golden.payload(), golden.headers());

        TestCall call = service.onlyUpload();
        assertThat(call.method()).isEqualTo(golden.rpc());
        // Both payloads fit into one chunk, as they did when they were recorded.
        assertThat(call.messages()).containsExactlyElementsOf(golden.messages());
        assertThat(exchange.getMessage().getHeader(ViamDataConstants.FILE_ID))
                .isEqualTo(TestService.BINARY_DATA_ID + 1);
    }

    @Test
    void readingsAreEqualAsAMessage() throws Exception {
        Golden golden = Golden.load("tabular-one");

        Exchange exchange = upload(uri(), golden.readings(), golden.headers());

        TestCall call = service.onlyUpload();
        assertThat(call.method()).isEqualTo(golden.rpc());
        // A map has no order, so the bytes may differ.
        assertThat(DataCaptureUploadRequest.parseFrom(call.messages().get(0)))
                .isEqualTo(DataCaptureUploadRequest.parseFrom(golden.bytes()));
        assertThat(exchange.getMessage().getHeader(ViamDataConstants.UPLOADED_BYTES))
                .isEqualTo(162L);
    }
}
