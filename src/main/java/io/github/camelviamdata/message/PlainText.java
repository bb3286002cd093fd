// Copyright the camel-viamdata authors. SPDX-License-Identifier: Apache-2.0
package io.github.camelviamdata.message;

/**
 * Checks texts for typing errors and unresolved placeholders. Each method returns the text, and null for null. Exception texts
 * begin with the name of the text, such as {@code The option host}, and never show the text, which may be a secret.
 */
public final class PlainText {

    private PlainText() {}

    /**
     * A text in which all placeholders are resolved.
     *
     * @throws IllegalArgumentException if it contains a placeholder
     */
    public static String resolved(String name, String text) {
        if (text != null && text.contains("{{")) {
            throw new IllegalArgumentException(name
                    + " contains a placeholder that nothing has resolved: define the property, or correct its name in"
                    + " {{...}}");
        }
        return text;
    }

    /**
     * An ID or a key: no placeholder, no white space around it, and no control character in it.
     *
     * @throws IllegalArgumentException otherwise
     */
    public static String id(String name, String text) {
        if (text != null && !text.isBlank()) {
            if (!text.equals(text.strip()) || text.chars().anyMatch(Character::isISOControl)) {
                throw new IllegalArgumentException(name
                        + " has white space or a line break before, in or after its text, as from the end of a file: remove"
                        + " it");
            }
        }
        return resolved(name, text);
    }

    /**
     * The type of a component.
     *
     * @throws IllegalArgumentException if it contains a placeholder or ends in a colon
     */
    public static String componentType(String name, String text) {
        if (text != null && text.strip().endsWith(":")) {
            throw new IllegalArgumentException(
                    name + " ends in a colon: give a type such as camera or rdk:component:camera");
        }
        return resolved(name, text);
    }

    /**
     * Tags or IDs separated by commas.
     *
     * @throws IllegalArgumentException if it contains a placeholder or a semicolon
     */
    public static String list(String name, String text) {
        if (text != null && text.indexOf(';') >= 0) {
            throw new IllegalArgumentException(name + " contains a semicolon: separate its parts by commas");
        }
        return resolved(name, text);
    }
}
