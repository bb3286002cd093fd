// Copyright the camel-viamdata authors. SPDX-License-Identifier: Apache-2.0
package io.github.camelviamdata.client;

import io.github.camelviamdata.ViamDataException;
import java.util.List;

/**
 * How the uploads of a message ended.
 *
 * @param stored those that are stored, in their order
 * @param failure the failure that ended them, or null
 */
public record UploadResults(List<UploadResult> stored, ViamDataException failure) {}
