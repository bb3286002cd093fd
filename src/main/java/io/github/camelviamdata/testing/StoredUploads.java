// Copyright the camel-viamdata authors. SPDX-License-Identifier: Apache-2.0
package io.github.camelviamdata.testing;

import com.google.protobuf.UnsafeByteOperations;
import io.github.camelviamdata.ViamDataConfiguration;
import io.github.camelviamdata.ViamDataConstants;
import io.github.camelviamdata.ViamDataOperation;
import io.github.camelviamdata.message.UploadMapper;
import io.github.camelviamdata.testing.service.DataStore;
import io.github.camelviamdata.testing.service.UploadedData;
import io.github.camelviamdata.upload.Upload;
import io.github.camelviamdata.upload.Uploads;
import java.time.Duration;
import java.time.Instant;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import org.apache.camel.CamelContext;
import org.apache.camel.Exchange;
import org.apache.camel.support.DefaultExchange;

/** Stores uploads, by headers and a body as a relay sends them on, so that they can be read back. */
final class StoredUploads {

    private final UploadMapper mapper = new UploadMapper(new ViamDataConfiguration());
    private final DataStore store;
    private volatile Duration lag = Duration.ZERO;

    StoredUploads(DataStore store) {
        this.store = store;
    }

    /** How long what is stored from now on cannot be found. */
    void setLag(Duration lag) {
        this.lag = lag;
    }

    /** Stores bytes. The service does not distinguish files from other data; only an upload of a file has no times. */
    String store(CamelContext context, Map<String, Object> headers, byte[] body) {
        Object operation = headers.get(ViamDataConstants.OPERATION);
        // The header may be the name of the operation as well.
        if (ViamDataOperation.tabular.name().equals(String.valueOf(operation))) {
            throw new IllegalArgumentException("Store readings with storeReadings(headers, readings)");
        }
        Map<String, Object> all = new LinkedHashMap<>(headers);
        all.put(ViamDataConstants.OPERATION, ViamDataOperation.binary);
        return store(context, all, (Object) body);
    }

    void storeReadings(CamelContext context, Map<String, Object> headers, List<? extends Map<String, ?>> readings) {
        Map<String, Object> all = new LinkedHashMap<>(headers);
        all.put(ViamDataConstants.OPERATION, ViamDataOperation.tabular);
        all.putIfAbsent(ViamDataConstants.WRAP_READINGS, false);
        store(context, all, (Object) readings);
    }

    /** @return the binary data ID; an empty text for readings */
    String store(CamelContext context, ReceivedUpload upload) {
        return store(context, upload.headers(), upload.body());
    }

    private String store(CamelContext context, Map<String, Object> headers, Object body) {
        Exchange exchange = new DefaultExchange(context);
        exchange.getMessage().setHeaders(new LinkedHashMap<>(headers));
        exchange.getMessage().setHeader(ViamDataConstants.VERBATIM, true);
        exchange.getMessage().setBody(body);
        try (Uploads uploads = mapper.map(exchange)) {
            return store(uploads.next(), body);
        }
    }

    private String store(Upload upload, Object body) {
        Instant from = Instant.now().plus(lag);
        if (upload.isTabular()) {
            upload.contents()
                    .forEach(sensor -> store.readings().add(UploadedData.reading(upload.metadata(), sensor), from));
            return "";
        }
        byte[] bytes = (byte[]) body;
        String id = UploadedData.id(UUID.randomUUID().toString());
        store.items()
                .add(
                        UploadedData.item(
                                id,
                                upload.metadata(),
                                upload.contents().get(0).getMetadata(),
                                bytes.length,
                                UnsafeByteOperations.unsafeWrap(bytes)),
                        from);
        return id;
    }
}
