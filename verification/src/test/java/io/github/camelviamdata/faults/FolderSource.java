// Copyright the camel-viamdata authors. SPDX-License-Identifier: Apache-2.0
package io.github.camelviamdata.faults;

import java.io.IOException;
import java.nio.file.FileVisitResult;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.SimpleFileVisitor;
import java.nio.file.StandardCopyOption;
import java.nio.file.attribute.BasicFileAttributes;
import java.util.List;

/** A folder. */
class FolderSource extends FieldSource {

    final Path inbox;

    FolderSource(Path directory) throws IOException {
        super(directory, "folder", "examples/file/watch.camel.yaml");
        inbox = Files.createDirectories(directory.resolve("inbox"));
    }

    @Override
    void start() {
        // There is nothing but the disk.
    }

    @Override
    void stop() {
        // There is nothing but the disk.
    }

    @Override
    void signal(String name) {
        throw new UnsupportedOperationException("There is nothing but the disk");
    }

    @Override
    List<String> properties() {
        return List.of("inbox=" + inbox);
    }

    @Override
    String place() {
        return "gate/";
    }

    @Override
    List<String> oddPlaces() {
        return List.of("", "gate/ümlaut $1 ${x} %2e/", "gate/a+b?c&d=e#f/", "gate/tag=/");
    }

    @Override
    int port() {
        throw new UnsupportedOperationException("There is nothing but the disk");
    }

    @Override
    void routeBy(int proxyPort) {
        throw new UnsupportedOperationException("There is nothing but the disk");
    }

    @Override
    void publish(int number, String place, byte[] body) throws IOException {
        Path file = inbox.resolve(place + "img_" + number + ".jpg");
        Files.createDirectories(file.getParent());
        Path part = Files.write(directory.resolve("part"), body);
        Files.move(part, file, StandardCopyOption.ATOMIC_MOVE);
    }

    @Override
    long putAside() throws IOException {
        long[] found = {0};
        // Not Files.walk, which ends where a file is moved meanwhile.
        Files.walkFileTree(inbox, new SimpleFileVisitor<>() {
            @Override
            public FileVisitResult visitFile(Path file, BasicFileAttributes attributes) {
                if (file.getParent().endsWith(".refused") && file.toString().endsWith(".json")) {
                    found[0]++;
                }
                return FileVisitResult.CONTINUE;
            }

            @Override
            public FileVisitResult visitFileFailed(Path file, IOException moved) {
                return FileVisitResult.CONTINUE;
            }
        });
        return found[0];
    }
}
