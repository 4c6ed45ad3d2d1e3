package dev.burgee.cache;

import java.time.Duration;
import org.apache.commons.pool2.PooledObject;
import redis.clients.jedis.Connection;
import redis.clients.jedis.ConnectionFactory;
import redis.clients.jedis.HostAndPort;
import redis.clients.jedis.JedisClientConfig;

/**
 * Makes connections, and judges an idle one by its age when it is about to be used again: the sockets of a frozen function
 * die without a sign, and no background thread runs there to notice. Wall-clock ages, since that clock alone moves on while
 * frozen.
 */
final class AgedConnections extends ConnectionFactory {
    private final int pingTimeoutMs;
    private final Duration trusted;
    private final Duration kept;

    /**
     * A factory for one server.
     *
     * @param ping waiting for the answer to a PING
     * @param trusted idle for less: used as it is
     * @param kept idle for less: used if it answers a PING; idle for longer: closed
     */
    AgedConnections(HostAndPort server, JedisClientConfig config, Duration ping, Duration trusted, Duration kept) {
        super(server, config);
        this.pingTimeoutMs = Math.toIntExact(ping.toMillis());
        this.trusted = trusted;
        this.kept = kept;
    }

    @Override
    public boolean validateObject(PooledObject<Connection> pooled) {
        Duration idle = pooled.getIdleDuration();
        if (idle.compareTo(trusted) < 0) {
            return true;
        }
        if (idle.compareTo(kept) >= 0) {
            return false;
        }
        // the last call may have left a longer limit behind
        pooled.getObject().setSoTimeout(pingTimeoutMs);
        return super.validateObject(pooled);
    }
}
