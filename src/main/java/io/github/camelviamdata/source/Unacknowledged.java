// Copyright the camel-viamdata authors. SPDX-License-Identifier: Apache-2.0
package io.github.camelviamdata.source;

import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HexFormat;
import java.util.LinkedHashMap;
import java.util.Map;
import org.eclipse.paho.mqttv5.common.MqttMessage;

/**
 * The messages of an MQTT session that the broker has no acknowledgement of. A broker sends them again on each new
 * connection, while the uploads that began on an old one go on. So a message that comes again is recognized by its topic and
 * its content, and the upload that was begun stands for it: it is neither uploaded twice nor in memory twice.
 *
 * <p>Only what the broker marks as sent again is looked for; two messages of the same content are two.
 */
final class Unacknowledged {

    /** What it can happen to keep of a session that the broker has forgotten. */
    private static final int LIMIT = 1_000;

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

        /** Whether a message that was sent again can be this one. A client may hand it on after it has lost the connection. */
        boolean isSameAs(String other, int otherId) {
            return content.equals(other) && (orphan || packetId == otherId);
        }
    }

    /** What becomes of a message that has arrived. */
    enum Arrival {
        /** It is new. Its ID is now the number of its receipt. */
        NEW,
        /** It is under way, and acknowledged later. */
        UNDER_WAY,
        /** It was completed while there was no connection, and is to be acknowledged at once. */
        DONE
    }

    private final Map<Integer, Receipt> receipts = new LinkedHashMap<>();
    private int lastNumber;
    private boolean connected = true;

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
    }

    synchronized Arrival arrived(String topic, MqttMessage message) {
        String content = content(topic, message);
        if (message.isDuplicate()) {
            for (Map.Entry<Integer, Receipt> entry : receipts.entrySet()) {
                Receipt receipt = entry.getValue();
                if (receipt.isSameAs(content, message.getId())) {
                    receipt.orphan = false;
                    receipt.packetId = message.getId();
                    if (receipt.done) {
                        receipts.remove(entry.getKey());
                        return Arrival.DONE;
                    }
                    return Arrival.UNDER_WAY;
                }
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

    /** A message has failed, and is not to stand for itself when the broker sends it again. */
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
