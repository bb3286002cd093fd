// Copyright the camel-viamdata authors. SPDX-License-Identifier: Apache-2.0
package io.github.camelviamdata.benchmark;

import com.google.protobuf.ByteString;
import io.github.camelviamdata.proto.datasync.v1.DataSyncServiceGrpc;
import io.grpc.ManagedChannel;
import io.grpc.netty.shaded.io.grpc.netty.NettyChannelBuilder;
import java.util.concurrent.TimeUnit;
import org.apache.camel.CamelContext;
import org.apache.camel.Consumer;
import org.apache.camel.Exchange;
import org.apache.camel.Processor;
import org.apache.camel.Producer;
import org.apache.camel.support.DefaultEndpoint;
import org.apache.camel.support.DefaultProducer;

/** What the older gRPC components do: a producer that calls a blocking stub and copies the bytes. */
final class BlockingEndpoint extends DefaultEndpoint {

    private final ManagedChannel channel;

    BlockingEndpoint(CamelContext context, int port) {
        super("blocking:" + port, null);
        setCamelContext(context);
        channel =
                NettyChannelBuilder.forAddress("localhost", port).usePlaintext().build();
    }

    @Override
    public Producer createProducer() {
        DataSyncServiceGrpc.DataSyncServiceBlockingStub stub = DataSyncServiceGrpc.newBlockingStub(channel);
        return new DefaultProducer(this) {
            @Override
            public void process(Exchange exchange) {
                byte[] bytes = exchange.getMessage().getBody(byte[].class);
                String id = stub.withDeadlineAfter(30, TimeUnit.SECONDS)
                        .dataCaptureUpload(RawPeer.request(ByteString.copyFrom(bytes)))
                        .getBinaryDataId();
                exchange.getMessage().setHeader("CamelViamDataFileId", id);
            }
        };
    }

    @Override
    public Consumer createConsumer(Processor processor) {
        throw new UnsupportedOperationException();
    }

    @Override
    protected void doStop() {
        channel.shutdownNow();
    }
}
