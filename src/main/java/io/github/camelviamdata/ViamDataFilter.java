// Copyright the camel-viamdata authors. SPDX-License-Identifier: Apache-2.0
package io.github.camelviamdata;

import java.util.stream.Stream;
import org.apache.camel.spi.UriParam;
import org.apache.camel.spi.UriParams;

/**
 * Which items a consumer takes, and the operation {@code query} lists. All of these have to match, and of a list one value. Setters
 * check nothing; the start of a consumer or a producer does.
 */
@UriParams
public class ViamDataFilter {

    @UriParam(
            label = "consumer,filter",
            defaultValue = "binary",
            enums = "binary,tabular",
            description = "What a consumer reads: `binary` pictures and other items, `tabular` the readings of the "
                    + "component that `componentType`, `componentName` and `methodName` name, of the part in the URI, "
                    + "with `watermark`.")
    private ViamDataType dataType = ViamDataType.binary;

    @UriParam(
            label = "filter",
            description =
                    "ID of a dataset: only what is in it. With `onDone=removeFromDataset` the dataset is a " + "queue.")
    private String datasetId;

    @UriParam(label = "filter", description = "MIME types, separated by commas: only data of one of these.")
    private String mimeTypes;

    @UriParam(
            label = "filter",
            enums = "any,tagged,untagged",
            description =
                    "Which data to take by its tags: `any` with at least one of the `tags`, `tagged` with any tag,"
                            + " `untagged` without a tag. With `tags` the default is `any`.")
    private ViamDataTagMatch tagMatch;

    @UriParam(
            label = "filter",
            description = "Labels of bounding boxes, separated by commas: only images with a box of one of these.")
    private String labels;

    @UriParam(
            label = "filter",
            description = "IDs of locations, separated by commas: only data of machines in one of these.")
    private String locationIds;

    @UriParam(label = "filter", description = "IDs of organizations, separated by commas: only data of one of these.")
    private String organizationIds;

    @UriParam(
            label = "filter",
            description = "The earliest time of capture, included, as ISO-8601 text with an offset, such as "
                    + "`2026-03-01T06:00:00Z`.")
    private String from;

    @UriParam(label = "filter", description = "The latest time of capture, included, as ISO-8601 text with an offset.")
    private String until;

    @UriParam(
            label = "filter",
            defaultValue = "1000",
            description =
                    "Maximum number of items that `operation=query` lists, from 1 to 100000. Their metadata is held in"
                            + " memory.")
    private int maxResults = 1000;

    /** Whether any of these options says what to take. A time alone does not: it is a part of nearly all data. */
    boolean isGiven() {
        return Stream.of(datasetId, mimeTypes, labels, locationIds, organizationIds)
                        .anyMatch(text -> text != null && !text.isBlank())
                || tagMatch != null;
    }

    public ViamDataType getDataType() {
        return dataType;
    }

    /** Default {@code binary}; not null. */
    public void setDataType(ViamDataType dataType) {
        this.dataType = dataType;
    }

    public String getDatasetId() {
        return datasetId;
    }

    /** Default null: in any dataset or in none. */
    public void setDatasetId(String datasetId) {
        this.datasetId = datasetId;
    }

    public String getMimeTypes() {
        return mimeTypes;
    }

    /** Separated by commas. Default null: any type. */
    public void setMimeTypes(String mimeTypes) {
        this.mimeTypes = mimeTypes;
    }

    public ViamDataTagMatch getTagMatch() {
        return tagMatch;
    }

    /** Default null: {@code any} with tags; without tags, all data. */
    public void setTagMatch(ViamDataTagMatch tagMatch) {
        this.tagMatch = tagMatch;
    }

    public String getLabels() {
        return labels;
    }

    /** Separated by commas. Default null: with or without boxes. */
    public void setLabels(String labels) {
        this.labels = labels;
    }

    public String getLocationIds() {
        return locationIds;
    }

    /** Separated by commas. Default null: any location. */
    public void setLocationIds(String locationIds) {
        this.locationIds = locationIds;
    }

    public String getOrganizationIds() {
        return organizationIds;
    }

    /** Separated by commas. Default null: what the credential may see. */
    public void setOrganizationIds(String organizationIds) {
        this.organizationIds = organizationIds;
    }

    public String getFrom() {
        return from;
    }

    /** ISO-8601 with an offset. Default null: from the beginning. */
    public void setFrom(String from) {
        this.from = from;
    }

    public String getUntil() {
        return until;
    }

    /** ISO-8601 with an offset. Default null: without end. */
    public void setUntil(String until) {
        this.until = until;
    }

    public int getMaxResults() {
        return maxResults;
    }

    /** Default 1000; from 1 to 100000. */
    public void setMaxResults(int maxResults) {
        this.maxResults = maxResults;
    }
}
