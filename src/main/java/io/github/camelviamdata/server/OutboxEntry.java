// Copyright the camel-viamdata authors. SPDX-License-Identifier: Apache-2.0
package io.github.camelviamdata.server;

import io.github.camelviamdata.proto.datasync.v1.UploadMetadata;
import java.util.Objects;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * An upload in an outbox. The names of its files hold its sequence and its lane.
 *
 * @param sequence its number in the order of arrival, from a counter, not from a clock
 * @param lane uploads of one lane are forwarded one after another; all uploads of a component are in one lane
 * @param size size of its files, in bytes
 */
record OutboxEntry(long sequence, int lane, long size) {

    private static final int LANES = 4096;

    /** Ending of the file with the request. An upload is stored once this file exists. */
    static final String MESSAGE = ".upload";

    /** Ending of the file with a large payload. */
    static final String PAYLOAD = ".data";

    /** Ending of a file that is being written. */
    static final String UNFINISHED = ".tmp";

    private static final Pattern NAME = Pattern.compile("([0-9]{18})-([0-9a-f]{3})\\.[a-z]+");

    /** The entry of a new upload, before its files have a size. */
    static OutboxEntry of(long sequence, UploadMetadata upload) {
        int component = Objects.hash(upload.getPartId(), upload.getComponentType(), upload.getComponentName());
        return new OutboxEntry(sequence, Math.floorMod(component, LANES), 0);
    }

    /** Name of its files, without their endings. */
    String name() {
        return String.format("%018d-%03x", sequence, lane);
    }

    /** The entry that a file belongs to, or null. */
    static OutboxEntry of(String fileName, long size) {
        Matcher name = NAME.matcher(fileName);
        return name.matches()
                ? new OutboxEntry(Long.parseLong(name.group(1)), Integer.parseInt(name.group(2), 16), size)
                : null;
    }
}
