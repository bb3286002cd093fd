// Copyright the camel-viamdata authors. SPDX-License-Identifier: Apache-2.0
package io.github.camelviamdata.support;

import static org.assertj.core.api.Assertions.fail;

import java.net.URLEncoder;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.Base64;
import java.util.HashSet;
import java.util.HexFormat;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import java.util.UUID;
import java.util.stream.Collectors;

/** A secret that no output may show, in whatever form. Its beginning is all that is searched for: even that is too much. */
public final class Secret {

    private static final int SEARCHED = 12;

    private final String text;
    private final Set<String> forms;

    private Secret(String text) {
        this.text = text;
        this.forms = forms(text);
    }

    public String text() {
        return text;
    }

    /** One that there never was before, with characters that URIs treat specially. */
    public static Secret random(String prefix) {
        return new Secret(prefix + UUID.randomUUID().toString().substring(0, 13) + "/+%=" + UUID.randomUUID());
    }

    private static Set<String> forms(String text) {
        String start = text.substring(0, SEARCHED);
        byte[] bytes = start.getBytes(StandardCharsets.UTF_8);
        Set<String> forms = new HashSet<>(List.of(
                start,
                URLEncoder.encode(start, StandardCharsets.UTF_8),
                URLEncoder.encode(text, StandardCharsets.UTF_8),
                HexFormat.of().formatHex(bytes),
                HexFormat.ofDelimiter(" ").formatHex(bytes)));
        String numbers = Arrays.toString(bytes);
        forms.add(numbers.substring(1, numbers.length() - 1));
        // In Base64 a text looks different at each of three places in what surrounds it.
        for (int shift = 0; shift < 3; shift++) {
            byte[] shifted = new byte[shift + bytes.length];
            System.arraycopy(bytes, 0, shifted, shift, bytes.length);
            String base64 = Base64.getEncoder().encodeToString(shifted);
            forms.add(base64.substring(shift == 0 ? 0 : 4, base64.length() - 4));
        }
        return forms.stream().map(form -> form.toLowerCase(Locale.ROOT)).collect(Collectors.toSet());
    }

    /** Whether an output shows any of these secrets in any form. */
    public static void assertNone(List<Secret> secrets, String where, Object output) {
        String text = String.valueOf(output).toLowerCase(Locale.ROOT);
        for (Secret secret : secrets) {
            for (String form : secret.forms) {
                if (text.contains(form)) {
                    fail("%s shows %s as '%s': %s", where, secret.text(), form, output);
                }
            }
        }
    }
}
