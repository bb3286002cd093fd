// Copyright the camel-viamdata authors. SPDX-License-Identifier: Apache-2.0
package io.github.camelviamdata.message;

import com.google.protobuf.Timestamp;
import io.github.camelviamdata.ViamDataConstants;
import io.github.camelviamdata.ViamDataTimeUnit;
import java.io.File;
import java.math.BigDecimal;
import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import java.time.DateTimeException;
import java.time.Instant;
import java.time.OffsetDateTime;
import java.time.ZonedDateTime;
import java.time.temporal.TemporalAccessor;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Calendar;
import java.util.Collection;
import java.util.Collections;
import java.util.Date;
import java.util.List;
import java.util.Map;
import org.apache.camel.Exchange;
import org.apache.camel.WrappedFile;

/**
 * Reads the headers of one message in all forms that sources deliver: typed values, text, or the UTF-8 bytes of text. A blank
 * text counts as absent.
 *
 * <p>For a value that cannot be read it throws an {@link IllegalArgumentException} that begins with the header's name.
 */
public final class HeaderValues {

    private final Exchange exchange;
    private final ViamDataTimeUnit timeUnit;

    /**
     * @param timeUnit the unit of numbers that are times; null for milliseconds, with numbers refused that look like seconds
     */
    public HeaderValues(Exchange exchange, ViamDataTimeUnit timeUnit) {
        this.exchange = exchange;
        this.timeUnit = timeUnit;
    }

    /** The value of a header as it is, or null. */
    public Object object(String header) {
        return exchange.getMessage().getHeader(header);
    }

    /** A text, or null. */
    public String text(String header) {
        return text(header, object(header));
    }

    /** The elements of a collection or array, or of text separated by commas; empty without any. */
    public List<String> texts(String header) {
        Object value = object(header);
        Collection<?> elements;
        if (value instanceof Collection<?> collection) {
            elements = collection;
        } else if (value instanceof Object[] array) {
            elements = Arrays.asList(array);
        } else {
            return split(PlainText.list(header, text(header, value)));
        }
        return elements.stream()
                .map(element -> text(header, element))
                .filter(text -> text != null)
                .toList();
    }

    static boolean isVerbatim(Exchange exchange) {
        return new HeaderValues(exchange, null).isVerbatim();
    }

    /** Whether to send the values of headers unchanged. */
    boolean isVerbatim() {
        return flag(ViamDataConstants.VERBATIM, false);
    }

    /** A text unchanged, even a blank one; the other one if it is absent or empty. */
    String verbatim(String header, String other) {
        if (object(header) instanceof String text && !text.isEmpty()) {
            return ProtoValues.text(header, text);
        }
        String text = text(header);
        return text == null ? other : text;
    }

    /** The elements of a collection of texts unchanged, even empty ones; any other value as by {@link #texts}. */
    List<String> verbatim(String header) {
        if (object(header) instanceof Collection<?> elements
                && elements.stream().allMatch(String.class::isInstance)) {
            return elements.stream()
                    .map(element -> ProtoValues.text(header, (String) element))
                    .toList();
        }
        return texts(header);
    }

    /** A boolean, or the default without the header. */
    boolean flag(String header, boolean defaultValue) {
        String text = text(header);
        if (text == null) {
            return defaultValue;
        } else if (text.equalsIgnoreCase("true") || text.equalsIgnoreCase("false")) {
            return Boolean.parseBoolean(text);
        }
        throw new IllegalArgumentException(header + " is neither true nor false: '" + shown(text) + "'");
    }

    /** A time, or null. */
    public Timestamp time(String header) {
        return time(header, object(header));
    }

    /** A time, or null, for each reading: the elements of a collection, else the same one for all. */
    List<Timestamp> times(String header, int count) {
        Object value = object(header);
        if (!(value instanceof Collection<?> times)) {
            return Collections.nCopies(count, time(header, value));
        }
        if (times.size() != count) {
            throw new IllegalArgumentException(header + " holds " + times.size() + " times for " + count + " readings");
        }
        List<Timestamp> read = new ArrayList<>(count);
        for (Object time : times) {
            read.add(time(header + "[" + read.size() + "]", time));
        }
        return read;
    }

    /**
     * The message timestamp, which Camel's components set in milliseconds; or null. A negative one counts as absent: Kafka's
     * clients use -1 for none.
     */
    Timestamp messageTimestamp() {
        Object value = object(Exchange.MESSAGE_TIMESTAMP);
        boolean none = value instanceof Number number && number.doubleValue() < 0
                || value instanceof CharSequence text && text.toString().strip().startsWith("-");
        return none ? null : time(Exchange.MESSAGE_TIMESTAMP, value, null);
    }

    /** A value as a time, or null. */
    Timestamp time(String header, Object value) {
        return time(header, value, timeUnit);
    }

    private Timestamp time(String header, Object value, ViamDataTimeUnit unit) {
        try {
            Instant time = instant(header, value, unit);
            return time == null ? null : ProtoValues.timestamp(time);
        } catch (DateTimeException | ArithmeticException | NumberFormatException e) {
            throw new IllegalArgumentException(
                    header + " is not a time: '" + shown(value) + "'. Give an Instant, OffsetDateTime,"
                            + " ZonedDateTime, Date, epoch "
                            + (unit == null ? ViamDataTimeUnit.milliseconds : unit)
                            + ", or ISO-8601 text with an offset",
                    e);
        } catch (IllegalArgumentException e) {
            throw new IllegalArgumentException(header + ": " + e.getMessage(), e);
        }
    }

    /** A map, or text with a JSON object; empty without one. */
    Map<?, ?> map(String header) {
        Object value = json(header, object(header));
        if (value == null) {
            return Map.of();
        } else if (value instanceof Map<?, ?> map) {
            return map;
        }
        throw new IllegalArgumentException(header + " is neither a map nor a JSON object");
    }

    /** A map or a collection as it is, or the value of JSON text; null without any. */
    public Object json(String header, Object value) {
        if (value instanceof Map || value instanceof Collection) {
            return value;
        }
        String text = text(header, value);
        return text == null
                ? null
                : JsonReadings.value(new JsonReadings.Place(header, "give a map, a list of maps, or JSON"), text);
    }

    /** The parts of a text separated by commas, without the spaces around them and without empty ones. */
    static List<String> split(String text) {
        if (text == null) {
            return List.of();
        }
        List<String> parts = new ArrayList<>();
        for (String part : text.split(",")) {
            String stripped = part.strip();
            if (!stripped.isEmpty()) {
                parts.add(stripped);
            }
        }
        return parts;
    }

    private String text(String header, Object value) {
        String text;
        if (value == null) {
            return null;
        } else if (value instanceof CharSequence characters) {
            text = characters.toString();
        } else if (value instanceof byte[] bytes) {
            text = utf8(header, ByteBuffer.wrap(bytes));
        } else if (value instanceof ByteBuffer bytes) {
            text = utf8(header, bytes.duplicate());
        } else if (value instanceof Map
                || value instanceof Collection
                || value.getClass().isArray()
                // Camel would convert these to their content.
                || value instanceof File
                || value instanceof WrappedFile) {
            throw new IllegalArgumentException(
                    header + " is a " + value.getClass().getTypeName() + ": give text");
        } else {
            text = exchange.getContext().getTypeConverter().tryConvertTo(String.class, exchange, value);
            if (text == null) {
                throw new IllegalArgumentException(
                        header + " is a " + value.getClass().getTypeName() + " that has no text: give text");
            }
        }
        if (text == null || text.isBlank()) {
            return null;
        }
        return ProtoValues.text(header, text);
    }

    private static String utf8(String header, ByteBuffer bytes) {
        try {
            return StandardCharsets.UTF_8.newDecoder().decode(bytes).toString();
        } catch (CharacterCodingException e) {
            throw new IllegalArgumentException(header + " holds bytes that are not UTF-8 text", e);
        }
    }

    private Instant instant(String header, Object value, ViamDataTimeUnit unit) {
        if (value instanceof Instant || value instanceof OffsetDateTime || value instanceof ZonedDateTime) {
            return Instant.from((TemporalAccessor) value);
        } else if (value instanceof Date date) {
            return Instant.ofEpochMilli(date.getTime());
        } else if (value instanceof Calendar calendar) {
            return calendar.toInstant();
        } else if (value instanceof Long number) {
            return TimeValues.ofNumber(BigDecimal.valueOf(number), unit);
        }
        String text = text(header, value);
        if (text == null) {
            return null;
        }
        text = text.strip();
        return isNumber(value, text) ? TimeValues.ofNumber(new BigDecimal(text), unit) : TimeValues.ofText(text);
    }

    /** Only for numbers and text: the text of other types may be digits, but a {@link java.time.Year} is no time. */
    private static boolean isNumber(Object value, String text) {
        boolean digits = value instanceof CharSequence || value instanceof byte[] || value instanceof ByteBuffer;
        return value instanceof Number || digits && TimeValues.isNumber(text);
    }

    private static String shown(Object value) {
        String text = String.valueOf(value instanceof byte[] bytes ? new String(bytes, StandardCharsets.UTF_8) : value);
        return text.length() <= 80 ? text : text.substring(0, 80) + "...";
    }
}
