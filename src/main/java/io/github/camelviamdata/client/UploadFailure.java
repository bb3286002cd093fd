// Copyright the camel-viamdata authors. SPDX-License-Identifier: Apache-2.0
package io.github.camelviamdata.client;

import io.github.camelviamdata.ViamDataException;
import io.grpc.Status;
import java.time.Instant;

/**
 * An upload that failed.
 *
 * @param status the gRPC status of its last call
 * @param text what was tried and what went wrong; never a secret
 * @param time when it failed
 */
public record UploadFailure(Status.Code status, String text, Instant time) {

    static UploadFailure of(ViamDataException failure) {
        return failure == null ? null : new UploadFailure(failure.getStatus(), failure.getMessage(), Instant.now());
    }
}
