// Copyright the camel-viamdata authors. SPDX-License-Identifier: Apache-2.0
package io.github.camelviamdata.message;

import com.google.protobuf.ByteString;
import com.google.protobuf.Timestamp;
import com.google.protobuf.UnsafeByteOperations;
import io.github.camelviamdata.ViamDataConfiguration;
import io.github.camelviamdata.ViamDataConstants;
import io.github.camelviamdata.ViamDataException.Progress;
import io.github.camelviamdata.ViamDataOperation;
import io.github.camelviamdata.ViamDataUnavailableException;
import io.github.camelviamdata.proto.data.v1.CreateSequenceRequest;
import io.github.camelviamdata.proto.datasync.v1.UploadMetadata;
import io.grpc.Status;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.DateTimeException;
import java.util.Collection;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.apache.camel.Exchange;

/**
 * Files in which a machine's own agent keeps sequences. Each is a JSON object with {@code start_time}, {@code end_time},
 * {@code resources} and {@code sequence_tags}; others of its fields are ignored, as the agent does.
 */
public final class SequenceFiles {

    private static final String ENDED = ".seq";
    private static final String OPEN = ".progseq";
    private static final int MAX_SIZE = 1 << 20;

    private final MetadataMapper metadataMapper;

    /** @param options the part of a message without a header, and tags for all */
    public SequenceFiles(ViamDataConfiguration options) {
        this.metadataMapper = new MetadataMapper(options);
    }

    /** Whether a message of an endpoint for capture files is a sequence, by its name. */
    public static boolean isSequence(Exchange exchange) {
        HeaderValues headers = new HeaderValues(exchange, null);
        String operation = headers.text(ViamDataConstants.OPERATION);
        return (operation == null || operation.equalsIgnoreCase(ViamDataOperation.capture.name()))
                && isSequence(new SourceFile(exchange, headers));
    }

    static boolean isSequence(SourceFile source) {
        String extension = source.extension();
        return ENDED.equals(extension) || OPEN.equals(extension);
    }

    /**
     * Reads the sequence of a message.
     *
     * @throws IllegalArgumentException if it is none, or has not ended; the text says what is wrong
     * @throws ViamDataUnavailableException if it cannot be read, or if its folder still has data to be uploaded before it
     */
    public CreateSequenceRequest read(Exchange exchange) {
        HeaderValues headers = new HeaderValues(exchange, null);
        SourceFile source = new SourceFile(exchange, headers);
        String name = "The sequence " + ProtoValues.shown(source.name());
        if (OPEN.equals(source.extension())) {
            throw new IllegalArgumentException(
                    name + " has not ended: its agent still writes to it, and makes a file of it that ends in .seq");
        }
        UploadMetadata given = metadataMapper.captureDefaults(headers, source);
        MissingFields.checkPartId(given);
        try {
            CreateSequenceRequest request = request(name, content(name, exchange), given);
            awaitData(name, source, given.getPartId());
            return request;
        } catch (IOException e) {
            throw unavailable(name + " cannot be read: " + e, e, given.getPartId());
        }
    }

    /** Fails while the folder of a file on disk has data. Of what else a message may be, nothing says where its data is. */
    private static void awaitData(String name, SourceFile source, String partId) throws IOException {
        Path file = source.path();
        Path data = file == null ? null : CaptureFolder.ofSequence(file).anyCaptureFile();
        if (data != null) {
            throw unavailable(
                    name + " waits for the data of its folder, of which " + data + " is still there", null, partId);
        }
    }

    private static ViamDataUnavailableException unavailable(String reason, Throwable cause, String partId) {
        return new ViamDataUnavailableException(
                "Nothing was sent. " + reason, cause, Progress.none(Status.Code.UNAVAILABLE, partId));
    }

    private static Map<?, ?> content(String name, Exchange exchange) throws IOException {
        ByteString bytes;
        try (InputStream stream = Payloads.of(exchange, null).open()) {
            bytes = UnsafeByteOperations.unsafeWrap(stream.readNBytes(MAX_SIZE + 1));
        }
        if (bytes.isEmpty()) {
            throw new IllegalArgumentException(name + " is empty");
        } else if (bytes.size() > MAX_SIZE) {
            throw new IllegalArgumentException(name + " is larger than any, " + MAX_SIZE + " bytes");
        }
        JsonReadings.Place place = new JsonReadings.Place(name, "it is damaged, or another program wrote it");
        if (JsonReadings.value(place, text(name, bytes)) instanceof Map<?, ?> map) {
            return map;
        }
        throw new IllegalArgumentException(name + " is no JSON object");
    }

    private static String text(String name, ByteString bytes) {
        try {
            return StandardCharsets.UTF_8
                    .newDecoder()
                    .decode(bytes.asReadOnlyByteBuffer())
                    .toString();
        } catch (CharacterCodingException e) {
            throw new IllegalArgumentException(name + " holds bytes that are not UTF-8 text", e);
        }
    }

    private static CreateSequenceRequest request(String name, Map<?, ?> content, UploadMetadata given) {
        Timestamp start = time(name, content, "start_time");
        Timestamp end = time(name, content, "end_time");
        if (ProtoValues.instant(end).isBefore(ProtoValues.instant(start))) {
            throw new IllegalArgumentException(name + " ends at " + ProtoValues.instant(end)
                    + ", which is before its beginning at " + ProtoValues.instant(start));
        }
        String resources = name + ": resources";
        if (!(content.get("resources") instanceof Collection<?>)) {
            throw new IllegalArgumentException(resources + " is missing, or no list");
        }
        Set<String> tags = new LinkedHashSet<>(tags(name, content));
        tags.addAll(given.getTagsList());
        return CreateSequenceRequest.newBuilder()
                .setPartId(given.getPartId())
                .addAllResources(SequenceResources.of(resources, content.get("resources")))
                .addAllSequenceTags(tags)
                .setStartTime(start)
                .setEndTime(end)
                .build();
    }

    private static Timestamp time(String name, Map<?, ?> content, String field) {
        if (!(content.get(field) instanceof String text)) {
            throw new IllegalArgumentException(name + ": " + field + " is missing, or no text");
        }
        try {
            return ProtoValues.timestamp(TimeValues.ofText(text));
        } catch (DateTimeException | IllegalArgumentException e) {
            throw new IllegalArgumentException(
                    name + ": " + field + " is '" + ProtoValues.shown(text)
                            + "', and no time with an offset in the years 1 to 9999",
                    e);
        }
    }

    /** The tags of the file, which are null where the agent has none. */
    private static List<String> tags(String name, Map<?, ?> content) {
        Object tags = content.get("sequence_tags");
        if (tags == null) {
            return List.of();
        } else if (tags instanceof Collection<?> list && list.stream().allMatch(String.class::isInstance)) {
            return list.stream()
                    .map(tag -> ProtoValues.text(name + ": sequence_tags", (String) tag))
                    .toList();
        }
        throw new IllegalArgumentException(name + ": sequence_tags is no list of texts");
    }
}
