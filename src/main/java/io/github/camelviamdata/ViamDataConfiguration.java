// Copyright the camel-viamdata authors. SPDX-License-Identifier: Apache-2.0
package io.github.camelviamdata;

import io.github.camelviamdata.client.ViamDataClient;
import java.util.Map;
import org.apache.camel.RuntimeCamelException;
import org.apache.camel.spi.UriParam;
import org.apache.camel.spi.UriParams;
import org.apache.camel.spi.UriPath;
import org.apache.camel.support.jsse.SSLContextParameters;

/**
 * The options of a {@code viamdata} endpoint. Those of the component are the defaults of its endpoints. The description of each
 * option is at its field, and in the catalog.
 *
 * <p>Setters check nothing, and may be called until the endpoint starts. If a value is out of its range, or contradicts another
 * one, the start of the endpoint fails with an {@link IllegalArgumentException} that names the option.
 */
@UriParams
public class ViamDataConfiguration implements Cloneable {

    @UriPath(
            description = "ID of the machine part that owns the data. The header `CamelViamDataPartId` overrides "
                    + "it; without either, the component's part ID counts.")
    private String partId;

    @UriParam(
            defaultValue = "binary",
            enums = "binary,tabular,file,capture,query,get,addTags,removeTags,addToDataset,removeFromDataset,annotate,"
                    + "delete,export,latest,sequence",
            description =
                    "What to upload the message as: `binary` for one picture, point cloud, clip or other payload"
                            + " captured by a component, `tabular` for readings of a sensor (a map or a list of maps, JSON, or"
                            + " what Camel converts to a map), `file` for an arbitrary file, `capture` for a capture file of"
                            + " a machine's own agent. Or what to do with what is stored: `query`, `get`, `addTags`,"
                            + " `removeTags`, `addToDataset`, `removeFromDataset`, `annotate`, `delete`, `export`, `latest`, `sequence`.")
    private ViamDataOperation operation = ViamDataOperation.binary;

    @UriParam(
            description = "Type of the component that captured the data, such as `camera`, or "
                    + "`rdk:component:camera` as a machine's own agent sends it. Queries find data under "
                    + "exactly what was sent. Required for `binary` and `tabular`. Of a consumer, a filter.")
    private String componentType;

    @UriParam(
            description = "Name of the component that captured the data. Required for `binary` and `tabular`. Of a"
                    + " consumer, a filter.")
    private String componentName;

    @UriParam(
            description =
                    "Name of the method that captured the data, such as `GetImages`. Required for `binary` and `tabular`. Of"
                            + " a consumer, a filter.")
    private String methodName;

    @UriParam(
            description = "File extension of the data, such as `.jpg`; a missing period is added. The service "
                    + "derives the MIME type from it, and shows `.jpeg`, `.jpg` and `.png` as images. Without "
                    + "it, it comes in lower case from the file name, else from the MIME type; binary data with"
                    + " neither extension nor MIME type is refused, unless `detectMimeType` finds them.")
    private String fileExtension;

    @UriParam(
            description = "MIME type of the data, such as `image/jpeg`. Without it, it comes from the headers "
                    + "`CamelFileContentType` or `Content-Type`; if they are missing too, none is sent and the "
                    + "service derives it from the extension.")
    private String mimeType;

    @UriParam(
            defaultValue = "false",
            description = "Whether to detect the type of the data by its first bytes where neither a file name, a file"
                    + " extension nor a MIME type gives it, as for messages of MQTT. Content that contradicts its name or"
                    + " its MIME type is logged once for each endpoint. Plain text and unknown content have no type. Needs"
                    + " `org.apache.tika:tika-core` on the class path.")
    private boolean detectMimeType = false;

    @UriParam(
            defaultValue = "false",
            description = "Whether to send the MIME type and the file extension of the content in place of those that"
                    + " contradict it, such as `.png` for a PNG picture named `.jpg`. Includes `detectMimeType`.")
    private boolean correctMimeType = false;

    @UriParam(
            defaultValue = "false",
            description =
                    "Whether to upload an empty body, or a reading without any value, `{}`, alone or among others. By"
                            + " default they are refused, because they are nearly always a mistake earlier in the route.")
    private boolean allowEmptyPayload = false;

    @UriParam(
            defaultValue = "true",
            description = "Whether to add the key `readings` to readings that have none. Viam's own clients and its"
                    + " machine agent send the values of a sensor under this key. For `tabular`.")
    private boolean wrapReadings = true;

    @UriParam(
            description = "Name of the field of a reading that holds its time, as a number by `timeUnit` or as ISO-8601"
                    + " text with an offset; the field is sent all the same. It counts where no header gives the time of"
                    + " the reading. For `tabular`.")
    private String timeField;

    @UriParam(
            enums = "seconds,milliseconds,microseconds,nanoseconds",
            description =
                    "Unit of times that are numbers, since 1970: those in `timeField` and in headers. Without it they"
                            + " are milliseconds, and a number that looks like seconds from 2001 on is refused. With it, a fraction"
                            + " counts to the nanosecond. `CamelMessageTimestamp` is in milliseconds in any case.")
    private ViamDataTimeUnit timeUnit;

    @UriParam(
            label = "advanced",
            defaultValue = "4000000",
            description =
                    "Size limit of a request with readings, in bytes, from 1024 to 16777216. More readings are sent in"
                            + " several requests, one after another; a single reading above the limit is refused. The service"
                            + " accepts less than 4 MiB. For `tabular` and `capture`.")
    private int maxRequestSize = 4_000_000;

    @UriParam(
            description = "Tags of the data, separated by commas. Those of the header `CamelViamDataTags` and of "
                    + "`tag=TAG` folders above the file are added. Of a consumer, a filter: see `tagMatch`.")
    private String tags;

    @UriParam(
            description = "IDs of the datasets to add the data to, separated by commas. Those of the header "
                    + "`CamelViamDataDatasetIds` and of `dataset=ID` folders above the file are added.")
    private String datasetIds;

    @UriParam(
            label = "advanced",
            prefix = "methodParameters.",
            multiValue = true,
            description = "Parameters the capturing method was called with, one option each: "
                    + "`methodParameters.quality=80`. Sent as text; the header `CamelViamDataMethodParameters` "
                    + "can carry other types.")
    private Map<String, Object> methodParameters;

    @UriParam(defaultValue = "app.viam.com", description = "Host name of the service.")
    private String host = "app.viam.com";

    @UriParam(defaultValue = "443", description = "Port of the service, from 1 to 65535.")
    private int port = 443;

    @UriParam(
            label = "security",
            secret = true,
            description = "ID of the API key. Goes with `apiKey`. Where no credential is configured at all, the "
                    + "environment variable `VIAM_API_KEY_ID` counts.")
    private String apiKeyId;

    @UriParam(
            label = "security",
            secret = true,
            description = "API key, exchanged for a short-lived access token. Excludes `secret` and "
                    + "`accessToken`. Where no credential is configured at all, the environment variable "
                    + "`VIAM_API_KEY` counts.")
    private String apiKey;

    @UriParam(
            label = "security",
            secret = true,
            description = "Secret of the machine part named by the endpoint (not by a header), exchanged for a "
                    + "short-lived access token. Excludes `apiKey` and `accessToken`.")
    private String secret;

    @UriParam(
            label = "security",
            secret = true,
            description =
                    "Ready-made access token, sent as it is and never renewed. Excludes `apiKey` and " + "`secret`.")
    private String accessToken;

    @UriParam(
            label = "security",
            description = "TLS settings. By default the service is authenticated by the trust store of the Java "
                    + "runtime.")
    private SSLContextParameters sslContextParameters;

    @UriParam(
            label = "security",
            defaultValue = "false",
            description = "Whether to connect without TLS, for a service on this machine. Any host but `localhost` and"
                    + " loopback addresses is refused.")
    private boolean plaintext = false;

    @UriParam(
            label = "advanced",
            defaultValue = "auto",
            enums = "auto,unary,streaming",
            description =
                    "How binary data is sent: `auto` in one message up to `streamingThreshold` and as a stream above it;"
                            + " `unary` always in one message, which the service refuses above its limit (usually 4 MiB) and which"
                            + " has 16 MiB at most unless it is in memory already; `streaming` always as a stream. Files are always"
                            + " streamed.")
    private ViamDataUploadMode uploadMode = ViamDataUploadMode.auto;

    @UriParam(
            label = "advanced",
            defaultValue = "1000000",
            description = "Largest payload in bytes, from 0 to 16777216, that `uploadMode=auto` sends in one message. A"
                    + " payload of unknown length is read up to this limit to decide.")
    private int streamingThreshold = 1_000_000;

    @UriParam(
            label = "advanced",
            defaultValue = "65536",
            description = "Payload bytes in each message of a stream, from 1024 to 4000000.")
    private int chunkSize = 65_536;

    @UriParam(
            javaType = "java.time.Duration",
            defaultValue = "30000",
            description =
                    "How long to wait for the answer to an upload in one message, to the last message of a stream, and"
                            + " to a request for an access token. At least 100 ms; a number without a unit means milliseconds, so"
                            + " 30 seconds are `30s`.")
    private long requestTimeout = 30_000;

    @UriParam(
            javaType = "java.time.Duration",
            defaultValue = "60000",
            description =
                    "How long to wait for the next bytes of a body, before the call too, and for the service to accept"
                            + " the next `chunkSize` bytes of a stream. Then the upload is cancelled. At least 100 ms; a number"
                            + " without a unit means milliseconds, so 30 seconds are `30s`.")
    private long idleTimeout = 60_000;

    @UriParam(
            defaultValue = "5",
            description =
                    "Maximum number of calls for each request of a message, from 1 to 100, when they fail for a reason"
                            + " that can pass. 1 turns retries off. One more call is made when the service no longer accepts the"
                            + " access token. gRPC itself repeats a call that the service or a proxy refused unprocessed; both"
                            + " count as one. A body that can be read only once is streamed only once.")
    private int maxAttempts = 5;

    @UriParam(
            javaType = "java.time.Duration",
            defaultValue = "200",
            description = "Longest wait before the first retry. It doubles with every further one; the actual wait "
                    + "is a random part of it. Above 0.")
    private long retryDelay = 200;

    @UriParam(
            javaType = "java.time.Duration",
            defaultValue = "30000",
            description =
                    "Longest wait before any retry. At least `retryDelay`. If the service asks for a longer pause, there"
                            + " is no further attempt.")
    private long maxRetryDelay = 30_000;

    @UriParam(
            label = "advanced",
            defaultValue = "64",
            description =
                    "Maximum number of uploads in flight over a connection, from 1 to 10000. A further one blocks the"
                            + " calling thread, which slows its source down.")
    private int maxInFlight = 64;

    @UriParam(
            label = "advanced",
            javaType = "java.time.Duration",
            defaultValue = "60000",
            description =
                    "How long a calling thread waits while `maxInFlight` uploads are in flight. Then its upload fails."
                            + " Not below 0.")
    private long maxInFlightWait = 60_000;

    @UriParam(
            label = "advanced",
            javaType = "java.time.Duration",
            defaultValue = "60000",
            description =
                    "How long a connection with an upload in flight may be silent before it is probed by an HTTP/2 ping."
                            + " At least 10 seconds, because the service refuses more than one ping in 5 seconds.")
    private long keepAliveTime = 60_000;

    @UriParam(
            label = "advanced",
            javaType = "java.time.Duration",
            defaultValue = "120000",
            description =
                    "How long to wait for the answer to the ping of `keepAliveTime` before the connection is closed. The"
                            + " ping waits behind the data that is queued, so a thin link needs more. Above 0.")
    private long keepAliveTimeout = 120_000;

    @UriParam(
            label = "advanced",
            defaultValue = "1",
            description = "Number of parallel connections to the service, from 1 to 64, used in turn. They share "
                    + "one access token, and `maxInFlight` counts for each.")
    private int connections = 1;

    @UriParam(
            label = "advanced",
            javaType = "java.time.Duration",
            defaultValue = "30000",
            description =
                    "How long a stop of the component waits for uploads in flight. Then they are cancelled, and their"
                            + " exchanges fail. Not below 0.")
    private long shutdownTimeout = 30_000;

    @UriParam(
            label = "advanced",
            defaultValue = "false",
            description =
                    "Whether the calling thread waits for the upload and continues the route itself, instead of leaving"
                            + " both to other threads.")
    private boolean synchronous = false;

    @UriParam(
            label = "advanced",
            description =
                    "A client of your own, which uploads in place of the one that the component makes from its options."
                            + " You close it.")
    private ViamDataClient client;

    @UriParam(
            label = "once",
            defaultValue = "off",
            enums = "off,ledger,lookback",
            description =
                    "How data is kept from being stored twice: `off` uploads each message; `ledger` does not upload"
                            + " again what `ledger` notes as stored; `lookback` also asks the service before it sends again an"
                            + " upload whose end is not known. The service is not asked for readings.")
    private ViamDataOnce once = ViamDataOnce.off;

    @UriParam(
            label = "once",
            description =
                    "Where uploads are noted when they begin and when they are stored: `file:` and the path of a file on"
                            + " a local disk, for one process; or `#name` of a bean, which is a `Ledger` or an"
                            + " `IdempotentRepository` of Camel. Required by `once`.")
    private Object ledger;

    @UriParam(
            label = "once",
            javaType = "java.time.Duration",
            defaultValue = "7776000000",
            description =
                    "How long `ledger=file:` keeps a note; after that it is removed, and the same data is uploaded"
                            + " again. At least one minute. The default is 90 days.")
    private long ledgerRetention = 7_776_000_000L;

    @UriParam(
            label = "once",
            description =
                    "Simple expression that identifies the data of a message, such as `${header.frameId}`, or `content`"
                            + " for a hash of the content, which reads the body twice. Without it, the key is the path, the length"
                            + " and the time of modification of a file, or the cluster, the topic, the partition and the offset of"
                            + " a Kafka record. Required for other sources.")
    private String onceKey;

    @UriParam(
            label = "once",
            defaultValue = "tag",
            enums = "tag,time",
            description =
                    "How the service is asked for an upload: by `tag`, which adds a tag to the data, `once-` and 26"
                            + " letters and digits; or by `time`: part, component, method and the time requested, which each"
                            + " message must then have. For `once=lookback`.")
    private ViamDataIdentity onceIdentity = ViamDataIdentity.tag;

    @UriParam(
            label = "once",
            defaultValue = "true",
            description =
                    "Whether the tag of `onceIdentity=tag` stays on the data. Otherwise one more request for each upload"
                            + " removes it, after the ledger has noted the upload as stored.")
    private boolean keepOnceTag = true;

    @UriParam(
            label = "once",
            javaType = "java.time.Duration",
            defaultValue = "120000",
            description =
                    "How long the service may take to list an upload whose call has ended without an answer. Only after"
                            + " that the upload is sent again; if the service lists it later still, it is stored twice. Not below"
                            + " 0. For `once=lookback`.")
    private long lookBackPatience = 120_000;

    @UriParam(
            label = "once",
            javaType = "java.time.Duration",
            defaultValue = "5000",
            description =
                    "Pause before the service is asked again for an upload whose end is not known. At least 100 ms. For"
                            + " `once=lookback`.")
    private long lookBackInterval = 5_000;

    /** A copy that shares no setting with this one. */
    public ViamDataConfiguration copy() {
        try {
            return (ViamDataConfiguration) clone();
        } catch (CloneNotSupportedException e) {
            throw new RuntimeCamelException(e);
        }
    }

    public String getPartId() {
        return partId;
    }

    /** An ID without white space or control characters. Default null: then the component's part ID counts. */
    public void setPartId(String partId) {
        this.partId = partId;
    }

    public ViamDataOperation getOperation() {
        return operation;
    }

    /** Default {@code binary}; not null. */
    public void setOperation(ViamDataOperation operation) {
        this.operation = operation;
    }

    public String getComponentType() {
        return componentType;
    }

    /** Default null, for messages that name their own. Does not end in a colon. */
    public void setComponentType(String componentType) {
        this.componentType = componentType;
    }

    public String getComponentName() {
        return componentName;
    }

    /** Default null, for messages that name their own. */
    public void setComponentName(String componentName) {
        this.componentName = componentName;
    }

    public String getMethodName() {
        return methodName;
    }

    /** Default null, for messages that name their own. */
    public void setMethodName(String methodName) {
        this.methodName = methodName;
    }

    public String getFileExtension() {
        return fileExtension;
    }

    /** With or without its period. Default null: it is derived. */
    public void setFileExtension(String fileExtension) {
        this.fileExtension = fileExtension;
    }

    public String getMimeType() {
        return mimeType;
    }

    /** Default null: it is derived. */
    public void setMimeType(String mimeType) {
        this.mimeType = mimeType;
    }

    public boolean isDetectMimeType() {
        return detectMimeType;
    }

    /** Default false. */
    public void setDetectMimeType(boolean detectMimeType) {
        this.detectMimeType = detectMimeType;
    }

    public boolean isCorrectMimeType() {
        return correctMimeType;
    }

    /** Default false. */
    public void setCorrectMimeType(boolean correctMimeType) {
        this.correctMimeType = correctMimeType;
    }

    public boolean isAllowEmptyPayload() {
        return allowEmptyPayload;
    }

    /** Default false. */
    public void setAllowEmptyPayload(boolean allowEmptyPayload) {
        this.allowEmptyPayload = allowEmptyPayload;
    }

    public boolean isWrapReadings() {
        return wrapReadings;
    }

    /** Default true. */
    public void setWrapReadings(boolean wrapReadings) {
        this.wrapReadings = wrapReadings;
    }

    public String getTimeField() {
        return timeField;
    }

    /** Default null: no field holds the time. */
    public void setTimeField(String timeField) {
        this.timeField = timeField;
    }

    public ViamDataTimeUnit getTimeUnit() {
        return timeUnit;
    }

    /** Default null: numbers are milliseconds, and those that look like seconds are refused. */
    public void setTimeUnit(ViamDataTimeUnit timeUnit) {
        this.timeUnit = timeUnit;
    }

    public int getMaxRequestSize() {
        return maxRequestSize;
    }

    /** Default 4000000 bytes; from 1024 to 16777216. */
    public void setMaxRequestSize(int maxRequestSize) {
        this.maxRequestSize = maxRequestSize;
    }

    public String getTags() {
        return tags;
    }

    /** Separated by commas. Default null: none but those of messages. */
    public void setTags(String tags) {
        this.tags = tags;
    }

    public String getDatasetIds() {
        return datasetIds;
    }

    /** Separated by commas. Default null: none but those of messages. */
    public void setDatasetIds(String datasetIds) {
        this.datasetIds = datasetIds;
    }

    public Map<String, Object> getMethodParameters() {
        return methodParameters;
    }

    /** Values by name. Default null: none but those of messages. The map is not copied. */
    public void setMethodParameters(Map<String, Object> methodParameters) {
        this.methodParameters = methodParameters;
    }

    public String getHost() {
        return host;
    }

    /** A name or an address, without scheme, port or path. Default {@code app.viam.com}; neither null nor blank. */
    public void setHost(String host) {
        this.host = host;
    }

    public int getPort() {
        return port;
    }

    /** Default 443; from 1 to 65535. */
    public void setPort(int port) {
        this.port = port;
    }

    public String getApiKeyId() {
        return apiKeyId;
    }

    /** Default null: without any credential, the environment variable {@code VIAM_API_KEY_ID} counts. */
    public void setApiKeyId(String apiKeyId) {
        this.apiKeyId = apiKeyId;
    }

    public String getApiKey() {
        return apiKey;
    }

    /** Default null: without any credential, the environment variable {@code VIAM_API_KEY} counts. */
    public void setApiKey(String apiKey) {
        this.apiKey = apiKey;
    }

    public String getSecret() {
        return secret;
    }

    /** Default null. */
    public void setSecret(String secret) {
        this.secret = secret;
    }

    public String getAccessToken() {
        return accessToken;
    }

    /** Visible ASCII characters. Default null. */
    public void setAccessToken(String accessToken) {
        this.accessToken = accessToken;
    }

    public SSLContextParameters getSslContextParameters() {
        return sslContextParameters;
    }

    /** Default null: the trust store of the Java runtime. */
    public void setSslContextParameters(SSLContextParameters sslContextParameters) {
        this.sslContextParameters = sslContextParameters;
    }

    public boolean isPlaintext() {
        return plaintext;
    }

    /** Default false. True only with a loopback host. */
    public void setPlaintext(boolean plaintext) {
        this.plaintext = plaintext;
    }

    public ViamDataUploadMode getUploadMode() {
        return uploadMode;
    }

    /** Default {@code auto}; not null. */
    public void setUploadMode(ViamDataUploadMode uploadMode) {
        this.uploadMode = uploadMode;
    }

    public int getStreamingThreshold() {
        return streamingThreshold;
    }

    /** Default 1000000 bytes; from 0 to 16777216. */
    public void setStreamingThreshold(int streamingThreshold) {
        this.streamingThreshold = streamingThreshold;
    }

    public int getChunkSize() {
        return chunkSize;
    }

    /** Default 65536 bytes; from 1024 to 4000000. */
    public void setChunkSize(int chunkSize) {
        this.chunkSize = chunkSize;
    }

    public long getRequestTimeout() {
        return requestTimeout;
    }

    /** Default 30000 milliseconds; from 100. */
    public void setRequestTimeout(long requestTimeout) {
        this.requestTimeout = requestTimeout;
    }

    public long getIdleTimeout() {
        return idleTimeout;
    }

    /** Default 60000 milliseconds; from 100. */
    public void setIdleTimeout(long idleTimeout) {
        this.idleTimeout = idleTimeout;
    }

    public int getMaxAttempts() {
        return maxAttempts;
    }

    /** Default 5 calls for each request; from 1 to 100. */
    public void setMaxAttempts(int maxAttempts) {
        this.maxAttempts = maxAttempts;
    }

    public long getRetryDelay() {
        return retryDelay;
    }

    /** Default 200 milliseconds; from 1. */
    public void setRetryDelay(long retryDelay) {
        this.retryDelay = retryDelay;
    }

    public long getMaxRetryDelay() {
        return maxRetryDelay;
    }

    /** Default 30000 milliseconds; at least {@code retryDelay}. */
    public void setMaxRetryDelay(long maxRetryDelay) {
        this.maxRetryDelay = maxRetryDelay;
    }

    public int getMaxInFlight() {
        return maxInFlight;
    }

    /** Default 64 uploads for each connection; from 1 to 10000. */
    public void setMaxInFlight(int maxInFlight) {
        this.maxInFlight = maxInFlight;
    }

    public long getMaxInFlightWait() {
        return maxInFlightWait;
    }

    /** Default 60000 milliseconds; from 0, which fails at once. */
    public void setMaxInFlightWait(long maxInFlightWait) {
        this.maxInFlightWait = maxInFlightWait;
    }

    public long getKeepAliveTime() {
        return keepAliveTime;
    }

    /** Default 60000 milliseconds; from 10000. */
    public void setKeepAliveTime(long keepAliveTime) {
        this.keepAliveTime = keepAliveTime;
    }

    public long getKeepAliveTimeout() {
        return keepAliveTimeout;
    }

    /** Default 120000 milliseconds; from 1. */
    public void setKeepAliveTimeout(long keepAliveTimeout) {
        this.keepAliveTimeout = keepAliveTimeout;
    }

    public int getConnections() {
        return connections;
    }

    /** Default 1; from 1 to 64. */
    public void setConnections(int connections) {
        this.connections = connections;
    }

    public long getShutdownTimeout() {
        return shutdownTimeout;
    }

    /** Default 30000 milliseconds; from 0, which cancels at once. */
    public void setShutdownTimeout(long shutdownTimeout) {
        this.shutdownTimeout = shutdownTimeout;
    }

    public boolean isSynchronous() {
        return synchronous;
    }

    /** Default false. */
    public void setSynchronous(boolean synchronous) {
        this.synchronous = synchronous;
    }

    public ViamDataClient getClient() {
        return client;
    }

    /** Default null: the component makes a client. The component does not close a client that is set here. */
    public void setClient(ViamDataClient client) {
        this.client = client;
    }

    public ViamDataOnce getOnce() {
        return once;
    }

    /** Default {@code off}; not null. */
    public void setOnce(ViamDataOnce once) {
        this.once = once;
    }

    public Object getLedger() {
        return ledger;
    }

    /**
     * A text {@code file:PATH}, a {@code Ledger} or an {@code IdempotentRepository}. Default null, with {@code once=off} only.
     */
    public void setLedger(Object ledger) {
        this.ledger = ledger;
    }

    public long getLedgerRetention() {
        return ledgerRetention;
    }

    /** Default 7776000000 milliseconds, which are 90 days; from 60000. */
    public void setLedgerRetention(long ledgerRetention) {
        this.ledgerRetention = ledgerRetention;
    }

    public String getOnceKey() {
        return onceKey;
    }

    /** Default null, for files and Kafka records, which have keys of their own. */
    public void setOnceKey(String onceKey) {
        this.onceKey = onceKey;
    }

    public ViamDataIdentity getOnceIdentity() {
        return onceIdentity;
    }

    /** Default {@code tag}; not null. */
    public void setOnceIdentity(ViamDataIdentity onceIdentity) {
        this.onceIdentity = onceIdentity;
    }

    public boolean isKeepOnceTag() {
        return keepOnceTag;
    }

    /** Default true. */
    public void setKeepOnceTag(boolean keepOnceTag) {
        this.keepOnceTag = keepOnceTag;
    }

    public long getLookBackPatience() {
        return lookBackPatience;
    }

    /** Default 120000 milliseconds; from 0. */
    public void setLookBackPatience(long lookBackPatience) {
        this.lookBackPatience = lookBackPatience;
    }

    public long getLookBackInterval() {
        return lookBackInterval;
    }

    /** Default 5000 milliseconds; from 100. */
    public void setLookBackInterval(long lookBackInterval) {
        this.lookBackInterval = lookBackInterval;
    }
}
