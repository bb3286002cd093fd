// Copyright the camel-viamdata authors. SPDX-License-Identifier: Apache-2.0
package io.github.camelviamdata.testing;

import io.github.camelviamdata.ViamDataConstants;
import io.github.camelviamdata.testing.service.DataStore;
import io.grpc.Status;
import java.net.InetAddress;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.UUID;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.CountDownLatch;
import org.apache.camel.Exchange;
import org.junit.jupiter.api.extension.AfterAllCallback;
import org.junit.jupiter.api.extension.AfterEachCallback;
import org.junit.jupiter.api.extension.BeforeAllCallback;
import org.junit.jupiter.api.extension.BeforeEachCallback;
import org.junit.jupiter.api.extension.ExtensionContext;

/**
 * A server in the place of Viam, for the tests of routes that upload and of routes that read. It speaks the real protocol on a free
 * port of the loopback address, in plaintext, keeps what it receives in memory, gives it back, and fails on demand.
 *
 * <pre>{@code
 * @RegisterExtension
 * static final ViamDataServerExtension viam = new ViamDataServerExtension();
 * }</pre>
 *
 * <p>In a static field, one server serves all tests of a class, and each test begins with {@link #reset()}. In an instance
 * field, each test has a server of its own. The server starts before the first test, or earlier, when its port is asked for.
 *
 * <p>What was uploaded or given to {@link #store} can be read: pictures and files are listed in the order of capture, by all filters,
 * read, changed and deleted; readings are exported. Items above 1,000,000 bytes come from a second host, by a redirect or a signed URL.
 *
 * <p>All methods may be called by any thread.
 */
public final class ViamDataServerExtension
        implements BeforeAllCallback, BeforeEachCallback, AfterEachCallback, AfterAllCallback {

    private final String apiKeyId = UUID.randomUUID().toString();
    private final String apiKey = UUID.randomUUID().toString();
    private final List<ReceivedUpload> received = new CopyOnWriteArrayList<>();
    private final Faults uploadFaults = new Faults("failNext");
    private final Faults readFaults = new Faults("failNextRead");
    private final Faults changeFaults = new Faults("failNextChange");
    private final DataStore store = new DataStore();
    private final StoredUploads storedUploads = new StoredUploads(store);
    private volatile CountDownLatch released = new CountDownLatch(0);
    private volatile LocalServer server;

    // Nested test classes begin and end within the class around them.
    private int testClasses;

    /**
     * The address of the server, for the option {@code host}: that of the loopback interface. Clients that use another name for it
     * cannot read items above 1,000,000 bytes, because they send their credential to the host of that option alone.
     */
    public String host() {
        return InetAddress.getLoopbackAddress().getHostAddress();
    }

    /**
     * The port of the server, for the option {@code port}.
     *
     * @throws IllegalStateException if the server cannot start
     */
    public int port() {
        return start().port();
    }

    /** ID of the API key that the server accepts, for the option {@code apiKeyId}. Each extension has one of its own. */
    public String apiKeyId() {
        return apiKeyId;
    }

    /** The API key that the server accepts, for the option {@code apiKey}. */
    public String apiKey() {
        return apiKey;
    }

    /**
     * Host, port, key and the lack of TLS as options of an endpoint: {@code "viamdata:part?" + viam.options()}.
     *
     * @throws IllegalStateException if the server cannot start
     */
    public String options() {
        return "host=" + host() + "&port=" + port() + "&plaintext=true&apiKeyId=" + apiKeyId + "&apiKey=" + apiKey;
    }

    /**
     * The uploads that the server has received, in the order of arrival. An upload is in the list before its client has the
     * answer, and also if the answer is lost, but not if {@link #failNext} fails it. The list is a copy.
     */
    public List<ReceivedUpload> received() {
        return List.copyOf(received);
    }

    /**
     * Stores a picture or a file, as if it had been uploaded earlier: it is not in {@link #received()} and meets no fault. To be called
     * in the test or before each one, because each test begins with {@link #reset()}.
     *
     * @param headers by the names in {@link ViamDataConstants} that an upload reads; {@code PART_ID} is required. Nothing is derived
     *     but the MIME type, of {@code FILE_EXTENSION}. Without {@code TIME_REQUESTED} it is captured now
     * @param body not copied
     * @return its binary data ID
     * @throws io.github.camelviamdata.ViamDataRejectedException if a header is missing or malformed; the text names it
     * @throws IllegalArgumentException if the headers are those of readings
     * @throws IllegalStateException if the server cannot start
     */
    public String store(Map<String, Object> headers, byte[] body) {
        return storedUploads.store(start().context(), headers, Objects.requireNonNull(body, "body"));
    }

    /**
     * Stores readings of a sensor, as if they had been uploaded earlier.
     *
     * @param headers as for {@link #store}. To be read, readings need {@code COMPONENT_TYPE}, {@code COMPONENT_NAME} and
     *     {@code METHOD_NAME} too. {@code TIME_REQUESTED} may be a list with a time for each reading
     * @param readings of one or more; each is stored as it is, not wrapped
     * @throws io.github.camelviamdata.ViamDataRejectedException if a header or a reading is missing or malformed; the text names it
     * @throws IllegalStateException if the server cannot start
     */
    public void storeReadings(Map<String, Object> headers, List<? extends Map<String, ?>> readings) {
        storedUploads.storeReadings(start().context(), headers, readings);
    }

    /** The pictures and files that are stored by now, in the order of capture, also those that are not listed yet. */
    public List<StoredItem> stored() {
        return store.items().all().stream().map(StoredItem::of).toList();
    }

    /**
     * The picture or file with an ID, as it is stored by now.
     *
     * @return null if there is none
     */
    public StoredItem stored(String id) {
        return store.items().byIds(List.of(Objects.requireNonNull(id, "id"))).stream()
                .map(StoredItem::of)
                .findFirst()
                .orElse(null);
    }

    /** The sequences that were created, in their order. */
    public List<StoredSequence> sequences() {
        return store.sequences().stream().map(StoredSequence::of).toList();
    }

    /**
     * Lists and exports what is stored from now on only after a time, as Viam does with what a machine uploads. It is in
     * {@link #stored()} at once, and can be read and changed by its ID.
     *
     * @param lag from 0
     */
    public void setListLag(Duration lag) {
        storedUploads.setLag(lag);
    }

    /**
     * Fails the next upload that arrives, and does not keep it. Several calls fail as many uploads, in the order of the calls.
     * {@code viamdata} makes another attempt after {@code UNAVAILABLE} and other codes that may pass, and none after
     * {@code INVALID_ARGUMENT}.
     *
     * @param code the status of the answer
     * @throws IllegalArgumentException if the code is {@code OK}
     */
    public void failNext(Status.Code code) {
        uploadFaults.failNext(code);
    }

    /**
     * Fails the next call that reads: a list, an item by its ID, a signed URL, an export or the latest reading. Otherwise as
     * {@link #failNext}.
     *
     * @param code the status of the answer
     * @throws IllegalArgumentException if the code is {@code OK}
     */
    public void failNextRead(Status.Code code) {
        readFaults.failNext(code);
    }

    /**
     * Fails the next call that changes what is stored: tags, datasets, annotations, sequences, or a deletion. It changes nothing.
     * Otherwise as {@link #failNext}.
     *
     * @param code the status of the answer
     * @throws IllegalArgumentException if the code is {@code OK}
     */
    public void failNextChange(Status.Code code) {
        changeFaults.failNext(code);
    }

    /**
     * Fails the next download from the second host.
     *
     * @param status of HTTP, from 400 to 599, such as 503, after which {@code viamdata} makes another attempt
     * @throws IllegalArgumentException if it is another one
     */
    public void failNextDownload(int status) {
        start().byteHosts().failNext(status);
    }

    /**
     * Keeps the next upload that arrives, and breaks all connections instead of answering it. The client cannot know whether it
     * was stored. Other calls in flight fail with it.
     */
    public void loseAnswer() {
        uploadFaults.loseNextAnswer();
    }

    /** Makes the next change, and breaks all connections instead of answering the call. Other calls in flight fail with it. */
    public void loseAnswerOfChange() {
        changeFaults.loseNextAnswer();
    }

    /**
     * Delays the answers to uploads that arrive from now on until {@link #release()}. {@link #received()} has them already. What reads or
     * changes is not delayed.
     */
    public synchronized void hold() {
        if (released.getCount() == 0) {
            released = new CountDownLatch(1);
        }
    }

    /** Answers the uploads that {@link #hold()} delays, and ends the delay. */
    public void release() {
        released.countDown();
    }

    /** IDs of the items whose bytes the second host has given, in the order of the requests. The list is a copy. */
    public List<String> downloaded() {
        return start().byteHosts().downloaded();
    }

    /** Whether a request to the second host has carried a credential, which belongs to Viam's own host alone. */
    public boolean isCredentialLeaked() {
        return start().byteHosts().isCredentialSeen();
    }

    /**
     * Forgets what was received and stored, the requests to the second host, the lag and the faults that have not occurred, and
     * releases delayed answers.
     */
    public void reset() {
        release();
        List.of(uploadFaults, readFaults, changeFaults).forEach(Faults::clear);
        received.clear();
        LocalServer running = server;
        if (running != null) {
            running.byteHosts().reset();
        }
        setListLag(Duration.ZERO);
        store.clear();
    }

    @Override
    public synchronized void beforeAll(ExtensionContext test) {
        testClasses++;
        start();
    }

    @Override
    public synchronized void beforeEach(ExtensionContext test) {
        start();
        reset();
    }

    @Override
    public synchronized void afterEach(ExtensionContext test) throws Exception {
        release();
        if (testClasses == 0) {
            stop();
        }
    }

    @Override
    public synchronized void afterAll(ExtensionContext test) throws Exception {
        if (--testClasses == 0) {
            stop();
        }
    }

    private synchronized LocalServer start() {
        if (server == null) {
            server = new LocalServer(host(), apiKeyId + "=" + apiKey, this::receive, store, this::fail);
        }
        return server;
    }

    private void stop() throws Exception {
        release();
        if (server != null) {
            server.close();
            server = null;
        }
    }

    private void receive(Exchange exchange) throws InterruptedException {
        Faults.Fault fault = uploadFaults.next();
        CountDownLatch release = released;
        if (fault.hasEffect()) {
            ReceivedUpload upload = ReceivedUpload.of(exchange);
            String id = storedUploads.store(exchange.getContext(), upload);
            exchange.getMessage().setHeader(ViamDataConstants.BINARY_DATA_ID, id);
            received.add(upload);
        }
        release.await();
        fault.occur(this::breakConnections);
    }

    private Runnable fail(boolean change) {
        Faults.Fault fault = (change ? changeFaults : readFaults).next();
        if (!fault.hasEffect()) {
            fault.occur(this::breakConnections);
        }
        return () -> fault.occur(this::breakConnections);
    }

    private void breakConnections() {
        server.breakConnections();
    }
}
