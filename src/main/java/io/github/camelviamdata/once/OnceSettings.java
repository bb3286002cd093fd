// Copyright the camel-viamdata authors. SPDX-License-Identifier: Apache-2.0
package io.github.camelviamdata.once;

import io.github.camelviamdata.ViamDataIdentity;
import java.time.Duration;

/**
 * How an endpoint makes uploads once.
 *
 * @param target host and port of the service: another one does not have the data
 * @param ledger the ledger as its option gives it
 * @param retention how long notes of a file count
 * @param key the expression of the key, {@code content}, or null for what the source says
 * @param lookBack whether to ask the service where the end of an upload is not known
 * @param identity what to ask it by
 * @param keepTag whether the tag stays on the data
 * @param patience how long after a call an upload may still appear
 * @param interval how long to wait before the service is asked again
 */
public record OnceSettings(
        String target,
        Object ledger,
        Duration retention,
        String key,
        boolean lookBack,
        ViamDataIdentity identity,
        boolean keepTag,
        Duration patience,
        Duration interval) {}
