// Copyright the camel-viamdata authors. SPDX-License-Identifier: Apache-2.0
package io.github.camelviamdata.delivery;

import io.github.camelviamdata.delivery.DeliveryTable.Arrived;
import io.github.camelviamdata.delivery.DeliveryTable.Row;
import io.github.camelviamdata.delivery.DeliveryTableIT.Before;
import io.github.camelviamdata.service.TestCall;
import io.github.camelviamdata.service.TestService;
import io.grpc.Status;
import java.util.Arrays;
import java.util.EnumSet;
import java.util.Map;
import java.util.Set;
import java.util.function.BiFunction;
import java.util.function.Consumer;
import java.util.function.Function;
import java.util.function.Supplier;
import org.apache.camel.CamelContext;

/** How a line of the table is made to happen. */
final class Failure {

    /** What a failure can take hold of. */
    record Stage(Row row, Front front, TestService service, CamelContext camel) {

        Status status() {
            return Status.fromCode(Status.Code.valueOf(row.code())).withDescription("because");
        }
    }

    /** Does something while the upload is in flight. */
    interface Act {
        void on(Stage stage) throws Exception;
    }

    static final byte[] SMALL = bytes(3_000);

    /** More than a peer takes that grants no window after the first one. */
    static final byte[] LARGE = bytes(800_000);

    /** More than the service takes without reading. */
    static final byte[] VERY_LARGE = bytes(3_000_000);

    String options = "";
    Map<String, Object> headers = Map.of();
    Supplier<?> body = () -> SMALL;

    /** What serves the connection; null for the service. */
    Front.Peer peer;

    /** How the service answers what it has seen all of. */
    BiFunction<Stage, TestCall, Status> answer = (stage, call) -> Status.OK;

    /** How else the service differs. */
    Consumer<TestService> service = unchanged -> {};

    /** How it answers what it has not seen all of; null to hear it out. */
    Function<Stage, Status> interrupting;

    /** Whether it takes no more than the first messages of a stream. */
    boolean stopsReading;

    /** What happens as soon as so much has arrived. */
    Act act;

    Arrived actsAfter;

    /** What happens before the upload begins. */
    Act first = stage -> {};

    private volatile Arrived seen = Arrived.nothing;

    private Set<Before> follows = EnumSet.allOf(Before.class);

    static byte[] bytes(int size) {
        byte[] bytes = new byte[size];
        Arrays.fill(bytes, (byte) 7);
        return bytes;
    }

    Failure options(String options) {
        this.options = options;
        return this;
    }

    Failure headers(Map<String, Object> headers) {
        this.headers = headers;
        return this;
    }

    Failure body(Supplier<?> body) {
        this.body = body;
        return this;
    }

    Failure peer(Front.Peer peer) {
        this.peer = peer;
        return this;
    }

    Failure answer(BiFunction<Stage, TestCall, Status> answer) {
        this.answer = answer;
        return this;
    }

    Failure service(Consumer<TestService> service) {
        this.service = service;
        return this;
    }

    Failure interrupting(Function<Stage, Status> interrupting) {
        this.interrupting = interrupting;
        return this;
    }

    Failure stopsReading() {
        this.stopsReading = true;
        return this;
    }

    Failure first(Act first) {
        this.first = first;
        return this;
    }

    Failure actsAfter(Arrived arrived, Act act) {
        this.actsAfter = arrived;
        this.act = act;
        return this;
    }

    /** Not tried after another attempt. */
    Failure alone() {
        follows = Set.of();
        return this;
    }

    /** No connection comes about, so that gRPC goes on to tell of the failure before. */
    Failure neverConnects() {
        follows = Set.of(Before.ANSWER_LOST);
        return this;
    }

    /** Whether it can come after another attempt. */
    boolean follows(Before before) {
        return follows.contains(before);
    }

    /** Notes how much a peer has seen that is not the service. */
    void seen(Arrived arrived) {
        seen = arrived;
    }

    /** How much of the data has arrived. */
    Arrived arrived(TestService service) {
        if (service.uploads().stream().anyMatch(TestCall::isHalfClosed)) {
            return Arrived.all;
        }
        boolean part =
                service.uploads().stream().anyMatch(call -> !call.messages().isEmpty());
        return part ? Arrived.part : seen;
    }
}
