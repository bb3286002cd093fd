// Copyright the camel-viamdata authors. SPDX-License-Identifier: Apache-2.0
package io.github.camelviamdata;

/** How binary data travels. */
public enum ViamDataUploadMode {
    /** In one message up to the streaming threshold, as a stream above it. */
    auto,
    /** Always in one message. The service refuses messages above its limit, usually 4 MiB. */
    unary,
    /** Always as a stream. */
    streaming
}
