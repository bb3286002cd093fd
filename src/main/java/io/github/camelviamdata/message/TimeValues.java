// Copyright the camel-viamdata authors. SPDX-License-Identifier: Apache-2.0
package io.github.camelviamdata.message;

import io.github.camelviamdata.ViamDataTimeUnit;
import java.math.BigDecimal;
import java.math.BigInteger;
import java.math.RoundingMode;
import java.time.Instant;
import java.time.chrono.IsoChronology;
import java.time.format.DateTimeFormatter;
import java.time.format.DateTimeFormatterBuilder;
import java.time.format.ResolverStyle;
import java.time.temporal.ChronoField;
import java.util.Locale;
import java.util.regex.Pattern;

/** Converts numbers and text to times. */
final class TimeValues {

    private static final Pattern NUMBER = Pattern.compile("-?[0-9]{1,40}(\\.[0-9]{1,20})?");

    // Offsets as +01:00, +0100 and +01, and Z.
    private static final String OFFSET = "[ ][XXXXX][XXXX][X]";

    private static final DateTimeFormatter EXTENDED = strict(new DateTimeFormatterBuilder()
            .parseCaseInsensitive()
            .append(DateTimeFormatter.ISO_LOCAL_DATE_TIME)
            .appendPattern(OFFSET)
            .optionalStart()
            .appendLiteral('[')
            .parseCaseSensitive()
            .appendZoneRegionId()
            .appendLiteral(']')
            .optionalEnd());

    private static final DateTimeFormatter BASIC = strict(new DateTimeFormatterBuilder()
            .parseCaseInsensitive()
            .appendPattern("uuuuMMdd'T'HHmm[ss]")
            .optionalStart()
            .appendFraction(ChronoField.NANO_OF_SECOND, 0, 9, true)
            .optionalEnd()
            .appendPattern(OFFSET));

    private static final int BASIC_DATE = 8;
    private static final int EXTENDED_DATE = 10;

    // As milliseconds, these are times of 1970 to 1978; as seconds, those from 2001-01-01 to the year 9999.
    private static final BigDecimal FIRST_SECOND = BigDecimal.valueOf(978_307_200L);
    private static final BigDecimal LAST_SECOND = BigDecimal.valueOf(253_402_300_799L);

    private static final BigInteger NANOS = BigInteger.TEN.pow(9);

    // More digits than any time has. Arithmetic with an exponent of millions would take too long.
    private static final int MAX_SCALE = 60;

    private TimeValues() {}

    private static DateTimeFormatter strict(DateTimeFormatterBuilder builder) {
        return builder.toFormatter(Locale.ROOT)
                .withResolverStyle(ResolverStyle.STRICT)
                .withChronology(IsoChronology.INSTANCE);
    }

    /** Whether text is a number. */
    static boolean isNumber(String text) {
        return NUMBER.matcher(text).matches();
    }

    /**
     * @param unit the unit of the number; null for milliseconds, where a number that looks like seconds is refused
     * @throws ArithmeticException if there is no such time
     * @throws IllegalArgumentException if there is no unit and the number looks like seconds
     */
    static Instant ofNumber(BigDecimal number, ViamDataTimeUnit unit) {
        if (Math.abs((long) number.scale()) > MAX_SCALE) {
            throw new ArithmeticException("out of range");
        } else if (unit == null) {
            if (number.compareTo(FIRST_SECOND) >= 0 && number.compareTo(LAST_SECOND) <= 0) {
                throw new IllegalArgumentException(number.toPlainString()
                        + " looks like seconds, but milliseconds are expected: multiply by 1000, or set the option"
                        + " timeUnit");
            }
            return Instant.ofEpochMilli(number.longValueExact());
        }
        BigInteger[] time = number.scaleByPowerOfTen(unit.nanoDigits())
                .setScale(0, RoundingMode.FLOOR)
                .toBigInteger()
                .divideAndRemainder(NANOS);
        return Instant.ofEpochSecond(time[0].longValueExact(), time[1].longValueExact());
    }

    /**
     * ISO-8601 in its extended and its basic format, with an offset or {@code Z}; with a period or a comma before the
     * fraction, and a {@code T} or a blank before the time.
     *
     * @throws java.time.DateTimeException if it has another format
     */
    static Instant ofText(String text) {
        String iso = text.replace(',', '.');
        boolean basic = isTimeAt(iso, BASIC_DATE);
        if (basic || isTimeAt(iso, EXTENDED_DATE)) {
            int date = basic ? BASIC_DATE : EXTENDED_DATE;
            iso = iso.substring(0, date) + 'T' + iso.substring(date + 1);
        }
        return (basic ? BASIC : EXTENDED).parse(iso, Instant::from);
    }

    private static boolean isTimeAt(String text, int date) {
        return text.length() > date && (text.charAt(date) == ' ' || text.charAt(date) == 'T');
    }
}
