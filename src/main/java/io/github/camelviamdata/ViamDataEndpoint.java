// Copyright the camel-viamdata authors. SPDX-License-Identifier: Apache-2.0
package io.github.camelviamdata;

import io.github.camelviamdata.client.ClientSettings;
import io.github.camelviamdata.client.SharedClients;
import io.github.camelviamdata.client.UploadSettings;
import io.github.camelviamdata.client.ViamDataClient;
import io.github.camelviamdata.message.UploadMapper;
import io.github.camelviamdata.observe.ManagedViamDataEndpoint;
import io.github.camelviamdata.once.Once;
import io.github.camelviamdata.once.OnceSettings;
import io.github.camelviamdata.query.ViamDataConsumer;
import java.util.Map;
import org.apache.camel.AsyncEndpoint;
import org.apache.camel.Category;
import org.apache.camel.Consumer;
import org.apache.camel.Processor;
import org.apache.camel.Producer;
import org.apache.camel.spi.EndpointServiceLocation;
import org.apache.camel.spi.UriEndpoint;
import org.apache.camel.spi.UriParam;
import org.apache.camel.support.SynchronousDelegateProducer;
import org.apache.camel.support.service.ServiceHelper;

/** Upload captured data, such as camera frames, point clouds and video, to Viam, read it back and change what belongs to it. */
@UriEndpoint(
        firstVersion = "0.1.0",
        scheme = ViamDataConstants.SCHEME,
        title = "Viam Data",
        syntax = "viamdata:partId",
        category = {Category.CLOUD, Category.IOT},
        headersClass = ViamDataConstants.class)
public class ViamDataEndpoint extends ManagedViamDataEndpoint implements AsyncEndpoint, EndpointServiceLocation {

    @UriParam
    private final ViamDataConfiguration configuration;

    @UriParam
    private final ViamDataFilter filter = new ViamDataFilter();

    @UriParam
    private final ViamDataPolling polling = new ViamDataPolling();

    private final boolean partNamed;
    private UploadMapper uploadMapper;
    private UploadSettings uploadSettings;
    private Once once;
    private ClientSettings clientSettings;
    private volatile ViamDataClient client;

    /** @param partNamed whether the URI names the part, so that it is no default */
    ViamDataEndpoint(String uri, ViamDataComponent component, ViamDataConfiguration configuration, boolean partNamed) {
        super(uri, component);
        this.partNamed = partNamed;
        this.configuration = configuration;
    }

    @Override
    public Producer createProducer() {
        ViamDataProducerSupport producer = switch (configuration.getOperation()) {
            case binary, tabular, file -> new ViamDataProducer(this);
            case capture -> new ViamDataCaptureProducer(this);
            default -> new ViamDataOperationProducer(this);
        };
        return configuration.isSynchronous() ? new SynchronousDelegateProducer(producer) : producer;
    }

    @Override
    public Consumer createConsumer(Processor processor) throws Exception {
        ViamDataConsumer consumer = new ViamDataConsumer(
                this, processor, new ConsumerConnection(), partToRead(), configuration, filter, polling);
        configureConsumer(consumer);
        return consumer;
    }

    /** A part that is only a default does not narrow another filter: a dataset holds data of many parts. */
    String partToRead() {
        return partNamed || !filter.isGiven() ? configuration.getPartId() : null;
    }

    private final class ConsumerConnection implements ViamDataConsumer.Connection {

        @Override
        public ViamDataClient acquire() {
            return acquireClient();
        }

        @Override
        public void release(ViamDataClient released) {
            getComponent().sharedClients().release(released);
        }

        @Override
        public UploadSettings how() {
            return uploadSettings;
        }
    }

    @Override
    public ViamDataComponent getComponent() {
        return (ViamDataComponent) super.getComponent();
    }

    public ViamDataConfiguration getConfiguration() {
        return configuration;
    }

    public ViamDataFilter getFilter() {
        return filter;
    }

    public ViamDataPolling getPolling() {
        return polling;
    }

    @Override
    public String getServiceUrl() {
        return configuration.getHost() + ":" + configuration.getPort();
    }

    @Override
    public String getServiceProtocol() {
        return "grpc";
    }

    @Override
    public Map<String, String> getServiceMetadata() {
        return configuration.getPartId() == null ? null : Map.of("partId", configuration.getPartId());
    }

    @Override
    protected ViamDataClient client() {
        return client;
    }

    @Override
    protected String partId() {
        return configuration.getPartId();
    }

    UploadMapper uploadMapper() {
        return uploadMapper;
    }

    UploadSettings uploadSettings() {
        return uploadSettings;
    }

    /** Null with {@code once=off}. */
    Once once() {
        return once;
    }

    @Override
    protected void doStart() throws Exception {
        super.doStart();
        // Camel starts processors in a splitter or a multicast, and so this endpoint, before the component.
        ServiceHelper.startService(getComponent());
        ViamDataOptionsChecker checker = new ViamDataOptionsChecker(configuration, getComponent()::environment);
        uploadSettings = checker.uploadSettings();
        uploadMapper = new UploadMapper(configuration);
        clientSettings = configuration.getClient() == null ? checker.clientSettings() : null;
        OnceSettings onceSettings = checker.onceSettings();
        once = onceSettings == null
                ? null
                : new Once(onceSettings, getCamelContext(), getComponent().ledgers());
    }

    /** The client for a producer or a consumer, to be released afterwards. */
    ViamDataClient acquireClient() {
        SharedClients clients = getComponent().sharedClients();
        ViamDataClient acquired = configuration.getClient() == null
                ? clients.acquire(clientSettings)
                : clients.acquire(configuration.getClient());
        client = acquired;
        return acquired;
    }
}
