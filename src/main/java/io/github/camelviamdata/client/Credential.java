// Copyright the camel-viamdata authors. SPDX-License-Identifier: Apache-2.0
package io.github.camelviamdata.client;

import java.util.List;

/** What a client authenticates with. {@code toString} never shows the secret. */
public sealed interface Credential {

    /** The texts that only the service may see. */
    List<String> secrets();

    /**
     * Whether a text can be sent as an access token: visible ASCII, in which tokens of all kinds are written. gRPC would
     * leave a token that cannot be sent out of the call, and log it in full.
     */
    static boolean isSendable(String token) {
        return !token.isEmpty() && token.chars().allMatch(c -> c > ' ' && c < 0x7f);
    }

    /**
     * An API key.
     *
     * @param id the ID of the key
     * @param key the key itself, which is secret
     */
    record ApiKey(String id, String key) implements Credential {
        @Override
        public List<String> secrets() {
            return List.of(key);
        }

        @Override
        public String toString() {
            return "API key";
        }
    }

    /**
     * The secret of a machine part.
     *
     * @param partId the ID of the part
     * @param secret its secret
     */
    record MachineSecret(String partId, String secret) implements Credential {
        @Override
        public List<String> secrets() {
            return List.of(secret);
        }

        @Override
        public String toString() {
            return "machine secret";
        }
    }

    /**
     * A ready-made access token, which is never renewed.
     *
     * @param token visible ASCII characters: see {@link #isSendable}
     */
    record AccessToken(String token) implements Credential {
        @Override
        public List<String> secrets() {
            return List.of(token);
        }

        @Override
        public String toString() {
            return "access token";
        }
    }

    /** No credential, for a service on this machine that asks for none. */
    record None() implements Credential {
        @Override
        public List<String> secrets() {
            return List.of();
        }

        @Override
        public String toString() {
            return "no credential";
        }
    }
}
