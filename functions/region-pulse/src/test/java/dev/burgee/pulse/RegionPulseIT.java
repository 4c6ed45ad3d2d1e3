package dev.burgee.pulse;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.sun.net.httpserver.HttpServer;
import dev.burgee.cache.CacheStanding;
import dev.burgee.cache.RedisCaches;
import dev.burgee.failure.InvalidRequestException;
import dev.burgee.json.Json;
import dev.burgee.ledger.DynamoLedger;
import dev.burgee.ledger.Entries;
import dev.burgee.ledger.Entry;
import dev.burgee.ledger.LedgerClients;
import dev.burgee.ledger.Position;
import dev.burgee.log.RecordingLog;
import dev.burgee.region.Region;
import dev.burgee.servers.DynamoNode;
import dev.burgee.servers.RedisNode;
import dev.burgee.settings.Environment;
import dev.burgee.settings.Limits;
import dev.burgee.time.Deadline;
import dev.burgee.time.SystemTime;
import dev.burgee.topology.TopologyParser;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.PrintStream;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.concurrent.Callable;
import java.util.concurrent.Executors;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.locks.LockSupport;
import java.util.function.BooleanSupplier;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** The real function of three regions over three real Redis servers and DynamoDB Local. */
final class RegionPulseIT {
    private static final Region EAST = new Region("us-east-1");
    private static final Region WEST = new Region("eu-west-1");
    private static final Region SOUTH = new Region("ap-southeast-1");
    private static final Duration SETTLE = Duration.ofSeconds(30);
    private static final DynamoNode DYNAMO = DynamoNode.start();
    private static final AtomicInteger TABLES = new AtomicInteger();
    /** Generous: what is tested is not how busy this machine is. */
    private static final Map<String, String> PATIENT = Map.of(
            "BURGEE_LOCAL_CONNECT_MS", "2000",
            "BURGEE_LOCAL_READ_MS", "2000",
            "BURGEE_CROSS_CONNECT_MS", "2000",
            "BURGEE_CROSS_READ_MS", "2000",
            "BURGEE_CROSS_WRITE_MS", "4000",
            "BURGEE_LEDGER_CALL_MS", "4000",
            "BURGEE_AWS_CALL_MS", "4000");

    private final Map<Region, RedisNode> nodes = new LinkedHashMap<>();
    private final ByteArrayOutputStream lines = new ByteArrayOutputStream();
    private final List<AutoCloseable> opened = new ArrayList<>();
    private final Deadline deadline = Deadline.after(Duration.ofMinutes(3), new SystemTime());
    private String topology = "";
    private String secretsUrl = "";
    private DynamoLedger ledger = ledger("unused");
    private RedisCaches caches = caches("us-east-1");

    @BeforeEach
    void start() throws IOException {
        for (Region region : List.of(EAST, WEST, SOUTH)) {
            RedisNode node = new RedisNode(region.code(), 0, null, null);
            node.start();
            nodes.put(region, node);
        }
        follow(WEST, EAST);
        follow(SOUTH, EAST);
        String table = "pulse-" + TABLES.incrementAndGet();
        DYNAMO.createTable(table);
        Map<String, Object> regions = new LinkedHashMap<>();
        nodes.forEach((region, node) ->
                regions.put(region.code(), Map.of("cache", node.uri().toString())));
        topology = Json.write(Map.of(
                "primary",
                "us-east-1",
                "regions",
                regions,
                "ledger",
                Map.of(
                        "table",
                        table,
                        "regions",
                        Map.of("us-east-1", Map.of("endpoint", DYNAMO.endpoint().toString())))));
        HttpServer secrets = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
        secrets.createContext("/", exchange -> {
            byte[] body = Json.write(Map.of("Name", "burgee/topology", "SecretString", topology))
                    .getBytes(UTF_8);
            exchange.getResponseHeaders().add("Content-Type", "application/x-amz-json-1.1");
            exchange.sendResponseHeaders(200, body.length);
            exchange.getResponseBody().write(body);
            exchange.close();
        });
        secrets.start();
        opened.add(() -> secrets.stop(0));
        secretsUrl = "http://127.0.0.1:" + secrets.getAddress().getPort();
        ledger = ledger(topology);
        opened.add(ledger);
        caches = caches(topology);
        opened.add(caches);
    }

    @AfterEach
    void stop() throws Exception {
        for (AutoCloseable each : opened) {
            each.close();
        }
        nodes.values().forEach(RedisNode::close);
    }

    @AfterAll
    static void stopLedger() {
        DYNAMO.close();
    }

    private RedisNode node(Region region) {
        return Objects.requireNonNull(nodes.get(region));
    }

    private static RegionPulseHandler handler(Map<Region, RegionPulseHandler> handlers, Region region) {
        return Objects.requireNonNull(handlers.get(region));
    }

    private static Limits limits() {
        return Limits.from(new Environment(PATIENT));
    }

    private static String text(String given) {
        return given.startsWith("{")
                ? given
                : "{\"primary\":\"us-east-1\",\"regions\":{\"us-east-1\":{\"cache\":\"redis://127.0.0.1:1\"}},"
                        + "\"ledger\":{\"table\":\"none\",\"regions\":{\"us-east-1\":{}}}}";
    }

    private static DynamoLedger ledger(String topology) {
        return new DynamoLedger(
                TopologyParser.parse(text(topology)),
                EAST,
                limits(),
                new SystemTime(),
                LedgerClients.overUrlConnection(limits()),
                new RecordingLog());
    }

    private static RedisCaches caches(String topology) {
        return new RedisCaches(TopologyParser.parse(text(topology)), EAST, limits(), "test");
    }

    private RegionPulseHandler handler(Region region, String... more) {
        Map<String, String> environment = new HashMap<>(PATIENT);
        environment.put("AWS_REGION", region.code());
        environment.put("BURGEE_TOPOLOGY_SECRET", "burgee/topology");
        environment.put("AWS_ENDPOINT_URL_SECRETS_MANAGER", secretsUrl);
        for (int i = 0; i < more.length; i += 2) {
            environment.put(more[i], more[i + 1]);
        }
        return new RegionPulseHandler(environment, new PrintStream(lines, true, UTF_8));
    }

    private RegionPulseHandler selfManaged(Region region) {
        return handler(region, "BURGEE_CACHE_PROFILE", "self-managed");
    }

    private static Map<?, ?> invoke(RegionPulseHandler handler, String event) {
        var out = new ByteArrayOutputStream();
        try {
            handler.handle(new ByteArrayInputStream(event.getBytes(UTF_8)), out);
        } catch (IOException e) {
            throw new AssertionError(e);
        }
        if (Json.parse(out.toString(UTF_8)) instanceof Map<?, ?> report) {
            return report;
        }
        throw new AssertionError("no object: " + out.toString(UTF_8));
    }

    private static String promote(Region region) {
        return "{\"action\":\"promote\",\"actor\":\"alice\",\"region\":\"" + region + "\",\"lagMaxMs\":60000}";
    }

    private void follow(Region follower, Region leader) {
        RedisNode master = node(leader);
        node(follower).replicaOf(master.uri().getHost(), master.port());
        holds(
                follower + " follows " + leader,
                () -> node(follower)
                        .roleInfo()
                        .getOrDefault("master_link_status", "")
                        .equals("up"));
    }

    private void put(int count) {
        for (int i = 0; i < count; i++) {
            long number = ledger.end(deadline).number() + 1;
            assertThat(ledger.append(now(Entries.put(number, "flag-" + number)), deadline))
                    .isEqualTo(dev.burgee.ledger.Ledger.Appended.DONE);
        }
    }

    private static Entry now(Entry entry) {
        return new Entry(
                entry.number(),
                entry.kind(),
                entry.changes(),
                entry.actor(),
                java.time.Instant.ofEpochMilli(new SystemTime().now().toEpochMilli()),
                entry.requestRegion(),
                entry.operationId(),
                entry.home());
    }

    private List<Region> promotions() {
        return ledger.entriesAfter(Position.START, 1_000, deadline).stream()
                .filter(entry -> entry.kind() == Entry.Kind.PROMOTION)
                .map(Entry::home)
                .toList();
    }

    private void allAt(long position) {
        for (Region region : nodes.keySet()) {
            holds(region + " at " + position, () -> {
                Position at = caches.of(region).head().position();
                return at != null && at.number() == position;
            });
        }
    }

    private static void holds(String what, BooleanSupplier condition) {
        long end = System.nanoTime() + SETTLE.toNanos();
        while (!condition.getAsBoolean()) {
            assertThat(System.nanoTime()).as("not in time: " + what).isLessThan(end);
            LockSupport.parkNanos(20_000_000);
        }
    }

    private CacheStanding standing(Region region) {
        return caches.of(region).standing();
    }

    @Test
    void inAGlobalDatastoreThePulseRecordsWhatTheControlPlaneDidAndNothingElse() {
        put(3);
        invoke(handler(EAST), "{}");
        allAt(3);
        RegionPulseHandler west = handler(WEST);

        // an event that comes before the cache is writable, or is a lie
        assertThat(invoke(
                                west,
                                "{\"action\":\"wake\",\"controlPlane\":\"primary\",\"members\":[\"us-east-1\",\"eu-west-1\",\"ap-southeast-1\"]}")
                        .get("outcome"))
                .isEqualTo("not-writable");
        assertThat(invoke(west, "{\"action\":\"wake\",\"controlPlane\":\"secondary\"}")
                        .get("outcome"))
                .isEqualTo("pulsed");
        assertThat(promotions()).isEmpty();

        node(EAST).stop();
        node(WEST).replicaOfNoOne();
        follow(SOUTH, WEST);
        put(2);
        Map<?, ?> promoted = invoke(
                west,
                "{\"action\":\"wake\",\"controlPlane\":\"primary\",\"members\":[\"us-east-1\",\"eu-west-1\",\"ap-southeast-1\"]}");
        assertThat(promoted.get("outcome")).as("%s", promoted).isEqualTo("promoted");
        assertThat(promotions()).containsExactly(WEST);
        assertThat(caches.of(WEST).head().position()).isEqualTo(new Position(6));
        assertThat(caches.of(WEST).head().home()).isEqualTo(WEST);
        holds("the south", () -> new Position(6).equals(caches.of(SOUTH).head().position()));

        // the old primary returns, writable and empty, and late events come
        node(EAST).start();
        assertThat(invoke(handler(EAST), "{\"action\":\"wake\",\"controlPlane\":\"secondary\"}")
                        .get("outcome"))
                .isEqualTo("pulsed");
        assertThat(invoke(
                                west,
                                "{\"action\":\"wake\",\"controlPlane\":\"primary\",\"members\":[\"us-east-1\",\"eu-west-1\",\"ap-southeast-1\"]}")
                        .get("outcome"))
                .isEqualTo("already");
        assertThat(promotions()).containsExactly(WEST);
        assertThat(lines.toString(UTF_8))
                .contains("\"event\":\"promotion_recorded\"")
                .contains("\"promoted_region\":\"eu-west-1\"")
                .contains("SplitBrainSuspected");
    }

    @Test
    void selfManagedRegionsDoAsTheLastPromotionSaysTheReturningPrimaryIncluded() {
        put(3);
        Map<Region, RegionPulseHandler> handlers = new LinkedHashMap<>();
        nodes.keySet().forEach(region -> handlers.put(region, selfManaged(region)));
        handlers.values().forEach(handler -> invoke(handler, "{}"));
        allAt(3);
        node(EAST).stop();

        // accepted while no cache is writable
        put(1);
        Map<?, ?> promoted = invoke(handler(handlers, WEST), promote(WEST));
        assertThat(promoted.get("outcome")).as("%s", promoted).isEqualTo("promoted");
        assertThat(standing(WEST).writable()).isTrue();
        assertThat(caches.of(WEST).head().position()).isEqualTo(new Position(5));
        assertThat(invoke(handler(handlers, SOUTH), "{}").get("done")).isEqualTo(List.of("followed"));
        holds("the south", () -> new Position(5).equals(caches.of(SOUTH).head().position()));

        // returns empty, and writable
        node(EAST).start();
        assertThat(invoke(handler(handlers, EAST), "{}").get("done")).isEqualTo(List.of("followed"));
        assertThat(standing(EAST).writable()).isFalse();
        put(1);
        invoke(handler(handlers, WEST), "{}");
        allAt(6);

        // returns with its old data, and writable
        node(EAST).replicaOfNoOne();
        put(1);
        invoke(handler(handlers, WEST), "{}");
        assertThat(invoke(handler(handlers, EAST), "{}").get("done")).isEqualTo(List.of("followed"));
        allAt(7);
        assertThat(invoke(handler(handlers, EAST), "{}").get("done")).isEqualTo(List.of());
        assertThat(promotions()).containsExactly(WEST);
    }

    @Test
    void ofTwoPromotionsAtOnceThereIsOneLogAndAllEndAtTheLastOnesHome() throws Exception {
        put(3);
        Map<Region, RegionPulseHandler> handlers = new LinkedHashMap<>();
        nodes.keySet().forEach(region -> handlers.put(region, selfManaged(region)));
        handlers.values().forEach(handler -> invoke(handler, "{}"));
        allAt(3);
        node(EAST).stop();

        List<Callable<Map<?, ?>>> both = List.of(
                () -> invoke(handler(handlers, WEST), promote(WEST)),
                () -> invoke(handler(handlers, SOUTH), promote(SOUTH)));
        List<Object> outcomes = new ArrayList<>();
        try (var threads = Executors.newVirtualThreadPerTaskExecutor()) {
            for (var report : threads.invokeAll(both)) {
                outcomes.add(report.get().get("outcome"));
            }
        }
        // the second refuses, or, if it began late enough to have seen the first, follows it in the log
        assertThat(outcomes).contains("promoted");
        assertThat(outcomes).allMatch(outcome -> "promoted".equals(outcome) || "refused".equals(outcome));

        node(EAST).start();
        handlers.values().forEach(handler -> invoke(handler, "{}"));
        handlers.values().forEach(handler -> invoke(handler, "{}"));
        List<Region> promotions = promotions();
        assertThat(promotions)
                .hasSize((int) outcomes.stream().filter("promoted"::equals).count());
        allAt(3L + promotions.size());
        assertThat(nodes.keySet().stream().filter(region -> standing(region).writable()))
                .containsExactly(promotions.getLast());
    }

    @Test
    void twoWakesOfOneRegionAtOnceAppendOneEntry() throws Exception {
        put(1);
        invoke(handler(EAST), "{}");
        node(EAST).stop();
        node(WEST).replicaOfNoOne();
        List<Callable<Object>> wakes = new ArrayList<>();
        for (int i = 0; i < 4; i++) {
            RegionPulseHandler west = handler(WEST);
            wakes.add(() -> invoke(
                            west,
                            "{\"action\":\"wake\",\"controlPlane\":\"primary\",\"members\":[\"us-east-1\",\"eu-west-1\",\"ap-southeast-1\"]}")
                    .get("outcome"));
        }

        List<Object> outcomes = new ArrayList<>();
        try (var threads = Executors.newVirtualThreadPerTaskExecutor()) {
            for (var outcome : threads.invokeAll(wakes)) {
                outcomes.add(outcome.get());
            }
        }

        assertThat(outcomes).containsOnlyOnce("promoted").allMatch(o -> "promoted".equals(o) || "already".equals(o));
        assertThat(promotions()).containsExactly(WEST);
    }

    @Test
    void aBadEventIsRefusedAndLogged() {
        assertThatThrownBy(() -> invoke(handler(WEST), promote(EAST)))
                .isInstanceOf(InvalidRequestException.class)
                .hasMessageContaining("region is \"us-east-1\", but must be eu-west-1");
        assertThat(lines.toString(UTF_8)).contains("\"event\":\"event_refused\"");
    }
}
