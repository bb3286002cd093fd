// Copyright the camel-viamdata authors. SPDX-License-Identifier: Apache-2.0
package io.github.camelviamdata.message;

import com.google.protobuf.Timestamp;
import java.io.File;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.BasicFileAttributes;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.regex.Pattern;
import org.apache.camel.Exchange;
import org.apache.camel.WrappedFile;
import org.apache.camel.util.FileUtil;

/** The file that a message came from: its name, its folders, its times. */
final class SourceFile {

    private static final Pattern SEPARATOR = Pattern.compile("[/\\\\]");

    private final Object file;
    private final String name;
    private final List<String> folders;

    SourceFile(Exchange exchange, HeaderValues headers) {
        file = file(exchange.getMessage().getBody());
        String bodyPath = file == null ? null : file.toString();
        String fileName = headers.text(Exchange.FILE_NAME);
        String filePath = headers.text(Exchange.FILE_PATH);
        this.name = FileUtil.stripPath(fileName != null ? fileName : bodyPath);
        // The name may hold folders that the path does not, such as those inside a zip file.
        this.folders = new ArrayList<>();
        addFolders(filePath != null ? filePath : bodyPath);
        addFolders(fileName);
    }

    private void addFolders(String path) {
        // Only folders called key=value count, which most paths have none of.
        String above = path == null || path.indexOf('=') < 0 ? null : FileUtil.onlyPath(path);
        if (above != null) {
            Collections.addAll(folders, SEPARATOR.split(above));
        }
    }

    /** Where it is on a local disk; null for any other. */
    Path path() {
        return file instanceof File local ? local.toPath() : (Path) file;
    }

    /** The name without its folders, or null. */
    String name() {
        return name;
    }

    /** The extension of the name in lower case and with its period, or null. */
    String extension() {
        return FileTypes.extensionOfName(name);
    }

    /** The values of folders called {@code key=value} above the file, as Viam's machine agent reads them. */
    List<String> folders(String key) {
        if (folders.isEmpty()) {
            return folders;
        }
        String prefix = key + "=";
        List<String> values = new ArrayList<>();
        for (String folder : folders) {
            if (folder.startsWith(prefix) && !folder.substring(prefix.length()).isBlank()) {
                values.add(folder.substring(prefix.length()));
            }
        }
        return values;
    }

    /** The times of a file on a local disk; none for any other. */
    Times times() {
        if (file == null) {
            return Times.NONE;
        }
        BasicFileAttributes attributes;
        try {
            attributes = Files.readAttributes(path(), BasicFileAttributes.class);
        } catch (IOException e) {
            // Opening the file will fail with the reason.
            return Times.NONE;
        }
        Instant modified = attributes.lastModifiedTime().toInstant();
        Instant created = attributes.creationTime().toInstant();
        // Java returns the modification time for a creation time that the file system lacks. A later creation time
        // belongs to a copy, not to the content.
        return new Times(
                created.isBefore(modified) ? ProtoValues.timestamp(created) : null, ProtoValues.timestamp(modified));
    }

    /** When a file was created and when it was modified; each may be null. */
    record Times(Timestamp created, Timestamp modified) {

        static final Times NONE = new Times(null, null);
    }

    private static Object file(Object body) {
        if (body instanceof WrappedFile<?> wrapped) {
            return file(wrapped.getFile());
        }
        return body instanceof File || body instanceof Path ? body : null;
    }
}
