// Copyright the camel-viamdata authors. SPDX-License-Identifier: Apache-2.0
package io.github.camelviamdata;

import org.apache.camel.spi.Metadata;

/**
 * The message headers of {@code viamdata}: those that it reads, those that it sets after the upload, whose label is
 * {@code result}, those that only its consumer sets, whose label is {@code consumer}, and those that only operations read or set
 * which upload nothing, whose label is {@code operation}. {@link
 * io.github.camelviamdata.server.ViamDataServerConstants} describes the values that {@code viamdata-server} sets.
 *
 * <p>Wherever text is accepted, UTF-8 bytes are too (Kafka delivers header values as bytes). No header is ever
 * evaluated as an expression.
 */
public final class ViamDataConstants {

    /** The scheme of the producer, and of the consumer that reads back. */
    public static final String SCHEME = "viamdata";

    /** The scheme of the consumer that receives uploads. */
    public static final String SERVER_SCHEME = "viamdata-server";

    @Metadata(
            description =
                    "What to upload the message as; overrides the option `operation`. An endpoint whose option does"
                            + " not upload ignores it.",
            javaType = "io.github.camelviamdata.ViamDataOperation",
            enums = "binary,tabular,file,capture")
    public static final String OPERATION = "CamelViamDataOperation";

    @Metadata(
            description =
                    "ID of the machine part that owns the data; overrides the part ID of the endpoint. A consumer whose URI"
                            + " names the part does not set it.",
            javaType = "String")
    public static final String PART_ID = "CamelViamDataPartId";

    @Metadata(
            description = "Type of the component that captured the data, such as `camera` or `rdk:component:camera`;"
                    + " overrides the option `componentType`.",
            javaType = "String")
    public static final String COMPONENT_TYPE = "CamelViamDataComponentType";

    @Metadata(
            description = "Name of the component that captured the data; overrides the option `componentName`.",
            javaType = "String")
    public static final String COMPONENT_NAME = "CamelViamDataComponentName";

    @Metadata(
            description = "Name of the method that captured the data, such as `GetImages`; overrides the option"
                    + " `methodName`.",
            javaType = "String")
    public static final String METHOD_NAME = "CamelViamDataMethodName";

    @Metadata(
            description = "File extension of the data; a missing period is added. Overrides the option"
                    + " `fileExtension`. Without either it comes from the file name, else from the MIME type.",
            javaType = "String")
    public static final String FILE_EXTENSION = "CamelViamDataFileExtension";

    @Metadata(
            description = "Name of the file. Sent as given; without it, the operation `file` takes the name in"
                    + " `CamelFileName`, the others send none.",
            javaType = "String")
    public static final String FILE_NAME = "CamelViamDataFileName";

    @Metadata(
            description = "MIME type of the data, such as `image/jpeg`; overrides the option `mimeType`. Without"
                    + " either it comes from `CamelFileContentType` or `Content-Type`, else none is sent.",
            javaType = "String")
    public static final String MIME_TYPE = "CamelViamDataMimeType";

    @Metadata(
            description = "Tags, added to those of the option `tags` and to those of `tag=TAG` folders above the"
                    + " file. A collection, an array, or text separated by commas.",
            javaType = "java.util.Collection<String>")
    public static final String TAGS = "CamelViamDataTags";

    @Metadata(
            description = "IDs of the datasets to add the data to, added to those of the option `datasetIds` and to"
                    + " those of `dataset=ID` folders above the file. A collection, an array, or text separated by"
                    + " commas.",
            javaType = "java.util.Collection<String>")
    public static final String DATASET_IDS = "CamelViamDataDatasetIds";

    @Metadata(
            description =
                    "Parameters the capturing method was called with; an entry replaces the same one of the option"
                            + " `methodParameters`. Values may be text, numbers, booleans, null, lists and maps of these, or"
                            + " protobuf messages.",
            javaType = "java.util.Map<String, Object>")
    public static final String METHOD_PARAMETERS = "CamelViamDataMethodParameters";

    @Metadata(
            description =
                    "When the data was requested: `Instant`, `OffsetDateTime`, `ZonedDateTime`, `Date`, `Calendar`, a"
                            + " number by `timeUnit`, or ISO-8601 text with an offset. Where neither this nor the time of receipt"
                            + " is given, both are the time in the field `timeField` of a reading, else the message timestamp, if"
                            + " there is one. For several readings it may be a list of as many.",
            javaType = "java.time.Instant")
    public static final String TIME_REQUESTED = "CamelViamDataTimeRequested";

    @Metadata(
            description = "When the data was received from the sensor. Same forms as the time of the request.",
            javaType = "java.time.Instant")
    public static final String TIME_RECEIVED = "CamelViamDataTimeReceived";

    @Metadata(
            description = "Whether to add the key `readings` to readings that have none; overrides the option"
                    + " `wrapReadings`.",
            javaType = "Boolean")
    public static final String WRAP_READINGS = "CamelViamDataWrapReadings";

    @Metadata(
            description = "When the file was created. Same forms as the time of the request. Without it, the operation"
                    + " `file` takes that of a file on a local disk, where it is before the modification; the others send"
                    + " none.",
            javaType = "java.time.Instant")
    public static final String FILE_CREATE_TIME = "CamelViamDataFileCreateTime";

    @Metadata(
            description = "When the file was last modified. Same forms as the time of the request. Without it, the"
                    + " operation `file` takes the message timestamp, else the time of a file on a local disk; the others"
                    + " send none.",
            javaType = "java.time.Instant")
    public static final String FILE_MODIFY_TIME = "CamelViamDataFileModifyTime";

    @Metadata(
            description =
                    "Bounding boxes and classifications that go with the data: a `ViamDataAnnotations`, protobuf"
                            + " `Annotations`, or a map or JSON object with lists of objects, `bboxes` and `classifications`. Each"
                            + " has a `label` and may have a `confidence` from 0 to 1; boxes have `x_min_normalized`,"
                            + " `y_min_normalized`, `x_max_normalized` and `y_max_normalized`, fractions from 0 to 1. In their"
                            + " place, `x_min`, `y_min`, `x_max` and `y_max` are in pixels and take `image_width` and"
                            + " `image_height`, in the box or beside `bboxes`. For several readings it may be a list of as many.",
            javaType = "io.github.camelviamdata.ViamDataAnnotations")
    public static final String ANNOTATIONS = "CamelViamDataAnnotations";

    @Metadata(
            description =
                    "Whether to send exactly what the other headers and the options say: nothing is required but the"
                            + " part ID, an empty body is uploaded, readings of any size are sent in one request, and no field is"
                            + " corrected, completed or derived from a file's name, a MIME type, the content or the message"
                            + " timestamp. `viamdata-server` sets it, so that a relay passes on what it received. `false` by"
                            + " default.",
            javaType = "Boolean")
    public static final String VERBATIM = "CamelViamDataVerbatim";

    @Metadata(
            description =
                    "Fields of a request that have no header of their own, such as those of later versions of Viam's"
                            + " interface, as `viamdata-server` sets them. Only with `CamelViamDataVerbatim`.",
            javaType = "byte[]")
    public static final String OTHER_FIELDS = "CamelViamDataOtherFields";

    @Metadata(
            label = "producer,result",
            description = "ID of the stored data: the binary data ID where the service gives one, else the file ID. Of"
                    + " a message that was uploaded in several requests, the ID of the first.",
            javaType = "String")
    public static final String FILE_ID = "CamelViamDataFileId";

    @Metadata(
            label = "producer,result",
            description =
                    "The IDs of all that is stored of the message, in order: one for each request it was uploaded"
                            + " in, and an empty one where the service gave none. After a failure, of what was stored before it.",
            javaType = "java.util.List<String>")
    public static final String FILE_IDS = "CamelViamDataFileIds";

    @Metadata(
            label = "producer,result",
            description = "Binary data ID of the stored data, as Viam's data API takes it. Absent where the service"
                    + " gives none. Operations that read or change what is stored take it, or a collection of several.",
            javaType = "String")
    public static final String BINARY_DATA_ID = "CamelViamDataBinaryDataId";

    @Metadata(label = "producer,result", description = "Number of payload bytes stored.", javaType = "Long")
    public static final String UPLOADED_BYTES = "CamelViamDataUploadedBytes";

    @Metadata(
            label = "producer,result",
            description =
                    "Number of attempts to upload the message, at least 1 for each of its requests; 0 for a message that"
                            + " an earlier upload has stored.",
            javaType = "Integer")
    public static final String ATTEMPTS = "CamelViamDataAttempts";

    @Metadata(
            label = "producer,result",
            description =
                    "Where the data is when the upload has ended: `stored`, or after a failure `notSent`, `unknown`"
                            + " (all of it was sent, but the answer is missing: uploading again may store it twice), `refused`, or"
                            + " `partial` (of several requests the first ones are stored).",
            javaType = "io.github.camelviamdata.ViamDataDelivery",
            enums = "stored,notSent,unknown,refused,partial")
    public static final String DELIVERY = "CamelViamDataDelivery";

    @Metadata(
            label = "producer,result",
            description =
                    "`true` where an earlier upload has stored all of the message, so that nothing was sent. Absent"
                            + " otherwise. With the option `once`.",
            javaType = "Boolean")
    public static final String DUPLICATE = "CamelViamDataDuplicate";

    @Metadata(
            label = "producer,result",
            description =
                    "Number of whole payloads or readings in a capture file. Set once the file has been read to its"
                            + " end, or to where it is damaged.",
            javaType = "Long")
    public static final String CAPTURE_COUNT = "CamelViamDataCaptureCount";

    @Metadata(
            label = "producer,result",
            description = "Number of bytes at the end of a capture file that were left out, because it is cut off or"
                    + " damaged there; 0 for a file that is whole.",
            javaType = "Long")
    public static final String CAPTURE_LEFT = "CamelViamDataCaptureLeft";

    @Metadata(
            label = "producer,result",
            description =
                    "Where a capture file is cut off or damaged, and what is wrong there. Absent for a file that is"
                            + " whole.",
            javaType = "String")
    public static final String CAPTURE_DAMAGE = "CamelViamDataCaptureDamage";

    @Metadata(
            label = "operation",
            description =
                    "The beginning of a span of time: the earliest time of capture that the operations `query` and"
                            + " `export` return, in place of the option `from`; the start of a `sequence`. Same forms as the time"
                            + " of the request.",
            javaType = "java.time.Instant")
    public static final String FROM = "CamelViamDataFrom";

    @Metadata(
            label = "operation",
            description =
                    "The end of a span of time: the latest time of capture that the operations `query` and `export`"
                            + " return, in place of the option `until`; the end of a `sequence`. Same forms as the time of the"
                            + " request.",
            javaType = "java.time.Instant")
    public static final String UNTIL = "CamelViamDataUntil";

    @Metadata(
            label = "operation",
            description = "What captures the data of a `sequence`: a list of maps, or a JSON array of objects, with"
                    + " `resource_name` and `method_name`. Without it, the options `componentName` and `methodName`"
                    + " count.",
            javaType = "java.util.List<java.util.Map<String, String>>")
    public static final String RESOURCES = "CamelViamDataResources";

    @Metadata(
            label = "operation",
            description = "Whether more items match the filter of `query` than `maxResults`. Set after it.",
            javaType = "Boolean")
    public static final String MORE = "CamelViamDataMore";

    @Metadata(
            label = "operation",
            description = "Of how many items the service has taken the change: of `addTags`, `removeTags`,"
                    + " `addToDataset`, `removeFromDataset` and `delete`. Set after them, and after a failure too.",
            javaType = "Integer")
    public static final String CHANGED_COUNT = "CamelViamDataChangedCount";

    @Metadata(
            label = "operation",
            description = "How many items `delete` has deleted, as the service says: fewer than it was asked for where"
                    + " some were not there. Set after it, and after a failure too.",
            javaType = "Long")
    public static final String DELETED_COUNT = "CamelViamDataDeletedCount";

    @Metadata(
            label = "operation",
            description = "The IDs of the boxes that `annotate` has added, in their order. Set after it, and after a"
                    + " failure too.",
            javaType = "java.util.List<String>")
    public static final String BOUNDING_BOX_IDS = "CamelViamDataBoundingBoxIds";

    @Metadata(
            label = "operation",
            description =
                    "The ID of the sequence that `sequence` has created, or `capture` of a file that ends in `.seq`. Set after it.",
            javaType = "String")
    public static final String SEQUENCE_ID = "CamelViamDataSequenceId";

    @Metadata(
            label = "consumer",
            description = "Number of bytes of the item, as the service says; 0 where it does not.",
            javaType = "Long")
    public static final String FILE_SIZE = "CamelViamDataFileSize";

    @Metadata(label = "consumer", description = "ID of the machine part that owns the item.", javaType = "String")
    public static final String SOURCE_PART_ID = "CamelViamDataSourcePartId";

    @Metadata(label = "consumer", description = "Name of the machine part that owns the item.", javaType = "String")
    public static final String PART_NAME = "CamelViamDataPartName";

    @Metadata(label = "consumer", description = "ID of the machine that the part belongs to.", javaType = "String")
    public static final String MACHINE_ID = "CamelViamDataMachineId";

    @Metadata(label = "consumer", description = "Name of the machine that the part belongs to.", javaType = "String")
    public static final String MACHINE_NAME = "CamelViamDataMachineName";

    @Metadata(label = "consumer", description = "ID of the location of the machine.", javaType = "String")
    public static final String LOCATION_ID = "CamelViamDataLocationId";

    @Metadata(
            label = "consumer",
            description = "ID of the organization that the location belongs to.",
            javaType = "String")
    public static final String ORGANIZATION_ID = "CamelViamDataOrganizationId";

    @Metadata(
            label = "consumer",
            description = "A file name that no other item has: the end of the binary data ID, and the file "
                    + "extension. The name that the item was uploaded with is in `CamelViamDataFileName`.",
            javaType = "String")
    public static final String CAMEL_FILE_NAME = "CamelFileName";

    private ViamDataConstants() {}
}
