// Copyright the camel-viamdata authors. SPDX-License-Identifier: Apache-2.0
package io.github.camelviamdata.query;

import io.github.camelviamdata.ViamDataConfiguration;
import io.github.camelviamdata.ViamDataConstants;
import io.github.camelviamdata.message.HeaderValues;
import io.github.camelviamdata.message.PlainText;

/**
 * Whose readings are meant: each part of it by its header, else by its option.
 *
 * @param type of the component, such as {@code rdk:component:sensor}
 */
record Resource(String partId, String name, String type, String method) {

    /**
     * @throws IllegalArgumentException if a part of it is missing or wrong; the text names the option and the header
     */
    static Resource of(ViamDataConfiguration options, HeaderValues headers) {
        return new Resource(
                partId(options, headers),
                required("componentName", options.getComponentName(), headers, ViamDataConstants.COMPONENT_NAME),
                required("componentType", options.getComponentType(), headers, ViamDataConstants.COMPONENT_TYPE),
                required("methodName", options.getMethodName(), headers, ViamDataConstants.METHOD_NAME));
    }

    /**
     * By the options alone.
     *
     * @throws IllegalArgumentException if a part of it is missing; the text names the option
     */
    static Resource of(String partId, ViamDataConfiguration options) {
        if (partId == null || partId.isBlank()) {
            throw new IllegalArgumentException("Name the part in the URI");
        }
        return new Resource(
                partId,
                required("componentName", options.getComponentName()),
                required("componentType", options.getComponentType()),
                required("methodName", options.getMethodName()));
    }

    private static String required(String option, String value) {
        if (value == null || value.isBlank()) {
            throw new IllegalArgumentException("The option dataType=tabular needs the option " + option);
        }
        return value;
    }

    static String partId(ViamDataConfiguration options, HeaderValues headers) {
        String header = PlainText.id(ViamDataConstants.PART_ID, headers.text(ViamDataConstants.PART_ID));
        String partId = header == null ? options.getPartId() : header;
        if (partId == null || partId.isBlank()) {
            throw new IllegalArgumentException(
                    "Name the part in the URI, or set the header " + ViamDataConstants.PART_ID);
        }
        return partId;
    }

    private static String required(String option, String value, HeaderValues headers, String header) {
        String given = PlainText.resolved(header, headers.text(header));
        String text = given == null ? value : given;
        if (text == null || text.isBlank()) {
            throw new IllegalArgumentException("Set the option " + option + " or the header " + header);
        }
        return text;
    }
}
