package dev.burgee.local;

import static java.nio.charset.StandardCharsets.US_ASCII;

import dev.burgee.region.Region;
import redis.clients.jedis.Connection;
import redis.clients.jedis.DefaultJedisClientConfig;
import redis.clients.jedis.HostAndPort;
import redis.clients.jedis.Protocol.Command;
import redis.clients.jedis.RedisProtocol;

/** What a cache was at some moment, so that it can lose what came after: its tail. */
final class SavedCache implements AutoCloseable {
    private static final byte[] HASH = "burgee:flags".getBytes(US_ASCII);
    private static final byte[] RECENT = "burgee:recent".getBytes(US_ASCII);
    private static final byte[] FOR_EVER = {'0'};
    private static final byte[] REPLACE = "REPLACE".getBytes(US_ASCII);

    private final Connection connection;
    private final byte[] hash;
    private final byte[] recent;

    SavedCache(World world, Region region) {
        connection = new Connection(
                new HostAndPort("127.0.0.1", world.caches().node(region).port()),
                DefaultJedisClientConfig.builder()
                        .user(Caches.USERNAME)
                        .password(world.caches().password())
                        .protocol(RedisProtocol.RESP2)
                        .build());
        hash = dump(HASH);
        recent = dump(RECENT);
    }

    void restore() {
        connection.sendCommand(Command.MULTI);
        connection.sendCommand(Command.RESTORE, HASH, FOR_EVER, hash, REPLACE);
        connection.sendCommand(Command.RESTORE, RECENT, FOR_EVER, recent, REPLACE);
        connection.sendCommand(Command.EXEC);
        connection.getMany(4);
    }

    private byte[] dump(byte[] key) {
        connection.sendCommand(Command.DUMP, key);
        return connection.getBinaryBulkReply();
    }

    @Override
    public void close() {
        connection.close();
    }
}
