// Copyright the camel-viamdata authors. SPDX-License-Identifier: Apache-2.0
package io.github.camelviamdata.source;

import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import org.apache.camel.spi.IdempotentRepository;
import org.apache.camel.support.service.ServiceSupport;

/**
 * The in-progress repository of a file consumer. That of Camel 4.18 becomes slow for good after 100,000 files (CAMEL-23267).
 */
public final class FilesInFlight extends ServiceSupport implements IdempotentRepository {

    private final Set<String> paths = ConcurrentHashMap.newKeySet();

    @Override
    public boolean add(String path) {
        return paths.add(path);
    }

    @Override
    public boolean contains(String path) {
        return paths.contains(path);
    }

    @Override
    public boolean remove(String path) {
        return paths.remove(path);
    }

    @Override
    public boolean confirm(String path) {
        return true;
    }

    @Override
    public void clear() {
        paths.clear();
    }
}
