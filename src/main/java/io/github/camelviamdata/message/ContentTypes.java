// Copyright the camel-viamdata authors. SPDX-License-Identifier: Apache-2.0
package io.github.camelviamdata.message;

import com.google.protobuf.ByteString;
import io.github.camelviamdata.proto.datasync.v1.UploadMetadata;
import java.io.IOException;
import java.util.HashMap;
import java.util.Map;
import java.util.concurrent.atomic.AtomicBoolean;
import org.apache.tika.metadata.Metadata;
import org.apache.tika.metadata.TikaCoreProperties;
import org.apache.tika.mime.MediaType;
import org.apache.tika.mime.MediaTypeRegistry;
import org.apache.tika.mime.MimeType;
import org.apache.tika.mime.MimeTypeException;
import org.apache.tika.mime.MimeTypes;
import org.apache.tika.mime.MimeTypesFactory;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Finds out by Apache Tika what the bytes of uploads are, where nobody tells, and whether they are what they are called.
 * Only the first few kilobytes are read.
 */
final class ContentTypes {

    private static final Logger LOG = LoggerFactory.getLogger(ContentTypes.class);

    /** Beyond what nearly all types are told by. */
    private static final int HEAD = 8192;

    private final MimeTypes types;
    private final boolean correct;
    private final AtomicBoolean reported = new AtomicBoolean();

    /**
     * @param correct whether to put right what contradicts the content, instead of reporting it once
     * @throws LinkageError without Tika on the class path
     */
    ContentTypes(boolean correct) {
        this.types = Tika.TYPES;
        this.correct = correct;
    }

    /**
     * The upload, with MIME type and extension.
     *
     * @param extensionGiven whether its extension is one that somebody chose, and not the end of a file's name, which may
     *     mean nothing: {@code .tmp}
     * @throws IllegalArgumentException if there are none and the content shows none, or if it cannot be read
     */
    Upload named(Upload upload, boolean extensionGiven) {
        ByteString head;
        try {
            head = upload.payload().head(HEAD);
        } catch (IOException e) {
            throw new IllegalArgumentException("The body cannot be read: " + e.getMessage(), e);
        }
        UploadMetadata metadata = named(upload.metadata(), head, extensionGiven);
        MissingFields.check(metadata, !upload.isFile());
        return upload.with(metadata);
    }

    private UploadMetadata named(UploadMetadata metadata, ByteString head, boolean extensionGiven) {
        MediaType content = content(head);
        if (isGeneric(content)) {
            return metadata;
        }
        String mimeType = metadata.getMimeType();
        String extension = metadata.getFileExtension();
        boolean meaningless = !extension.isEmpty() && !extensionGiven && !isKnown(extension);
        boolean unnamed = mimeType.isEmpty() && (extension.isEmpty() || meaningless);
        boolean wrongType = !mimeType.isEmpty() && contradict(ofName(mimeType), content);
        boolean wrongExtension = !extension.isEmpty() && !meaningless && contradict(ofExtension(extension), content);
        if (wrongType || wrongExtension) {
            report(metadata, wrongType ? "the MIME type " + mimeType : "the file extension " + extension, content);
        }
        UploadMetadata.Builder named = metadata.toBuilder();
        if (unnamed || correct && wrongType) {
            named.setMimeType(Tika.name(content));
        }
        boolean replaceable = extension.isEmpty() || meaningless;
        if (unnamed || meaningless && !wrongType || correct && (wrongExtension || wrongType && replaceable)) {
            named.setFileExtension(Tika.extension(content));
        }
        return named.build();
    }

    /** Whether an extension names a type. A number is one that counts files, or a part of a time. */
    private boolean isKnown(String extension) {
        return !extension.chars().skip(1).allMatch(Character::isDigit)
                && !ofExtension(extension).equals(MediaType.OCTET_STREAM);
    }

    private void report(UploadMetadata metadata, String given, MediaType content) {
        String text = "Data of {} for part {} has {}, but its content is {}";
        Object[] arguments = {metadata.getComponentName(), metadata.getPartId(), given, content};
        if (correct) {
            LOG.debug(text + ", which is sent", arguments);
        } else if (reported.compareAndSet(false, true)) {
            LOG.warn(
                    text
                            + ". It is sent as it is called; the option correctMimeType=true makes it what it is. What else"
                            + " this endpoint finds is logged at DEBUG",
                    arguments);
        } else {
            LOG.debug(text, arguments);
        }
    }

    private MediaType content(ByteString head) {
        try {
            return types.detect(head.newInput(), new Metadata());
        } catch (IOException e) {
            throw new IllegalStateException(e);
        }
    }

    private MediaType ofExtension(String extension) {
        Metadata name = new Metadata();
        name.set(TikaCoreProperties.RESOURCE_NAME_KEY, "x" + extension);
        try {
            return types.detect(null, name);
        } catch (IOException e) {
            throw new IllegalStateException(e);
        }
    }

    private MediaType ofName(String mimeType) {
        try {
            MimeType type = types.getRegisteredMimeType(mimeType);
            return type == null ? MediaType.OCTET_STREAM : type.getType();
        } catch (MimeTypeException e) {
            return MediaType.OCTET_STREAM;
        }
    }

    /** Whether this says nothing of what the data is for: most text is, and all else may be, anything. */
    private static boolean isGeneric(MediaType type) {
        return type.equals(MediaType.OCTET_STREAM) || type.equals(MediaType.TEXT_PLAIN);
    }

    /** Types of one family do not: a document may be told by its extension alone, and looks like any zip file. */
    private boolean contradict(MediaType named, MediaType content) {
        MediaTypeRegistry registry = types.getMediaTypeRegistry();
        for (MediaType type = named;
                type != null && !type.equals(MediaType.OCTET_STREAM);
                type = registry.getSupertype(type)) {
            if (registry.isInstanceOf(content, type)) {
                return false;
            }
        }
        return !named.equals(MediaType.OCTET_STREAM);
    }

    /** All types that there are; read once, in a fraction of a second. */
    private static final class Tika {

        static final MimeTypes TYPES = load();

        private static final Map<MediaType, String> NAMES = new HashMap<>();

        static {
            FileTypes.types()
                    .forEach(name -> NAMES.put(TYPES.getMediaTypeRegistry().normalize(MediaType.parse(name)), name));
        }

        /** A registry of our own: the one that the application shares knows nothing of our types. */
        private static MimeTypes load() {
            try {
                return MimeTypesFactory.create(
                        "tika-mimetypes.xml",
                        "io/github/camelviamdata/message/mimetypes.xml",
                        ContentTypes.class.getClassLoader());
            } catch (IOException | MimeTypeException e) {
                throw new IllegalStateException("Cannot read the MIME types of Apache Tika", e);
            }
        }

        /** The name that Viam's own clients use, else Tika's. */
        static String name(MediaType type) {
            return NAMES.getOrDefault(type, type.toString());
        }

        /** Empty where there is none. */
        static String extension(MediaType type) {
            String extension = FileTypes.extensionOfType(name(type));
            try {
                return extension == null ? TYPES.forName(type.toString()).getExtension() : extension;
            } catch (MimeTypeException e) {
                return "";
            }
        }
    }
}
