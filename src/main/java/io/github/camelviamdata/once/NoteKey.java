// Copyright the camel-viamdata authors. SPDX-License-Identifier: Apache-2.0
package io.github.camelviamdata.once;

/** The 128 bits of a key, whose text form has 26 digits of base 32. */
record NoteKey(long high, long low) {

    private static final String ALPHABET = "abcdefghijklmnopqrstuvwxyz234567";
    private static final int BITS_OF_DIGIT = 5;
    private static final int DIGITS = 26;
    // The last digit has three bits of the key in front of two zeros.
    private static final int UNUSED_BITS = 2;

    /** @throws IllegalArgumentException if the text is no key */
    static NoteKey parse(String text) {
        if (text.length() != DIGITS) {
            throw new IllegalArgumentException("A key of a ledger has " + DIGITS + " digits, not " + text.length());
        }
        long high = 0;
        long low = 0;
        for (int i = 0; i < DIGITS - 1; i++) {
            high = high << BITS_OF_DIGIT | low >>> Long.SIZE - BITS_OF_DIGIT;
            low = low << BITS_OF_DIGIT | value(text.charAt(i));
        }
        int bits = BITS_OF_DIGIT - UNUSED_BITS;
        return new NoteKey(
                high << bits | low >>> Long.SIZE - bits, low << bits | value(text.charAt(DIGITS - 1)) >> UNUSED_BITS);
    }

    private static int value(char digit) {
        if (digit >= 'a' && digit <= 'z') {
            return digit - 'a';
        } else if (digit >= '2' && digit <= '7') {
            return digit - '2' + 26;
        }
        throw new IllegalArgumentException("A key of a ledger has letters a to z and digits 2 to 7");
    }

    @Override
    public String toString() {
        char[] digits = new char[DIGITS];
        digits[DIGITS - 1] = ALPHABET.charAt((int) (low << UNUSED_BITS) & 31);
        int bits = BITS_OF_DIGIT - UNUSED_BITS;
        long restHigh = high >>> bits;
        long rest = high << Long.SIZE - bits | low >>> bits;
        for (int i = DIGITS - 2; i >= 0; i--) {
            digits[i] = ALPHABET.charAt((int) rest & 31);
            rest = restHigh << Long.SIZE - BITS_OF_DIGIT | rest >>> BITS_OF_DIGIT;
            restHigh >>>= BITS_OF_DIGIT;
        }
        return new String(digits);
    }
}
