// Copyright the camel-viamdata authors. SPDX-License-Identifier: Apache-2.0
package io.github.camelviamdata;

/** Which items a filter takes by their tags. */
public enum ViamDataTagMatch {
    /** Those with at least one of the tags. */
    any,
    /** Those with any tag at all. */
    tagged,
    /** Those without a tag. */
    untagged
}
