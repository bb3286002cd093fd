// Copyright the camel-viamdata authors. SPDX-License-Identifier: Apache-2.0
package io.github.camelviamdata.message;

import com.google.protobuf.Any;
import com.google.protobuf.Timestamp;
import io.github.camelviamdata.ViamDataConstants;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** The headers of a message that are made of fields on the wire. A field that is absent or empty makes no header. */
public final class FieldHeaders {

    private final Map<String, Object> headers = new LinkedHashMap<>();

    /** Adds a value, whatever it is. */
    public void add(String header, Object value) {
        headers.put(header, value);
    }

    public void addText(String header, String value) {
        if (!value.isEmpty()) {
            headers.put(header, value);
        }
    }

    public void addList(String header, List<String> values) {
        if (!values.isEmpty()) {
            headers.put(header, List.copyOf(values));
        }
    }

    /**
     * @param field its name on the wire, for an exception text
     * @throws IllegalArgumentException if the time does not exist
     */
    public void addTime(String header, String field, boolean isPresent, Timestamp time) {
        if (isPresent) {
            headers.put(header, ProtoValues.instant(field, time));
        }
    }

    /** Adds the parameters of a method as one header. */
    public void addMethodParameters(Map<String, Any> parameters) {
        if (!parameters.isEmpty()) {
            Map<String, Object> values = new LinkedHashMap<>();
            parameters.forEach((name, any) -> values.put(name, ProtoValues.object(any)));
            headers.put(ViamDataConstants.METHOD_PARAMETERS, values);
        }
    }

    /** The headers by their names, in the order in which they were added. */
    public Map<String, Object> map() {
        return headers;
    }
}
