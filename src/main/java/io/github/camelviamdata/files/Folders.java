// Copyright the camel-viamdata authors. SPDX-License-Identifier: Apache-2.0
package io.github.camelviamdata.files;

import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;

/** Folders on the disk. */
public final class Folders {

    private Folders() {}

    /** Whether files of a folder have an owner and permissions. */
    public static boolean isPosix(Path folder) {
        return folder.getFileSystem().supportedFileAttributeViews().contains("posix");
    }

    /**
     * Forces the names of a folder's files to the disk, which a new or moved file needs to survive a failure of power. Only POSIX
     * systems support and need this; on others it does nothing.
     */
    public static void force(Path folder) throws IOException {
        if (isPosix(folder)) {
            try (FileChannel channel = FileChannel.open(folder, StandardOpenOption.READ)) {
                channel.force(true);
            }
        }
    }
}
