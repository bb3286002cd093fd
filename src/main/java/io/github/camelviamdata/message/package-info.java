// Copyright the camel-viamdata authors. SPDX-License-Identifier: Apache-2.0

/**
 * Maps an exchange to uploads: the metadata, the readings, the bytes and where they are read from. It begins at
 * {@link io.github.camelviamdata.message.UploadMapper}, and knows neither the network nor {@code client}. What it makes is
 * in {@code upload}. Internal, though some types are public for other rooms.
 *
 * <p>Parameters and results are not null unless their description says so.
 */
package io.github.camelviamdata.message;
