// Copyright the camel-viamdata authors. SPDX-License-Identifier: Apache-2.0

/**
 * One upload, between the room that makes it and the one that sends or stores it: the request and its payload. What makes
 * uploads for {@link io.github.camelviamdata.client.ViamDataClient} implements {@link
 * io.github.camelviamdata.upload.Uploads}. It knows neither Camel nor the network.
 *
 * <p>Parameters and results are not null unless their description says so.
 */
package io.github.camelviamdata.upload;
