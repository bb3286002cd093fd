// Copyright the camel-viamdata authors. SPDX-License-Identifier: Apache-2.0
package io.github.camelviamdata.fuzz;

import static org.assertj.core.api.Assertions.assertThat;

import com.code_intelligence.jazzer.junit.DictionaryEntries;
import com.code_intelligence.jazzer.junit.FuzzTest;
import io.github.camelviamdata.ViamDataConfiguration;
import io.github.camelviamdata.ViamDataConstants;
import io.github.camelviamdata.ViamDataException;
import io.github.camelviamdata.ViamDataOperation;
import io.github.camelviamdata.ViamDataRejectedException;
import io.github.camelviamdata.fuzz.FuzzInput.Line;
import io.github.camelviamdata.message.UploadMapper;
import io.github.camelviamdata.proto.data.v1.Annotations;
import io.github.camelviamdata.proto.data.v1.BoundingBox;
import io.github.camelviamdata.proto.data.v1.Classification;
import io.github.camelviamdata.proto.datasync.v1.SensorData;
import io.github.camelviamdata.proto.datasync.v1.UploadMetadata;
import io.github.camelviamdata.upload.Upload;
import java.math.BigDecimal;
import java.nio.charset.StandardCharsets;
import java.time.DateTimeException;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.function.Function;
import org.apache.camel.Exchange;
import org.apache.camel.builder.ExchangeBuilder;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;

/** Whatever headers and body hold, they make a request that can be read, or the message is rejected by a clear error. */
class MessageJazzerTest {

    private static final Map<String, Function<UploadMetadata, String>> TEXTS = Map.of(
            ViamDataConstants.PART_ID, UploadMetadata::getPartId,
            ViamDataConstants.COMPONENT_TYPE, UploadMetadata::getComponentType,
            ViamDataConstants.COMPONENT_NAME, UploadMetadata::getComponentName,
            ViamDataConstants.METHOD_NAME, UploadMetadata::getMethodName,
            ViamDataConstants.FILE_NAME, UploadMetadata::getFileName);

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
    @DictionaryEntries({
        "CamelViamDataOperation: tabular",
        "CamelViamDataPartId: ",
        "CamelViamDataComponentType: ",
        "CamelViamDataFileName: ",
        "CamelViamDataFileExtension: ",
        "CamelViamDataMimeType: ",
        "CamelViamDataTags: ",
        "CamelViamDataDatasetIds: ",
        "CamelViamDataMethodParameters: {\"a\":",
        "CamelViamDataTimeRequested@ ",
        "CamelViamDataTimeReceived# ",
        "CamelViamDataFileModifyTime: ",
        "CamelViamDataAnnotations: {\"bboxes\":[{\"label\":\"a\",",
        "\"x_min_normalized\":0.5,",
        "\"x_max\":1,\"image_width\":",
        "\"classifications\":[{\"confidence\":",
        "CamelFileName: tag=a/b.jpg",
        "Content-Type: ",
        "CamelMessageTimestamp# "
    })
    void anyMessageIsMappedOrRejected(byte[] input) throws Exception {
        FuzzInput message = FuzzInput.of(input);
        Exchange exchange = ExchangeBuilder.anExchange(fuzz.context()).build();
        for (Line line : message.lines()) {
            exchange.getMessage()
                    .setHeader(line.name(), with(exchange.getMessage().getHeader(line.name()), value(line)));
        }
        exchange.getMessage().setBody(message.body());

        Upload upload;
        try {
            upload = new UploadMapper(options()).map(exchange).next();
        } catch (ViamDataRejectedException e) {
            assertClear(e);
            return;
        }

        UploadMetadata metadata = UploadMetadata.parseFrom(upload.metadata().toByteString());
        assertThat(metadata).isEqualTo(upload.metadata());
        for (SensorData data : upload.contents()) {
            assertThat(SensorData.parseFrom(data.toByteString())).isEqualTo(data);
            assertInRange(data.getMetadata().getAnnotations());
        }
        TEXTS.forEach((header, field) -> {
            if (exchange.getMessage().getHeader(header) instanceof String text && !text.isBlank()) {
                assertThat(field.apply(metadata)).isEqualTo(text);
            }
        });
        assertThat(metadata.getPartId()).isNotBlank();
        if (upload.operation() == ViamDataOperation.binary) {
            assertThat(metadata.getFileExtension() + metadata.getMimeType()).isNotBlank();
            assertThat(upload.payload().length()).isEqualTo(message.body().length);
        }
        assertThat(metadata.getTagsList()).doesNotHaveDuplicates().noneMatch(String::isBlank);
        assertThat(metadata.getDatasetIdsList()).doesNotHaveDuplicates().noneMatch(String::isBlank);
    }

    private static void assertInRange(Annotations annotations) {
        for (BoundingBox box : annotations.getBboxesList()) {
            assertThat(box.getLabel()).isNotBlank();
            assertThat(box.getConfidence()).isBetween(0.0, 1.0);
            assertThat(box.getXMinNormalized()).isBetween(0.0, box.getXMaxNormalized());
            assertThat(box.getYMinNormalized()).isBetween(0.0, box.getYMaxNormalized());
            assertThat(box.getXMaxNormalized()).isLessThanOrEqualTo(1);
            assertThat(box.getYMaxNormalized()).isLessThanOrEqualTo(1);
        }
        for (Classification classification : annotations.getClassificationsList()) {
            assertThat(classification.getLabel()).isNotBlank();
            assertThat(classification.getConfidence()).isBetween(0.0, 1.0);
        }
    }

    private static void assertClear(ViamDataException rejection) {
        assertThat(rejection.getMessage())
                .hasSizeBetween(30, 1000)
                .containsPattern("Camel|Content-Type|[Tt]he (body|reading)")
                // Which tells of a failure that nobody thought of.
                .doesNotContain("cannot be read: ");
        Fuzz.assertNoSecret(rejection);
    }

    private static ViamDataConfiguration options() {
        ViamDataConfiguration options = new ViamDataConfiguration();
        options.setPartId(Fuzz.PART);
        options.setComponentType("camera");
        options.setComponentName("my_camera");
        options.setMethodName("GetImages");
        options.setTimeField("ts");
        options.setTags("a,b");
        options.setMethodParameters(Map.of("quality", "80"));
        options.setApiKey(Fuzz.API_KEY);
        return options;
    }

    /** Of the same header, several values are a list. */
    private static Object with(Object before, Object value) {
        if (before == null) {
            return value;
        }
        List<Object> values = new ArrayList<>(before instanceof List<?> list ? list : List.of(before));
        values.add(value);
        return values;
    }

    private static Object value(Line line) {
        try {
            return switch (line.kind()) {
                case '~' -> line.value().getBytes(StandardCharsets.ISO_8859_1);
                case '#' -> new BigDecimal(line.value());
                case '@' -> Instant.ofEpochSecond(Long.parseLong(line.value()));
                default -> line.value();
            };
        } catch (NumberFormatException | DateTimeException e) {
            return line.value();
        }
    }
}
