// Copyright the camel-viamdata authors. SPDX-License-Identifier: Apache-2.0
package io.github.camelviamdata.query;

import io.github.camelviamdata.ViamDataConstants;
import io.github.camelviamdata.message.PlainText;
import java.util.Arrays;
import java.util.Collection;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.apache.camel.Message;

/** The binary data IDs that a message names: in the header, or without it in the body. */
final class ItemIds {

    private final Set<String> ids = new LinkedHashSet<>();

    private ItemIds() {}

    /**
     * @return at least one, each once
     * @throws IllegalArgumentException if there is none, or an empty one among others; the text says where
     */
    static List<String> of(Message message) {
        ItemIds found = new ItemIds();
        Object header = message.getHeader(ViamDataConstants.BINARY_DATA_ID);
        if (header != null) {
            found.add(ViamDataConstants.BINARY_DATA_ID, header);
        } else if (message.getBody() != null) {
            found.add("The body", message.getBody());
        }
        if (found.ids.isEmpty()) {
            throw new IllegalArgumentException("Nothing says which item is meant: set the header "
                    + ViamDataConstants.BINARY_DATA_ID + ", or give a body that is an ID, a collection of IDs, or what"
                    + " operation=query gives");
        }
        return List.copyOf(found.ids);
    }

    /**
     * @throws IllegalArgumentException if there is not exactly one
     */
    static String one(Message message) {
        List<String> ids = of(message);
        if (ids.size() > 1) {
            throw new IllegalArgumentException(
                    "The message names " + ids.size() + " items, and this operation takes one: use Camel's splitter");
        }
        return ids.get(0);
    }

    private void add(String place, Object value) {
        if (value instanceof Object[] array) {
            add(place, Arrays.asList(array));
        } else if (value instanceof Collection<?> several) {
            int index = 0;
            for (Object each : several) {
                addOne(place + "[" + index++ + "]", each);
            }
        } else {
            addOne(place, value);
        }
    }

    private void addOne(String place, Object value) {
        if (value instanceof Map<?, ?> item) {
            addId(place + "." + ViamDataConstants.BINARY_DATA_ID, item.get(ViamDataConstants.BINARY_DATA_ID));
        } else {
            addId(place, value);
        }
    }

    private void addId(String place, Object value) {
        String id = value instanceof byte[] utf8 ? new String(utf8, java.nio.charset.StandardCharsets.UTF_8) : null;
        if (value instanceof CharSequence text) {
            id = text.toString();
        }
        if (id == null || id.isBlank()) {
            throw new IllegalArgumentException(place + " is "
                    + (value == null
                            ? "missing"
                            : id != null ? "empty" : "a " + value.getClass().getTypeName())
                    + ": give a binary data ID");
        }
        ids.add(PlainText.id(place, id));
    }
}
