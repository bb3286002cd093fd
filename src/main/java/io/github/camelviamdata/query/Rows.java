// Copyright the camel-viamdata authors. SPDX-License-Identifier: Apache-2.0
package io.github.camelviamdata.query;

import io.github.camelviamdata.client.ResponseStream;
import io.github.camelviamdata.proto.data.v1.ExportTabularDataResponse;
import io.grpc.StatusRuntimeException;
import java.io.Closeable;
import java.util.Iterator;
import java.util.Map;

/**
 * Readings, one after another, as they arrive. Camel's splitter closes it. What fails on the way is one of the three exceptions,
 * thrown by {@link #next}: Camel's splitter asks whether there is another one before it hands over the one before.
 */
final class Rows implements Iterator<Map<String, Object>>, Closeable {

    private final String what;
    private final ResponseStream<ExportTabularDataResponse> stream;
    private long count;

    /** @param what is done, at the beginning of a sentence */
    Rows(String what, ResponseStream<ExportTabularDataResponse> stream) {
        this.what = what;
        this.stream = stream;
    }

    @Override
    public boolean hasNext() {
        return stream.hasNext();
    }

    @Override
    public Map<String, Object> next() {
        ExportTabularDataResponse reading;
        try {
            reading = stream.next();
        } catch (StatusRuntimeException e) {
            throw ReadFailures.exception(what + " after " + count + " readings", e);
        }
        count++;
        try {
            return Row.of(reading);
        } catch (IllegalArgumentException e) {
            throw ReadFailures.exception(what + ", the reading " + count + ",", e);
        }
    }

    @Override
    public void close() {
        stream.close();
    }

    @Override
    public String toString() {
        return "Rows[" + count + " read]";
    }
}
