// Copyright the camel-viamdata authors. SPDX-License-Identifier: Apache-2.0
package io.github.camelviamdata.message;

import java.io.File;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.apache.camel.CamelContext;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Where the temporary files of streams are that do not fit into memory, and how they are deleted. */
public final class SpoolFiles {

    private static final Logger LOG = LoggerFactory.getLogger(SpoolFiles.class);

    private SpoolFiles() {}

    /** The spool directory of Camel's stream caching, else the temporary directory of the Java runtime. */
    public static Path directory(CamelContext context) {
        File directory = context.getStreamCachingStrategy().getSpoolDirectory();
        return directory == null ? Path.of(System.getProperty("java.io.tmpdir")) : directory.toPath();
    }

    /** Deletes a file, if it exists. Logs a failure, and never throws an IOException. */
    public static void delete(Path file) {
        try {
            Files.deleteIfExists(file);
        } catch (IOException e) {
            LOG.warn("Cannot delete {}", file, e);
        }
    }
}
