// Copyright the camel-viamdata authors. SPDX-License-Identifier: Apache-2.0
package io.github.camelviamdata.testing.service;

import com.google.protobuf.MessageLite;
import io.github.camelviamdata.proto.data.v1.DataServiceGrpc;
import io.grpc.BindableService;
import io.grpc.MethodDescriptor;
import io.grpc.ServerCallHandler;
import io.grpc.ServerServiceDefinition;
import io.grpc.stub.ServerCallStreamObserver;
import io.grpc.stub.ServerCalls;
import io.grpc.stub.StreamObserver;
import java.io.ByteArrayInputStream;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Function;

/** Viam's data service. Each call is a row of one table, with what it reads or changes. */
public final class InMemoryDataService implements BindableService {

    /** Lets calls fail. */
    @FunctionalInterface
    public interface Faults {

        /**
         * Called before a call has any effect.
         *
         * @param change whether the call changes something
         * @return what happens between the effect and the answer
         * @throws io.grpc.StatusRuntimeException to fail the call
         */
        Runnable next(boolean change);
    }

    private record Call<Q extends MessageLite, R extends MessageLite>(
            MethodDescriptor<Q, R> method, boolean change, Function<Q, List<R>> answers) {

        List<R> answer(byte[] request) {
            return answers.apply(method.parseRequest(new ByteArrayInputStream(request)));
        }
    }

    private final Map<String, Call<?, ?>> calls = new LinkedHashMap<>();
    private final Faults faults;

    public InMemoryDataService(DataStore store, Places places, Faults faults) {
        DataAnswers data = new DataAnswers(store, places);
        this.faults = faults;
        read(DataServiceGrpc.getBinaryDataByFilterMethod(), data::list);
        read(DataServiceGrpc.getBinaryDataByIDsMethod(), data::byIds);
        read(DataServiceGrpc.getCreateBinaryDataSignedURLMethod(), data::signedUrl);
        read(DataServiceGrpc.getGetLatestTabularDataMethod(), store.readings()::latest);
        add(new Call<>(DataServiceGrpc.getExportTabularDataMethod(), false, store.readings()::export));
        change(DataServiceGrpc.getAddTagsToBinaryDataByIDsMethod(), data::addTags);
        change(DataServiceGrpc.getRemoveTagsFromBinaryDataByIDsMethod(), data::removeTags);
        change(DataServiceGrpc.getAddBinaryDataToDatasetByIDsMethod(), data::addToDataset);
        change(DataServiceGrpc.getRemoveBinaryDataFromDatasetByIDsMethod(), data::removeFromDataset);
        change(DataServiceGrpc.getAddBoundingBoxToImageByIDMethod(), data::addBox);
        change(DataServiceGrpc.getDeleteBinaryDataByIDsMethod(), data::delete);
        change(DataServiceGrpc.getCreateSequenceMethod(), data::createSequence);
    }

    private <Q extends MessageLite, R extends MessageLite> void read(
            MethodDescriptor<Q, R> method, Function<Q, R> answer) {
        add(new Call<>(method, false, request -> List.of(answer.apply(request))));
    }

    private <Q extends MessageLite, R extends MessageLite> void change(
            MethodDescriptor<Q, R> method, Function<Q, R> answer) {
        add(new Call<>(method, true, request -> List.of(answer.apply(request))));
    }

    private void add(Call<?, ?> call) {
        calls.put(call.method().getBareMethodName(), call);
    }

    /**
     * Makes a unary call in the process, without faults.
     *
     * @param method its name, such as {@code BinaryDataByIDs}
     * @throws io.grpc.StatusRuntimeException if the request cannot be parsed
     */
    public MessageLite answer(String method, byte[] request) {
        return calls.get(method).answer(request).get(0);
    }

    @Override
    public ServerServiceDefinition bindService() {
        ServerServiceDefinition.Builder service =
                ServerServiceDefinition.builder(DataServiceGrpc.getServiceDescriptor());
        calls.values().forEach(call -> bind(service, call));
        return service.build();
    }

    private <Q extends MessageLite, R extends MessageLite> void bind(
            ServerServiceDefinition.Builder service, Call<Q, R> call) {
        ServerCallHandler<Q, R> handler = call.method().getType() == MethodDescriptor.MethodType.UNARY
                ? ServerCalls.asyncUnaryCall((request, client) -> serve(call, request, client))
                : ServerCalls.asyncServerStreamingCall((request, client) -> serve(call, request, client));
        service.addMethod(call.method(), handler);
    }

    private <Q extends MessageLite, R extends MessageLite> void serve(
            Call<Q, R> call, Q request, StreamObserver<R> client) {
        // With a handler, answers to a client that has cancelled are ignored; else they throw.
        ((ServerCallStreamObserver<R>) client).setOnCancelHandler(() -> {});
        Runnable beforeAnswer = faults.next(call.change());
        List<R> answers = call.answers().apply(request);
        beforeAnswer.run();
        answers.forEach(client::onNext);
        client.onCompleted();
    }
}
