// Copyright the camel-viamdata authors. SPDX-License-Identifier: Apache-2.0
package io.github.camelviamdata.service;

import java.io.ByteArrayOutputStream;
import java.io.DataInputStream;
import java.io.EOFException;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.Socket;
import java.net.SocketException;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;

/** HTTP/2 frame by frame (RFC 9113), for a peer that keeps to no rule. */
public final class RawHttp2 implements AutoCloseable {

    public static final int DATA = 0;
    public static final int HEADERS = 1;
    public static final int RST_STREAM = 3;
    public static final int SETTINGS = 4;
    public static final int PING = 6;
    public static final int GOAWAY = 7;

    /** Settings. */
    public static final int MAX_CONCURRENT_STREAMS = 3;

    public static final int INITIAL_WINDOW_SIZE = 4;

    private static final byte[] PREFACE = "PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n".getBytes(StandardCharsets.US_ASCII);
    private static final int ACK = 1;
    private static final int END_STREAM = 1;
    private static final int END_HEADERS = 4;

    private final Socket socket;
    private final DataInputStream in;
    private long sent;

    /**
     * @param type see the constants
     * @param endsStream whether it is the last DATA or HEADERS frame of its stream
     * @param error the error code of a frame that has one, else -1
     */
    public record Frame(int type, boolean endsStream, int stream, int error, byte[] payload) {

        /** Whether a text is among the bytes. Netty's HPACK leaves short texts as they are. */
        public boolean contains(String text) {
            return new String(payload, StandardCharsets.ISO_8859_1).contains(text);
        }
    }

    private RawHttp2(Socket socket) throws IOException {
        this.socket = socket;
        socket.setSoTimeout(20_000);
        socket.setTcpNoDelay(true);
        in = new DataInputStream(socket.getInputStream());
    }

    /** A client. */
    public static RawHttp2 connect(int port) throws IOException {
        RawHttp2 client = new RawHttp2(new Socket(InetAddress.getByName("localhost"), port));
        client.socket.getOutputStream().write(PREFACE);
        return client.frame(SETTINGS, 0, 0, new byte[0]);
    }

    /**
     * The server of a client that has connected.
     *
     * @param settings identifiers and values in turn, such as {@link #INITIAL_WINDOW_SIZE}, 0
     */
    public static RawHttp2 accept(Socket socket, int... settings) throws IOException {
        RawHttp2 server = new RawHttp2(socket);
        server.in.readFully(new byte[PREFACE.length]);
        ByteBuffer payload = ByteBuffer.allocate(settings.length * 3);
        for (int i = 0; i < settings.length; i += 2) {
            payload.putShort((short) settings[i]).putInt(settings[i + 1]);
        }
        return server.frame(SETTINGS, 0, 0, payload.array());
    }

    /** Bytes written so far. */
    public long sent() {
        return sent;
    }

    /** Any frame. */
    public RawHttp2 frame(int type, int flags, int stream, byte[] payload) throws IOException {
        ByteBuffer frame = ByteBuffer.allocate(9 + payload.length);
        frame.putInt(payload.length << 8 | type)
                .put((byte) flags)
                .putInt(stream)
                .put(payload);
        socket.getOutputStream().write(frame.array());
        sent += frame.array().length;
        return this;
    }

    public RawHttp2 acknowledgeSettings() throws IOException {
        return frame(SETTINGS, ACK, 0, new byte[0]);
    }

    public RawHttp2 ping() throws IOException {
        return frame(PING, 0, 0, new byte[8]);
    }

    /** Begins a call of a method, as gRPC does. */
    public RawHttp2 call(int stream, String method, String... headers) throws IOException {
        List<String> all = new ArrayList<>(List.of(":method", "POST", ":scheme", "http", ":path", "/" + method));
        all.addAll(List.of(":authority", "localhost", "content-type", "application/grpc", "te", "trailers"));
        all.addAll(List.of(headers));
        return headers(stream, false, all.toArray(String[]::new));
    }

    public RawHttp2 headers(int stream, boolean end, String... namesAndValues) throws IOException {
        ByteArrayOutputStream block = new ByteArrayOutputStream();
        for (int i = 0; i < namesAndValues.length; i++) {
            if (i % 2 == 0) {
                // A literal that is not to be remembered.
                block.write(0);
            }
            byte[] text = namesAndValues[i].getBytes(StandardCharsets.UTF_8);
            int length = text.length;
            if (length < 0x7f) {
                block.write(length);
            } else {
                block.write(0x7f);
                for (length -= 0x7f; length >= 0x80; length >>>= 7) {
                    block.write(length & 0x7f | 0x80);
                }
                block.write(length);
            }
            block.write(text);
        }
        return frame(HEADERS, END_HEADERS | (end ? END_STREAM : 0), stream, block.toByteArray());
    }

    /**
     * A message of gRPC, or what is called one.
     *
     * @param length what is said of the length of the bytes
     */
    public RawHttp2 message(int stream, boolean end, int length, byte[] bytes) throws IOException {
        ByteBuffer message = ByteBuffer.allocate(5 + bytes.length);
        message.put((byte) 0).putInt(length).put(bytes);
        return frame(DATA, end ? END_STREAM : 0, stream, message.array());
    }

    public RawHttp2 reset(int stream) throws IOException {
        return frame(RST_STREAM, 0, stream, new byte[] {0, 0, 0, 8});
    }

    /** The next frame, or null at the end of the connection. */
    public Frame read() {
        try {
            int lengthAndType = in.readInt();
            boolean last = (in.readByte() & END_STREAM) != 0;
            int stream = in.readInt();
            byte[] payload = in.readNBytes(lengthAndType >>> 8);
            int type = lengthAndType & 0xff;
            int error = type == RST_STREAM
                    ? ByteBuffer.wrap(payload).getInt()
                    : type == GOAWAY ? ByteBuffer.wrap(payload).getInt(4) : -1;
            boolean endsStream = last && (type == DATA || type == HEADERS);
            return new Frame(type, endsStream, stream, error, payload);
        } catch (EOFException | SocketException e) {
            return null;
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** The next frame of one of these types, or null at the end of the connection. Waits 20 s at most for each frame. */
    public Frame readUntil(int... types) {
        Frame frame = read();
        while (frame != null) {
            for (int type : types) {
                if (frame.type() == type) {
                    return frame;
                }
            }
            frame = read();
        }
        return null;
    }

    @Override
    public void close() throws IOException {
        socket.close();
    }
}
