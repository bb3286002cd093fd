// Copyright the camel-viamdata authors. SPDX-License-Identifier: Apache-2.0
package io.github.camelviamdata.docs;

import org.apache.camel.builder.RouteBuilder;

public class UploadRoute extends RouteBuilder {

    @Override
    public void configure() {
        from("file:{{inbox}}?readLock=changed&readLockMinAge=1s&move=.done&moveFailed=.failed")
                .routeId("upload")
                .to("viamdata:{{viam.part-id}}?componentType=camera&componentName=gate&methodName=GetImages&tags=night")
                .log("${file:name} stored as ${header.CamelViamDataFileId}");
    }
}
