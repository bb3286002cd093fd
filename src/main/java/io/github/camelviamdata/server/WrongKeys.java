// Copyright the camel-viamdata authors. SPDX-License-Identifier: Apache-2.0
package io.github.camelviamdata.server;

import io.github.camelviamdata.transport.LogLimit;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.SocketAddress;
import java.util.Iterator;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.OptionalLong;
import java.util.concurrent.TimeUnit;
import java.util.function.LongSupplier;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Slows down guessing of keys. Delays the answer to a wrong key, for a time that doubles with each wrong key from an address,
 * from 50 ms to a second; right keys are answered at once. While an address has too many delayed answers, its requests are
 * rejected unread.
 */
final class WrongKeys {

    /** Largest number of delayed answers to one address. It bounds the number of keys that can be tried in a second. */
    static final int MAX_DELAYED = 32;

    // Above this number, the least recently used address is dropped.
    private static final int MAX_ADDRESSES = 10_000;
    private static final long FIRST_PAUSE_MILLIS = 50;
    private static final long LONGEST_PAUSE_MILLIS = 1000;
    private static final long FORGET_NANOS = TimeUnit.MINUTES.toNanos(10);

    private static final Logger LOG = LoggerFactory.getLogger(WrongKeys.class);

    private final LongSupplier nanoTime;
    private final LogLimit logLimit = new LogLimit();
    private final Map<Object, Address> addresses = new LinkedHashMap<>(16, 0.75f, true);

    private static final class Address {
        private int wrong;
        private int delayed;
        private long last;
    }

    WrongKeys(LongSupplier nanoTime) {
        this.nanoTime = nanoTime;
    }

    /** Whether a request of an address is to be rejected unread. */
    synchronized boolean mustWait(SocketAddress peer) {
        Address address = addresses.get(host(peer));
        return address != null && address.delayed >= MAX_DELAYED;
    }

    /**
     * Counts and logs a wrong key.
     *
     * @return milliseconds to delay the answer by; call {@link #endDelay} after that
     */
    long count(SocketAddress peer) {
        OptionalLong more = logLimit.tryAcquire();
        if (more.isPresent()) {
            LOG.warn("Refused a wrong API key from {} ({} more since the last such line)", peer, more.getAsLong());
        }
        return delay(peer);
    }

    private synchronized long delay(SocketAddress peer) {
        long now = nanoTime.getAsLong();
        Address address = addresses.computeIfAbsent(host(peer), host -> new Address());
        if (now - address.last > FORGET_NANOS) {
            address.wrong = 0;
        }
        address.last = now;
        address.delayed++;
        int doublings = Math.min(address.wrong++, 10);
        if (addresses.size() > MAX_ADDRESSES) {
            Iterator<Address> oldest = addresses.values().iterator();
            oldest.next();
            oldest.remove();
        }
        return Math.min(FIRST_PAUSE_MILLIS << doublings, LONGEST_PAUSE_MILLIS);
    }

    /** Ends the delay of one answer to this address. */
    synchronized void endDelay(SocketAddress peer) {
        Address address = addresses.get(host(peer));
        if (address != null && address.delayed > 0) {
            address.delayed--;
        }
    }

    private static Object host(SocketAddress peer) {
        InetAddress host = peer instanceof InetSocketAddress inet ? inet.getAddress() : null;
        return host == null ? String.valueOf(peer) : host;
    }
}
