package dev.burgee.local.bench;

import dev.burgee.json.Json;
import dev.burgee.local.MadeUpFlags;
import dev.burgee.read.ReadFlagHandler;
import dev.burgee.servers.DynamoNode;
import dev.burgee.servers.RedisNode;
import dev.burgee.write.WriteFlagHandler;
import java.io.OutputStream;
import java.io.PrintStream;
import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Objects;
import java.util.concurrent.locks.LockSupport;
import redis.clients.jedis.DefaultJedisClientConfig;
import redis.clients.jedis.HostAndPort;
import redis.clients.jedis.RedisClient;

/**
 * So many flags in a ledger and two caches: a home's and a replica of it, real servers on the loopback without TLS. Written
 * by write-flag itself, so that everything is as it would be.
 */
final class WarmWorld implements AutoCloseable {
    private static final int PART_MAX = 1_000;
    private static final int TRIES_MAX = 10;
    private static final Duration IN_STEP_MAX = Duration.ofSeconds(30);

    private final RedisNode home;
    private final RedisNode replica;
    private final WarmAddress address;

    private WarmWorld(RedisNode home, RedisNode replica, WarmAddress address) {
        this.home = home;
        this.replica = replica;
        this.address = address;
    }

    static WarmWorld start(int flags, DynamoNode dynamo, int secrets) {
        RedisNode home = started("home-" + flags);
        RedisNode replica = started("replica-" + flags);
        String table = "bench-" + flags;
        dynamo.createTable(table);
        Map<String, Object> documents = MadeUpFlags.of(flags);
        String key = documents.keySet().iterator().next();
        var address = new WarmAddress(flags, home.port(), replica.port(), dynamo.port(), secrets, table, key);
        var world = new WarmWorld(home, replica, address);
        world.sow(documents);
        try (RedisClient redis = client(home.port())) {
            redis.set(key, world.document());
        }
        replica.replicaOf("127.0.0.1", home.port());
        world.awaitReplica();
        return world;
    }

    WarmAddress address() {
        return address;
    }

    /** The document that is read, as it is served. */
    String document() {
        var reader = new ReadFlagHandler(address.homeEnvironment(), silent());
        var answer = reader.handle(Events.parsed("GET", "/api/config/flags/" + address.key(), ""));
        if (answer.getStatusCode() != 200) {
            throw new IllegalStateException(answer.toString());
        }
        return answer.getBody();
    }

    String redisVersion() {
        return Objects.requireNonNullElse(home.info().get("redis_version"), "");
    }

    @Override
    public void close() {
        replica.close();
        home.close();
    }

    /** Jedis as it comes, for comparison. */
    static RedisClient client(int port) {
        return RedisClient.builder()
                .hostAndPort(new HostAndPort("127.0.0.1", port))
                .clientConfig(DefaultJedisClientConfig.builder()
                        .user(WarmAddress.USERNAME)
                        .password(WarmAddress.PASSWORD)
                        .build())
                .build();
    }

    static PrintStream silent() {
        return new PrintStream(OutputStream.nullOutputStream());
    }

    private static RedisNode started(String name) {
        var node = new RedisNode(name, 0, WarmAddress.USERNAME, WarmAddress.PASSWORD);
        node.start();
        return node;
    }

    private void sow(Map<String, Object> documents) {
        var writer = new WriteFlagHandler(address.homeEnvironment(), silent());
        Map<String, Object> part = new LinkedHashMap<>();
        int done = 0;
        for (Map.Entry<String, Object> document : documents.entrySet()) {
            part.put(document.getKey(), document.getValue());
            done++;
            if (part.size() == PART_MAX || done == documents.size()) {
                importPart(writer, part);
                part.clear();
            }
        }
    }

    private static void importPart(WriteFlagHandler writer, Map<String, Object> part) {
        String body = Json.write(Map.of("flags", part));
        var answer = writer.handle(Events.parsed("POST", "/api/admin/import", body));
        // on a busy machine DynamoDB Local answers its first large puts late
        for (int tries = 1; answer.getStatusCode() == 503 && tries < TRIES_MAX; tries++) {
            answer = writer.handle(Events.parsed("POST", "/api/admin/import", body));
        }
        if (answer.getStatusCode() == 413 && part.size() > 1) {
            Map<String, Object> first = new LinkedHashMap<>();
            Map<String, Object> second = new LinkedHashMap<>();
            part.forEach((key, flag) -> (first.size() < part.size() / 2 ? first : second).put(key, flag));
            importPart(writer, first);
            importPart(writer, second);
        } else if (answer.getStatusCode() / 100 != 2) {
            throw new IllegalStateException(
                    "an import was answered " + answer.getStatusCode() + ": " + answer.getBody());
        }
    }

    private void awaitReplica() {
        long start = System.nanoTime();
        while (!inStep()) {
            if (System.nanoTime() - start > IN_STEP_MAX.toNanos()) {
                throw new IllegalStateException(replica + " does not follow " + home);
            }
            LockSupport.parkNanos(Duration.ofMillis(20).toNanos());
        }
    }

    private boolean inStep() {
        Map<String, String> shown = replica.roleInfo();
        return "up".equals(shown.get("master_link_status"))
                && Objects.equals(
                        shown.get("slave_repl_offset"), home.roleInfo().get("master_repl_offset"));
    }
}
