// Copyright the camel-viamdata authors. SPDX-License-Identifier: Apache-2.0
package io.github.camelviamdata;

/** How the component avoids that data is stored twice. */
public enum ViamDataOnce {
    /** Not at all: it uploads each message. */
    off,
    /** It does not upload again what the ledger notes as stored, but uploads again what may be stored. */
    ledger,
    /** As {@link #ledger}, but it asks the service before it uploads again what may be stored. */
    lookback
}
