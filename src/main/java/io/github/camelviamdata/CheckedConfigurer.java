// Copyright the camel-viamdata authors. SPDX-License-Identifier: Apache-2.0
package io.github.camelviamdata;

import org.apache.camel.CamelContext;
import org.apache.camel.spi.PropertyConfigurer;
import org.apache.camel.spi.PropertyConfigurerGetter;

/**
 * Sets options by the configurer that Camel generates, after a look at their text: Camel takes text that is no number for
 * 0, which some options may be, and cuts numbers off that are too large for the option.
 */
public final class CheckedConfigurer implements PropertyConfigurer, PropertyConfigurerGetter {

    private final PropertyConfigurer generated;
    private final PropertyConfigurerGetter options;

    private CheckedConfigurer(PropertyConfigurer generated) {
        this.generated = generated;
        this.options = (PropertyConfigurerGetter) generated;
    }

    /**
     * The configurer with checks.
     *
     * @param generated the one that Camel generates, or null as long as there is none
     */
    public static PropertyConfigurer of(PropertyConfigurer generated) {
        return generated == null ? null : new CheckedConfigurer(generated);
    }

    /**
     * @throws IllegalArgumentException if the value is text that cannot be the value of the option
     */
    @Override
    public boolean configure(CamelContext context, Object target, String name, Object value, boolean ignoreCase) {
        if (value instanceof String text) {
            Class<?> type = getOptionType(name, ignoreCase);
            if (type == int.class && !isInt(text)) {
                throw new IllegalArgumentException(
                        "The option " + name + " is '" + text + "', which is no number, or far out of range");
            } else if (type == long.class && text.chars().noneMatch(c -> c >= '0' && c <= '9')) {
                // All options of this type are durations.
                throw new IllegalArgumentException("The option " + name + " is '" + text + "', which is no duration");
            }
        }
        return generated.configure(context, target, name, value, ignoreCase);
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
