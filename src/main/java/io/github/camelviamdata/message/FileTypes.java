// Copyright the camel-viamdata authors. SPDX-License-Identifier: Apache-2.0
package io.github.camelviamdata.message;

import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.regex.Pattern;
import org.apache.camel.util.FileUtil;

/** File extensions and MIME types, by the conventions of Viam's own clients. */
final class FileTypes {

    // The extensions that Viam's machine agent uses for what it captures.
    private static final Map<String, String> EXTENSIONS = Map.of(
            "image/jpeg", ".jpeg",
            "image/png", ".png",
            "pointcloud/pcd", ".pcd",
            "video/mp4", ".mp4",
            "audio/wav", ".wav",
            "audio/mpeg", ".mp3",
            "image/vnd.viam.rgba", ".rgba",
            "image/vnd.viam.dep", ".dep");

    // Tika knows most of them, but is optional.
    private static final Map<String, String> ALIASES = Map.of(
            "image/jpg", "image/jpeg",
            "image/pjpeg", "image/jpeg",
            "audio/x-wav", "audio/wav",
            "audio/wave", "audio/wav",
            "audio/vnd.wave", "audio/wav",
            "audio/mp3", "audio/mpeg",
            "application/pcd", "pointcloud/pcd");

    // Object stores, browsers and HTTP libraries send these for content of an unknown type.
    private static final Set<String> GENERIC = Set.of(
            "application/octet-stream",
            "binary/octet-stream",
            "application/x-octet-stream",
            "application/force-download",
            "application/download",
            "*/*");

    private static final Pattern EXTENSION = Pattern.compile("\\.[A-Za-z0-9_+-]{1,16}");

    // The names that RFC 6838 allows.
    private static final Pattern TYPE = Pattern.compile("[a-z0-9][a-z0-9!#$&^_.+-]*/[a-z0-9][a-z0-9!#$&^_.+-]*");

    private FileTypes() {}

    /** The extension with its period, or null. */
    static String extension(String extension) {
        if (extension == null) {
            return null;
        }
        String name = extension.strip();
        return name.startsWith(".") ? name : "." + name;
    }

    /** Whether this can be a file extension: a period, and then 1 to 16 letters, digits, `_`, `+` or `-`. */
    static boolean isExtension(String extension) {
        return EXTENSION.matcher(extension).matches();
    }

    /**
     * The extension of a file name, or null if it has none. In lower case, because the service shows `.jpg` as an image and may
     * not know `.JPG`.
     */
    static String extensionOfName(String fileName) {
        String extension = FileUtil.onlyExt(fileName, true);
        if (extension == null || extension.isBlank()) {
            return null;
        }
        String name = extension(extension.toLowerCase(Locale.ROOT));
        return isExtension(name) ? name : null;
    }

    /** The MIME types that Viam's own clients know, by their names. */
    static Set<String> types() {
        return EXTENSIONS.keySet();
    }

    /** The extension that goes with a MIME type, as {@link #type} gives it, or null. */
    static String extensionOfType(String mimeType) {
        return mimeType == null ? null : EXTENSIONS.get(mimeType);
    }

    /** A MIME type in lower case and without parameters, under the name that Viam's own clients use; null for null. */
    static String type(String mimeType) {
        if (mimeType == null) {
            return null;
        }
        int parameters = mimeType.indexOf(';');
        String type = (parameters < 0 ? mimeType : mimeType.substring(0, parameters))
                .strip()
                .toLowerCase(Locale.ROOT);
        return ALIASES.getOrDefault(type, type);
    }

    /** Whether this has the form of a MIME type, in lower case and without parameters. */
    static boolean isType(String type) {
        return TYPE.matcher(type).matches();
    }

    /** The MIME type in a Content-Type; null if it is malformed or generic, as {@code application/octet-stream}. */
    static String typeOfContent(String contentType) {
        String type = type(contentType);
        return type != null && isType(type) && !GENERIC.contains(type) ? type : null;
    }
}
