// Copyright the camel-viamdata authors. SPDX-License-Identifier: Apache-2.0
package io.github.camelviamdata.message;

import java.io.File;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.regex.Pattern;
import org.apache.camel.Exchange;
import org.apache.camel.WrappedFile;
import org.apache.camel.util.FileUtil;

/** What the name and the folders of the file that a message came from tell of it. */
final class SourceFile {

    private static final Pattern SEPARATOR = Pattern.compile("[/\\\\]");

    private final String name;
    private final List<String> folders;

    SourceFile(Exchange exchange, HeaderValues headers) {
        String bodyPath = path(exchange.getMessage().getBody());
        String fileName = headers.text(Exchange.FILE_NAME);
        String filePath = headers.text(Exchange.FILE_PATH);
        this.name = FileUtil.stripPath(fileName != null ? fileName : bodyPath);
        // The name may hold folders that the path does not, such as those inside a zip file.
        this.folders = new ArrayList<>();
        addFolders(filePath != null ? filePath : bodyPath);
        addFolders(fileName);
    }

    private void addFolders(String path) {
        String above = FileUtil.onlyPath(path);
        if (above != null) {
            Collections.addAll(folders, SEPARATOR.split(above));
        }
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

    private static String path(Object body) {
        if (body instanceof WrappedFile<?> wrapped) {
            return path(wrapped.getFile());
        }
        return body instanceof File || body instanceof Path ? body.toString() : null;
    }
}
