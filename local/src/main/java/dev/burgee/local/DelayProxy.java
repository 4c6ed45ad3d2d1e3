package dev.burgee.local;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.time.Duration;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.locks.LockSupport;
import org.jspecify.annotations.Nullable;

/**
 * A distance on the loopback: forwards TCP connections to a target, each byte late by a delay, in order.
 *
 * <p>Two faults can be switched: {@link #hold} lets no byte through and closes nothing, as a network does that drops
 * packets until TCP's retransmissions arrive after healing; {@link #refuse} is an endpoint that does not run.
 *
 * <p>What a new connection costs: the caller's {@code connect} returns at once (the kernel answers it), a real one takes a
 * round trip. So the first bytes leave one round trip after the connection was opened at the earliest, and arrive when
 * they would have in reality. A caller's connect time-out is therefore never met here; its read time-out is.
 *
 * <p>Thread-safe.
 */
final class DelayProxy implements AutoCloseable {
    private static final int BACKLOG = 512;
    private static final long REBIND_LIMIT_NANOS = Duration.ofSeconds(2).toNanos();
    private static final long REBIND_PAUSE_NANOS = Duration.ofMillis(5).toNanos();

    /** One-way delays: from the caller to the target, and back. */
    record Delays(Duration there, Duration back) {
        static final Delays NONE = new Delays(Duration.ZERO, Duration.ZERO);

        Delays {
            if (there.isNegative() || back.isNegative()) {
                throw new IllegalArgumentException(
                        "a delay is " + there + " and " + back + ", but must not be negative");
            }
        }

        static Delays bothWays(Duration oneWay) {
            return new Delays(oneWay, oneWay);
        }

        long thereNanos() {
            return there.toNanos();
        }

        long backNanos() {
            return back.toNanos();
        }

        long roundTripNanos() {
            return thereNanos() + backNanos();
        }
    }

    private final InetSocketAddress target;
    private final int port;
    private final Gate gate = new Gate();
    private final Set<DelayedConnection> connections = ConcurrentHashMap.newKeySet();
    private volatile Delays delays;
    // guarded by this: exactly one of the two is there until close
    private @Nullable ServerSocket listener;
    private @Nullable Socket placeholder;

    private DelayProxy(InetSocketAddress target, Delays delays, ServerSocket listener) {
        this.target = target;
        this.delays = delays;
        this.listener = listener;
        this.port = listener.getLocalPort();
    }

    /** Listens on a free port of the loopback. */
    static DelayProxy to(InetSocketAddress target, Delays delays) {
        try {
            ServerSocket listener = listen(0);
            var proxy = new DelayProxy(target, delays, listener);
            proxy.acceptFrom(listener);
            return proxy;
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    int port() {
        return port;
    }

    /** For bytes that arrive from now on; those under way keep their time, and none overtakes another. */
    void delay(Delays newDelays) {
        this.delays = newDelays;
    }

    /**
     * Lets nothing through (true), or everything again, in order and without loss. Sockets stay open; new connections
     * are accepted and nothing moves on them. One that its caller gives up while held never reaches the target, as a
     * connection that was never established.
     */
    void hold(boolean held) {
        gate.set(!held);
    }

    /** Closes the port and every connection through it by a reset (true), or opens the port again. */
    void refuse(boolean refused) {
        ServerSocket opened = null;
        synchronized (this) {
            if (listener != null && refused) {
                close(listener);
                listener = null;
                placeholder = occupy(port);
            } else if (placeholder != null && !refused) {
                close(placeholder);
                placeholder = null;
                opened = listenAgain(port);
                listener = opened;
            }
        }
        if (opened != null) {
            acceptFrom(opened);
        }
        if (refused) {
            connections.forEach(DelayedConnection::abort);
        }
    }

    @Override
    public void close() {
        synchronized (this) {
            if (listener != null) {
                close(listener);
                listener = null;
            }
            if (placeholder != null) {
                close(placeholder);
                placeholder = null;
            }
        }
        connections.forEach(DelayedConnection::abort);
    }

    private void acceptFrom(ServerSocket from) {
        Thread.ofVirtual().name("proxy-accept-" + port).start(() -> {
            while (!from.isClosed()) {
                try {
                    Socket client = from.accept();
                    var connection = new DelayedConnection(client, target, gate, () -> delays, connections::remove);
                    connections.add(connection);
                    connection.start();
                    if (from.isClosed()) {
                        // refused between the accept and the registration
                        connection.abort();
                    }
                } catch (IOException e) {
                    // the listener was closed, or one client went away while it was accepted
                }
            }
        });
    }

    private static ServerSocket listen(int port) throws IOException {
        var socket = new ServerSocket();
        socket.setReuseAddress(true);
        try {
            socket.bind(new InetSocketAddress(InetAddress.getLoopbackAddress(), port), BACKLOG);
        } catch (IOException e) {
            close(socket);
            throw e;
        }
        return socket;
    }

    private static ServerSocket listenAgain(int port) {
        long end = System.nanoTime() + REBIND_LIMIT_NANOS;
        while (true) {
            try {
                return listen(port);
            } catch (IOException e) {
                if (System.nanoTime() - end > 0) {
                    throw new UncheckedIOException("port " + port + " cannot be opened again", e);
                }
                LockSupport.parkNanos(REBIND_PAUSE_NANOS);
            }
        }
    }

    /** Keeps the port from other processes without listening, so that connects are refused. */
    private static @Nullable Socket occupy(int port) {
        var socket = new Socket();
        try {
            socket.setReuseAddress(true);
            socket.bind(new InetSocketAddress(InetAddress.getLoopbackAddress(), port));
        } catch (IOException e) {
            // not bound: refused all the same, only the port is not reserved
        }
        return socket;
    }

    private static void close(java.io.Closeable socket) {
        try {
            socket.close();
        } catch (IOException e) {
            // closed is closed
        }
    }
}
