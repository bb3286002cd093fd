// Copyright the camel-viamdata authors. SPDX-License-Identifier: Apache-2.0
package io.github.camelviamdata.query;

import com.google.protobuf.Timestamp;
import io.github.camelviamdata.ViamDataConstants;
import io.github.camelviamdata.message.HeaderValues;
import io.github.camelviamdata.message.ProtoValues;
import io.github.camelviamdata.proto.data.v1.CaptureInterval;

/** Spans of time that a message names. */
final class Spans {

    private Spans() {}

    /**
     * The span in the headers; each end without a header is that of the options.
     *
     * @throws IllegalArgumentException if a header is no time, or if the end is before the beginning
     */
    static CaptureInterval of(HeaderValues headers, CaptureInterval options) {
        CaptureInterval.Builder span = options.toBuilder();
        Timestamp from = headers.time(ViamDataConstants.FROM);
        Timestamp until = headers.time(ViamDataConstants.UNTIL);
        if (from != null) {
            span.setStart(from);
        }
        if (until != null) {
            span.setEnd(until);
        }
        if (span.hasStart()
                && span.hasEnd()
                && ProtoValues.instant(span.getEnd()).isBefore(ProtoValues.instant(span.getStart()))) {
            throw new IllegalArgumentException(ViamDataConstants.UNTIL + ", or the option until, is "
                    + ProtoValues.instant(span.getEnd()) + ", which is before " + ViamDataConstants.FROM
                    + ", or the option from, " + ProtoValues.instant(span.getStart()));
        }
        return span.build();
    }
}
