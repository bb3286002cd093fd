// Copyright the camel-viamdata authors. SPDX-License-Identifier: Apache-2.0
package io.github.camelviamdata;

import io.github.camelviamdata.client.ClientSettings;
import io.github.camelviamdata.client.SharedClients;
import io.github.camelviamdata.client.ViamDataClient;
import io.github.camelviamdata.client.Workers;
import io.github.camelviamdata.observe.WatchedClients;
import io.github.camelviamdata.once.Ledgers;
import io.github.camelviamdata.options.CheckedConfigurer;
import io.github.camelviamdata.options.EndpointUris;
import io.github.camelviamdata.transport.Requirements;
import java.util.Collection;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.ThreadPoolExecutor;
import java.util.function.UnaryOperator;
import javax.net.ssl.SSLContext;
import org.apache.camel.CamelContext;
import org.apache.camel.Endpoint;
import org.apache.camel.Route;
import org.apache.camel.RuntimeCamelException;
import org.apache.camel.SSLContextParametersAware;
import org.apache.camel.spi.ExecutorServiceManager;
import org.apache.camel.spi.Metadata;
import org.apache.camel.spi.PropertyConfigurer;
import org.apache.camel.spi.ThreadPoolProfile;
import org.apache.camel.spi.annotations.Component;
import org.apache.camel.support.HealthCheckComponent;
import org.apache.camel.support.service.ServiceHelper;
import org.apache.camel.util.PropertiesHelper;
import org.apache.camel.util.concurrent.ThreadPoolRejectedPolicy;

/**
 * Uploads captured data to Viam. Owns the connections, one client for all producers with equal settings, and the threads.
 */
@Component("viamdata")
public class ViamDataComponent extends HealthCheckComponent implements SSLContextParametersAware, SharedClients.Owner {

    @Metadata(description = "The options that endpoints take unless they set their own.")
    private ViamDataConfiguration configuration = new ViamDataConfiguration();

    @Metadata(
            description = "ID of the machine part that owns the data of endpoints that name none. Without it, the"
                    + " environment variable `VIAM_MACHINE_PART_ID` counts.")
    private String partId;

    @Metadata(
            label = "security",
            defaultValue = "false",
            description = "Whether endpoints without TLS settings of their own use those of the Camel context.")
    private boolean useGlobalSslContextParameters;

    @Metadata(
            label = "advanced",
            description =
                    "Thread pool that continues routes after uploads. You shut it down. By default the component makes"
                            + " one from Camel's default thread pool profile. Other threads of the component, at most `maxInFlight`"
                            + " for each client, continue a route after an upload that follows another one in it, and while the"
                            + " pool rejects.")
    private ExecutorService workerPool;

    private UnaryOperator<String> environment = System::getenv;
    private ExecutorService ownWorkerPool;
    private ExecutorService callPool;
    private ScheduledExecutorService timer;
    private volatile Workers workers;
    private volatile SharedClients clients;
    private volatile Ledgers ledgers;

    @Override
    protected Endpoint createEndpoint(String uri, String remaining, Map<String, Object> parameters) throws Exception {
        ViamDataConfiguration options = configuration.copy();
        Map<String, Object> methodParameters = new HashMap<>();
        if (options.getMethodParameters() != null) {
            methodParameters.putAll(options.getMethodParameters());
        }
        methodParameters.putAll(PropertiesHelper.extractProperties(parameters, "methodParameters."));
        options.setMethodParameters(methodParameters);
        options.setPartId(
                firstText(remaining, partId, configuration.getPartId(), environment.apply("VIAM_MACHINE_PART_ID")));

        // Cleared, to see which of them the endpoint sets itself.
        options.setApiKeyId(null);
        options.setApiKey(null);
        options.setSecret(null);
        options.setAccessToken(null);
        options.setSslContextParameters(null);
        options.setPlaintext(false);
        boolean plaintextSet = parameters.keySet().stream().anyMatch("plaintext"::equalsIgnoreCase);
        ViamDataEndpoint endpoint =
                new ViamDataEndpoint(EndpointUris.maskable(uri), this, options, firstText(remaining) != null);
        setProperties(endpoint, parameters);
        inheritCredential(options);
        inheritTls(options, plaintextSet);
        return endpoint;
    }

    /**
     * A credential of the endpoint replaces one of any other kind. An endpoint with one half of an API key takes the other half
     * from the component.
     */
    private void inheritCredential(ViamDataConfiguration options) {
        if (firstText(options.getSecret(), options.getAccessToken()) != null) {
            return;
        }
        if (firstText(options.getApiKeyId(), options.getApiKey()) == null) {
            options.setSecret(configuration.getSecret());
            options.setAccessToken(configuration.getAccessToken());
        }
        options.setApiKeyId(firstText(options.getApiKeyId(), configuration.getApiKeyId()));
        options.setApiKey(firstText(options.getApiKey(), configuration.getApiKey()));
    }

    /** An endpoint that chooses TLS or plaintext takes neither from the component. */
    private void inheritTls(ViamDataConfiguration options, boolean plaintextSet) {
        if (options.getSslContextParameters() == null && !options.isPlaintext()) {
            options.setSslContextParameters(
                    configuration.getSslContextParameters() == null
                            ? retrieveGlobalSslContextParameters()
                            : configuration.getSslContextParameters());
            options.setPlaintext(configuration.isPlaintext() && !plaintextSet);
        }
    }

    @Override
    public PropertyConfigurer getComponentPropertyConfigurer() {
        return CheckedConfigurer.of(super.getComponentPropertyConfigurer());
    }

    @Override
    public PropertyConfigurer getEndpointPropertyConfigurer() {
        return CheckedConfigurer.of(super.getEndpointPropertyConfigurer());
    }

    private static String firstText(String... texts) {
        for (String text : texts) {
            if (text != null && !text.isBlank()) {
                return text;
            }
        }
        return null;
    }

    private SSLContext createTls(ClientSettings settings) {
        try {
            return settings.sslContextParameters() == null
                    ? null
                    : settings.sslContextParameters().createSSLContext(getCamelContext());
        } catch (Exception e) {
            throw new RuntimeCamelException("Cannot set up TLS from sslContextParameters: " + e.getMessage(), e);
        }
    }

    Ledgers ledgers() {
        return ledgers;
    }

    SharedClients sharedClients() {
        return clients;
    }

    @Override
    public Collection<ViamDataClient> clients() {
        return clients == null ? List.of() : clients.used();
    }

    Workers workers() {
        return workers;
    }

    String environment(String name) {
        return environment.apply(name);
    }

    @Override
    protected void doInit() throws Exception {
        super.doInit();
        Requirements.check(getCamelContext().getVersion());
    }

    @Override
    protected void doStart() throws Exception {
        ExecutorServiceManager threads = getCamelContext().getExecutorServiceManager();
        // Reads bodies, so it must not queue; maxInFlight bounds its threads.
        callPool = threads.newCachedThreadPool(this, "ViamDataCall");
        timer = threads.newSingleThreadScheduledExecutor(this, "ViamDataTimer");
        clients = new SharedClients(this::createTls, new WatchedClients(getCamelContext()), callPool, timer);
        clients.start();
        ledgers = new Ledgers(getCamelContext());
        if (workerPool == null) {
            workers = createWorkers(threads);
        }
        super.doStart();
    }

    private Workers createWorkers(ExecutorServiceManager threads) {
        ThreadPoolProfile profile = threads.getDefaultThreadPoolProfile().clone();
        // Camel's default, CallerRuns, would run the route on gRPC's event loop.
        profile.setRejectedPolicy(ThreadPoolRejectedPolicy.Abort);
        ownWorkerPool = threads.newThreadPool(this, "ViamDataWorker", profile);
        // A pool of virtual threads is unbounded.
        return ownWorkerPool instanceof ThreadPoolExecutor
                ? Workers.own(ownWorkerPool)
                : Workers.own(ownWorkerPool, profile.getMaxPoolSize() + profile.getMaxQueueSize());
    }

    @Override
    protected void doStop() throws Exception {
        super.doStop();
        // In a forced stop, Camel has already waited for the uploads in flight.
        clients.close(isForcedStop(getCamelContext(), null));
        ledgers.close();
        ExecutorServiceManager threads = getCamelContext().getExecutorServiceManager();
        threads.shutdownGraceful(ownWorkerPool);
        threads.shutdownGraceful(callPool);
        // At once: a graceful shutdown would wait for the pauses of cancelled attempts.
        threads.shutdownNow(timer);
    }

    /**
     * Whether Camel stops a route, or the context, although exchanges are in flight, because its shutdown timeout has passed.
     * Camel's own flag is not enough: it is that of the last shutdown of any route.
     *
     * @param routeId the route, or null
     */
    static boolean isForcedStop(CamelContext context, String routeId) {
        // Camel stops the consumer of a route first, then its producers, and then sets the status of the route.
        Route route = routeId == null ? null : context.getRoute(routeId);
        boolean stopping = context.isStopping() || route != null && ServiceHelper.isStopped(route.getConsumer());
        return stopping && context.getShutdownStrategy().isTimeoutOccurred();
    }

    public ViamDataConfiguration getConfiguration() {
        return configuration;
    }

    /** Default the defaults of each option; not null. Existing endpoints keep their options. */
    public void setConfiguration(ViamDataConfiguration configuration) {
        this.configuration = configuration;
    }

    public String getPartId() {
        return partId;
    }

    /** Default null: the environment variable {@code VIAM_MACHINE_PART_ID} counts. */
    public void setPartId(String partId) {
        this.partId = partId;
    }

    @Override
    public boolean isUseGlobalSslContextParameters() {
        return useGlobalSslContextParameters;
    }

    /** Default false. */
    @Override
    public void setUseGlobalSslContextParameters(boolean useGlobalSslContextParameters) {
        this.useGlobalSslContextParameters = useGlobalSslContextParameters;
    }

    public ExecutorService getWorkerPool() {
        return workerPool;
    }

    /** Default null: the component makes a pool. The component does not shut down a pool that is set here. */
    public void setWorkerPool(ExecutorService workerPool) {
        this.workerPool = workerPool;
        this.workers = Workers.foreign(workerPool);
    }

    void setEnvironment(UnaryOperator<String> environment) {
        this.environment = environment;
    }
}
