// Copyright the camel-viamdata authors. SPDX-License-Identifier: Apache-2.0
package io.github.camelviamdata.client;

/**
 * The answer of the service to an upload that it stored.
 *
 * @param fileId the ID the service gave to the file, or an empty text
 * @param binaryDataId the ID that Viam's data API knows the data by, or an empty text
 * @param uploadedBytes number of payload bytes
 * @param attempts number of attempts it took; 0 where an earlier upload has stored it
 */
public record UploadResult(String fileId, String binaryDataId, long uploadedBytes, int attempts) {

    /** Whether an earlier upload has stored the data, so that nothing was sent. */
    public boolean isDuplicate() {
        return attempts == 0;
    }
}
