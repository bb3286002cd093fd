// Copyright the camel-viamdata authors. SPDX-License-Identifier: Apache-2.0
package io.github.camelviamdata;

/** What is done so that no data is stored twice. */
public enum ViamDataOnce {
    /** Nothing: each message is uploaded. */
    off,
    /** What the ledger notes as stored is not uploaded again. An upload whose end is not known is. */
    ledger,
    /** As {@link #ledger}, and where the end of an upload is not known, the service is asked before it is sent again. */
    lookback
}
