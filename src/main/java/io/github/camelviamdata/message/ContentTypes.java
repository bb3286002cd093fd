// Copyright the camel-viamdata authors. SPDX-License-Identifier: Apache-2.0
package io.github.camelviamdata.message;

import com.google.protobuf.ByteString;
import io.github.camelviamdata.proto.datasync.v1.UploadMetadata;
import io.github.camelviamdata.upload.Upload;
import java.io.IOException;
import java.io.InputStream;
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
 * Detects by Apache Tika the type of payloads that have none, and types that contradict the content.
 * Only the first few kilobytes are read.
 */
final class ContentTypes {

    private static final Logger LOG = LoggerFactory.getLogger(ContentTypes.class);

    /** Nearly all types are detected by fewer bytes. */
    private static final int HEAD = 8192;

    private final MimeTypes types;
    private final boolean correct;
    private final AtomicBoolean reported = new AtomicBoolean();

    /**
     * @param correct whether to replace a type that contradicts the content, instead of logging that once
     * @throws LinkageError without Tika on the class path
     */
    ContentTypes(boolean correct) {
        this.types = Tika.TYPES;
        this.correct = correct;
    }

    /**
     * The upload, with MIME type and extension.
     *
     * @param extensionGiven whether its extension was set by an option or a header, rather than taken from a file name, where it
     *     may mean nothing: {@code .tmp}
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
        return new Upload(upload.request().toBuilder().setMetadata(metadata).build(), upload.payload());
    }

    private UploadMetadata named(UploadMetadata metadata, ByteString head, boolean extensionGiven) {
        MediaType content = detect(head.newInput(), new Metadata());
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

    /** Whether an extension names a type. A number counts files, or is a part of a time. */
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

    private MediaType ofExtension(String extension) {
        Metadata name = new Metadata();
        name.set(TikaCoreProperties.RESOURCE_NAME_KEY, "x" + extension);
        return detect(null, name);
    }

    private MediaType detect(InputStream content, Metadata name) {
        try {
            return types.detect(content, name);
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

    /** Whether a type is too general to contradict another: text, or any bytes. */
    private static boolean isGeneric(MediaType type) {
        return type.equals(MediaType.OCTET_STREAM) || type.equals(MediaType.TEXT_PLAIN);
    }

    /** Types of one family do not contradict each other: an office document looks like any zip file. */
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

    /** The registry of types. Loaded once, in a fraction of a second. */
    private static final class Tika {

        static final MimeTypes TYPES = load();

        private static final Map<MediaType, String> NAMES = new HashMap<>();

        static {
            FileTypes.types()
                    .forEach(name -> NAMES.put(TYPES.getMediaTypeRegistry().normalize(MediaType.parse(name)), name));
        }

        /** A registry of our own: that of the application does not have the types of Viam's clients. */
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
