// Copyright the camel-viamdata authors. SPDX-License-Identifier: Apache-2.0
package io.github.camelviamdata.source;

import java.io.File;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.apache.camel.Exchange;
import org.apache.camel.Processor;
import org.apache.camel.WrappedFile;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Puts a file aside that can never be stored: sets the place to which the file consumer moves it, in the folder .refused beside
 * it, and writes headers, reason and time there as JSON. The name is unique, so that the move replaces no file.
 */
public final class RefusedFile implements Processor {

    /** Exchange property with the place that the file consumer moves the file to, below the folder that it is in. */
    static final String MOVE_TO = "CamelViamDataMoveTo";

    private static final Logger LOG = LoggerFactory.getLogger(RefusedFile.class);
    private static final String FOLDER = ".refused";

    @Override
    public void process(Exchange exchange) {
        File file = (File) exchange.getMessage().getBody(WrappedFile.class).getFile();
        String name = AsideReport.uniqueName(exchange.getMessage());
        exchange.setProperty(MOVE_TO, FOLDER + "/" + name);
        try {
            Path folder = Files.createDirectories(file.toPath().resolveSibling(FOLDER));
            PutAside.write(folder.resolve(name + ".json"), AsideReport.json(exchange, name, null));
        } catch (IOException e) {
            // The file is moved, or stays. Only this line has the reason.
            LOG.error(
                    "{} is refused, and the reason could not be written beside it: {}",
                    file,
                    AsideReport.json(exchange, name, null),
                    e);
        }
    }
}
