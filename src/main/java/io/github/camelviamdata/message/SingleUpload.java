// Copyright the camel-viamdata authors. SPDX-License-Identifier: Apache-2.0
package io.github.camelviamdata.message;

/** What most messages make. Not safe for use by several threads at once. */
final class SingleUpload implements Uploads {

    private Upload upload;

    SingleUpload(Upload upload) {
        this.upload = upload;
    }

    @Override
    public Upload next() {
        Upload next = upload;
        upload = null;
        return next;
    }

    @Override
    public boolean isExhausted() {
        return upload == null;
    }
}
