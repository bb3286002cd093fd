// Copyright the camel-viamdata authors. SPDX-License-Identifier: Apache-2.0
package io.github.camelviamdata.observe;

import io.github.camelviamdata.client.ClientListener.ItemEnd;
import io.github.camelviamdata.client.ClientListener.TokenFetch;
import io.github.camelviamdata.client.ClientStatistics;
import io.github.camelviamdata.client.UploadFailure;
import io.github.camelviamdata.client.UploadOutcome;
import io.github.camelviamdata.client.ViamDataClient;
import java.util.function.Function;
import java.util.function.ToLongFunction;
import org.apache.camel.Component;
import org.apache.camel.api.management.ManagedAttribute;
import org.apache.camel.api.management.ManagedResource;
import org.apache.camel.support.DefaultEndpoint;

/**
 * The JMX attributes of an endpoint, which show its client. Endpoints with equal connection settings share a client, and so these
 * numbers. All attributes are text or numbers, so that a remote console needs no class of this jar.
 */
@ManagedResource(description = "Managed Viam Data Endpoint")
public abstract class ManagedViamDataEndpoint extends DefaultEndpoint {

    protected ManagedViamDataEndpoint(String uri, Component component) {
        super(uri, component);
    }

    /** The client of the producers, or the last one that they used; null before the first producer has started. */
    protected abstract ViamDataClient client();

    /** The machine part that messages are uploaded for unless they name another one, or null. */
    protected abstract String partId();

    private String text(Function<ViamDataClient, Object> fact) {
        ViamDataClient client = client();
        return client == null ? null : String.valueOf(fact.apply(client));
    }

    private long number(ToLongFunction<ClientStatistics> fact) {
        ViamDataClient client = client();
        return client == null ? 0 : fact.applyAsLong(client.statistics());
    }

    private String lastFailure(Function<UploadFailure, Object> fact) {
        ViamDataClient client = client();
        return client == null
                ? null
                : client.statistics()
                        .lastFailure()
                        .map(fact)
                        .map(String::valueOf)
                        .orElse(null);
    }

    @ManagedAttribute(description = "Host and port of the service")
    public String getTargetAddress() {
        return text(ViamDataClient::target);
    }

    @ManagedAttribute(description = "State of the connection: IDLE, CONNECTING, READY, TRANSIENT_FAILURE or SHUTDOWN")
    public String getChannelState() {
        return text(ViamDataClient::connectivity);
    }

    @ManagedAttribute(description = "State of the access token")
    public String getTokenState() {
        return text(ViamDataClient::tokenState);
    }

    @ManagedAttribute(description = "Messages in flight, each of one request or more")
    public int getInFlight() {
        ViamDataClient client = client();
        return client == null ? 0 : client.getInFlight();
    }

    @ManagedAttribute(description = "Largest number of messages in flight")
    public int getInFlightLimit() {
        ViamDataClient client = client();
        return client == null ? 0 : client.getMaxInFlight();
    }

    @ManagedAttribute(
            description = "Requests stored: a message may take several, such as one for each image in a capture file")
    public long getUploadsStored() {
        return number(statistics -> statistics.uploads(UploadOutcome.stored));
    }

    @ManagedAttribute(description = "Requests that failed for a reason that can pass")
    public long getUploadsUnavailable() {
        return number(statistics -> statistics.uploads(UploadOutcome.unavailable));
    }

    @ManagedAttribute(description = "Requests that failed because of the credential")
    public long getUploadsUnauthenticated() {
        return number(statistics -> statistics.uploads(UploadOutcome.authentication));
    }

    @ManagedAttribute(description = "Requests that the service refused for good")
    public long getUploadsRejected() {
        return number(statistics -> statistics.uploads(UploadOutcome.rejected));
    }

    @ManagedAttribute(description = "Payload bytes stored")
    public long getUploadedBytes() {
        return number(ClientStatistics::uploadedBytes);
    }

    @ManagedAttribute(description = "Exchanges of items that were read, and ended without a failure")
    public long getItemsDone() {
        return number(statistics -> statistics.items(ItemEnd.done));
    }

    @ManagedAttribute(description = "Exchanges of items that were read, and failed")
    public long getItemsFailed() {
        return number(statistics -> statistics.items(ItemEnd.failed));
    }

    @ManagedAttribute(description = "Bytes of items that were read")
    public long getDownloadedBytes() {
        return number(ClientStatistics::downloadedBytes);
    }

    @ManagedAttribute(description = "Attempts beyond the first of each request")
    public long getRetries() {
        return number(ClientStatistics::retries);
    }

    @ManagedAttribute(description = "Access tokens fetched")
    public long getTokensFetched() {
        return number(statistics -> statistics.tokenRequests(TokenFetch.fetched));
    }

    @ManagedAttribute(description = "Requests for an access token that the service refused")
    public long getTokensRefused() {
        return number(statistics -> statistics.tokenRequests(TokenFetch.refused));
    }

    @ManagedAttribute(description = "gRPC status of the last upload that failed")
    public String getLastFailureStatus() {
        return lastFailure(UploadFailure::status);
    }

    @ManagedAttribute(description = "When the last upload failed")
    public String getLastFailureTime() {
        return lastFailure(UploadFailure::time);
    }

    @ManagedAttribute(description = "What went wrong with the last upload that failed")
    public String getLastFailureText() {
        return lastFailure(UploadFailure::text);
    }
}
