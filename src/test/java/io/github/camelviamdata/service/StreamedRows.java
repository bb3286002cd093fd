// Copyright the camel-viamdata authors. SPDX-License-Identifier: Apache-2.0
package io.github.camelviamdata.service;

import com.google.protobuf.MessageLite;
import io.grpc.Grpc;
import io.grpc.Metadata;
import io.grpc.ServerCall;
import io.grpc.ServerCallHandler;
import io.grpc.Status;
import java.util.Iterator;
import java.util.List;
import java.util.function.Function;

/** Answers a request by a stream, which it makes no faster than the client takes it. */
final class StreamedRows implements ServerCallHandler<byte[], byte[]> {

    private final List<TestCall> calls;
    private final Function<TestCall, Iterator<? extends MessageLite>> rows;
    private final Function<TestCall, Status> end;

    /**
     * @param calls where each call is noted
     * @param end the status after the rows; null for none, so that the stream stalls
     */
    StreamedRows(
            List<TestCall> calls,
            Function<TestCall, Iterator<? extends MessageLite>> rows,
            Function<TestCall, Status> end) {
        this.calls = calls;
        this.rows = rows;
        this.end = end;
    }

    @Override
    public ServerCall.Listener<byte[]> startCall(ServerCall<byte[], byte[]> serverCall, Metadata headers) {
        TestCall call = new TestCall(
                serverCall.getMethodDescriptor().getBareMethodName(),
                headers,
                serverCall.getAttributes().get(Grpc.TRANSPORT_ATTR_REMOTE_ADDR).toString());
        calls.add(call);
        serverCall.request(1);
        return new ServerCall.Listener<>() {

            private Iterator<? extends MessageLite> left;
            private boolean headersSent;
            private boolean closed;

            @Override
            public void onMessage(byte[] message) {
                call.add(message);
            }

            @Override
            public void onHalfClose() {
                call.halfClose();
                left = rows.apply(call);
                send();
            }

            @Override
            public void onReady() {
                send();
            }

            @Override
            public void onCancel() {
                call.cancel();
            }

            private void send() {
                if (left == null || closed) {
                    return;
                }
                while (serverCall.isReady() && left.hasNext()) {
                    if (!headersSent) {
                        headersSent = true;
                        serverCall.sendHeaders(new Metadata());
                    }
                    serverCall.sendMessage(left.next().toByteArray());
                }
                Status status = left.hasNext() ? null : end.apply(call);
                if (status != null) {
                    closed = true;
                    serverCall.close(status, new Metadata());
                }
            }
        };
    }
}
