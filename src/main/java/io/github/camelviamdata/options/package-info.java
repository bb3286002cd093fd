// Copyright the camel-viamdata authors. SPDX-License-Identifier: Apache-2.0

/**
 * What both components need to read options as Camel delivers them: the text of a value, and the spelling of a URI. It knows
 * no other room, and no option by its name but the API key. Internal.
 *
 * <p>Parameters and results are not null unless their description says so.
 */
package io.github.camelviamdata.options;
