// Copyright the camel-viamdata authors. SPDX-License-Identifier: Apache-2.0
package io.github.camelviamdata.server;

import io.github.camelviamdata.ViamDataConstants;
import io.github.camelviamdata.options.CheckedConfigurer;
import io.github.camelviamdata.options.EndpointUris;
import io.github.camelviamdata.transport.Requirements;
import java.util.Map;
import java.util.UUID;
import org.apache.camel.CamelContext;
import org.apache.camel.Endpoint;
import org.apache.camel.SSLContextParametersAware;
import org.apache.camel.spi.Metadata;
import org.apache.camel.spi.PropertyConfigurer;
import org.apache.camel.spi.annotations.Component;
import org.apache.camel.support.DefaultComponent;
import org.apache.camel.support.jsse.SSLContextParameters;

/** Receives what Viam's clients upload: {@code viamdata-server:host:port}. */
@Component(ViamDataConstants.SERVER_SCHEME)
public class ViamDataServerComponent extends DefaultComponent implements SSLContextParametersAware {

    private final UUID organization = UUID.randomUUID();

    @Metadata(
            label = "security",
            secret = true,
            description = "API keys that clients may authenticate with: text of the form `id=key,id=key`, "
                    + "or a `java.util.Map` of keys by ID. Mandatory unless the host is a loopback "
                    + "address, where without this option any credential is accepted and calls need no "
                    + "token. Used by all endpoints that set none of their own.")
    private Object apiKey;

    @Metadata(
            label = "security",
            description = "Which API key may upload for which parts, by the IDs of both: text of the form "
                    + "`id=part,id=part`, where an ID may come several times and `*` is any part; a "
                    + "`java.util.Map` of a part or a collection of parts by the ID of a key; or a "
                    + "`java.util.function.BiPredicate` that is asked with the ID of the key and the "
                    + "part. A key that is not named may upload for no part. Needs `apiKey`. By default "
                    + "each key may upload for any part. Used by all endpoints that set none of their "
                    + "own.")
    private Object allowedParts;

    @Metadata(
            label = "security",
            description = "TLS with this key store; client authentication is set here too. Without it the "
                    + "server speaks plaintext, which needs a loopback host or the option `plaintext`. "
                    + "Used by all endpoints that set neither of the two.")
    private SSLContextParameters sslContextParameters;

    @Metadata(
            label = "security",
            defaultValue = "false",
            description = "Enable usage of global SSL context parameters.")
    private boolean useGlobalSslContextParameters;

    @Metadata(
            label = "security",
            defaultValue = "false",
            description =
                    "Whether to speak plaintext on any host, for a server behind a reverse proxy that ends TLS. Anyone"
                            + " on the way between the proxy and this server can read the API keys and the data. Contradicts"
                            + " `sslContextParameters`. Used by all endpoints that set neither of the two.")
    private boolean plaintext;

    public ViamDataServerComponent() {}

    public ViamDataServerComponent(CamelContext context) {
        super(context);
    }

    @Override
    protected void doInit() throws Exception {
        super.doInit();
        Requirements.check(getCamelContext().getVersion());
    }

    @Override
    protected Endpoint createEndpoint(String uri, String remaining, Map<String, Object> parameters) throws Exception {
        ViamDataServerEndpoint endpoint = new ViamDataServerEndpoint(EndpointUris.maskable(uri), this);
        setHostAndPort(endpoint, remaining);
        // Not by the configurer, which sets text only.
        endpoint.setApiKey(resolveAndRemoveReferenceParameter(parameters, "apiKey", Object.class, apiKey));
        endpoint.setAllowedParts(
                resolveAndRemoveReferenceParameter(parameters, "allowedParts", Object.class, allowedParts));
        boolean plaintextSet = parameters.keySet().stream().anyMatch("plaintext"::equalsIgnoreCase);
        setProperties(endpoint, parameters);
        // An endpoint that chooses TLS or plaintext inherits neither.
        if (endpoint.getSslContextParameters() == null && !endpoint.isPlaintext()) {
            endpoint.setSslContextParameters(
                    sslContextParameters == null ? retrieveGlobalSslContextParameters() : sslContextParameters);
            endpoint.setPlaintext(plaintext && !plaintextSet);
        }
        return endpoint;
    }

    @Override
    public PropertyConfigurer getEndpointPropertyConfigurer() {
        return CheckedConfigurer.of(super.getEndpointPropertyConfigurer());
    }

    private static void setHostAndPort(ViamDataServerEndpoint endpoint, String remaining) {
        int colon = remaining.lastIndexOf(':');
        String host = colon < 0 ? "" : remaining.substring(0, colon);
        if (host.startsWith("[") && host.endsWith("]")) {
            host = host.substring(1, host.length() - 1);
        } else if (host.indexOf(':') >= 0) {
            // Without brackets the last group of an IPv6 address would be taken for the port.
            host = "";
        }
        try {
            endpoint.setPort(Integer.parseInt(remaining.substring(colon + 1)));
        } catch (NumberFormatException e) {
            host = "";
        }
        if (host.isEmpty() || endpoint.getPort() < 0 || endpoint.getPort() > 65535) {
            throw new IllegalArgumentException("Not a host and a port from 0 to 65535: " + remaining
                    + ". Use viamdata-server:host:port, such as viamdata-server:0.0.0.0:8443 or"
                    + " viamdata-server:[::1]:8443");
        }
        endpoint.setHost(host);
    }

    /**
     * A new, random ID in the format of Viam's binary data IDs, {@code <organization UUID>/<location>/<opaque>}. The part after
     * the last slash is safe in file names.
     */
    String nextFileId() {
        return organization + "/local/" + UUID.randomUUID();
    }

    public Object getApiKey() {
        return apiKey;
    }

    /** A text or a map. Default null: none for endpoints that set none. */
    public void setApiKey(Object apiKey) {
        this.apiKey = apiKey;
    }

    public Object getAllowedParts() {
        return allowedParts;
    }

    /** A text, a map or a predicate. Default null: none for endpoints that set none. */
    public void setAllowedParts(Object allowedParts) {
        this.allowedParts = allowedParts;
    }

    public SSLContextParameters getSslContextParameters() {
        return sslContextParameters;
    }

    /** Default null: none for endpoints that set none. */
    public void setSslContextParameters(SSLContextParameters sslContextParameters) {
        this.sslContextParameters = sslContextParameters;
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

    public boolean isPlaintext() {
        return plaintext;
    }

    /** Default false. */
    public void setPlaintext(boolean plaintext) {
        this.plaintext = plaintext;
    }
}
