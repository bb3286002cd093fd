// Copyright the camel-viamdata authors. SPDX-License-Identifier: Apache-2.0
package io.github.camelviamdata.message;

import com.google.protobuf.Struct;
import io.github.camelviamdata.upload.ReadProgress;
import java.io.File;
import java.io.IOException;
import java.io.InputStream;
import java.io.InputStreamReader;
import java.io.Reader;
import java.io.StringReader;
import java.io.UncheckedIOException;
import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.CharsetDecoder;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collection;
import java.util.Iterator;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.apache.camel.Exchange;
import org.apache.camel.StreamCache;
import org.apache.camel.WrappedFile;

/** Reads the readings of a message body. */
final class Readings {

    // By name, because the libraries are optional. Their toString is JSON; an iteration over an object gives its
    // values.
    private static final Set<String> TREES = Set.of(
            "com.fasterxml.jackson.databind.JsonNode",
            "tools.jackson.databind.JsonNode",
            "com.google.gson.JsonElement");

    private final Exchange exchange;
    private final ReadProgress progress;
    private final ProtoValues.Limits limits;
    private final List<Struct> readings = new ArrayList<>();

    private Readings(Exchange exchange, ReadProgress progress) {
        this.exchange = exchange;
        this.progress = progress;
        this.limits = HeaderValues.isVerbatim(exchange) ? ProtoValues.Limits.WIRE : ProtoValues.Limits.JSON;
    }

    /**
     * One reading for an object, or one for each element of a list of objects. An object is a map, a {@code Struct}, a tree of
     * Jackson or Gson, JSON text, or anything that Camel converts to a map.
     *
     * @param progress where reads of a stream are noted, or null
     * @param emptyAllowed whether a reading may have no value
     * @throws IllegalArgumentException if the body holds no reading, anything else, or a value without a counterpart in JSON
     */
    static List<Struct> of(Exchange exchange, ReadProgress progress, boolean emptyAllowed) {
        Readings readings = new Readings(exchange, progress);
        readings.addAll(exchange.getMessage().getBody());
        if (readings.readings.isEmpty()) {
            throw new IllegalArgumentException("The body holds no reading");
        } else if (!emptyAllowed) {
            checkEach(readings.readings);
        }
        return readings.readings;
    }

    private static void checkEach(List<Struct> readings) {
        for (int i = 0; i < readings.size(); i++) {
            if (readings.get(i).getFieldsCount() == 0) {
                throw new IllegalArgumentException((readings.size() == 1 ? "The body" : path(i))
                        + " is empty: it holds no value. Set the option allowEmptyPayload if that is what you mean to"
                        + " upload");
            }
        }
    }

    /** The path of a reading, for exception texts. */
    static String path(int index) {
        return "The reading [" + index + "]";
    }

    private void addAll(Object body) {
        if (body == null) {
            return;
        } else if (isText(body)) {
            addJson(body);
        } else if (isTree(body)) {
            addJson(body.toString());
        } else if (body instanceof Collection<?> elements) {
            elements.forEach(this::addElement);
        } else if (body instanceof Iterable<?> elements) {
            // The claim is on the iterator, because most iterables return a new one each time.
            Iterator<?> iterator = elements.iterator();
            BodyClaims.claimOnce(iterator);
            iterator.forEachRemaining(this::addElement);
        } else if (body instanceof Object[] elements) {
            Arrays.asList(elements).forEach(this::addElement);
        } else {
            readings.add(reading("The reading", body));
        }
    }

    private void addElement(Object element) {
        readings.add(reading(path(readings.size()), element));
    }

    private Struct reading(String path, Object element) {
        if (element instanceof Map<?, ?> map) {
            return ProtoValues.struct(path, map, limits);
        } else if (element instanceof Struct struct) {
            // Converted back and forth, because a Struct may also hold values without a counterpart in JSON.
            return ProtoValues.struct(path, ProtoValues.map(struct), limits);
        } else if (element != null && isTree(element)) {
            return reading(path, tree(element));
        }
        Map<?, ?> map = element == null || isText(element) || element instanceof Number
                ? null
                : exchange.getContext().getTypeConverter().tryConvertTo(Map.class, exchange, element);
        if (map != null) {
            return ProtoValues.struct(path, map, limits);
        }
        throw new IllegalArgumentException("The body holds a "
                + (element == null ? "null" : element.getClass().getTypeName())
                + " where a reading, a map, should be: convert it first, as by marshal().json(), or set the option"
                + " operation");
    }

    /** The map for a tree; its text if it is no object, which the caller refuses. */
    private static Object tree(Object element) {
        List<Object> values = new ArrayList<>(1);
        try {
            JsonReadings.read(new StringReader(element.toString()), values::add);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        return values.size() == 1 && values.get(0) instanceof Map<?, ?> map ? map : element.toString();
    }

    private void addJson(Object body) {
        try {
            if (body instanceof String text) {
                JsonReadings.read(new StringReader(text), this::addElement);
            } else if (body instanceof Reader reader) {
                if (!(reader instanceof StreamCache)) {
                    BodyClaims.claimOnce(reader);
                }
                JsonReadings.read(reader, this::addElement);
            } else {
                try (InputStream bytes = Payloads.of(exchange, progress).open()) {
                    // Fails on malformed bytes, instead of replacing them.
                    CharsetDecoder decoder = Payloads.charset(exchange).newDecoder();
                    JsonReadings.read(new InputStreamReader(bytes, decoder), this::addElement);
                }
            }
        } catch (IOException | UncheckedIOException e) {
            boolean text = e instanceof CharacterCodingException || e.getCause() instanceof CharacterCodingException;
            throw new IllegalArgumentException(
                    text
                            ? "The body is not text: give JSON, or set the option operation"
                            : "The body cannot be read: " + e.getMessage(),
                    e);
        } finally {
            if (body instanceof StreamCache cache) {
                cache.reset();
            }
        }
    }

    private static boolean isText(Object body) {
        return body instanceof String
                || body instanceof byte[]
                || body instanceof ByteBuffer
                || body instanceof InputStream
                || body instanceof Reader
                || body instanceof File
                || body instanceof Path
                || body instanceof WrappedFile;
    }

    /** Whether this is a tree of Jackson or Gson. Its text is JSON. */
    static boolean isTree(Object element) {
        for (Class<?> type = element.getClass(); type != null; type = type.getSuperclass()) {
            if (TREES.contains(type.getName())) {
                return true;
            }
        }
        return false;
    }
}
