package dev.burgee.local;

import static dev.burgee.local.Geography.AP_SOUTHEAST_1;
import static dev.burgee.local.Geography.EU_WEST_1;
import static dev.burgee.local.Geography.US_EAST_1;
import static dev.burgee.local.Geography.US_EAST_2;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.burgee.json.Json;
import dev.burgee.region.Region;
import java.net.ConnectException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.net.http.HttpTimeoutException;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.function.BooleanSupplier;
import java.util.stream.LongStream;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.Timeout;
import redis.clients.jedis.Connection;
import redis.clients.jedis.DefaultJedisClientConfig;
import redis.clients.jedis.HostAndPort;
import redis.clients.jedis.Protocol.Command;
import redis.clients.jedis.RedisProtocol;
import redis.clients.jedis.exceptions.JedisConnectionException;

/** The world without its functions: what each fault call does to the ways that a region's functions are told of. */
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
@Timeout(60)
final class WorldFaultsIT {
    private static final int PATIENCE_MS = 600;
    private static final String EMF = "{\"_aws\":{\"Timestamp\":1},\"Requests\":1}";
    private static final FunctionFactory TALKER = (environment, output) -> (in, out, context) -> {
        output.println(EMF);
        output.println(
                "{\"event\":\"called\",\"level\":\"INFO\",\"region\":\"" + environment.get("AWS_REGION") + "\"}");
        out.write("{\"statusCode\":200}".getBytes(StandardCharsets.UTF_8));
    };

    private final HttpClient client = HttpClient.newHttpClient();
    private final World world = World.start(WorldOptions.ofThreeRegions(Functions.serving(TALKER, TALKER)));

    @BeforeAll
    void warmUp() {
        try (Connection cache = cache(EU_WEST_1, US_EAST_1)) {
            cache.ping();
        }
    }

    @AfterEach
    void heal() throws Exception {
        assertThat(call("DELETE", "/faults").statusCode()).isEqualTo(200);
        await(() -> "replica".equals(status(EU_WEST_1).get("role"))
                && "up".equals(world.caches().node(EU_WEST_1).roleInfo().get("master_link_status"))
                && "up".equals(world.caches().node(AP_SOUTHEAST_1).roleInfo().get("master_link_status")));
    }

    @AfterAll
    void close() {
        world.close();
        client.close();
    }

    @Test
    void saysHowEverythingIs() throws Exception {
        Map<?, ?> status = object(Json.parse(call("GET", "/status").body()));

        assertThat(List.copyOf(status.keySet())).isEqualTo(List.of("primary", "epoch", "cname", "aws", "regions"));
        assertThat(status.get("primary")).isEqualTo("us-east-1");
        assertThat(List.copyOf(status(EU_WEST_1).keySet()))
                .isEqualTo(List.of("name", "url", "role", "cacheUp", "isolated", "position", "replicationLagMs"));
        assertThat(status(US_EAST_1).get("role")).isEqualTo("primary");
        assertThat(status(AP_SOUTHEAST_1).get("role")).isEqualTo("replica");
        assertThat(status(EU_WEST_1).get("url"))
                .isEqualTo(world.baseUri(EU_WEST_1).toString());
    }

    @Test
    void regionsAreAsFarApartAsTheRealOnes() {
        assertThat(pingMs(EU_WEST_1, US_EAST_1)).isBetween(80L, 90L);
        assertThat(pingMs(AP_SOUTHEAST_1, EU_WEST_1)).isBetween(170L, 180L);
        assertThat(pingMs(US_EAST_1, US_EAST_1)).isLessThan(5);
    }

    @Test
    void eachRegionTriesTheNearestLedgerFirst() {
        assertThat(ledgers(EU_WEST_1)).containsExactly("us-east-1", "us-east-2");
        assertThat(ledgers(AP_SOUTHEAST_1)).containsExactly("us-east-2", "us-east-1");
    }

    @Test
    void aStoppedCacheIsDownAndComesBackEmptyAsAReplica() throws Exception {
        write("before", "1");
        await(() -> "1".equals(read(EU_WEST_1, "before")));

        post("/regions/eu-west-1/cache/stop");

        assertThat(status(EU_WEST_1).get("cacheUp")).isEqualTo(false);
        assertThatThrownBy(() -> cache(EU_WEST_1, EU_WEST_1)).isInstanceOf(JedisConnectionException.class);
        post("/regions/eu-west-1/cache/start");
        assertThat(status(EU_WEST_1).get("cacheUp")).isEqualTo(true);
        await(() -> "1".equals(read(EU_WEST_1, "before")));
    }

    @Test
    void aHomeThatWasStoppedComesBackEmptyAndItsReplicasFollowIt() throws Exception {
        write("lost", "1");
        await(() -> "1".equals(read(EU_WEST_1, "lost")));

        post("/regions/us-east-1/cache/stop");
        post("/regions/us-east-1/cache/start");

        assertThat(read(US_EAST_1, "lost")).isNull();
        await(() -> read(EU_WEST_1, "lost") == null);
    }

    @Test
    void aHungCacheKeepsItsSocketsAndItsData() throws Exception {
        write("kept", "1");
        await(() -> "1".equals(read(EU_WEST_1, "kept")));

        post("/regions/eu-west-1/cache/stall");

        assertThat(status(EU_WEST_1).get("cacheUp")).isEqualTo(false);
        assertThatThrownBy(() -> read(EU_WEST_1, "kept")).isInstanceOf(JedisConnectionException.class);
        post("/regions/eu-west-1/cache/start");
        assertThat(read(EU_WEST_1, "kept")).isEqualTo("1");
    }

    @Test
    void aFlushedReplicaResynchronises() throws Exception {
        write("again", "1");
        await(() -> "1".equals(read(AP_SOUTHEAST_1, "again")));

        post("/regions/ap-southeast-1/cache/flush");

        await(() -> "1".equals(read(AP_SOUTHEAST_1, "again")));
        assertThat(status(AP_SOUTHEAST_1).get("role")).isEqualTo("replica");
    }

    @Test
    void aFlushedHomeIsEmptyEverywhere() throws Exception {
        write("gone", "1");
        await(() -> "1".equals(read(EU_WEST_1, "gone")));

        post("/regions/us-east-1/cache/flush");

        assertThat(read(US_EAST_1, "gone")).isNull();
        await(() -> read(EU_WEST_1, "gone") == null);
    }

    @Test
    void anIsolatedRegionIsCutOffBothWaysAndClosesNoSocket() throws Exception {
        try (Connection out = cache(EU_WEST_1, US_EAST_1);
                Connection in = cache(AP_SOUTHEAST_1, EU_WEST_1);
                Connection elsewhere = cache(AP_SOUTHEAST_1, US_EAST_1)) {
            post("/regions/eu-west-1/isolate");
            assertThat(status(EU_WEST_1).get("isolated")).isEqualTo(true);
            write("during", "1");

            out.sendCommand(Command.PING);
            in.sendCommand(Command.PING);
            assertThat(elsewhere.ping()).isTrue();
            await(() -> "1".equals(read(AP_SOUTHEAST_1, "during")));
            assertThat(read(EU_WEST_1, "during")).isNull();
            assertThatThrownBy(() -> ledger(EU_WEST_1, US_EAST_2)).isInstanceOf(HttpTimeoutException.class);
            post("/regions/eu-west-1/heal");

            // the answers to what was asked while it was cut off
            assertThat(out.getStatusCodeReply()).isEqualTo("PONG");
            assertThat(in.getStatusCodeReply()).isEqualTo("PONG");
            await(() -> "1".equals(read(EU_WEST_1, "during")));
            assertThat(status(EU_WEST_1).get("isolated")).isEqualTo(false);
        }
    }

    @Test
    void anIsolatedHomeTakesItsLedgerEndpointAlong() throws Exception {
        post("/regions/us-east-1/isolate");

        assertThatThrownBy(() -> ledger(EU_WEST_1, US_EAST_1)).isInstanceOf(HttpTimeoutException.class);
        assertThatThrownBy(() -> ledger(US_EAST_1, US_EAST_2)).isInstanceOf(HttpTimeoutException.class);
        // cut off from the other ledger regions, strong consistency lets it answer nobody
        assertThatThrownBy(() -> ledger(US_EAST_1, US_EAST_1)).isInstanceOf(HttpTimeoutException.class);
        assertThat(ledger(EU_WEST_1, US_EAST_2)).isPositive();
        assertThat(ledger(AP_SOUTHEAST_1, US_EAST_2)).isPositive();
    }

    @Test
    void aStoppedLedgerRegionRefusesEverybody() throws Exception {
        post("/regions/us-east-1/ledger/stop");

        assertThatThrownBy(() -> ledger(US_EAST_1, US_EAST_1)).isInstanceOf(ConnectException.class);
        assertThatThrownBy(() -> ledger(AP_SOUTHEAST_1, US_EAST_1)).isInstanceOf(ConnectException.class);
        assertThat(ledger(EU_WEST_1, US_EAST_2)).isPositive();
        post("/regions/us-east-1/ledger/start");
        assertThat(ledger(US_EAST_1, US_EAST_1)).isPositive();
    }

    @Test
    void lagDelaysReplicationIntoOneRegionAndIsMeasured() throws Exception {
        post("/regions/eu-west-1/lag?ms=1500");
        long start = System.nanoTime();
        write("late", "1");

        await(() -> "1".equals(read(AP_SOUTHEAST_1, "late")));
        assertThat(read(EU_WEST_1, "late")).isNull();
        await(() -> status(EU_WEST_1).get("replicationLagMs") instanceof Integer lag && lag > 500);
        await(() -> "1".equals(read(EU_WEST_1, "late")));
        assertThat(Duration.ofNanos(System.nanoTime() - start)).isGreaterThanOrEqualTo(Duration.ofMillis(1_540));
    }

    @Test
    void showsThePositionThatACacheShows() {
        try (Connection home = cache(US_EAST_1, US_EAST_1)) {
            home.sendCommand(Command.HSET, "burgee:flags", "#position", "7");
            home.getIntegerReply();
        }

        await(() -> Integer.valueOf(7).equals(status(EU_WEST_1).get("position")));
    }

    @Test
    void keepsWhatTheFunctionsPrint() throws Exception {
        long since = System.currentTimeMillis();

        client.send(
                HttpRequest.newBuilder(world.baseUri(EU_WEST_1).resolve("/api/health"))
                        .build(),
                HttpResponse.BodyHandlers.discarding());

        assertThat(call("GET", "/metrics?since=" + since).body()).isEqualTo(EMF + "\n");
        assertThat(call("GET", "/logs?since=" + since).body())
                .isEqualTo("{\"event\":\"called\",\"level\":\"INFO\",\"region\":\"eu-west-1\"}\n");
        assertThat(call("GET", "/logs").body().lines().count()).isPositive();
        assertThat(call("GET", "/events").body()).isEmpty();
    }

    @Test
    void refusesWhatItCannotDo() throws Exception {
        assertThat(call("GET", "/nothing"))
                .returns(404, HttpResponse::statusCode)
                .extracting(HttpResponse::body)
                .asString()
                .contains("POST /regions/{region}/cache/stop", "DELETE /faults");
        assertThat(call("GET", "/quit").statusCode()).isEqualTo(405);
        assertThat(call("POST", "/regions/mars/isolate"))
                .returns(404, HttpResponse::statusCode)
                .extracting(HttpResponse::body)
                .asString()
                .contains("mars", "eu-west-1");
        assertThat(call("POST", "/regions/us-east-2/isolate").statusCode()).isEqualTo(404);
        assertThat(call("POST", "/regions/eu-west-1/ledger/stop").statusCode()).isEqualTo(404);
        assertThat(call("POST", "/regions/eu-west-1/lag?ms=-1"))
                .returns(400, HttpResponse::statusCode)
                .extracting(HttpResponse::body)
                .asString()
                .contains("ms is \\\"-1\\\"", "0 to 60000");
        assertThat(call("POST", "/regions/eu-west-1/lag").statusCode()).isEqualTo(400);
        assertThat(call("POST", "/regions/us-east-1/lag?ms=5").statusCode()).isEqualTo(400);
        post("/regions/eu-west-1/cache/stop");
        assertThat(call("POST", "/regions/eu-west-1/cache/flush").statusCode()).isEqualTo(409);
    }

    @Test
    void quitsAndLeavesNoProcessBehind() throws Exception {
        long others = cacheServers();
        World other = World.start(
                WorldOptions.ofThreeRegions(Functions.serving(TALKER, TALKER)).withoutDistances());
        try (other) {
            assertThat(cacheServers()).isEqualTo(others + 3);
            client.send(
                    HttpRequest.newBuilder(other.control().resolve("/quit"))
                            .POST(HttpRequest.BodyPublishers.noBody())
                            .build(),
                    HttpResponse.BodyHandlers.discarding());
            other.awaitQuit();
        }

        assertThat(cacheServers()).isEqualTo(others);
    }

    private static long cacheServers() {
        return ProcessHandle.current()
                .descendants()
                .filter(process -> process.info()
                        .command()
                        .map(command -> command.contains("redis-server") || command.contains("valkey"))
                        .orElse(false))
                .count();
    }

    private HttpResponse<String> call(String method, String path) throws Exception {
        HttpRequest request = HttpRequest.newBuilder(URI.create(world.control() + path))
                .method(method, HttpRequest.BodyPublishers.noBody())
                .build();
        return client.send(request, HttpResponse.BodyHandlers.ofString());
    }

    private void post(String path) throws Exception {
        HttpResponse<String> response = call("POST", path);
        assertThat(response.statusCode()).as(response.body()).isEqualTo(200);
    }

    private Map<?, ?> status(Region region) {
        try {
            Map<?, ?> status = object(Json.parse(call("GET", "/status").body()));
            if (status.get("regions") instanceof List<?> regions) {
                return regions.stream()
                        .map(WorldFaultsIT::object)
                        .filter(one -> region.code().equals(one.get("name")))
                        .findFirst()
                        .orElseThrow();
            }
            throw new AssertionError("no regions in " + status);
        } catch (Exception e) {
            throw new AssertionError(e);
        }
    }

    private Map<?, ?> topology(Region region) {
        return object(
                Json.parse(FunctionEnvironment.topology(region, world.geography(), world.network(), world.caches())));
    }

    private List<String> ledgers(Region region) {
        Map<?, ?> ledger = object(topology(region).get("ledger"));
        return object(ledger.get("regions")).keySet().stream()
                .map(String::valueOf)
                .toList();
    }

    /** A connection as a region's functions have it. */
    private Connection cache(Region from, Region to) {
        Map<?, ?> topology = topology(from);
        Map<?, ?> address = object(object(topology.get("regions")).get(to.code()));
        URI uri = URI.create(String.valueOf(address.get("cache")));
        var connection = new Connection(
                new HostAndPort(uri.getHost(), uri.getPort()),
                DefaultJedisClientConfig.builder()
                        .connectionTimeoutMillis(PATIENCE_MS)
                        // a new connection from afar logs in over three round trips
                        .socketTimeoutMillis(2 * PATIENCE_MS)
                        .protocol(RedisProtocol.RESP2)
                        .user(String.valueOf(topology.get("username")))
                        .password(String.valueOf(topology.get("password")))
                        .build());
        connection.connect();
        return connection;
    }

    private long pingMs(Region from, Region to) {
        try (Connection cache = cache(from, to)) {
            cache.ping();
            long[] millis = LongStream.range(0, 5)
                    .map(_ -> {
                        long start = System.nanoTime();
                        cache.ping();
                        return Duration.ofNanos(System.nanoTime() - start).toMillis();
                    })
                    .sorted()
                    .toArray();
            return Arrays.stream(millis).min().orElseThrow();
        }
    }

    /** The HTTP status of a call to one ledger region's endpoint. */
    private int ledger(Region from, Region to) throws Exception {
        Map<?, ?> regions = object(object(topology(from).get("ledger")).get("regions"));
        String endpoint = String.valueOf(object(regions.get(to.code())).get("endpoint"));
        try (HttpClient fresh = HttpClient.newHttpClient()) {
            HttpRequest request = HttpRequest.newBuilder(URI.create(endpoint))
                    .timeout(Duration.ofMillis(PATIENCE_MS))
                    .version(HttpClient.Version.HTTP_1_1)
                    .build();
            try {
                return fresh.send(request, HttpResponse.BodyHandlers.discarding())
                        .statusCode();
            } finally {
                fresh.shutdownNow();
            }
        }
    }

    private void write(String key, String value) {
        try (Connection home = cache(US_EAST_1, US_EAST_1)) {
            home.sendCommand(Command.SET, key, value);
            assertThat(home.getStatusCodeReply()).isEqualTo("OK");
        }
    }

    private @Nullable String read(Region region, String key) {
        try (Connection local = cache(region, region)) {
            local.sendCommand(Command.GET, key);
            return local.getBulkReply();
        }
    }

    private static Map<?, ?> object(@Nullable Object tree) {
        if (tree instanceof Map<?, ?> members) {
            return members;
        }
        throw new AssertionError("must be an object: " + tree);
    }

    private static void await(BooleanSupplier condition) {
        long end = System.nanoTime() + Duration.ofSeconds(15).toNanos();
        while (!condition.getAsBoolean()) {
            assertThat(System.nanoTime()).as("15 s have passed").isLessThan(end);
            Thread.onSpinWait();
        }
    }
}
