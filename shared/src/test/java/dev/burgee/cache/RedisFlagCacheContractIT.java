package dev.burgee.cache;

import dev.burgee.servers.RedisNode;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import redis.clients.jedis.params.RestoreParams;

final class RedisFlagCacheContractIT extends FlagCacheContract {
    private static final RedisNode NODE = new RedisNode("contract", 0, "burgee", "secret");

    private final CacheBench bench = new CacheBench(NODE);

    @BeforeAll
    static void start() {
        NODE.start();
    }

    @AfterAll
    static void stop() {
        NODE.close();
    }

    @BeforeEach
    void empty() {
        NODE.flushAll();
    }

    @AfterEach
    void close() {
        bench.close();
    }

    @Override
    FlagCache cache() {
        return bench.cache();
    }

    @Override
    void flush() {
        NODE.flushAll();
    }

    @Override
    void loseRecent() {
        bench.redis().del("burgee:recent");
    }

    @Override
    void undo(Runnable change) {
        byte[] before = bench.redis().dump(CacheFields.HASH);
        change.run();
        bench.redis()
                .restore(
                        CacheFields.HASH,
                        0,
                        before,
                        RestoreParams.restoreParams().replace());
    }
}
