package dev.burgee.cache;

import org.apache.commons.pool2.PooledObjectFactory;
import redis.clients.jedis.Connection;
import redis.clients.jedis.ConnectionPool;
import redis.clients.jedis.ConnectionPoolConfig;

/**
 * A pool that connects only for a caller who waits for it. Commons Pool 2.13 replaces each broken connection at once, in the
 * thread that gives it back: a read that timed out at a hung server would then wait for a new connection to it as well, and
 * so take twice its limit. Jedis' {@code RedisClient} builds a pool of its own, and what it does beyond is not used here:
 * docs/adr/0003-jedis.md.
 */
final class CachePool extends ConnectionPool {
    CachePool(PooledObjectFactory<Connection> connections, ConnectionPoolConfig config) {
        super(connections, config);
    }

    /** Adds nothing: see the class. */
    @Override
    public void addObject() {}
}
