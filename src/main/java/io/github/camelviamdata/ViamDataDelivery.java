// Copyright the camel-viamdata authors. SPDX-License-Identifier: Apache-2.0
package io.github.camelviamdata;

/** Where the data of an upload is when it has ended. */
public enum ViamDataDelivery {
    /** The service has stored it. */
    stored,
    /**
     * The service cannot have had all of it, so it has stored nothing. On a link that passed no bytes for more than a second before the
     * upload was ended, what is left of it may still arrive.
     */
    notSent,
    /** The service may have had all of it, but its answer is missing. Uploading again may store, and bill, it twice. */
    unknown,
    /**
     * The service, or a proxy before it, refused it: for good, or for now, as with RESOURCE_EXHAUSTED. The class of the exception
     * says which.
     */
    refused,
    /**
     * The message was uploaded in several requests, of which the first ones are stored. Uploading the message again stores,
     * and bills, those twice.
     */
    partial
}
