// Copyright the camel-viamdata authors. SPDX-License-Identifier: Apache-2.0
package io.github.camelviamdata.message;

import java.io.IOException;
import java.nio.file.FileSystemLoopException;
import java.nio.file.FileVisitOption;
import java.nio.file.FileVisitResult;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.SimpleFileVisitor;
import java.nio.file.attribute.BasicFileAttributes;
import java.util.EnumSet;

/** The folder of a machine's own agent that a sequence belongs to. */
final class CaptureFolder {

    private static final String SEQUENCES = "sequences";
    private static final String CAPTURE = ".capture";
    private static final String UNFINISHED = ".prog";

    private final Path path;

    private CaptureFolder(Path path) {
        this.path = path;
    }

    /** The folder above {@code sequences}; where a file is not in such a folder, the folder that it is in. */
    static CaptureFolder ofSequence(Path file) {
        Path folder = above(file.toAbsolutePath().normalize());
        return new CaptureFolder(folder.endsWith(SEQUENCES) ? above(folder) : folder);
    }

    private static Path above(Path absolute) {
        return absolute.resolveSibling("");
    }

    /**
     * A capture file that is still there, by its path in this folder, or null. Files and folders whose names begin with a period do
     * not count: they hold uploaded and refused files, and Camel does not read them either.
     *
     * @throws IOException if a part of the folder cannot be read
     */
    Path anyCaptureFile() throws IOException {
        Finder finder = new Finder();
        Files.walkFileTree(path, EnumSet.of(FileVisitOption.FOLLOW_LINKS), Integer.MAX_VALUE, finder);
        return finder.found == null ? null : path.relativize(finder.found);
    }

    private final class Finder extends SimpleFileVisitor<Path> {

        private Path found;

        @Override
        public FileVisitResult preVisitDirectory(Path directory, BasicFileAttributes attributes) {
            return isHidden(directory) && !directory.equals(path)
                    ? FileVisitResult.SKIP_SUBTREE
                    : FileVisitResult.CONTINUE;
        }

        @Override
        public FileVisitResult visitFile(Path file, BasicFileAttributes attributes) {
            String extension = FileTypes.extensionOfName(name(file));
            if ((CAPTURE.equals(extension) || UNFINISHED.equals(extension)) && !isHidden(file)) {
                found = file;
                return FileVisitResult.TERMINATE;
            }
            return FileVisitResult.CONTINUE;
        }

        /** A file or folder may be moved meanwhile. */
        @Override
        public FileVisitResult visitFileFailed(Path file, IOException e) throws IOException {
            if (isHidden(file) || e instanceof NoSuchFileException || e instanceof FileSystemLoopException) {
                return FileVisitResult.CONTINUE;
            }
            throw e;
        }

        private static boolean isHidden(Path file) {
            return name(file).startsWith(".");
        }

        /** The root of a file system has no name. */
        private static String name(Path file) {
            return String.valueOf(file.getFileName());
        }
    }
}
