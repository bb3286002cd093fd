// Copyright the camel-viamdata authors. SPDX-License-Identifier: Apache-2.0
package io.github.camelviamdata.testing.service;

/** Where the bytes of items are to be had over HTTP. */
public interface Places {

    /** For clients with a credential, by the ID of the item; an empty text for nowhere. */
    String uri(String id);

    /** Without a credential, by the ID of the item; an empty text for nowhere. */
    String signedUrl(String id);
}
