// Copyright the camel-viamdata authors. SPDX-License-Identifier: Apache-2.0
package io.github.camelviamdata.query;

import java.time.Instant;

/** Something that the service lists. */
interface Listed {

    /** Never that of anything else. */
    String id();

    /** The time that the service sorts by. */
    Instant captured();
}
