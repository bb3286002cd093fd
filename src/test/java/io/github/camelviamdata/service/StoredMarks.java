// Copyright the camel-viamdata authors. SPDX-License-Identifier: Apache-2.0
package io.github.camelviamdata.service;

import com.google.protobuf.InvalidProtocolBufferException;
import com.google.protobuf.MessageLite;
import io.github.camelviamdata.proto.data.v1.AddBoundingBoxToImageByIDRequest;
import io.github.camelviamdata.proto.data.v1.AddBoundingBoxToImageByIDResponse;
import io.github.camelviamdata.proto.data.v1.CreateSequenceRequest;
import io.github.camelviamdata.proto.data.v1.CreateSequenceResponse;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;

/** What clients have marked in what is stored: boxes in pictures, and sequences. The same mark may be there twice. */
public final class StoredMarks {

    private final List<AddBoundingBoxToImageByIDRequest> boxes = new CopyOnWriteArrayList<>();
    private final List<CreateSequenceRequest> sequences = new CopyOnWriteArrayList<>();

    /** Takes a mark, and answers with its ID. */
    MessageLite mark(String method, byte[] request) throws InvalidProtocolBufferException {
        return switch (method) {
            case "AddBoundingBoxToImageByID" -> {
                boxes.add(AddBoundingBoxToImageByIDRequest.parseFrom(request));
                yield AddBoundingBoxToImageByIDResponse.newBuilder()
                        .setBboxId("box-" + boxes.size())
                        .build();
            }
            case "CreateSequence" -> {
                sequences.add(CreateSequenceRequest.parseFrom(request));
                yield CreateSequenceResponse.newBuilder()
                        .setId("sequence-" + sequences.size())
                        .build();
            }
            default -> throw new AssertionError(method);
        };
    }

    public List<AddBoundingBoxToImageByIDRequest> boxes() {
        return boxes;
    }

    public List<CreateSequenceRequest> sequences() {
        return sequences;
    }
}
