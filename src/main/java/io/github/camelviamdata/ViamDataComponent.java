// Copyright the camel-viamdata authors. SPDX-License-Identifier: Apache-2.0
package io.github.camelviamdata;

import io.github.camelviamdata.client.ClientSettings;
import io.github.camelviamdata.client.ViamDataClient;
import io.github.camelviamdata.observe.WatchedClients;
import java.util.Collection;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import java.util.function.UnaryOperator;
import javax.net.ssl.SSLContext;
import org.apache.camel.Endpoint;
import org.apache.camel.RuntimeCamelException;
import org.apache.camel.SSLContextParametersAware;
import org.apache.camel.spi.ExecutorServiceManager;
import org.apache.camel.spi.Metadata;
import org.apache.camel.spi.PropertyConfigurer;
import org.apache.camel.spi.ThreadPoolProfile;
import org.apache.camel.spi.annotations.Component;
import org.apache.camel.support.HealthCheckComponent;
import org.apache.camel.util.PropertiesHelper;
import org.apache.camel.util.concurrent.ThreadPoolRejectedPolicy;

/**
 * Uploads captured data to Viam. Owns the connections, one client for all producers with equal settings, and the threads.
 */
@Component("viamdata")
public class ViamDataComponent extends HealthCheckComponent implements SSLContextParametersAware {

    @Metadata(description = "The options that endpoints begin with.")
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
            description = "Thread pool that carries on with the routes after uploads. You shut it down. By default the"
                    + " component makes one by Camel's default thread pool profile. After an upload that follows"
                    + " another one in its route, and where the pool takes no more, other threads of the component"
                    + " carry on, at most `maxInFlight` of a client.")
    private ExecutorService workerPool;

    private final Map<ClientSettings, ViamDataClient> clients = new HashMap<>();
    private final Map<ViamDataClient, Integer> producers = new HashMap<>();
    private Set<ViamDataClient> idle = new HashSet<>();
    private UnaryOperator<String> environment = System::getenv;
    private ExecutorService ownWorkerPool;
    private ExecutorService callPool;
    private ScheduledExecutorService timer;
    private volatile WatchedClients watched;

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

        // Without these, to see which ones the endpoint sets.
        options.setApiKeyId(null);
        options.setApiKey(null);
        options.setSecret(null);
        options.setAccessToken(null);
        options.setSslContextParameters(null);
        options.setPlaintext(false);
        boolean saysPlaintext = parameters.keySet().stream().anyMatch("plaintext"::equalsIgnoreCase);
        ViamDataEndpoint endpoint = new ViamDataEndpoint(uri, this, options);
        setProperties(endpoint, parameters);
        inheritCredential(options);
        inheritTls(options, saysPlaintext);
        return endpoint;
    }

    /** A credential of the endpoint replaces one of any other kind. To half an API key belongs the component's half. */
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
    private void inheritTls(ViamDataConfiguration options, boolean saysPlaintext) {
        if (options.getSslContextParameters() == null && !options.isPlaintext()) {
            options.setSslContextParameters(
                    configuration.getSslContextParameters() == null
                            ? retrieveGlobalSslContextParameters()
                            : configuration.getSslContextParameters());
            options.setPlaintext(configuration.isPlaintext() && !saysPlaintext);
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

    /**
     * The client for a producer until it {@link #release releases} it: the user's own, or that for these settings, which
     * all with the same settings get.
     *
     * @param settings unused where the user has a client
     * @param ofUser the user's own client, or null
     */
    synchronized ViamDataClient acquire(ClientSettings settings, ViamDataClient ofUser) {
        ViamDataClient client = ofUser != null ? ofUser : clients.computeIfAbsent(settings, this::open);
        producers.merge(client, 1, Integer::sum);
        idle.remove(client);
        watched.add(client);
        return client;
    }

    synchronized void release(ViamDataClient client) {
        producers.computeIfPresent(client, (key, count) -> count - 1);
    }

    private ViamDataClient open(ClientSettings settings) {
        try {
            SSLContext tls = settings.sslContextParameters() == null
                    ? null
                    : settings.sslContextParameters().createSSLContext(getCamelContext());
            return new ViamDataClient(settings, tls, callPool, timer);
        } catch (Exception e) {
            throw new RuntimeCamelException("Cannot set up TLS from sslContextParameters: " + e.getMessage(), e);
        }
    }

    /**
     * Gives up the clients that no producer has had since this last ran. Not at once, because a restart of a route, and
     * toD without a cache, get them again.
     */
    synchronized void closeIdle() {
        Set<ViamDataClient> idleBefore = idle;
        idle = new HashSet<>();
        for (ViamDataClient client : List.copyOf(producers.keySet())) {
            // Camel stops producers that it drops from a cache, whatever is under way.
            if (producers.get(client) > 0 || client.getInFlight() > 0) {
                continue;
            }
            if (!idleBefore.contains(client)) {
                idle.add(client);
                continue;
            }
            producers.remove(client);
            watched.remove(client);
            // Not the user's own. Elsewhere, because it waits for an upload that begins just now.
            if (clients.values().remove(client)) {
                callPool.execute(client::close);
            }
        }
    }

    /** The clients that producers of this component upload with, or did a minute ago. */
    public Collection<ViamDataClient> watchedClients() {
        return watched == null ? List.of() : watched.get();
    }

    ExecutorService workers() {
        return workerPool != null ? workerPool : ownWorkerPool;
    }

    String environment(String name) {
        return environment.apply(name);
    }

    @Override
    protected void doInit() throws Exception {
        super.doInit();
        Requirements.check(getCamelContext());
    }

    @Override
    protected void doStart() throws Exception {
        watched = new WatchedClients(getCamelContext());
        ExecutorServiceManager threads = getCamelContext().getExecutorServiceManager();
        // Payloads are read here, so it must not queue; maxInFlight bounds its threads.
        callPool = threads.newCachedThreadPool(this, "ViamDataCall");
        timer = threads.newSingleThreadScheduledExecutor(this, "ViamDataTimer");
        timer.scheduleWithFixedDelay(this::closeIdle, 1, 1, TimeUnit.MINUTES);
        if (workerPool == null) {
            ThreadPoolProfile profile = threads.getDefaultThreadPoolProfile().clone();
            // Camel's default, CallerRuns, drops a task without a word once the pool is shut down: an exchange would
            // hang.
            profile.setRejectedPolicy(ThreadPoolRejectedPolicy.Abort);
            ownWorkerPool = threads.newThreadPool(this, "ViamDataWorker", profile);
        }
        super.doStart();
    }

    @Override
    protected void doStop() throws Exception {
        super.doStop();
        closeClients();
        watched.clear();
        ExecutorServiceManager threads = getCamelContext().getExecutorServiceManager();
        threads.shutdownGraceful(ownWorkerPool);
        threads.shutdownGraceful(callPool);
        // At once, because it would sit out the waits of attempts that have been cancelled.
        threads.shutdownNow(timer);
    }

    private void closeClients() {
        List<ViamDataClient> closing;
        synchronized (this) {
            closing = List.copyOf(clients.values());
            clients.clear();
            producers.clear();
            idle.clear();
        }
        // Camel has waited for the uploads under way already, and lost patience.
        boolean forced = getCamelContext().getShutdownStrategy().isTimeoutOccurred();
        // Without the lock: the end of an upload may stop, and so release, a producer that is not cached.
        closing.forEach(forced ? ViamDataClient::closeNow : ViamDataClient::close);
    }

    public ViamDataConfiguration getConfiguration() {
        return configuration;
    }

    public void setConfiguration(ViamDataConfiguration configuration) {
        this.configuration = configuration;
    }

    public String getPartId() {
        return partId;
    }

    public void setPartId(String partId) {
        this.partId = partId;
    }

    @Override
    public boolean isUseGlobalSslContextParameters() {
        return useGlobalSslContextParameters;
    }

    @Override
    public void setUseGlobalSslContextParameters(boolean useGlobalSslContextParameters) {
        this.useGlobalSslContextParameters = useGlobalSslContextParameters;
    }

    public ExecutorService getWorkerPool() {
        return workerPool;
    }

    public void setWorkerPool(ExecutorService workerPool) {
        this.workerPool = workerPool;
    }

    void setEnvironment(UnaryOperator<String> environment) {
        this.environment = environment;
    }
}
