package dev.burgee.local;

import static dev.burgee.local.Geography.AP_SOUTHEAST_1;
import static dev.burgee.local.Geography.EU_WEST_1;
import static dev.burgee.local.Geography.US_EAST_1;
import static org.assertj.core.api.Assertions.assertThat;

import dev.burgee.region.Region;
import java.net.http.HttpResponse;
import java.time.Duration;
import java.util.List;
import java.util.function.BooleanSupplier;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.Timeout;
import redis.clients.jedis.Connection;
import redis.clients.jedis.DefaultJedisClientConfig;
import redis.clients.jedis.HostAndPort;
import redis.clients.jedis.Protocol.Command;
import redis.clients.jedis.RedisProtocol;
import redis.clients.jedis.exceptions.JedisDataException;

/** The caches of the world while their primary moves, without any function that would notice. */
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
@Timeout(90)
final class CachePromotionIT {
    private static final FunctionFactory NOTHING = (environment, output) -> (in, out, context) -> {};
    private static final Duration PATIENCE = Duration.ofSeconds(20);

    private final World world = World.start(
            WorldOptions.ofThreeRegions(Functions.serving(NOTHING, NOTHING)).withoutDistances());
    private final Control control = new Control(world);

    @BeforeEach
    void healAndBringThePrimaryBack() {
        control.healAll();
        control.post("/promote/us-east-1");
        awaitFollowing(US_EAST_1, EU_WEST_1, AP_SOUTHEAST_1);
        write(US_EAST_1, "key", "start");
        await(() -> "start".equals(read(EU_WEST_1, "key")) && "start".equals(read(AP_SOUTHEAST_1, "key")));
    }

    @AfterAll
    void close() {
        control.close();
        world.close();
    }

    @Test
    void theOthersFollowThePromotedOneAndKeepTheData() {
        control.post("/promote/eu-west-1");

        assertThat(control.status().get("primary")).isEqualTo("eu-west-1");
        assertThat(read(EU_WEST_1, "key")).isEqualTo("start");
        write(EU_WEST_1, "key", "after");
        await(() -> "after".equals(read(US_EAST_1, "key")) && "after".equals(read(AP_SOUTHEAST_1, "key")));
        assertThat(List.of(control.role(US_EAST_1), control.role(EU_WEST_1), control.role(AP_SOUTHEAST_1)))
                .containsExactly("replica", "primary", "replica");
        assertThat(refusesWrites(US_EAST_1)).isTrue();
    }

    @Test
    void anIsolatedPrimaryStaysWritableAndLosesItsOwnWritesWhenItRejoins() {
        control.post("/regions/us-east-1/isolate");
        control.post("/promote/eu-west-1");

        write(US_EAST_1, "key", "of the old");
        write(EU_WEST_1, "key", "of the new");
        await(() -> "of the new".equals(read(AP_SOUTHEAST_1, "key")));
        assertThat(List.of(control.role(US_EAST_1), control.role(EU_WEST_1))).containsExactly("primary", "primary");
        assertThat(read(US_EAST_1, "key")).isEqualTo("of the old");

        control.post("/regions/us-east-1/heal");

        assertThat(control.role(US_EAST_1)).isEqualTo("replica");
        await(() -> "of the new".equals(read(US_EAST_1, "key")));
    }

    @Test
    void anIsolatedReplicaFollowsTheNewPrimaryOnceItIsHealed() {
        control.post("/regions/ap-southeast-1/isolate");
        control.post("/promote/eu-west-1");
        write(EU_WEST_1, "key", "after");

        assertThat(read(AP_SOUTHEAST_1, "key")).isEqualTo("start");
        control.healAll();

        await(() -> "after".equals(read(AP_SOUTHEAST_1, "key")));
    }

    @Test
    void aPrimaryThatWasStoppedOrHungComesBackAsAReplica() {
        for (String loss : List.of("stop", "stall")) {
            control.post("/promote/us-east-1");
            awaitFollowing(US_EAST_1, EU_WEST_1, AP_SOUTHEAST_1);
            control.post("/regions/us-east-1/cache/" + loss);
            control.post("/promote/eu-west-1");
            write(EU_WEST_1, "key", "after " + loss);

            control.post("/regions/us-east-1/cache/start");

            assertThat(control.role(US_EAST_1)).isEqualTo("replica");
            await(() -> ("after " + loss).equals(read(US_EAST_1, "key")));
        }
    }

    @Test
    void flushAndLagGoByThePresentPrimary() {
        control.post("/promote/eu-west-1");
        awaitFollowing(EU_WEST_1, US_EAST_1, AP_SOUTHEAST_1);

        assertThat(control.call("POST", "/regions/eu-west-1/lag?ms=5").statusCode())
                .isEqualTo(400);
        control.post("/regions/us-east-1/lag?ms=0");
        control.post("/regions/us-east-1/cache/flush");
        await(() -> "start".equals(read(US_EAST_1, "key")));
        assertThat(control.role(US_EAST_1)).isEqualTo("replica");
        await(() -> control.status(US_EAST_1).get("replicationLagMs") != null);
        control.post("/regions/eu-west-1/cache/flush");
        await(() -> read(US_EAST_1, "key") == null && read(AP_SOUTHEAST_1, "key") == null);
    }

    @Test
    void promotingThePrimaryAgainChangesNothing() {
        String history = history(US_EAST_1);

        control.post("/promote/us-east-1");

        assertThat(history(US_EAST_1)).isEqualTo(history);
        assertThat(history(EU_WEST_1)).isEqualTo(history);
    }

    @Test
    void refusesToPromoteWhatTheControlPlaneDoesNotReach() {
        control.post("/regions/eu-west-1/isolate");
        assertThat(control.call("POST", "/promote/eu-west-1"))
                .returns(409, HttpResponse::statusCode)
                .extracting(HttpResponse::body)
                .asString()
                .contains("does not reach eu-west-1");
        control.post("/regions/ap-southeast-1/cache/stop");
        assertThat(control.call("POST", "/promote/ap-southeast-1"))
                .returns(409, HttpResponse::statusCode)
                .extracting(HttpResponse::body)
                .asString()
                .contains("the cache of ap-southeast-1 does not run");
        assertThat(control.call("POST", "/promote/us-east-2").statusCode()).isEqualTo(404);
        assertThat(control.status().get("primary")).isEqualTo("us-east-1");
    }

    @Test
    void aDisassociatedCacheIsWritableOnItsOwnUntilTheDatastoreIsBuiltAgain() {
        control.post("/regions/us-east-1/isolate");

        world.caches().disassociate(EU_WEST_1, EU_WEST_1);

        assertThat(control.status().get("primary")).isEqualTo("us-east-1");
        write(EU_WEST_1, "key", "alone");
        assertThat(control.role(AP_SOUTHEAST_1)).isEqualTo("replica");
        control.post("/regions/us-east-1/heal");
        assertThat(control.role(EU_WEST_1)).isEqualTo("primary");
        write(US_EAST_1, "key", "elsewhere");
        await(() -> "elsewhere".equals(read(AP_SOUTHEAST_1, "key")));
        assertThat(read(EU_WEST_1, "key")).isEqualTo("alone");

        control.post("/promote/eu-west-1");

        await(() -> "alone".equals(read(US_EAST_1, "key")) && "alone".equals(read(AP_SOUTHEAST_1, "key")));
    }

    private void awaitFollowing(Region primary, Region... replicas) {
        await(() -> List.of(replicas).stream()
                .map(replica -> world.caches().node(replica).roleInfo())
                .allMatch(info -> "up".equals(info.get("master_link_status"))
                        && history(primary).equals(info.get("master_replid"))));
    }

    private String history(Region region) {
        return world.caches().node(region).roleInfo().getOrDefault("master_replid", "");
    }

    private Connection cache(Region region) {
        var connection = new Connection(
                new HostAndPort("127.0.0.1", world.caches().node(region).port()),
                DefaultJedisClientConfig.builder()
                        .connectionTimeoutMillis((int) PATIENCE.toMillis())
                        .socketTimeoutMillis((int) PATIENCE.toMillis())
                        .protocol(RedisProtocol.RESP2)
                        .user(Caches.USERNAME)
                        .password(world.caches().password())
                        .build());
        connection.connect();
        return connection;
    }

    private void write(Region region, String key, String value) {
        try (Connection cache = cache(region)) {
            cache.sendCommand(Command.SET, key, value);
            assertThat(cache.getStatusCodeReply()).isEqualTo("OK");
        }
    }

    private boolean refusesWrites(Region region) {
        try {
            write(region, "refused", "1");
            return false;
        } catch (JedisDataException e) {
            return String.valueOf(e.getMessage()).startsWith("READONLY");
        }
    }

    private @Nullable String read(Region region, String key) {
        try (Connection cache = cache(region)) {
            cache.sendCommand(Command.GET, key);
            return cache.getBulkReply();
        } catch (JedisDataException e) {
            // it is loading what its primary sends
            return "?";
        }
    }

    private static void await(BooleanSupplier condition) {
        Await.until("the caches agree", PATIENCE, condition);
    }
}
