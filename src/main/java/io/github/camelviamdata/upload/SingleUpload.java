// Copyright the camel-viamdata authors. SPDX-License-Identifier: Apache-2.0
package io.github.camelviamdata.upload;

import io.github.camelviamdata.ViamDataOperation;

/** The one upload that most messages make. Not safe for use by several threads at once. */
final class SingleUpload implements Uploads {

    private final ViamDataOperation operation;
    private final String partId;
    private Upload upload;

    SingleUpload(Upload upload) {
        this.upload = upload;
        this.operation = upload.operation();
        this.partId = upload.metadata().getPartId();
    }

    @Override
    public ViamDataOperation operation() {
        return operation;
    }

    @Override
    public String partId() {
        return partId;
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
