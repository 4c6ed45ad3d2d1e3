package dev.burgee.cache;

import static dev.burgee.cache.LedgerLog.EPOCH;
import static dev.burgee.cache.LedgerLog.key;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.burgee.flag.FlagKey;
import dev.burgee.flag.FlagState;
import dev.burgee.ledger.Change;
import dev.burgee.ledger.Entry;
import dev.burgee.ledger.LedgerState;
import dev.burgee.ledger.Position;
import dev.burgee.servers.RedisNode;
import dev.burgee.settings.Limits;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.concurrent.TimeUnit;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import redis.clients.jedis.Protocol.Command;

/** What only real servers show: replicas, lost scripts and sockets, refusals, hangs. The rest is the contract's. */
@Timeout(value = 60, unit = TimeUnit.SECONDS, threadMode = Timeout.ThreadMode.SEPARATE_THREAD)
final class RedisFlagCacheIT {
    private static final String LOADING = "burgee:load:*";

    private final LedgerLog ledger = new LedgerLog();
    private final RedisNode home = new RedisNode("home", 0, "burgee", "secret");
    private final RedisNode replica = new RedisNode("replica", 0, "burgee", "secret");
    private final CacheBench bench = new CacheBench(home);
    private final CacheBench follower = new CacheBench(replica);

    @BeforeEach
    void start() {
        home.start();
    }

    @AfterEach
    void close() {
        bench.close();
        follower.close();
        replica.close();
        home.close();
    }

    private RedisFlagCache loaded() {
        bench.cache().load(ledger.state(), EPOCH, null);
        return bench.redisCache();
    }

    private void follow() {
        replica.start();
        replica.replicaOf("127.0.0.1", home.port());
        Eventually.holds("the replica has caught up", () -> isAt(ledger.end()));
    }

    private boolean isAt(Position position) {
        try {
            return position.equals(follower.cache().head().position());
        } catch (CacheUnavailableException _) {
            return false;
        }
    }

    private static Position at(long number) {
        return new Position(number);
    }

    private static CachedFlag live(String key, long version) {
        return new CachedFlag.Present(new FlagState.Live(version, LedgerLog.document(key, version)));
    }

    // ---- replicas

    @Test
    void tellsAReplicaFromTheHome() {
        FlagCache cache = loaded();
        follow();
        assertThat(cache.standing()).isEqualTo(new CacheStanding(true, cache.head()));
        assertThat(follower.cache().standing()).isEqualTo(new CacheStanding(false, cache.head()));

        replica.replicaOfNoOne();

        assertThat(follower.cache().standing().writable()).isTrue();
    }

    @Test
    void answersReadsAndNewsOnAReplica() {
        loaded().apply(List.of(ledger.put("a"), ledger.put("b"), ledger.invalidate("a")), null);
        follow();

        assertThat(follower.cache().readAll()).isEqualTo(bench.cache().readAll());
        assertThat(follower.cache().newsSince(at(1)).contiguous()).isTrue();
        assertThat(follower.cache().newsSince(at(1)).changed()).containsExactly(key("b"), key("a"));
    }

    @Test
    void saysThatAReplicaRefusesWrites() {
        loaded().apply(List.of(ledger.put("a"), ledger.invalidate("a")), null);
        follow();
        List<Entry> next = List.of(ledger.put("b"));
        FlagCache cache = follower.cache();

        assertThatThrownBy(() -> cache.apply(next, null))
                .isInstanceOf(CacheReadOnlyException.class)
                .hasMessage("cache in us-east-1 is a replica and refuses writes");
        assertThatThrownBy(() -> cache.confirm(at(2), EPOCH.plusSeconds(9))).isInstanceOf(CacheReadOnlyException.class);
        assertThatThrownBy(() -> cache.fill(key("a"), 2, new FlagState.Deleted(1)))
                .isInstanceOf(CacheReadOnlyException.class);
        assertThatThrownBy(() -> cache.load(ledger.state(), EPOCH, null)).isInstanceOf(CacheReadOnlyException.class);
        assertThat(cache.head().position()).isEqualTo(at(2));
    }

    @Test
    void hasAReplicaFollowMarkerFillAndLoad() {
        RedisFlagCache cache = loaded();
        cache.apply(List.of(ledger.put("a"), ledger.invalidate("a")), null);
        follow();
        assertThat(follower.cache().read(key("a")).flag()).isEqualTo(new CachedFlag.Marker(2));

        cache.fill(key("a"), 2, ledger.state("a"));
        Eventually.holds(
                "the fill arrives", () -> follower.cache().read(key("a")).flag().equals(live("a", 1)));

        ledger.put("b");
        cache.load(ledger.state(), EPOCH, null);
        Eventually.holds("the load arrives", () -> isAt(at(3)));
        assertThat(follower.cache().readAll()).isEqualTo(cache.readAll());
        assertThat(follower.redis().ttl("burgee:flags")).isEqualTo(-1);
    }

    @Test
    void showsASmallerPositionAfterAPromotionThatLostTheTail() {
        RedisFlagCache cache = loaded();
        cache.apply(List.of(ledger.put("a"), ledger.put("b")), null);
        follow();
        replica.replicaOfNoOne();
        cache.apply(List.of(ledger.delete("a"), ledger.put("b")), null);
        home.stop();

        FlagCache promoted = follower.cache();

        assertThat(promoted.head().position()).isEqualTo(at(2));
        assertThat(promoted.read(key("a")).flag()).isEqualTo(live("a", 1));
        assertThat(promoted.apply(List.of(ledger.put("c")), null)).isEqualTo(new Applied.Gap(at(2)));
        assertThat(promoted.apply(ledger.entries(3, 5), null)).isEqualTo(new Applied.Reached(at(5)));
        assertThat(promoted.readAll().flags()).containsEntry(key("b"), live("b", 4));
    }

    @Test
    void letsTwoWritableCachesBothBePrefixes() {
        RedisFlagCache cache = loaded();
        cache.apply(List.of(ledger.put("a")), null);
        follow();
        replica.replicaOfNoOne();
        List<Entry> rest = List.of(ledger.put("b"), ledger.delete("a"));

        cache.apply(rest, null);
        follower.cache().apply(rest, null);

        assertThat(follower.cache().readAll()).isEqualTo(cache.readAll());
    }

    // ---- loads

    @Test
    void leavesNothingBehindAfterALoad() {
        loaded().apply(List.of(ledger.put("a")), null);
        ledger.put("b");
        bench.cache().load(ledger.state(), EPOCH, null);
        assertThat(bench.redis().exists("burgee:recent")).isFalse();
        assertThat(bench.redis().ttl("burgee:flags")).isEqualTo(-1);
        assertThat(bench.redis().keys(LOADING)).isEmpty();

        bench.cache().load(ledger.state(), EPOCH, null);
        assertThat(bench.redis().keys(LOADING)).isEmpty();
    }

    @Test
    void letsALoadThatDiedGoAway() {
        CacheLoad load = bench.redisCache().stage(ledger.state(), EPOCH, null);

        assertThat(bench.redis().ttl(load.key())).isBetween(50L, 60L);
        assertThat(bench.cache().head().position()).isNull();
    }

    @Test
    void refusesALoadThatLostFields() {
        ledger.put("a");
        ledger.put("b");
        CacheLoad load = bench.redisCache().stage(ledger.state(), EPOCH, null);
        bench.redis().hdel(load.key(), "f:a");

        assertThat(bench.redisCache().install(load)).isFalse();

        assertThat(bench.cache().head().position()).isNull();
        assertThat(bench.redis().keys(LOADING)).isEmpty();
    }

    @Test
    void refusesALoadThatExpired() {
        CacheLoad load = bench.redisCache().stage(ledger.state(), EPOCH, null);
        bench.redis().del(load.key());

        assertThat(bench.redisCache().install(load)).isFalse();
        assertThat(bench.cache().head().position()).isNull();
    }

    @Test
    void refusesALoadThatWasOvertaken() {
        RedisFlagCache cache = loaded();
        cache.apply(List.of(ledger.put("a")), null);
        CacheLoad load = cache.stage(ledger.state(), EPOCH, null);
        cache.apply(List.of(ledger.put("a")), null);

        assertThat(cache.install(load)).isFalse();
        assertThat(cache.read(key("a")).flag()).isEqualTo(live("a", 2));
    }

    @Test
    void installsALoadAfterAFlushInBetween() {
        RedisFlagCache cache = loaded();
        ledger.put("a");
        home.flushAll();
        CacheLoad load = cache.stage(ledger.state(), EPOCH, null);
        assertThat(cache.apply(List.of(ledger.put("b")), null)).isEqualTo(new Applied.Empty());

        assertThat(cache.install(load)).isTrue();

        assertThat(cache.apply(ledger.entries(2, 2), null)).isEqualTo(new Applied.Reached(at(2)));
        assertThat(cache.readAll().flags()).hasSize(2);
    }

    @Test
    void losesALoadThatAFlushHit() {
        ledger.put("a");
        CacheLoad load = bench.redisCache().stage(ledger.state(), EPOCH, null);
        home.flushAll();

        assertThat(bench.redisCache().install(load)).isFalse();
        assertThat(bench.cache().head().position()).isNull();
    }

    @Test
    void takesAHashWithoutAPositionForEmpty() {
        bench.redis().hset("burgee:flags", "f:a", "1 d 1\n{}");
        bench.redis().hset("burgee:flags", "#checked", "1");
        FlagCache cache = bench.cache();
        Entry entry = ledger.put("a");

        assertThat(cache.read(key("a")))
                .isEqualTo(new CacheReading(new CacheHead(null, null, null), CachedFlag.MISSING));
        assertThat(cache.readAll().flags()).isEmpty();
        assertThat(cache.newsSince(at(0)).contiguous()).isFalse();
        assertThat(cache.apply(List.of(entry), null)).isEqualTo(new Applied.Empty());
        cache.confirm(at(0), EPOCH);
        assertThat(bench.redis().hget("burgee:flags", "#checked")).isEqualTo("1");
        assertThat(cache.load(ledger.state(), EPOCH, null)).isTrue();
        assertThat(cache.read(key("a")).flag()).isEqualTo(live("a", 1));
    }

    // ---- documents

    @Test
    void isReadableByPeople() {
        loaded().apply(List.of(ledger.put("a"), ledger.delete("b"), ledger.invalidate("c")), null);

        assertThat(bench.redis().hgetAll("burgee:flags"))
                .containsEntry("#position", "3")
                .containsEntry("f:a", "1 d 1\n" + LedgerLog.document("a", 1))
                .containsEntry("f:b", "1 t 2")
                .containsEntry("f:c", "1 m 3");
        assertThat(bench.redis().lrange("burgee:recent", 0, -1)).containsExactly("1 a", "2 b", "3 c");
    }

    @ParameterizedTest
    @ValueSource(ints = {200, 1_024, 1_025, 8_000, 30_000, 65_536})
    void returnsDocumentsOfEverySize(int size) {
        RedisFlagCache cache = loaded();
        FlagState plain = new FlagState.Live(1, "{\"a\":1}".repeat(size / 7 + 1).substring(0, size));
        FlagState noise = new FlagState.Live(2, FieldFormatTest.noise(size));

        cache.apply(List.of(entry(1, "plain", plain), entry(2, "noise", noise)), null);

        assertThat(cache.read(key("plain")).flag()).isEqualTo(new CachedFlag.Present(plain));
        assertThat(cache.readAll().flags()).containsEntry(key("noise"), new CachedFlag.Present(noise));
        assertThat(cache.newsSince(at(0)).values()).containsEntry(key("noise"), new CachedFlag.Present(noise));
    }

    @Test
    void saysWhichFormatItCannotRead() {
        RedisFlagCache cache = loaded();
        bench.redis().hset("burgee:flags", "f:a", "2 d 1\n{}");

        assertThatThrownBy(() -> cache.read(key("a")))
                .isInstanceOf(CacheUnavailableException.class)
                .hasMessage(
                        "cache in us-east-1 gave no useful answer: field has format \"2\", but this version reads only"
                                + " 1: update the function");
        assertThat(cache.read(key("b")).flag()).isEqualTo(CachedFlag.MISSING);
    }

    @Test
    void takesAWholeImportOfLargeDocuments() {
        RedisFlagCache cache = loaded();
        List<Change> changes = IntStream.range(0, Entry.CHANGES_MAX)
                .mapToObj(i -> new Change(key("flag-" + i), new FlagState.Live(1, FieldFormatTest.noise(4_000)), true))
                .toList();

        assertThat(cache.apply(
                        List.of(new Entry(1, Entry.Kind.IMPORT, changes, "ci", EPOCH, LedgerLog.HOME, "op", null)),
                        null))
                .isEqualTo(new Applied.Reached(at(1)));

        assertThat(cache.readAll().flags()).hasSize(Entry.CHANGES_MAX);
    }

    // ---- scripts and sockets

    @Test
    void sendsItsScriptsAgainWhenTheServerForgotThem() {
        RedisFlagCache cache = loaded();
        cache.apply(List.of(ledger.put("a"), ledger.invalidate("a")), null);
        bench.redis().scriptFlush();

        assertThat(cache.apply(List.of(ledger.put("b")), null)).isEqualTo(new Applied.Reached(at(3)));
        bench.redis().scriptFlush();
        assertThat(cache.fill(key("a"), 2, ledger.state("a"))).isTrue();
        bench.redis().scriptFlush();
        assertThat(cache.newsSince(at(2)).contiguous()).isTrue();
        bench.redis().scriptFlush();
        cache.confirm(at(3), EPOCH.plusSeconds(5));
        bench.redis().scriptFlush();
        assertThat(cache.load(ledger.state(), EPOCH, null)).isFalse();
        assertThat(cache.head().checked()).isEqualTo(EPOCH.plusSeconds(5));
    }

    @Test
    void asksForNewsByScriptOnlyWhenSomethingChanged() {
        loaded().apply(List.of(ledger.put("a"), ledger.put("b")), null);
        bench.command(Command.SCRIPT, "FLUSH");

        CacheNews none = bench.cache().newsSince(ledger.end());

        assertThat(none).isEqualTo(new CacheNews(bench.cache().head(), true, Set.of(), Map.of()));
        assertThat(home.info()).containsEntry("number_of_cached_scripts", "0");

        assertThat(bench.cache().newsSince(at(1)).changed()).containsExactly(key("b"));
        assertThat(home.info()).containsEntry("number_of_cached_scripts", "1");
    }

    @Test
    void bearsARestartOfTheServerWithoutAnError() {
        loaded();
        home.stop();
        home.start();

        assertThat(bench.cache().head().position()).isNull();
        assertThat(bench.cache().load(ledger.state(), EPOCH, null)).isTrue();
    }

    @Test
    void saysWhichRegionsCacheIsGone() {
        loaded();
        home.stop();

        assertThatThrownBy(() -> bench.cache().head())
                .isInstanceOf(CacheUnavailableException.class)
                .hasMessageStartingWith("cache in us-east-1 gave no useful answer: ");
        assertThatThrownBy(() -> bench.cache().apply(List.of(ledger.put("a")), null))
                .isExactlyInstanceOf(CacheUnavailableException.class);
    }

    // ---- refusals

    @Test
    void saysThatThePasswordIsWrongAndNotWhatItIs() {
        try (CacheBench wrong = new CacheBench(home, CacheBench.PATIENT, "guessed")) {
            assertThatThrownBy(() -> wrong.cache().head())
                    .isInstanceOf(CacheDeniedException.class)
                    .hasMessageStartingWith("cache in us-east-1 does not accept our user name and password")
                    .hasMessageNotContaining("guessed");
        }
    }

    @Test
    void noticesAPasswordThatWasChangedUnderAnOpenConnection() {
        loaded();
        bench.command(Command.ACL, "SETUSER", "burgee", "resetpass", ">other");
        // a server closes the connections of a changed user only when told to
        bench.command(Command.CLIENT, "KILL", "TYPE", "normal");

        assertThatThrownBy(() -> bench.cache().head()).isInstanceOf(CacheDeniedException.class);
    }

    @Test
    void saysThatTheUserMayDoTooLittle() {
        loaded();
        bench.command(Command.ACL, "SETUSER", "burgee", "-evalsha", "-eval");

        assertThatThrownBy(() -> bench.cache().apply(List.of(ledger.put("a")), null))
                .isInstanceOf(CacheDeniedException.class);
        assertThat(bench.cache().head().position()).isEqualTo(at(0));
    }

    @Test
    void keepsItsPrefixWhenTheServerIsFull() {
        loaded().apply(List.of(ledger.put("a")), null);
        bench.redis().configSet("maxmemory", "1");

        assertThatThrownBy(() -> bench.cache().apply(List.of(ledger.put("b")), null))
                .isExactlyInstanceOf(CacheUnavailableException.class)
                .hasMessageContaining("OOM");

        assertThat(bench.cache().readAll().head().position()).isEqualTo(at(1));
        assertThat(bench.cache().readAll().flags()).hasSize(1);
    }

    // ---- limits

    @Test
    void answersWithinTheReadLimitWhenTheServerHangs() {
        Limits limits = CacheBench.limits(Duration.ofSeconds(1), Duration.ofSeconds(1));
        try (CacheBench slow = new CacheBench(home, limits, "secret")) {
            slow.cache().load(ledger.state(), EPOCH, null);
            home.stall();

            // over an open connection, then over a new one: each a single limit and no more
            assertThat(millis(() -> slow.cache().head())).isBetween(950L, 1_900L);
            assertThat(millis(() -> slow.cache().head())).isBetween(950L, 1_900L);
            assertThat(millis(() -> slow.cache().apply(List.of(ledger.put("a")), null)))
                    .isBetween(950L, 1_900L);

            home.resume();
            assertThat(slow.cache().head().position()).isNotNull();
        }
    }

    @Test
    void givesUpALargeWriteThatTheServerDoesNotTake() {
        TreeMap<FlagKey, FlagState> flags = new TreeMap<>();
        IntStream.range(0, 200)
                .forEach(i -> flags.put(key("flag-" + i), new FlagState.Live(1, FieldFormatTest.noise(60_000))));
        try (CacheBench slow =
                new CacheBench(home, CacheBench.limits(Duration.ofMillis(500), Duration.ofMillis(10)), "secret")) {
            slow.cache().load(ledger.state(), EPOCH, null);
            home.stall();

            assertThat(millis(() -> slow.cache().load(new LedgerState(flags, at(1), null), EPOCH, null)))
                    .isBetween(500L, 4_000L);

            home.resume();
            Eventually.holds("the server answers", () -> slow.cache().head().position() != null);
            assertThat(slow.cache().head().position()).isEqualTo(at(0));
        }
    }

    @Test
    void refusesTheSeventeenthCallerInTime() throws InterruptedException {
        Limits limits = CacheBench.limits(Duration.ofMillis(400), Duration.ofMillis(400));
        try (CacheBench slow = new CacheBench(home, limits, "secret")) {
            slow.cache().load(ledger.state(), EPOCH, null);
            home.stall();

            List<Thread> callers = IntStream.range(0, 40)
                    .mapToObj(_ -> Thread.ofVirtual()
                            .start(() -> millis(() -> slow.cache().head())))
                    .toList();

            // a wait for a connection, then one for an answer
            for (Thread caller : callers) {
                assertThat(caller.join(Duration.ofSeconds(4))).isTrue();
            }
        }
    }

    private static long millis(Runnable call) {
        long start = System.nanoTime();
        try {
            call.run();
        } catch (CacheUnavailableException _) {
            // how long it took is the point
        }
        return TimeUnit.NANOSECONDS.toMillis(System.nanoTime() - start);
    }

    private static Entry entry(long number, String key, FlagState after) {
        return new Entry(
                number,
                Entry.Kind.PUT,
                List.of(new Change(key(key), after, true)),
                "ci",
                EPOCH,
                LedgerLog.HOME,
                "op-" + number,
                null);
    }
}
