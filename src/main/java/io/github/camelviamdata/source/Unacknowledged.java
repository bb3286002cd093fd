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
 * The messages of an MQTT session that are not acknowledged. A broker re-sends them on each new connection, while their uploads are
 * still in flight. A re-sent message is recognized by its topic and its content, and dropped: it is neither uploaded twice nor in
 * memory twice.
 *
 * <p>Not every broker marks re-sent messages as duplicates: Artemis does not after a restart. But each broker sends them first on a
 * new connection. So for a minute after a connection, a message with the content of an unacknowledged one counts as re-sent, once
 * for each. After that, two messages with the same content are two messages.
 */
final class Unacknowledged {

    /** Largest number of receipts kept after a connection is lost: the broker may have lost the session. */
    private static final int LIMIT = 1_000;

    /** How long after a connection the broker re-sends messages. */
    private static final long RESEND_NANOS = TimeUnit.MINUTES.toNanos(1);

    /** A message that has arrived. It is an orphan if the connection it came by is lost. */
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

        /** Whether a message is this one, re-sent. If this is no orphan, the message must be a duplicate with the same packet ID. */
        boolean isSameAs(String other, MqttMessage message, boolean isResending) {
            return content.equals(other)
                    && (orphan && (isResending || message.isDuplicate())
                            || message.isDuplicate() && packetId == message.getId());
        }
    }

    /** What to do with a message that has arrived. */
    enum Arrival {
        /** It is new. Its packet ID is replaced by the number of its receipt. */
        NEW,
        /** It was re-sent. Its upload is in flight, and acknowledges it later. */
        IN_FLIGHT,

        /** It was re-sent. Its upload completed while there was no connection, so it is to be acknowledged now. */
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

    /** Makes all receipts orphans: on the next connection, their packet IDs are those of other messages. */
    synchronized void connectionLost() {
        connected = false;
        receipts.values().forEach(receipt -> receipt.orphan = true);
        var oldest = receipts.values().iterator();
        for (int surplus = receipts.size() - LIMIT; surplus > 0; surplus--) {
            oldest.next();
            oldest.remove();
        }
    }

    /** Notes a new connection, by which messages arrive from now on. */
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
                return Arrival.IN_FLIGHT;
            }
        }
        receipts.put(++lastNumber, new Receipt(content, message.getId(), !connected));
        message.setId(lastNumber);
        return Arrival.NEW;
    }

    /** Notes that a message was uploaded. Returns the packet ID to acknowledge; -1 if the broker has to re-send the message first. */
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

    /** Notes that an upload failed: when the broker re-sends the message, it counts as new. */
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
