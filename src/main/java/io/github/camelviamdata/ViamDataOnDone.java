// Copyright the camel-viamdata authors. SPDX-License-Identifier: Apache-2.0
package io.github.camelviamdata;

/** What a consumer does with an item once its exchange has ended without a failure. */
public enum ViamDataOnDone {
    /** Nothing. */
    none,
    /** Takes it out of the dataset that the consumer reads. */
    removeFromDataset,
    /** Gives it tags. */
    addTags,
    /** Deletes it for good. */
    delete
}
