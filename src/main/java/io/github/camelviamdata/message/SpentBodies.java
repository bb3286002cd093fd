// Copyright the camel-viamdata authors. SPDX-License-Identifier: Apache-2.0
package io.github.camelviamdata.message;

import java.lang.ref.WeakReference;
import java.util.ArrayList;
import java.util.List;
import org.apache.camel.Exchange;
import org.apache.camel.SafeCopyProperty;
import org.apache.camel.StreamCache;

/**
 * What uploads of an exchange have read that can be read only once. Of such a body nobody can tell by itself whether it still
 * is at its beginning, and the rest of it must never be uploaded for the whole, as by a redelivery.
 */
final class SpentBodies implements SafeCopyProperty {

    private static final String KEY = SpentBodies.class.getName();

    private final List<WeakReference<Object>> bodies = new ArrayList<>();

    private SpentBodies() {}

    /**
     * To be called before anything of a body is read that can be read only once. A {@link StreamCache} may be given as well.
     *
     * @param body a stream, a reader or an iterator
     * @throws IllegalArgumentException if an upload of the same exchange has read it
     */
    static void add(Exchange exchange, Object body) {
        if (body instanceof StreamCache) {
            return;
        }
        // Unlike other properties, it is shown nowhere.
        SpentBodies spent = exchange.getExchangeExtension().getSafeCopyProperty(KEY, SpentBodies.class);
        if (spent == null) {
            spent = new SpentBodies();
            exchange.getExchangeExtension().setSafeCopyProperty(KEY, spent);
        }
        spent.add(body);
    }

    private void add(Object body) {
        bodies.removeIf(spent -> spent.refersTo(null));
        if (bodies.stream().anyMatch(spent -> spent.refersTo(body))) {
            throw new IllegalArgumentException(
                    "The body can be read only once, and an upload has read it already: with stream caching enabled, a"
                            + " stream could be read again");
        }
        bodies.add(new WeakReference<>(body));
    }

    @Override
    public SafeCopyProperty safeCopy() {
        SpentBodies copy = new SpentBodies();
        copy.bodies.addAll(bodies);
        return copy;
    }
}
