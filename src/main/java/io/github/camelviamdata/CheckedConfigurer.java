// Copyright the camel-viamdata authors. SPDX-License-Identifier: Apache-2.0
package io.github.camelviamdata;

import java.util.List;
import org.apache.camel.CamelContext;
import org.apache.camel.spi.PropertyConfigurer;
import org.apache.camel.spi.PropertyConfigurerGetter;

/**
 * Sets options by the configurer that Camel generates, after a look at their text: Camel takes text that is no number for
 * 0, which some options may be, and cuts numbers off that are too large for the option.
 */
final class CheckedConfigurer implements PropertyConfigurer, PropertyConfigurerGetter {

    private static final List<String> NUMBERS =
            List.of("port", "streamingThreshold", "chunkSize", "maxAttempts", "maxInFlight", "connections");

    // Of the others, 0 is refused anyway.
    private static final List<String> DURATIONS = List.of("maxInFlightWait", "shutdownTimeout");

    private final PropertyConfigurer generated;

    CheckedConfigurer(PropertyConfigurer generated) {
        this.generated = generated;
    }

    /**
     * @throws IllegalArgumentException if this is text that cannot be the value of the option
     */
    static void check(String option, Object value) {
        if (!(value instanceof String text) || text.startsWith("#")) {
            return;
        }
        if (isOneOf(NUMBERS, option) && !text.strip().matches("[+-]?[0-9]{1,9}")) {
            throw new IllegalArgumentException(
                    "The option " + option + " is '" + text + "', which is no number, or far out of range");
        } else if (isOneOf(DURATIONS, option) && text.chars().noneMatch(c -> c >= '0' && c <= '9')) {
            throw new IllegalArgumentException("The option " + option + " is '" + text + "', which is no duration");
        }
    }

    private static boolean isOneOf(List<String> options, String option) {
        return options.stream().anyMatch(option::equalsIgnoreCase);
    }

    @Override
    public boolean configure(CamelContext context, Object target, String name, Object value, boolean ignoreCase) {
        check(name, value);
        return generated.configure(context, target, name, value, ignoreCase);
    }

    private PropertyConfigurerGetter getter() {
        return (PropertyConfigurerGetter) generated;
    }

    @Override
    public Class<?> getOptionType(String name, boolean ignoreCase) {
        return getter().getOptionType(name, ignoreCase);
    }

    @Override
    public String[] getAutowiredNames() {
        return getter().getAutowiredNames();
    }

    @Override
    public Object getCollectionValueType(Object target, String name, boolean ignoreCase) {
        return getter().getCollectionValueType(target, name, ignoreCase);
    }

    @Override
    public Object getOptionValue(Object target, String name, boolean ignoreCase) {
        return getter().getOptionValue(target, name, ignoreCase);
    }
}
