// Copyright the camel-viamdata authors. SPDX-License-Identifier: Apache-2.0
package io.github.camelviamdata.server;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;

/** What servers have spooled. */
public final class Spooled {

    private Spooled() {}

    /** The files of uploads in a spool directory, in the folders of all servers; none if it does not exist. */
    public static List<Path> in(Path directory) throws IOException {
        if (!Files.isDirectory(directory)) {
            return List.of();
        }
        try (Stream<Path> folders = Files.list(directory)) {
            List<Path> own = folders.filter(
                            folder -> folder.getFileName().toString().matches("viamdata-server-[0-9a-f-]{36}"))
                    .toList();
            Stream<Path> files = Stream.empty();
            for (Path folder : own) {
                files = Stream.concat(files, list(folder).stream());
            }
            return files.toList();
        }
    }

    private static List<Path> list(Path folder) throws IOException {
        try (Stream<Path> files = Files.list(folder)) {
            return files.toList();
        } catch (NoSuchFileException e) {
            return List.of();
        }
    }
}
