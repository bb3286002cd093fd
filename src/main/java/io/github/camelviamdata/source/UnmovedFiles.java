// Copyright the camel-viamdata authors. SPDX-License-Identifier: Apache-2.0
package io.github.camelviamdata.source;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.nio.file.attribute.BasicFileAttributes;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import org.apache.camel.spi.IdempotentRepository;
import org.apache.camel.support.service.ServiceSupport;

/**
 * Remembers files that are uploaded but could not be moved, so that they are not uploaded again while the process runs, unless they
 * are replaced or written to. Keys are absolute paths. A file that has been moved is forgotten, even if it is moved back unchanged,
 * on systems that record the time of a move (ctime, of Unix).
 */
public final class UnmovedFiles extends ServiceSupport implements IdempotentRepository {

    private static final int SMALLEST_LIMIT = 1_024;

    private record State(Object fileKey, long size, long modified, Object changed) {}

    private final Map<String, State> done = new ConcurrentHashMap<>();
    private volatile int limit = SMALLEST_LIMIT;

    @Override
    public boolean add(String path) {
        State state = state(path);
        if (state == null) {
            return true;
        }
        if (done.size() >= limit) {
            done.keySet().removeIf(key -> !contains(key));
            limit = Math.max(SMALLEST_LIMIT, 2 * done.size());
        }
        return done.put(path, state) == null;
    }

    @Override
    public boolean contains(String path) {
        State then = done.get(path);
        if (then == null) {
            return false;
        }
        if (then.equals(state(path))) {
            return true;
        }
        done.remove(path, then);
        return false;
    }

    /** The state of a file; null without the file. */
    private static State state(String path) {
        try {
            Path file = Path.of(path);
            BasicFileAttributes attributes =
                    Files.readAttributes(file, BasicFileAttributes.class, LinkOption.NOFOLLOW_LINKS);
            return new State(
                    attributes.fileKey(),
                    attributes.size(),
                    attributes.lastModifiedTime().toMillis(),
                    changed(file));
        } catch (IOException e) {
            return null;
        }
    }

    /** The ctime, or null if the system has none. Camel adds a file here before it moves it, and a move changes it. */
    private static Object changed(Path file) throws IOException {
        try {
            return Files.getAttribute(file, "unix:ctime", LinkOption.NOFOLLOW_LINKS);
        } catch (UnsupportedOperationException | IllegalArgumentException e) {
            return null;
        }
    }

    @Override
    public boolean remove(String path) {
        return done.remove(path) != null;
    }

    @Override
    public boolean confirm(String path) {
        return true;
    }

    @Override
    public void clear() {
        done.clear();
    }
}
