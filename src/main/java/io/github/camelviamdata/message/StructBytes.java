// Copyright the camel-viamdata authors. SPDX-License-Identifier: Apache-2.0
package io.github.camelviamdata.message;

import com.google.protobuf.ByteString;
import com.google.protobuf.CodedInputStream;
import com.google.protobuf.ListValue;
import com.google.protobuf.Struct;
import com.google.protobuf.Value;
import com.google.protobuf.WireFormat;
import java.io.IOException;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * Reads a serialized struct in which lists of numbers stand for bytes. It takes one byte of memory for each byte of a picture;
 * protobuf's objects take some 70.
 */
final class StructBytes {

    // protobuf's own limit.
    private static final int MAX_DEPTH = 32;

    private final CodedInputStream in;

    private StructBytes(CodedInputStream in) {
        this.in = in;
    }

    /**
     * The fields as maps, lists, texts, doubles, booleans and nulls, with a {@link ByteString} for each non-empty list of whole
     * numbers from 0 to 255.
     *
     * @throws CaptureDamage if this is no struct
     */
    static Map<String, Object> read(ByteString struct) throws CaptureDamage {
        CodedInputStream in = struct.newCodedInput();
        try {
            return new StructBytes(in).struct(0);
        } catch (IOException e) {
            throw new CaptureDamage("a struct is no valid message (" + e.getMessage() + ")");
        }
    }

    private Map<String, Object> struct(int depth) throws IOException, CaptureDamage {
        Map<String, Object> fields = new LinkedHashMap<>();
        for (int tag = in.readTag(); tag != 0; tag = in.readTag()) {
            if (tag == tag(Struct.FIELDS_FIELD_NUMBER)) {
                int limit = in.pushLimit(in.readRawVarint32());
                field(fields, depth);
                in.popLimit(limit);
            } else {
                in.skipField(tag);
            }
        }
        return fields;
    }

    /** An entry of a map: a key, 1, and a value, 2. */
    private void field(Map<String, Object> fields, int depth) throws IOException, CaptureDamage {
        String key = "";
        Object value = null;
        for (int tag = in.readTag(); tag != 0; tag = in.readTag()) {
            if (tag == tag(1)) {
                key = in.readStringRequireUtf8();
            } else if (tag == tag(2)) {
                value = nested(depth);
            } else {
                in.skipField(tag);
            }
        }
        fields.put(key, value);
    }

    private Object nested(int depth) throws IOException, CaptureDamage {
        if (depth > MAX_DEPTH) {
            throw new CaptureDamage("a struct is nested more than " + MAX_DEPTH + " levels deep");
        }
        int limit = in.pushLimit(in.readRawVarint32());
        Object value = value(depth);
        in.popLimit(limit);
        return value;
    }

    private Object value(int depth) throws IOException, CaptureDamage {
        Object value = null;
        for (int tag = in.readTag(); tag != 0; tag = in.readTag()) {
            switch (tag) {
                case Value.NUMBER_VALUE_FIELD_NUMBER << 3 | WireFormat.WIRETYPE_FIXED64 -> value = in.readDouble();
                case Value.STRING_VALUE_FIELD_NUMBER << 3 | WireFormat.WIRETYPE_LENGTH_DELIMITED ->
                    value = in.readStringRequireUtf8();
                case Value.BOOL_VALUE_FIELD_NUMBER << 3 | WireFormat.WIRETYPE_VARINT -> value = in.readBool();
                case Value.STRUCT_VALUE_FIELD_NUMBER << 3 | WireFormat.WIRETYPE_LENGTH_DELIMITED -> {
                    int limit = in.pushLimit(in.readRawVarint32());
                    value = struct(depth + 1);
                    in.popLimit(limit);
                }
                case Value.LIST_VALUE_FIELD_NUMBER << 3 | WireFormat.WIRETYPE_LENGTH_DELIMITED -> {
                    int limit = in.pushLimit(in.readRawVarint32());
                    value = list(depth + 1);
                    in.popLimit(limit);
                }
                default -> in.skipField(tag);
            }
        }
        return value;
    }

    private Object list(int depth) throws IOException, CaptureDamage {
        ByteString.Output bytes = ByteString.newOutput();
        List<Object> values = null;
        for (int tag = in.readTag(); tag != 0; tag = in.readTag()) {
            if (tag != tag(ListValue.VALUES_FIELD_NUMBER)) {
                in.skipField(tag);
                continue;
            }
            Object value = nested(depth);
            if (values == null && isByte(value)) {
                bytes.write(((Double) value).intValue());
            } else {
                values = values == null ? numbers(bytes.toByteString()) : values;
                values.add(value);
            }
        }
        if (values != null) {
            return values;
        }
        return bytes.size() == 0 ? List.of() : bytes.toByteString();
    }

    private static boolean isByte(Object value) {
        return value instanceof Double number && number >= 0 && number <= 255 && number == Math.rint(number);
    }

    private static List<Object> numbers(ByteString bytes) {
        List<Object> numbers = new ArrayList<>();
        for (byte number : bytes) {
            numbers.add((double) (number & 0xff));
        }
        return numbers;
    }

    private static int tag(int field) {
        return field << 3 | WireFormat.WIRETYPE_LENGTH_DELIMITED;
    }
}
