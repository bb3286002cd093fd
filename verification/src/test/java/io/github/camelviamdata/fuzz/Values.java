// Copyright the camel-viamdata authors. SPDX-License-Identifier: Apache-2.0
package io.github.camelviamdata.fuzz;

import java.io.ByteArrayInputStream;
import java.io.StringReader;
import java.math.BigDecimal;
import java.math.BigInteger;
import java.nio.ByteBuffer;
import java.time.Duration;
import java.time.Instant;
import java.time.LocalDate;
import java.time.LocalDateTime;
import java.time.LocalTime;
import java.time.OffsetDateTime;
import java.time.OffsetTime;
import java.time.Year;
import java.time.ZoneOffset;
import java.time.ZonedDateTime;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Date;
import java.util.GregorianCalendar;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import net.jqwik.api.Arbitraries;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.Combinators;
import net.jqwik.api.Tuple;

/** Values that a header or a body may hold, from the usual to the absurd. */
final class Values {

    private Values() {}

    /** Any characters at all: control characters, lone surrogates, none. */
    static Arbitrary<String> text() {
        return Arbitraries.frequencyOf(
                Tuple.of(4, Arbitraries.strings().withCharRange('\0', '\uffff').ofMaxLength(40)),
                Tuple.of(4, Arbitraries.strings().ascii().ofMaxLength(40)),
                Tuple.of(2, Arbitraries.strings().numeric().ofMaxLength(30)),
                Tuple.of(
                        2,
                        Arbitraries.strings().withChars("0123456789-:TZ+.[]/e").ofMaxLength(40)),
                Tuple.of(2, Arbitraries.strings().withChars("{}[]\",:a1\\ \n").ofMaxLength(30)),
                Tuple.of(
                        1,
                        Arbitraries.of(
                                "",
                                " ",
                                ",,,",
                                "x".repeat(100_000),
                                "9".repeat(100_000),
                                "-",
                                "${body}",
                                "\ud83d",
                                "a\udc00b",
                                "[".repeat(20_000),
                                "{\"a\":".repeat(20_000),
                                "image/jpeg",
                                "/",
                                "a/b;c=d")));
    }

    static boolean isUnicode(String text) {
        return text.codePoints().noneMatch(c -> c >= 0xd800 && c <= 0xdfff);
    }

    static Arbitrary<Number> numbers() {
        return Arbitraries.oneOf(
                Arbitraries.integers().map(i -> (Number) i),
                Arbitraries.longs().map(i -> (Number) i),
                Arbitraries.doubles().map(i -> (Number) i),
                Arbitraries.floats().map(i -> (Number) i),
                Arbitraries.bytes().map(i -> (Number) i),
                Arbitraries.bigIntegers().map(i -> (Number) i),
                Arbitraries.bigDecimals().map(i -> (Number) i),
                Arbitraries.of(
                        Double.NaN,
                        Double.NEGATIVE_INFINITY,
                        Double.MAX_VALUE,
                        Double.MIN_VALUE,
                        -0.0,
                        Float.NaN,
                        Long.MIN_VALUE,
                        Long.MAX_VALUE,
                        new BigDecimal("1e999999999"),
                        new BigDecimal("1e-999999999"),
                        BigInteger.TWO.pow(20_000)));
    }

    static Arbitrary<Object> times() {
        Arbitrary<Instant> instants = instants();
        Arbitrary<Instant> civil = instants.filter(time -> time.isAfter(Instant.parse("-9999-01-01T00:00:00Z"))
                && time.isBefore(Instant.parse("+20000-01-01T00:00:00Z")));
        return Arbitraries.oneOf(
                instants.map(time -> (Object) time),
                civil.map(time -> time.atOffset(ZoneOffset.ofHours(-7))),
                civil.map(time -> time.atZone(ZoneOffset.UTC)),
                civil.map(Instant::toString),
                Arbitraries.longs().map(Date::new),
                Arbitraries.longs().map(java.sql.Timestamp::new),
                Arbitraries.longs().map(java.sql.Date::new),
                Arbitraries.longs().map(java.sql.Time::new),
                Arbitraries.longs().map(Values::calendar),
                Arbitraries.of(
                        Instant.MIN,
                        Instant.MAX,
                        OffsetDateTime.MIN,
                        OffsetDateTime.MAX,
                        ZonedDateTime.of(LocalDateTime.MIN, ZoneOffset.MAX),
                        ZonedDateTime.of(LocalDateTime.MAX, ZoneOffset.MIN),
                        LocalDateTime.MAX,
                        LocalDate.EPOCH,
                        LocalTime.NOON,
                        OffsetTime.MIN,
                        Year.of(2026),
                        Duration.ofSeconds(Long.MIN_VALUE)));
    }

    /** About half of them in the years that a request can tell. */
    static Arbitrary<Instant> instants() {
        return Arbitraries.oneOf(
                Combinators.combine(
                                Arbitraries.longs().between(-62_135_596_800L, 253_402_300_799L),
                                Arbitraries.integers().between(0, 999_999_999))
                        .as(Instant::ofEpochSecond),
                Arbitraries.longs()
                        .between(Instant.MIN.getEpochSecond(), Instant.MAX.getEpochSecond())
                        .map(Instant::ofEpochSecond));
    }

    private static Object calendar(long millis) {
        GregorianCalendar calendar = new GregorianCalendar();
        calendar.setTimeInMillis(millis);
        return calendar;
    }

    static Arbitrary<Object> bytes() {
        Arbitrary<byte[]> arrays = Arbitraries.oneOf(
                Arbitraries.bytes().array(byte[].class).ofMaxSize(40),
                text().map(text -> text.getBytes(java.nio.charset.StandardCharsets.UTF_8)));
        return Arbitraries.oneOf(arrays.map(array -> (Object) array), arrays.map(ByteBuffer::wrap));
    }

    static Arbitrary<Object> oddities() {
        // jqwik asks arrays for the hash codes of what they hold.
        return Arbitraries.of(Oddity.values())
                .filter(oddity -> oddity != Oddity.ARRAY_IN_ITSELF)
                .map(Oddity::make);
    }

    /** Any of these, and lists, arrays and maps of them, in each other. */
    static Arbitrary<Object> any() {
        Arbitrary<Object> leaves = Arbitraries.oneOf(
                        text().map(text -> (Object) text),
                        text().map(StringBuilder::new),
                        numbers().map(number -> (Object) number),
                        times(),
                        bytes(),
                        oddities())
                .injectNull(0.03);
        return Arbitraries.frequencyOf(Tuple.of(5, leaves), net.jqwik.api.Tuple.of(2, nested(leaves, 3)));
    }

    private static Arbitrary<Object> nested(Arbitrary<Object> leaves, int depth) {
        Arbitrary<Object> elements = depth == 1 ? leaves : Arbitraries.oneOf(leaves, nested(leaves, depth - 1));
        return Arbitraries.oneOf(
                elements.list().ofMaxSize(4).map(list -> (Object) list),
                elements.list().ofMaxSize(4).map(List::toArray),
                elements.list().ofMaxSize(4).map(Values::map),
                Arbitraries.of(new int[] {1}, new double[] {Double.NaN}, new Object[0], List.of(), Map.of()));
    }

    private static Object map(List<Object> values) {
        Map<Object, Object> map = new LinkedHashMap<>();
        for (int i = 0; i < values.size(); i++) {
            map.put(i == 2 ? null : i == 3 ? 7 : "key" + i, values.get(i));
        }
        return map;
    }

    enum Oddity {
        TRUE(true),
        CHARACTER('c'),
        ENUM(Thread.State.RUNNABLE),
        CLASS(String.class),
        EMPTY(Optional.empty()),
        ANNOTATIONS(io.github.camelviamdata.proto.data.v1.Annotations.getDefaultInstance()),
        EXCEPTION(new IllegalStateException("text")),
        PLAIN(new Object()),
        STREAM(null) {
            @Override
            Object make() {
                return new ByteArrayInputStream(new byte[] {1, 2, -1});
            }
        },
        READER(null) {
            @Override
            Object make() {
                return new StringReader("text\ud83d");
            }
        },
        FUTURE(new CompletableFuture<>()) {
            @Override
            Object make() {
                return CompletableFuture.completedFuture("text");
            }
        },
        FILE(new java.io.File("/does/not/exist")),
        DIRECTORY(new java.io.File("/tmp")),
        PATH(java.nio.file.Path.of("/does/not/exist")),
        THROWS(null) {
            @Override
            Object make() {
                return new Object() {
                    @Override
                    public String toString() {
                        throw new IllegalStateException("no text for you");
                    }
                };
            }
        },
        NULL_TEXT(null) {
            @Override
            Object make() {
                return new Object() {
                    @Override
                    public String toString() {
                        return null;
                    }
                };
            }
        },
        THROWING_NUMBER(null) {
            @Override
            Object make() {
                return new ThrowingNumber();
            }
        },
        LIST_IN_ITSELF(null) {
            @Override
            Object make() {
                List<Object> list = new PlainList();
                list.add(list);
                return list;
            }
        },
        MAP_IN_ITSELF(null) {
            @Override
            Object make() {
                Map<String, Object> map = new PlainMap();
                map.put("map", map);
                return map;
            }
        },
        ARRAY_IN_ITSELF(null) {
            @Override
            Object make() {
                Object[] array = new Object[1];
                array[0] = array;
                return array;
            }
        },
        DEEP(null) {
            @Override
            Object make() {
                Object value = 1;
                for (int i = 0; i < 20_000; i++) {
                    Map<String, Object> map = new PlainMap();
                    map.put("a", value);
                    value = map;
                }
                return value;
            }
        },
        NULLS(Arrays.asList(null, null));

        private final Object value;

        Oddity(Object value) {
            this.value = value;
        }

        Object make() {
            return value;
        }
    }

    /** With a hash code that jqwik can ask for. */
    private static final class PlainList extends ArrayList<Object> {

        private static final long serialVersionUID = 1L;

        @Override
        public int hashCode() {
            return System.identityHashCode(this);
        }

        @Override
        public boolean equals(Object other) {
            return this == other;
        }
    }

    /** As above. */
    private static final class PlainMap extends HashMap<String, Object> {

        private static final long serialVersionUID = 1L;

        @Override
        public int hashCode() {
            return System.identityHashCode(this);
        }

        @Override
        public boolean equals(Object other) {
            return this == other;
        }
    }

    private static final class ThrowingNumber extends Number {

        private static final long serialVersionUID = 1L;

        @Override
        public int intValue() {
            throw new UnsupportedOperationException();
        }

        @Override
        public long longValue() {
            throw new UnsupportedOperationException();
        }

        @Override
        public float floatValue() {
            throw new UnsupportedOperationException();
        }

        @Override
        public double doubleValue() {
            throw new UnsupportedOperationException();
        }
    }
}
