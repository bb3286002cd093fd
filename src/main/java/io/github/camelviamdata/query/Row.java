// Copyright the camel-viamdata authors. SPDX-License-Identifier: Apache-2.0
package io.github.camelviamdata.query;

import com.google.protobuf.Timestamp;
import io.github.camelviamdata.message.ProtoValues;
import io.github.camelviamdata.proto.data.v1.ExportTabularDataResponse;
import io.github.camelviamdata.proto.data.v1.GetLatestTabularDataResponse;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** A reading as a map, by the names of Viam's interface. What the service does not say is no entry; times are ISO-8601 text. */
final class Row {

    private final Map<String, Object> row = new LinkedHashMap<>();

    private Row() {}

    /**
     * @throws IllegalArgumentException if the time does not exist
     */
    static Map<String, Object> of(ExportTabularDataResponse reading) {
        Row made = new Row();
        if (reading.hasTimeCaptured()) {
            made.time("time_captured", reading.getTimeCaptured());
        }
        made.text("part_id", reading.getPartId());
        made.text("part_name", reading.getPartName());
        made.text("resource_name", reading.getResourceName());
        made.text("resource_subtype", reading.getResourceSubtype());
        made.text("method_name", reading.getMethodName());
        made.text("robot_id", reading.getRobotId());
        made.text("robot_name", reading.getRobotName());
        made.text("location_id", reading.getLocationId());
        made.text("organization_id", reading.getOrganizationId());
        if (reading.hasMethodParameters()) {
            made.row.put("method_parameters", ProtoValues.map(reading.getMethodParameters()));
        }
        if (reading.getTagsCount() > 0) {
            made.row.put("tags", List.copyOf(reading.getTagsList()));
        }
        made.row.put("payload", ProtoValues.map(reading.getPayload()));
        return made.row;
    }

    /** Null where there is no reading. */
    static Map<String, Object> of(GetLatestTabularDataResponse reading) {
        if (!reading.hasTimeCaptured() && !reading.hasPayload()) {
            return null;
        }
        Row made = new Row();
        if (reading.hasTimeCaptured()) {
            made.time("time_captured", reading.getTimeCaptured());
        }
        if (reading.hasTimeSynced()) {
            made.time("time_synced", reading.getTimeSynced());
        }
        made.row.put("payload", ProtoValues.map(reading.getPayload()));
        return made.row;
    }

    private void time(String name, Timestamp time) {
        // Text, which every data format takes, and an upload in the field that timeField names.
        row.put(name, ProtoValues.instant(name, time).toString());
    }

    private void text(String name, String text) {
        if (!text.isEmpty()) {
            row.put(name, text);
        }
    }
}
