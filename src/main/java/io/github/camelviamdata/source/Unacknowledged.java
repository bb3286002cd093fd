// Copyright the camel-viamdata authors. SPDX-License-Identifier: Apache-2.0
package io.github.camelviamdata.source;

import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HexFormat;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import java.util.function.LongSupplier;
import org.eclipse.paho.mqttv5.common.MqttMessage;

/**
 * The messages of an MQTT session that the broker has no acknowledgement of. A broker sends them again on each new
 * connection, while the uploads that began on an old one go on. So a message that comes again is recognized by its topic and
 * its content, and the upload that was begun stands for it: it is neither uploaded twice nor in memory twice.
 *
 * <p>Not every broker marks what it sends again: Artemis does not after a restart. But each sends it first of all on a new
 * connection. So for a minute after that, a message stands for one of the same content that was not acknowledged, once each;
 * otherwise two messages of the same content are two.
 */
final class Unacknowledged {

    /** Bounds what is kept of a session that the broker has lost. */
    private static final int LIMIT = 1_000;

    /** How long after a reconnection a broker may take to send its messages again. */
    private static final long RESEND_NANOS = TimeUnit.MINUTES.toNanos(1);

    private static final class Receipt {
        private final String content;
        private int packetId;
        private boolean orphan;
        private boolean done;

        Receipt(String content, int packetId, boolean orphan) {
            this.content = content;
            this.packetId = packetId;
            this.orphan = orphan;
        }

        /** Whether a re-sent message can be this one. A client may deliver it after it has lost the connection. */
        boolean isSameAs(String other, MqttMessage message, boolean isResending) {
            return content.equals(other)
                    && (orphan && (isResending || message.isDuplicate())
                            || message.isDuplicate() && packetId == message.getId());
        }
    }

    /** What to do with a message that has arrived. */
    enum Arrival {
        /** It is new. Its ID is now the number of its receipt. */
        NEW,
        /** Its upload is in flight, and acknowledges it later. */
        UNDER_WAY,
        /** It was completed while there was no connection, and is to be acknowledged at once. */
        DONE
    }

    private final Map<Integer, Receipt> receipts = new LinkedHashMap<>();
    private final LongSupplier nanos;
    private int lastNumber;
    private boolean connected = true;
    private long connectedAt;

    /**
     * @param nanos as {@link System#nanoTime}
     */
    Unacknowledged(LongSupplier nanos) {
        this.nanos = nanos;
        this.connectedAt = nanos.getAsLong();
    }

    /** The connection is lost: acknowledgements of what has come by it would mean other messages on the next one. */
    synchronized void connectionLost() {
        connected = false;
        receipts.values().forEach(receipt -> receipt.orphan = true);
        var oldest = receipts.values().iterator();
        for (int surplus = receipts.size() - LIMIT; surplus > 0; surplus--) {
            oldest.next();
            oldest.remove();
        }
    }

    /** What arrives from now on has come by the new connection. */
    synchronized void connectionBack() {
        connected = true;
        connectedAt = nanos.getAsLong();
    }

    synchronized Arrival arrived(String topic, MqttMessage message) {
        String content = content(topic, message);
        boolean isResending = nanos.getAsLong() - connectedAt < RESEND_NANOS;
        for (Map.Entry<Integer, Receipt> entry : receipts.entrySet()) {
            Receipt receipt = entry.getValue();
            if (receipt.isSameAs(content, message, isResending)) {
                receipt.orphan = false;
                receipt.packetId = message.getId();
                if (receipt.done) {
                    receipts.remove(entry.getKey());
                    return Arrival.DONE;
                }
                return Arrival.UNDER_WAY;
            }
        }
        receipts.put(++lastNumber, new Receipt(content, message.getId(), !connected));
        message.setId(lastNumber);
        return Arrival.NEW;
    }

    /** The packet ID to acknowledge a completed message by; -1 if the broker has to send it again first. */
    synchronized int completed(int number) {
        Receipt receipt = receipts.get(number);
        if (receipt == null) {
            return -1;
        }
        if (receipt.orphan) {
            receipt.done = true;
            return -1;
        }
        receipts.remove(number);
        return receipt.packetId;
    }

    /** A message has failed: when the broker re-sends it, it counts as new. */
    synchronized void failed(int number) {
        receipts.remove(number);
    }

    synchronized int size() {
        return receipts.size();
    }

    private static String content(String topic, MqttMessage message) {
        try {
            MessageDigest digest = MessageDigest.getInstance("SHA-256");
            digest.update(topic.getBytes(StandardCharsets.UTF_8));
            digest.update((byte) 0);
            digest.update(message.getPayload());
            return HexFormat.of().formatHex(digest.digest());
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException(e);
        }
    }
}
