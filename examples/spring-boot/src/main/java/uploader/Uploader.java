// Copyright the camel-viamdata authors. SPDX-License-Identifier: Apache-2.0
package uploader;

import org.springframework.boot.SpringApplication;
import org.springframework.boot.autoconfigure.SpringBootApplication;

/** The routes lie in resources/camel, all settings in resources/application.properties. */
@SpringBootApplication
public class Uploader {

    public static void main(String[] args) {
        SpringApplication.run(Uploader.class, args);
    }
}
