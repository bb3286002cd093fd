// Copyright the camel-viamdata authors. SPDX-License-Identifier: Apache-2.0
package io.github.camelviamdata.server;

import java.util.UUID;

/** IDs in the format of Viam's binary data IDs: {@code <organization UUID>/<location>/<opaque>}. */
final class FileIds {

    private final String prefix;

    FileIds(UUID organization) {
        prefix = organization + "/local/";
    }

    /** A new, random ID. The part after the last slash is safe in file names. */
    String next() {
        return prefix + UUID.randomUUID();
    }
}
