package dev.burgee.cache;

import dev.burgee.region.Region;
import java.io.IOException;
import java.net.SocketTimeoutException;
import java.time.Duration;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;
import redis.clients.jedis.Connection;
import redis.clients.jedis.ConnectionPool;
import redis.clients.jedis.exceptions.JedisAccessControlException;
import redis.clients.jedis.exceptions.JedisConnectionException;
import redis.clients.jedis.exceptions.JedisDataException;
import redis.clients.jedis.exceptions.JedisException;

/**
 * Runs work on a pooled connection within a limit, and turns the client's exceptions into the port's. Work must bear being
 * done twice. Thread-safe.
 */
final class CacheCalls {
    /** A request of up to this size fits into the socket's buffer, so writing it never waits. */
    private static final int UNGUARDED_BYTES_MAX = 16 * 1024;

    /** Large requests get one more limit per so many bytes: a fresh connection across an ocean doubles from 14 KB a trip. */
    private static final int BYTES_PER_LIMIT = 64 * 1024;

    private static final int REASON_LENGTH_MAX = 200;

    private final Region region;
    private final ConnectionPool pool;

    CacheCalls(Region region, ConnectionPool pool) {
        this.region = region;
        this.pool = pool;
    }

    /** Runs work that sends little and waits for each answer at most {@code limit}. */
    <T> T run(Duration limit, Function<Connection, T> work) {
        try {
            return attempt(limit, work, true);
        } catch (JedisException | UnreadableFieldException e) {
            throw failure(e);
        }
    }

    /**
     * Runs work that sends much: it may take {@code limit}, and again for each 64 KB, but never more than {@code most}.
     *
     * @param bytes what it sends
     */
    <T> T run(Duration limit, long bytes, Duration most, Function<Connection, T> work) {
        if (bytes <= UNGUARDED_BYTES_MAX) {
            return run(limit, work);
        }
        Duration scaled = limit.multipliedBy(1 + bytes / BYTES_PER_LIMIT);
        Duration longer = scaled.compareTo(most) < 0 ? scaled : most;
        return run(longer, connection -> cutAfter(longer, connection, work));
    }

    private <T> T attempt(Duration limit, Function<Connection, T> work, boolean again) {
        boolean connected = false;
        try (Connection connection = pool.getResource()) {
            connected = true;
            // one pool for reads and writes, with the limit set per call (no system call): the one idle connection to a
            // far region serves both
            connection.setSoTimeout(Math.toIntExact(limit.toMillis()));
            return work.apply(connection);
        } catch (JedisConnectionException e) {
            if (!again || !connected || isTimeout(e)) {
                throw e;
            }
            // a pooled connection whose server restarted: its idle siblings are as dead, and the work bears repeating
            pool.clear();
            return attempt(limit, work, false);
        }
    }

    /** Socket time-outs bound reading only: a hung server with full buffers would hold a writer for ever. */
    private static <T> T cutAfter(Duration limit, Connection connection, Function<Connection, T> work) {
        CountDownLatch finished = new CountDownLatch(1);
        AtomicBoolean decided = new AtomicBoolean();
        Thread.ofVirtual().name("burgee-cache-limit").start(() -> {
            try {
                if (!finished.await(limit.toNanos(), TimeUnit.NANOSECONDS) && decided.compareAndSet(false, true)) {
                    connection.forceDisconnect();
                }
            } catch (InterruptedException _) {
                Thread.currentThread().interrupt();
            } catch (IOException _) {
                // closing failed: the writer's own failure is the one to report
            }
        });
        try {
            return work.apply(connection);
        } finally {
            if (!decided.compareAndSet(false, true)) {
                // being cut just now: it must not go back to the pool
                connection.setBroken();
            }
            finished.countDown();
        }
    }

    private CacheUnavailableException failure(RuntimeException e) {
        String reason = reason(e);
        if (has(e, JedisAccessControlException.class) || reason.startsWith("ERR AUTH")) {
            pool.clear();
            return new CacheDeniedException(
                    "cache in " + region
                            + " does not accept our user name and password, or allows that user too little: " + reason,
                    e);
        }
        if (reason.contains("READONLY ")) {
            // its sockets stay open after a demotion: the next call resolves the name again
            pool.clear();
            return new CacheReadOnlyException("cache in " + region + " is a replica and refuses writes", e);
        }
        if (reason.startsWith("LOADING") || reason.startsWith("MASTERDOWN")) {
            pool.clear();
        }
        return new CacheUnavailableException("cache in " + region + " gave no useful answer: " + reason, e);
    }

    private static String reason(RuntimeException e) {
        Throwable root = e;
        while (root.getCause() != null && !(root instanceof JedisDataException)) {
            root = root.getCause();
        }
        String message = root.getMessage() == null ? root.getClass().getSimpleName() : root.getMessage();
        return message.length() > REASON_LENGTH_MAX ? message.substring(0, REASON_LENGTH_MAX) + "…" : message;
    }

    private static boolean isTimeout(Throwable e) {
        return has(e, SocketTimeoutException.class);
    }

    private static boolean has(Throwable e, Class<? extends Throwable> type) {
        for (@Nullable Throwable at = e; at != null; at = at.getCause()) {
            if (type.isInstance(at)) {
                return true;
            }
        }
        return false;
    }
}
