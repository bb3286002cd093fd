// Copyright the camel-viamdata authors. SPDX-License-Identifier: Apache-2.0
package io.github.camelviamdata.options;

import java.util.Arrays;
import java.util.Map;
import java.util.regex.Pattern;
import org.apache.camel.CamelContext;
import org.apache.camel.spi.PropertyConfigurer;
import org.apache.camel.spi.PropertyConfigurerGetter;

/**
 * Checks the text of options, and then sets them by the configurer that Camel generates. Camel itself reads text that is no number
 * as 0, truncates numbers that are too large, and does not name the option whose value it cannot convert.
 */
public final class CheckedConfigurer implements PropertyConfigurer, PropertyConfigurerGetter {

    // The durations that Camel parses, without the texts that it parses as 0.
    private static final Pattern DURATION = Pattern.compile(
            "-?\\d+|(\\d+\\s*(d|days?|h|hours?|m|mins?|minutes?|s|secs?|seconds?|ms|millis|milliseconds?)\\s*)+|P[0-9TDHMS.]+",
            Pattern.CASE_INSENSITIVE);

    private final PropertyConfigurer generated;
    private final PropertyConfigurerGetter options;

    private CheckedConfigurer(PropertyConfigurer generated) {
        this.generated = generated;
        this.options = (PropertyConfigurerGetter) generated;
    }

    /**
     * The configurer with checks.
     *
     * @param generated the configurer that Camel generates, or null if there is none yet
     * @return the configurer with checks; null for null
     */
    public static PropertyConfigurer of(PropertyConfigurer generated) {
        return generated == null ? null : new CheckedConfigurer(generated);
    }

    /**
     * @throws IllegalArgumentException if the value is text that cannot be the value of the option
     */
    @Override
    public boolean configure(CamelContext context, Object target, String name, Object value, boolean ignoreCase) {
        Class<?> type = getOptionType(name, ignoreCase);
        if (value instanceof String text && type != null && !text.startsWith("#")) {
            check(context, name, type, text);
        }
        return generated.configure(context, target, name, value, ignoreCase);
    }

    private static void check(CamelContext context, String name, Class<?> type, String text) {
        String fault = null;
        if (type == int.class && !isInt(text)) {
            fault = "is no number, or far out of range";
        } else if (type == long.class && !DURATION.matcher(text.strip()).matches()) {
            fault = "is neither a number nor a duration: give milliseconds, or a duration such as 30s or 1m30s";
        } else if (type.isEnum() && context.getTypeConverter().tryConvertTo(type, text) == null) {
            fault = "is none of " + Arrays.toString(type.getEnumConstants());
        } else if (type == Map.class) {
            fault = "is no map: give one option for each entry, such as " + name + ".NAME=VALUE";
        }
        if (fault != null) {
            throw new IllegalArgumentException("The option " + name + " is '" + text + "', which " + fault);
        }
    }

    private static boolean isInt(String text) {
        try {
            Integer.parseInt(text.strip());
            return true;
        } catch (NumberFormatException e) {
            return false;
        }
    }

    @Override
    public Class<?> getOptionType(String name, boolean ignoreCase) {
        return options.getOptionType(name, ignoreCase);
    }

    @Override
    public String[] getAutowiredNames() {
        return options.getAutowiredNames();
    }

    @Override
    public Object getCollectionValueType(Object target, String name, boolean ignoreCase) {
        return options.getCollectionValueType(target, name, ignoreCase);
    }

    @Override
    public Object getOptionValue(Object target, String name, boolean ignoreCase) {
        return options.getOptionValue(target, name, ignoreCase);
    }
}
