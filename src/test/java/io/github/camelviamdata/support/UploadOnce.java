// Copyright the camel-viamdata authors. SPDX-License-Identifier: Apache-2.0
package io.github.camelviamdata.support;

import io.github.camelviamdata.ViamDataConstants;
import org.apache.camel.Exchange;
import org.apache.camel.main.Main;

/** A program that uploads one picture by Camel Main and prints its ID. Its argument is the endpoint. */
public final class UploadOnce {

    private UploadOnce() {}

    public static void main(String[] arguments) throws Exception {
        Main main = new Main();
        main.start();
        try {
            Exchange exchange = main.getCamelTemplate()
                    .send(arguments[0], e -> e.getMessage().setBody("picture"));
            if (exchange.getException() != null) {
                throw exchange.getException();
            }
            System.out.println("stored as " + exchange.getMessage().getHeader(ViamDataConstants.FILE_ID));
        } finally {
            main.stop();
        }
    }
}
