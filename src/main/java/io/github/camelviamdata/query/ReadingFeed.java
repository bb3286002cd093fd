// Copyright the camel-viamdata authors. SPDX-License-Identifier: Apache-2.0
package io.github.camelviamdata.query;

import com.google.protobuf.Timestamp;
import io.github.camelviamdata.client.ResponseStream;
import io.github.camelviamdata.proto.data.v1.CaptureInterval;
import io.github.camelviamdata.proto.data.v1.ExportTabularDataResponse;
import io.grpc.StatusRuntimeException;
import java.time.Instant;
import java.util.HashMap;
import java.util.Map;
import java.util.function.BooleanSupplier;
import java.util.function.Predicate;

/** The readings of a component. All of one time are shown together, so that those that are equal can be counted. */
final class ReadingFeed implements ItemFeed {

    private final DataReader reader;
    private final Resource resource;
    private final CaptureInterval interval;
    private final BooleanSupplier goesOn;

    /**
     * @param interval of which to show readings
     * @param goesOn asked before each reading; false ends the feed there, as where a route is suspended
     */
    ReadingFeed(DataReader reader, Resource resource, CaptureInterval interval, BooleanSupplier goesOn) {
        this.reader = reader;
        this.resource = resource;
        this.interval = interval;
        this.goesOn = goesOn;
    }

    @Override
    public boolean show(Instant from, Predicate<Listed> wanted) throws InterruptedException {
        String what = "Exporting readings of " + resource.name() + " from " + reader.target();
        try (ResponseStream<ExportTabularDataResponse> rows =
                ReadFailures.await(what, reader.export(resource, Filters.since(interval, from)))) {
            return show(rows, wanted);
        } catch (StatusRuntimeException e) {
            throw ReadFailures.exception(what, e);
        }
    }

    private boolean show(ResponseStream<ExportTabularDataResponse> rows, Predicate<Listed> wanted) {
        Timestamp time = null;
        Map<ExportTabularDataResponse, Integer> equal = new HashMap<>();
        while (rows.hasNext()) {
            if (!goesOn.getAsBoolean()) {
                return false;
            }
            ExportTabularDataResponse row = rows.next();
            if (!row.getTimeCaptured().equals(time)) {
                time = row.getTimeCaptured();
                equal.clear();
            }
            int number = equal.merge(Reading.identity(row), 1, Integer::sum);
            if (!wanted.test(Reading.of(row, number))) {
                return false;
            }
        }
        return true;
    }
}
