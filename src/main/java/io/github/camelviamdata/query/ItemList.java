// Copyright the camel-viamdata authors. SPDX-License-Identifier: Apache-2.0
package io.github.camelviamdata.query;

import java.util.List;

/**
 * Where a consumer has its items from. An item that was taken is in flight until one of the other methods is called for its ID: by any
 * thread, while the next items are taken.
 */
interface ItemList {

    /**
     * Takes the items to deliver now, at most so many. Called by the polling thread only.
     *
     * @throws io.github.camelviamdata.ViamDataException if the service cannot be asked. No item is in flight because of it then
     */
    List<? extends Listed> take(int most) throws Exception;

    /** The item was not delivered, or its exchange failed: it is taken again, after others have had their turn. */
    void putBack(String id);

    /** Someone else has taken the item out of the list. */
    void gone(String id);

    /** The item is done, and the service has made the change that follows, if any. It may still list the item. */
    void done(String id);

    /** The service refuses the change to the item, so that it stays in the list. It is not taken again. */
    void refused(String id);

    /** Keeps what a later start needs. Called by the polling thread, or when there is none. */
    void save() throws Exception;
}
