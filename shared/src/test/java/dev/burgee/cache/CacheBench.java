package dev.burgee.cache;

import dev.burgee.region.Region;
import dev.burgee.servers.RedisNode;
import dev.burgee.settings.Limits;
import dev.burgee.topology.Topology;
import java.net.URI;
import java.time.Duration;
import java.util.Map;
import redis.clients.jedis.CommandArguments;
import redis.clients.jedis.DefaultJedisClientConfig;
import redis.clients.jedis.HostAndPort;
import redis.clients.jedis.Protocol.Command;
import redis.clients.jedis.RedisClient;

/** A cache as functions make it, and a plain client beside it, on one real server. */
final class CacheBench implements AutoCloseable {
    static final Region REGION = LedgerLog.HOME;

    /** For tests that are not about limits: a busy build machine may take its time. */
    static final Limits PATIENT = limits(Duration.ofSeconds(5), Duration.ofSeconds(5));

    private final RedisCaches caches;
    private final RedisClient redis;

    CacheBench(RedisNode node) {
        this(node, PATIENT, "secret");
    }

    CacheBench(RedisNode node, Limits limits, String password) {
        caches = new RedisCaches(topology(node.uri(), password), REGION, limits, "burgee-test");
        redis = RedisClient.builder()
                .hostAndPort(new HostAndPort("127.0.0.1", node.port()))
                .clientConfig(DefaultJedisClientConfig.builder()
                        .user("burgee")
                        .password("secret")
                        .build())
                .build();
    }

    static Topology topology(URI cache, String password) {
        return new Topology(REGION, "burgee", password, Map.of(REGION, cache), "burgee-ledger", Map.of());
    }

    static Limits limits(Duration read, Duration write) {
        Limits usual = Limits.DEFAULTS;
        return new Limits(
                Duration.ofSeconds(2),
                read,
                usual.crossConnect(),
                usual.crossRead(),
                write,
                usual.ledgerCall(),
                usual.awsCall(),
                usual.wholeRead(),
                usual.wholeWrite(),
                usual.freshnessWindow(),
                usual.checkedAgeMax(),
                usual.secretRefresh());
    }

    FlagCache cache() {
        return caches.of(REGION);
    }

    /** The same, with the steps of a load apart. */
    RedisFlagCache redisCache() {
        return (RedisFlagCache) caches.of(REGION);
    }

    RedisClient redis() {
        return redis;
    }

    /** Any command, for what the client has no method for. */
    void command(Command command, String... arguments) {
        CommandArguments all = new CommandArguments(command);
        for (String argument : arguments) {
            all.add(argument);
        }
        redis.executeCommand(all);
    }

    @Override
    public void close() {
        caches.close();
        redis.close();
    }
}
