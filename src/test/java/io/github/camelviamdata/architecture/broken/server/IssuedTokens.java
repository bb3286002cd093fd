// Copyright the camel-viamdata authors. SPDX-License-Identifier: Apache-2.0
package io.github.camelviamdata.architecture.broken.server;

import java.security.MessageDigest;
import java.util.Arrays;
import java.util.Objects;
import java.util.function.Predicate;

/** Breaks SECRETS: compares as it should, and in other ways too. */
public final class IssuedTokens {

    private final Predicate<String> subject = "subject"::equalsIgnoreCase;

    boolean isValid(String token, byte[] signature) {
        return MessageDigest.isEqual(signature, new byte[1])
                && token.equals("token")
                && token.contentEquals(new StringBuilder("token"))
                && token.compareTo("token") == 0
                && Objects.equals(token, "token")
                && Arrays.equals(signature, new byte[1])
                && Arrays.mismatch(signature, new byte[1]) < 0
                && subject.test(token);
    }
}
