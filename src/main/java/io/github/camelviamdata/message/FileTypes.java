// Copyright the camel-viamdata authors. SPDX-License-Identifier: Apache-2.0
package io.github.camelviamdata.message;

import java.util.Locale;
import java.util.Map;
import java.util.Set;
import org.apache.camel.util.FileUtil;

/** File extensions and MIME types, by the conventions of Viam's own clients. */
final class FileTypes {

    // What Viam's machine agent calls the files it captures.
    private static final Map<String, String> EXTENSIONS = Map.of(
            "image/jpeg", ".jpeg",
            "image/png", ".png",
            "pointcloud/pcd", ".pcd",
            "video/mp4", ".mp4",
            "audio/wav", ".wav",
            "audio/mpeg", ".mp3");

    private FileTypes() {}

    /** The extension with its period, or null. */
    static String extension(String extension) {
        if (extension == null) {
            return null;
        }
        String name = extension.strip();
        return name.startsWith(".") ? name : "." + name;
    }

    /** Whether this can be the end of a file's name. */
    static boolean isExtension(String extension) {
        for (int i = 0; i < extension.length(); i++) {
            char c = extension.charAt(i);
            if (c == '/' || c == '\\' || Character.isWhitespace(c)) {
                return false;
            }
        }
        return true;
    }

    /** The extension of a file in lower case, because the service shows `.jpg` as an image and may not know `.JPG`. */
    static String extensionOfName(String fileName) {
        String extension = FileUtil.onlyExt(fileName, true);
        return extension == null || extension.isBlank() ? null : extension(extension.toLowerCase(Locale.ROOT));
    }

    /** The MIME types that Viam's own clients know, by the names that they have there. */
    static Set<String> types() {
        return EXTENSIONS.keySet();
    }

    /** The extension that goes with a MIME type, or null. */
    static String extensionOfType(String mimeType) {
        return mimeType == null ? null : EXTENSIONS.get(mimeType.toLowerCase(Locale.ROOT));
    }

    /**
     * The MIME type in a Content-Type, without its parameters; null where it says nothing about the data.
     */
    static String typeOfContent(String contentType) {
        if (contentType == null) {
            return null;
        }
        String type = contentType.split(";", 2)[0].strip();
        return type.contains("/") && !type.equalsIgnoreCase("application/octet-stream") ? type : null;
    }
}
