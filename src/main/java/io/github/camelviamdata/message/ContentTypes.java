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
 * Detects with Apache Tika the type of payloads that have none, and types that contradict the content. Reads only the first few
 * kilobytes.
 */
final class ContentTypes {

    private static final Logger LOG = LoggerFactory.getLogger(ContentTypes.class);

    /** Number of bytes to read. Tika detects nearly all types by fewer. */
    private static final int HEAD = 8192;

    private final MimeTypes types;
    private final boolean correct;
    private final AtomicBoolean reported = new AtomicBoolean();

    /**
     * @param correct whether to replace a type that contradicts the content; otherwise a warning is logged once
     * @throws LinkageError without Tika on the class path
     */
    ContentTypes(boolean correct) {
        this.types = Tika.TYPES;
        this.correct = correct;
    }

    /**
     * The upload, with the MIME type and the extension of its content where it has none or wrong ones.
     *
     * @param extensionGiven whether an option or a header set the extension. One from a file name may mean nothing: {@code .tmp}
     * @throws IllegalArgumentException if the upload has no type and the content shows none, or if the body cannot be read
     */
    Upload withType(Upload upload, boolean extensionGiven) {
        ByteString head;
        try {
            head = upload.payload().head(HEAD);
        } catch (IOException e) {
            throw new IllegalArgumentException("The body cannot be read: " + e.getMessage(), e);
        }
        UploadMetadata metadata = withType(upload.metadata(), head, extensionGiven);
        MissingFields.check(metadata, !upload.isFile());
        return new Upload(upload.request().toBuilder().setMetadata(metadata).build(), upload.payload());
    }

    private UploadMetadata withType(UploadMetadata metadata, ByteString head, boolean extensionGiven) {
        MediaType content = detect(head.newInput(), new Metadata());
        if (isGeneric(content)) {
            return metadata;
        }
        String mimeType = metadata.getMimeType();
        String extension = metadata.getFileExtension();
        boolean meaningless = !extension.isEmpty() && !extensionGiven && !isKnown(extension);
        boolean untyped = mimeType.isEmpty() && (extension.isEmpty() || meaningless);
        boolean wrongType = !mimeType.isEmpty() && contradict(ofName(mimeType), content);
        boolean wrongExtension = !extension.isEmpty() && !meaningless && contradict(ofExtension(extension), content);
        if (wrongType || wrongExtension) {
            report(metadata, wrongType ? "the MIME type " + mimeType : "the file extension " + extension, content);
        }
        UploadMetadata.Builder typed = metadata.toBuilder();
        if (untyped || correct && wrongType) {
            typed.setMimeType(Tika.name(content));
        }
        boolean replaceable = extension.isEmpty() || meaningless;
        if (untyped || meaningless && !wrongType || correct && (wrongExtension || wrongType && replaceable)) {
            typed.setFileExtension(Tika.extension(content));
        }
        return typed.build();
    }

    /** Whether an extension stands for a type. One of digits, such as {@code .001}, is a counter or part of a time. */
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
                            + ". It is sent with the type it was given; the option correctMimeType=true sends that of the content."
                            + " Further cases of this endpoint are logged at DEBUG",
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

    /** Tika's registry of types. Loaded once, in a fraction of a second. */
    private static final class Tika {

        static final MimeTypes TYPES = load();

        private static final Map<MediaType, String> NAMES = new HashMap<>();

        static {
            FileTypes.types()
                    .forEach(name -> NAMES.put(TYPES.getMediaTypeRegistry().normalize(MediaType.parse(name)), name));
        }

        /** A registry of this component, because that of the application lacks the types of Viam's clients. */
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

        /** The extension for a type; empty if there is none. */
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
