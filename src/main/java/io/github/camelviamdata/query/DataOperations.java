// Copyright the camel-viamdata authors. SPDX-License-Identifier: Apache-2.0
package io.github.camelviamdata.query;

import io.github.camelviamdata.ViamDataConfiguration;
import io.github.camelviamdata.ViamDataException;
import io.github.camelviamdata.ViamDataFilter;
import io.github.camelviamdata.ViamDataPolling;
import io.github.camelviamdata.client.UploadSettings;
import io.github.camelviamdata.client.ViamDataClient;
import io.github.camelviamdata.message.SequenceFiles;
import io.github.camelviamdata.message.SpoolFiles;
import org.apache.camel.CamelContext;

/** Which class does what the option {@code operation} says. */
public final class DataOperations {

    /**
     * The options of an endpoint.
     *
     * @param partId of the machine part to read data of, or null for any
     * @param options component type, name and method, tags, datasets
     * @param filter which items to list
     * @param reading what to download, and whether to delete
     */
    public record Settings(
            String partId, ViamDataConfiguration options, ViamDataFilter filter, ViamDataPolling reading) {}

    private DataOperations() {}

    /**
     * @throws IllegalArgumentException if an option is missing or wrong, which the text names, or if the operation uploads
     */
    public static DataOperation of(Settings settings, ViamDataClient client, UploadSettings how, CamelContext context) {
        DataReader reader = new DataReader(client, how);
        DataChanges changes = new DataChanges(client, how);
        return switch (settings.options().getOperation()) {
            case query -> new QueryOperation(settings, reader);
            case get -> new GetOperation(settings, reader, SpoolFiles.directory(context));
            case addTags -> ChangeOperation.ofTags(settings, changes, changes::addTags);
            case removeTags -> ChangeOperation.ofTags(settings, changes, changes::removeTags);
            case addToDataset -> ChangeOperation.ofDatasets(settings, changes, changes::addToDataset);
            case removeFromDataset -> ChangeOperation.ofDatasets(settings, changes, changes::removeFromDataset);
            case delete -> ChangeOperation.delete(settings, changes);
            case annotate -> new AnnotateOperation(changes);
            case export -> new ExportOperation(settings, reader);
            case latest -> new LatestOperation(settings, reader);
            case sequence -> new SequenceOperation(new SequenceHeaders(settings.options())::read, changes);
            case binary, tabular, file, capture ->
                throw new IllegalArgumentException(settings.options().getOperation() + " uploads");
        };
    }

    /** Creates the sequences that messages are files of. */
    public static DataOperation ofSequenceFiles(
            ViamDataConfiguration options, ViamDataClient client, UploadSettings how) {
        return new SequenceOperation(new SequenceFiles(options)::read, new DataChanges(client, how));
    }

    /** The exception for what {@link DataOperation#prepare} throws. */
    public static ViamDataException unsent(Throwable error) {
        return ReadFailures.unsent(error);
    }
}
