package dev.burgee.local;

import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.util.Arrays;
import java.util.Set;
import java.util.concurrent.ArrayBlockingQueue;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.locks.LockSupport;
import java.util.function.Consumer;
import java.util.function.Supplier;

/**
 * One connection through a {@link DelayProxy}: a reader and a writer for each direction, with the chunks under way between
 * them. A single thread that slept for each chunk would delay the later ones once more.
 */
final class DelayedConnection {
    private static final int CHUNK_BYTES_MAX = 16 * 1024;
    /** With full chunks 16 MiB are under way in each direction: 145 MB/s at 110 ms. */
    private static final int CHUNKS_MAX = 1024;

    private static final int CONNECT_LIMIT_MS = 1_000;
    private static final int DIRECTIONS = 2;

    private final Socket client;
    private final Socket server = new Socket();
    private final InetSocketAddress target;
    private final Gate gate;
    private final Supplier<DelayProxy.Delays> delays;
    private final Consumer<DelayedConnection> whenOver;
    private final long openedNanos = System.nanoTime();
    private final BlockingQueue<Chunk> there = new ArrayBlockingQueue<>(CHUNKS_MAX);
    private final BlockingQueue<Chunk> back = new ArrayBlockingQueue<>(CHUNKS_MAX);
    private final Set<Thread> threads = ConcurrentHashMap.newKeySet();
    private final AtomicInteger directionsOver = new AtomicInteger();
    private volatile boolean clientGone;
    private volatile boolean aborted;

    DelayedConnection(
            Socket client,
            InetSocketAddress target,
            Gate gate,
            Supplier<DelayProxy.Delays> delays,
            Consumer<DelayedConnection> whenOver) {
        this.client = client;
        this.target = target;
        this.gate = gate;
        this.delays = delays;
        this.whenOver = whenOver;
    }

    void start() {
        run(this::establish);
        run(() -> read(client, there, true));
    }

    /** Closes both sides by a reset; what was under way is lost. */
    void abort() {
        aborted = true;
        reset(client);
        reset(server);
        threads.forEach(Thread::interrupt);
        whenOver.accept(this);
    }

    private void establish() throws InterruptedException, IOException {
        client.setTcpNoDelay(true);
        parkUntil(openedNanos + delays.get().thereNanos());
        gate.awaitOpen();
        if (clientGone) {
            abort();
            return;
        }
        try {
            server.connect(target, CONNECT_LIMIT_MS);
        } catch (IOException e) {
            parkUntil(openedNanos + delays.get().roundTripNanos());
            throw e;
        }
        server.setTcpNoDelay(true);
        run(() -> write(there, server));
        run(() -> read(server, back, false));
        run(() -> write(back, client));
    }

    private void read(Socket from, BlockingQueue<Chunk> queue, boolean fromClient) throws InterruptedException {
        var buffer = new byte[CHUNK_BYTES_MAX];
        try {
            InputStream in = from.getInputStream();
            int length = in.read(buffer);
            while (length >= 0) {
                queue.put(new Chunk(dueNanos(fromClient), Arrays.copyOf(buffer, length), Chunk.Kind.BYTES));
                length = in.read(buffer);
            }
            clientGone |= fromClient;
            queue.put(new Chunk(dueNanos(fromClient), new byte[0], Chunk.Kind.END));
        } catch (IOException e) {
            clientGone |= fromClient;
            queue.put(new Chunk(dueNanos(fromClient), new byte[0], Chunk.Kind.RESET));
        }
    }

    private void write(BlockingQueue<Chunk> queue, Socket to) throws InterruptedException, IOException {
        OutputStream out = to.getOutputStream();
        while (true) {
            Chunk chunk = queue.take();
            parkUntil(chunk.dueNanos);
            gate.awaitOpen();
            switch (chunk.kind) {
                case BYTES -> out.write(chunk.bytes);
                case END -> {
                    to.shutdownOutput();
                    if (directionsOver.incrementAndGet() == DIRECTIONS) {
                        finish();
                    }
                    return;
                }
                case RESET -> {
                    abort();
                    return;
                }
            }
        }
    }

    private long dueNanos(boolean fromClient) {
        DelayProxy.Delays now = delays.get();
        long readNanos = System.nanoTime();
        if (!fromClient) {
            return readNanos + now.backNanos();
        }
        long establishedNanos = openedNanos + now.roundTripNanos();
        return (readNanos - establishedNanos > 0 ? readNanos : establishedNanos) + now.thereNanos();
    }

    private void finish() throws IOException {
        client.close();
        server.close();
        whenOver.accept(this);
    }

    private void run(Task task) {
        Thread thread = Thread.ofVirtual().name("proxy-", 0).unstarted(() -> {
            try {
                task.run();
            } catch (InterruptedException | IOException e) {
                abort();
            } finally {
                threads.remove(Thread.currentThread());
            }
        });
        threads.add(thread);
        thread.start();
        if (aborted) {
            thread.interrupt();
        }
    }

    private static void parkUntil(long dueNanos) throws InterruptedException {
        long left = dueNanos - System.nanoTime();
        while (left > 0) {
            LockSupport.parkNanos(left);
            if (Thread.interrupted()) {
                throw new InterruptedException();
            }
            left = dueNanos - System.nanoTime();
        }
    }

    private static void reset(Socket socket) {
        try {
            if (!socket.isClosed()) {
                socket.setSoLinger(true, 0);
            }
        } catch (IOException e) {
            // not connected any more: nothing to reset
        }
        try {
            socket.close();
        } catch (IOException e) {
            // closed is closed
        }
    }

    /** What a direction's threads do. */
    @FunctionalInterface
    private interface Task {
        void run() throws InterruptedException, IOException;
    }

    /** Bytes, or the end, with the moment at which they arrive. */
    private static final class Chunk {
        private enum Kind {
            BYTES,
            END,
            RESET
        }

        private final long dueNanos;
        private final byte[] bytes;
        private final Kind kind;

        private Chunk(long dueNanos, byte[] bytes, Kind kind) {
            this.dueNanos = dueNanos;
            this.bytes = bytes;
            this.kind = kind;
        }
    }
}
