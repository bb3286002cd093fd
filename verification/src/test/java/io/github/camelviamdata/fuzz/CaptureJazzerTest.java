// Copyright the camel-viamdata authors. SPDX-License-Identifier: Apache-2.0
package io.github.camelviamdata.fuzz;

import static org.assertj.core.api.Assertions.assertThat;

import com.code_intelligence.jazzer.junit.FuzzTest;
import io.github.camelviamdata.ViamDataConfiguration;
import io.github.camelviamdata.ViamDataConstants;
import io.github.camelviamdata.ViamDataOperation;
import io.github.camelviamdata.ViamDataRejectedException;
import io.github.camelviamdata.message.UploadMapper;
import io.github.camelviamdata.proto.datasync.v1.DataCaptureUploadRequest;
import io.github.camelviamdata.upload.Upload;
import io.github.camelviamdata.upload.Uploads;
import java.io.InputStream;
import java.util.Map;
import org.apache.camel.Exchange;
import org.apache.camel.builder.ExchangeBuilder;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;

/** Whatever is in a file, it makes requests that can be read, and an account of the rest, or it is rejected by a clear error. */
class CaptureJazzerTest {

    private static Fuzz fuzz;

    @BeforeAll
    static void open() {
        fuzz = new Fuzz();
    }

    @AfterAll
    static void close() {
        fuzz.close();
    }

    @FuzzTest
    void anyFileIsUploadedAsFarAsItIsWhole(byte[] file) throws Exception {
        Exchange exchange =
                ExchangeBuilder.anExchange(fuzz.context()).withBody(file).build();
        ViamDataConfiguration options = new ViamDataConfiguration();
        options.setPartId(Fuzz.PART);
        options.setOperation(ViamDataOperation.capture);
        long count = 0;
        Map<String, Object> headers;
        try (Uploads uploads = new UploadMapper(options).map(exchange)) {
            for (Upload upload = uploads.next(); upload != null; upload = uploads.next()) {
                assertThat(DataCaptureUploadRequest.parseFrom(upload.request().toByteString()))
                        .isEqualTo(upload.request());
                if (!upload.isTabular()) {
                    try (InputStream payload = upload.payload().open()) {
                        assertThat((long) payload.readAllBytes().length)
                                .isEqualTo(upload.payload().length());
                    }
                }
                count += upload.isTabular() ? upload.contents().size() : 1;
            }
            headers = uploads.headers();
        } catch (ViamDataRejectedException e) {
            assertThat(count).isZero();
            assertThat(e.getMessage()).hasSizeBetween(30, 1000).containsPattern("at offset \\d+ of|Missing: ");
            return;
        }
        assertThat(headers.get(ViamDataConstants.CAPTURE_COUNT)).isEqualTo(count);
        long left = (Long) headers.get(ViamDataConstants.CAPTURE_LEFT);
        assertThat(left).isBetween(0L, (long) file.length);
        assertThat(headers.containsKey(ViamDataConstants.CAPTURE_DAMAGE)).isEqualTo(left > 0);
    }
}
