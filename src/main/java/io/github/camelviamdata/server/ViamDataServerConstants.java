// Copyright the camel-viamdata authors. SPDX-License-Identifier: Apache-2.0
package io.github.camelviamdata.server;

import io.github.camelviamdata.ViamDataConstants;
import org.apache.camel.Exchange;
import org.apache.camel.spi.Metadata;

/**
 * The message headers of {@code viamdata-server}: what they hold when an upload has arrived, and what the route may say
 * about the answer. All but two have the names of {@link ViamDataConstants}, because {@code viamdata} reads them, so a
 * route from the one to the other needs no mapping.
 *
 * <p>What the client has not sent makes no header.
 */
public final class ViamDataServerConstants {

    @Metadata(
            description =
                    "What was uploaded: `binary`, `tabular` or `file`. With the option `captureFiles` it is `capture`"
                            + " for all but files.",
            javaType = "io.github.camelviamdata.ViamDataOperation",
            enums = "binary,tabular,file,capture")
    public static final String OPERATION = ViamDataConstants.OPERATION;

    @Metadata(
            description =
                    "ID of the API key that the client has authenticated with, never the key itself. Without `apiKey`"
                            + " there is none. Only the server sets it: it is what a route can trust.",
            javaType = "String")
    public static final String API_KEY_ID = "CamelViamDataApiKeyId";

    @Metadata(description = "ID of the machine part that owns the data.", javaType = "String")
    public static final String PART_ID = ViamDataConstants.PART_ID;

    @Metadata(
            description =
                    "Type of the component that captured the data, such as `camera`, or `rdk:component:camera` as a"
                            + " machine's own agent sends it.",
            javaType = "String")
    public static final String COMPONENT_TYPE = ViamDataConstants.COMPONENT_TYPE;

    @Metadata(description = "Name of the component that captured the data.", javaType = "String")
    public static final String COMPONENT_NAME = ViamDataConstants.COMPONENT_NAME;

    @Metadata(description = "Name of the method that captured the data, such as `GetImages`.", javaType = "String")
    public static final String METHOD_NAME = ViamDataConstants.METHOD_NAME;

    @Metadata(description = "File extension of the data, as the client wrote it.", javaType = "String")
    public static final String FILE_EXTENSION = ViamDataConstants.FILE_EXTENSION;

    @Metadata(
            description = "Name of the file, as the client wrote it: it may hold folders, and `../` too.",
            javaType = "String")
    public static final String FILE_NAME = ViamDataConstants.FILE_NAME;

    @Metadata(description = "MIME type of the data, such as `image/jpeg`.", javaType = "String")
    public static final String MIME_TYPE = ViamDataConstants.MIME_TYPE;

    @Metadata(description = "Tags of the data.", javaType = "java.util.List<String>")
    public static final String TAGS = ViamDataConstants.TAGS;

    @Metadata(description = "IDs of the datasets to add the data to.", javaType = "java.util.List<String>")
    public static final String DATASET_IDS = ViamDataConstants.DATASET_IDS;

    @Metadata(
            description =
                    "Parameters the capturing method was called with. Values are text, numbers, booleans, null, lists"
                            + " and maps of these; what the client packed as something else is a protobuf `Any`.",
            javaType = "java.util.Map<String, Object>")
    public static final String METHOD_PARAMETERS = ViamDataConstants.METHOD_PARAMETERS;

    @Metadata(
            description =
                    "When the data was requested. Of several readings it is one time where all have the same, else a"
                            + " list with that of each, and null for one that has none.",
            javaType = "java.time.Instant")
    public static final String TIME_REQUESTED = ViamDataConstants.TIME_REQUESTED;

    @Metadata(
            description = "When the data was received from the sensor. One time or a list, as of the request.",
            javaType = "java.time.Instant")
    public static final String TIME_RECEIVED = ViamDataConstants.TIME_RECEIVED;

    @Metadata(
            description =
                    "Always `false`, and only with readings: they are as they were sent, so a relay adds no key to"
                            + " them.",
            javaType = "Boolean")
    public static final String WRAP_READINGS = ViamDataConstants.WRAP_READINGS;

    @Metadata(
            description = "`true`: `viamdata` sends on what the client sent, even what it would refuse or complete from"
                    + " another source. Remove it before an upload that your route makes itself.",
            javaType = "Boolean")
    public static final String VERBATIM = ViamDataConstants.VERBATIM;

    @Metadata(
            description =
                    "Fields of the request that have no header of their own, such as those of later versions of Viam's"
                            + " interface, for `viamdata` to send on. They are bytes of protobuf. Remove it where your route changes the number of"
                            + " readings.",
            javaType = "byte[]")
    public static final String OTHER_FIELDS = ViamDataConstants.OTHER_FIELDS;

    @Metadata(description = "When the file was created.", javaType = "java.time.Instant")
    public static final String FILE_CREATE_TIME = ViamDataConstants.FILE_CREATE_TIME;

    @Metadata(description = "When the file was last modified.", javaType = "java.time.Instant")
    public static final String FILE_MODIFY_TIME = ViamDataConstants.FILE_MODIFY_TIME;

    @Metadata(
            description =
                    "Bounding boxes and classifications that go with the data, as the protobuf message of the upload."
                            + " One or a list, as the times.",
            javaType = "io.github.camelviamdata.proto.data.v1.Annotations")
    public static final String ANNOTATIONS = ViamDataConstants.ANNOTATIONS;

    @Metadata(
            description =
                    "Only with a capture file, which the option `captureFiles` asks for: a name of its own, in folders"
                            + " named by the component's type and name and the method. It is safe to write to.",
            javaType = "String")
    public static final String CAPTURE_FILE_NAME = Exchange.FILE_NAME;

    @Metadata(
            label = "consumer,answer",
            description = "ID to answer the client with. An upload of `viamdata` in the route sets it. Without it, the"
                    + " binary data ID counts; without either, the server makes one up in the form of Viam's.",
            javaType = "String")
    public static final String FILE_ID = ViamDataConstants.FILE_ID;

    @Metadata(
            label = "consumer,answer",
            description =
                    "Binary data ID to answer the client with, but for readings, which have none. Without it, it is"
                            + " the file ID.",
            javaType = "String")
    public static final String BINARY_DATA_ID = ViamDataConstants.BINARY_DATA_ID;

    private ViamDataServerConstants() {}
}
