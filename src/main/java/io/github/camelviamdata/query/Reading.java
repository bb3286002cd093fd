// Copyright the camel-viamdata authors. SPDX-License-Identifier: Apache-2.0
package io.github.camelviamdata.query;

import com.google.protobuf.CodedOutputStream;
import io.github.camelviamdata.ViamDataConstants;
import io.github.camelviamdata.ViamDataOperation;
import io.github.camelviamdata.message.FieldHeaders;
import io.github.camelviamdata.message.ProtoValues;
import io.github.camelviamdata.proto.data.v1.ExportTabularDataResponse;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.time.Instant;
import java.util.UUID;
import org.apache.camel.Exchange;

/**
 * A reading of a sensor. The service gives it no ID; this one is a hash of the fields of the reading itself.
 *
 * @param row what the service says of it
 * @param id the same for the same reading at each time
 */
record Reading(ExportTabularDataResponse row, String id) implements Listed, Fetched {

    /**
     * A hash of what does not change: a part may be renamed, and tags may be added.
     *
     * @param number how many equal readings are before it, so that each has an ID of its own
     */
    static Reading of(ExportTabularDataResponse row, int number) {
        ByteArrayOutputStream bytes = new ByteArrayOutputStream(row.getSerializedSize());
        CodedOutputStream output = CodedOutputStream.newInstance(bytes);
        // Fields of a struct have no order.
        output.useDeterministicSerialization();
        try {
            identity(row).writeTo(output);
            output.writeUInt32NoTag(number);
            output.flush();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        return new Reading(row, UUID.nameUUIDFromBytes(bytes.toByteArray()).toString());
    }

    /** What makes readings equal. */
    static ExportTabularDataResponse identity(ExportTabularDataResponse row) {
        ExportTabularDataResponse.Builder identity = ExportTabularDataResponse.newBuilder()
                .setPartId(row.getPartId())
                .setResourceName(row.getResourceName())
                .setMethodName(row.getMethodName())
                .setTimeCaptured(row.getTimeCaptured())
                .setPayload(row.getPayload());
        if (row.hasMethodParameters()) {
            identity.setMethodParameters(row.getMethodParameters());
        }
        return identity.build();
    }

    @Override
    public Instant captured() {
        return ProtoValues.instant(row.getTimeCaptured());
    }

    @Override
    public void applyTo(Exchange exchange) {
        FieldHeaders headers = new FieldHeaders();
        headers.add(ViamDataConstants.OPERATION, ViamDataOperation.tabular);
        headers.add(ViamDataConstants.VERBATIM, true);
        headers.addText(ViamDataConstants.COMPONENT_TYPE, row.getResourceSubtype());
        headers.addText(ViamDataConstants.COMPONENT_NAME, row.getResourceName());
        headers.addText(ViamDataConstants.METHOD_NAME, row.getMethodName());
        headers.addList(ViamDataConstants.TAGS, row.getTagsList());
        if (row.hasMethodParameters()) {
            headers.add(ViamDataConstants.METHOD_PARAMETERS, ProtoValues.map(row.getMethodParameters()));
        }
        headers.addTime(
                ViamDataConstants.TIME_REQUESTED, "time_captured", row.hasTimeCaptured(), row.getTimeCaptured());
        headers.addText(ViamDataConstants.SOURCE_PART_ID, row.getPartId());
        headers.addText(ViamDataConstants.PART_NAME, row.getPartName());
        headers.addText(ViamDataConstants.MACHINE_ID, row.getRobotId());
        headers.addText(ViamDataConstants.MACHINE_NAME, row.getRobotName());
        headers.addText(ViamDataConstants.LOCATION_ID, row.getLocationId());
        headers.addText(ViamDataConstants.ORGANIZATION_ID, row.getOrganizationId());
        exchange.getMessage().setHeaders(headers.map());
        exchange.getMessage().setBody(ProtoValues.map(row.getPayload()));
    }

    @Override
    public long length() {
        return row.getPayload().getSerializedSize();
    }

    @Override
    public void discard() {
        // It holds nothing.
    }
}
