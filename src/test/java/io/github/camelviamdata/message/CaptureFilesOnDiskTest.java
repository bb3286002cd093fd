// Copyright the camel-viamdata authors. SPDX-License-Identifier: Apache-2.0
package io.github.camelviamdata.message;

import static org.assertj.core.api.Assertions.assertThat;

import com.google.protobuf.ByteString;
import com.google.protobuf.CodedOutputStream;
import com.google.protobuf.WireFormat;
import io.github.camelviamdata.ViamDataConfiguration;
import io.github.camelviamdata.ViamDataConstants;
import io.github.camelviamdata.ViamDataOperation;
import io.github.camelviamdata.proto.datasync.v1.SensorData;
import io.github.camelviamdata.support.CaptureFile;
import io.github.camelviamdata.upload.Upload;
import io.github.camelviamdata.upload.Uploads;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.RandomAccessFile;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.ArrayList;
import java.util.List;
import org.apache.camel.CamelContext;
import org.apache.camel.impl.DefaultCamelContext;
import org.apache.camel.support.DefaultExchange;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** What is read of a capture file on a disk, and when. */
class CaptureFilesOnDiskTest {

    private static final byte[] PICTURE = "a picture".getBytes(StandardCharsets.UTF_8);
    private static final long HUGE = 1L << 38;

    private final CamelContext context = new DefaultCamelContext();

    @TempDir
    Path directory;

    private Uploads map(Path file) throws IOException {
        ViamDataConfiguration options = new ViamDataConfiguration();
        options.setPartId("part");
        options.setOperation(ViamDataOperation.capture);
        DefaultExchange exchange = new DefaultExchange(context);
        exchange.getMessage().setBody(file.toFile());
        return new UploadMapper(options).map(exchange);
    }

    private static List<Long> lengths(Uploads uploads) throws IOException {
        List<Long> lengths = new ArrayList<>();
        for (Upload upload = uploads.next(); upload != null; upload = uploads.next()) {
            lengths.add(upload.payload().length());
        }
        return lengths;
    }

    /** To read so many bytes would take minutes. */
    @Test
    @Timeout(value = 20, threadMode = Timeout.ThreadMode.SEPARATE_THREAD)
    void payloadsAreSkippedAndNotRead() throws IOException {
        ByteArrayOutputStream before = new ByteArrayOutputStream();
        before.write(CaptureFile.ofPictures().bytes());
        CodedOutputStream message = CodedOutputStream.newInstance(before);
        int tag = SensorData.BINARY_FIELD_NUMBER << 3 | WireFormat.WIRETYPE_LENGTH_DELIMITED;
        message.writeUInt64NoTag(1 + CodedOutputStream.computeUInt64SizeNoTag(HUGE) + HUGE);
        message.writeUInt32NoTag(tag);
        message.writeUInt64NoTag(HUGE);
        message.flush();
        ByteArrayOutputStream after = new ByteArrayOutputStream();
        SensorData.newBuilder().setBinary(ByteString.copyFrom(PICTURE)).build().writeDelimitedTo(after);
        Path path = directory.resolve("sparse.capture");
        try (RandomAccessFile file = new RandomAccessFile(path.toFile(), "rw")) {
            file.write(before.toByteArray());
            file.seek(before.size() + HUGE);
            file.write(after.toByteArray());
        }

        try (Uploads uploads = map(path)) {
            assertThat(lengths(uploads)).containsExactly(HUGE, (long) PICTURE.length);
        }
    }

    @Test
    void whatIsAppendedWhileItIsReadIsLeft() throws IOException {
        byte[] bytes = CaptureFile.ofPictures(PICTURE, PICTURE, PICTURE).bytes();
        Path path = Files.write(directory.resolve("growing.capture"), bytes);

        try (Uploads uploads = map(path)) {
            assertThat(uploads.next()).isNotNull();
            Files.write(path, new byte[20_000], StandardOpenOption.APPEND);

            assertThat(lengths(uploads)).hasSize(2);
            assertThat(uploads.headers()).containsEntry(ViamDataConstants.CAPTURE_LEFT, 0L);
        }
    }
}
