// Copyright the camel-viamdata authors. SPDX-License-Identifier: Apache-2.0
package io.github.camelviamdata.testing.service;

import io.github.camelviamdata.message.ProtoValues;
import io.github.camelviamdata.proto.data.v1.ExportTabularDataRequest;
import io.github.camelviamdata.proto.data.v1.ExportTabularDataResponse;
import io.github.camelviamdata.proto.data.v1.GetLatestTabularDataRequest;
import io.github.camelviamdata.proto.data.v1.GetLatestTabularDataResponse;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.function.Predicate;
import java.util.stream.Stream;

/** Readings of sensors, in memory. All methods may be called by any thread. */
public final class ReadingStore {

    private static final Duration YEAR = Duration.ofDays(365);

    private static final Comparator<Stored> BY_CAPTURE =
            Comparator.comparing(reading -> ProtoValues.instant(reading.row().getTimeCaptured()));

    private record Stored(ExportTabularDataResponse row, Instant synced, Instant shownFrom) {}

    private final List<Stored> readings = new ArrayList<>();

    /**
     * Stores a reading.
     *
     * @param shownFrom from when on it can be read
     */
    public synchronized void add(ExportTabularDataResponse reading, Instant shownFrom) {
        readings.add(new Stored(reading, Instant.now(), shownFrom));
    }

    /** The readings of a component and a method, by the time of capture; those of one time in the order of storing. */
    public List<ExportTabularDataResponse> export(ExportTabularDataRequest request) {
        return shown(row -> row.getPartId().equals(request.getPartId())
                        && row.getResourceName().equals(request.getResourceName())
                        && row.getResourceSubtype().equals(request.getResourceSubtype())
                        && row.getMethodName().equals(request.getMethodName())
                        && ItemFilter.isWithin(request.getInterval(), row.getTimeCaptured()))
                .sorted(BY_CAPTURE)
                .map(Stored::row)
                .toList();
    }

    /** The latest reading of a component and a method; an empty answer where there is none within a year. */
    public GetLatestTabularDataResponse latest(GetLatestTabularDataRequest request) {
        Instant oldest = Instant.now().minus(YEAR);
        return shown(row -> row.getPartId().equals(request.getPartId())
                        && row.getResourceName().equals(request.getResourceName())
                        && row.getResourceSubtype().equals(request.getResourceSubtype())
                        && row.getMethodName().equals(request.getMethodName())
                        && ProtoValues.instant(row.getTimeCaptured()).isAfter(oldest))
                .max(BY_CAPTURE)
                .map(latest -> GetLatestTabularDataResponse.newBuilder()
                        .setTimeCaptured(latest.row().getTimeCaptured())
                        .setTimeSynced(ProtoValues.timestamp(latest.synced()))
                        .setPayload(latest.row().getPayload())
                        .build())
                .orElse(GetLatestTabularDataResponse.getDefaultInstance());
    }

    private synchronized Stream<Stored> shown(Predicate<ExportTabularDataResponse> wanted) {
        Instant now = Instant.now();
        return List.copyOf(readings).stream()
                .filter(reading -> !reading.shownFrom().isAfter(now) && wanted.test(reading.row()));
    }

    /** Deletes all readings. */
    public synchronized void clear() {
        readings.clear();
    }
}
