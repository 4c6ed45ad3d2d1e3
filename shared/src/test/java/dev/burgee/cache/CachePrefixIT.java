package dev.burgee.cache;

import static dev.burgee.cache.LedgerLog.EPOCH;
import static dev.burgee.cache.LedgerLog.key;
import static org.assertj.core.api.Assertions.assertThat;

import dev.burgee.flag.FlagKey;
import dev.burgee.flag.FlagState;
import dev.burgee.ledger.Change;
import dev.burgee.ledger.Entry;
import dev.burgee.ledger.Position;
import dev.burgee.region.Region;
import dev.burgee.servers.RedisNode;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.RepeatedTest;
import org.junit.jupiter.api.RepetitionInfo;
import redis.clients.jedis.params.RestoreParams;

/**
 * Invariant 3 under random schedules: whatever is lost, replayed, delayed or done twice, the cache holds the state after the
 * entries up to the position that it shows, and nothing else. Each step of an actor is one atomic step of the server, so one
 * thread that picks steps at random covers all interleavings; an actor that is never picked again has crashed.
 *
 * <p>To repeat a failure: {@code -Dburgee.seed=N}.
 */
final class CachePrefixIT {
    private static final int STEPS = 250;
    private static final String[] KEYS = {"a", "b", "c", "d"};
    private static final RedisNode NODE = new RedisNode("prefix", 0, "burgee", "secret");
    private static final CacheBench BENCH = new CacheBench(NODE);

    private LedgerLog ledger = new LedgerLog();
    private Random random = new Random(0);
    private final List<Runnable> late = new ArrayList<>();
    private final List<CacheLoad> staged = new ArrayList<>();
    private final List<byte[]> hashes = new ArrayList<>();
    private final List<byte[]> lists = new ArrayList<>();
    private final List<Long> endAtTick = new ArrayList<>();

    @BeforeAll
    static void start() {
        NODE.start();
    }

    @AfterAll
    static void stop() {
        BENCH.close();
        NODE.close();
    }

    @RepeatedTest(40)
    void holdsAPrefixOfTheLedgerWhateverHappens(RepetitionInfo repetition) {
        long seed = Long.getLong("burgee.seed", System.nanoTime() + repetition.getCurrentRepetition());
        random = new Random(seed);
        ledger = new LedgerLog();
        NODE.flushAll();
        Set<String> done = new HashSet<>();
        StringBuilder schedule = new StringBuilder();
        try {
            for (int i = 0; i < STEPS; i++) {
                endAtTick.add(ledger.end().number());
                String step = step();
                done.add(step);
                schedule.append(step).append(' ');
                check();
            }
        } catch (AssertionError | RuntimeException e) {
            throw new AssertionError("seed " + seed + ": after " + schedule, e);
        }
        assertThat(done).as("kinds of steps, seed " + seed).hasSizeGreaterThan(10);
    }

    private String step() {
        return switch (random.nextInt(26)) {
            case 0, 1, 2, 3 -> append();
            case 4, 5, 6, 7, 8 -> applySome();
            case 9, 10 -> applyLate();
            case 11, 12, 13 -> runLate();
            case 14, 15, 24, 25 -> readAndFill();
            case 16 -> confirmLater();
            case 17, 18 -> stage();
            case 19, 20 -> install();
            case 21 -> lose();
            case 22 -> backUp();
            default -> random.nextInt(3) == 0 ? loseTail() : catchUp();
        };
    }

    // ---- the ledger

    private String append() {
        String key = anyKey();
        switch (random.nextInt(10)) {
            case 0, 1, 2, 3 -> ledger.put(key);
            case 4, 5 -> ledger.delete(key);
            case 6, 7 -> ledger.invalidate(key);
            case 8 -> ledger.imports("a", "c");
            default -> ledger.promotion(new Region(random.nextBoolean() ? "us-east-1" : "eu-west-1"));
        }
        return "append";
    }

    // ---- appliers: out of order, twice, with gaps

    private String applySome() {
        List<Entry> window = anyWindow();
        if (!window.isEmpty()) {
            cache().apply(window, beforeIts(window));
        }
        return "apply";
    }

    private String applyLate() {
        List<Entry> window = anyWindow();
        if (!window.isEmpty()) {
            Instant before = beforeIts(window);
            late.add(() -> cache().apply(window, before));
        }
        return "apply-later";
    }

    /** The last moment at which the ledger ended with this window or sooner; sometimes nobody knows. */
    private @Nullable Instant beforeIts(List<Entry> window) {
        long last = window.getLast().number();
        for (int tick = endAtTick.size() - 1; tick >= 0 && random.nextInt(50) != 0; tick--) {
            if (endAtTick.get(tick) <= last) {
                return atTick(tick);
            }
        }
        return null;
    }

    private String catchUp() {
        Position at = cache().head().position();
        if (at != null && at.number() < ledger.end().number()) {
            List<Entry> rest = ledger.entries(at.number() + 1, ledger.end().number());
            assertThat(cache().apply(rest, beforeIts(rest))).isEqualTo(new Applied.Reached(ledger.end()));
        }
        return "catch-up";
    }

    /** Something sent long ago arrives now; sometimes it arrives again later. */
    private String runLate() {
        if (!late.isEmpty()) {
            int pick = random.nextInt(late.size());
            late.get(pick).run();
            if (random.nextInt(4) != 0) {
                late.remove(pick);
            }
        }
        return "late";
    }

    // ---- readers

    private String readAndFill() {
        String key = anyKey();
        if (cache().read(key(key)).flag() instanceof CachedFlag.Marker marker) {
            FlagState asked = ledger.state(key);
            Runnable fill = () -> cache().fill(key(key), marker.entry(), asked);
            late.add(fill);
            if (random.nextBoolean()) {
                fill.run();
            }
        }
        return "fill";
    }

    private String confirmLater() {
        Instant before = atTick(endAtTick.size() - 1);
        Position end = ledger.end();
        late.add(() -> cache().confirm(end, before));
        return "confirm-later";
    }

    // ---- loaders, which may die between the steps or find their work damaged

    private String stage() {
        Instant before = atTick(endAtTick.size() - 1);
        staged.add(cache().stage(ledger.state(), before, null));
        return "stage";
    }

    private String install() {
        if (staged.isEmpty()) {
            return "install";
        }
        CacheLoad load = staged.get(random.nextInt(staged.size()));
        int damage = random.nextInt(6);
        if (damage == 0) {
            BENCH.redis().hdel(load.key(), "f:" + anyKey());
        } else if (damage == 1) {
            BENCH.redis().del(load.key());
        }
        cache().install(load);
        return "install";
    }

    // ---- losses

    private String lose() {
        switch (random.nextInt(3)) {
            case 0 -> NODE.flushAll();
            case 1 -> BENCH.redis().del("burgee:flags");
            default -> BENCH.redis().del("burgee:recent");
        }
        return "lose";
    }

    private String backUp() {
        byte[] hash = BENCH.redis().dump(CacheFields.HASH);
        byte[] recent = BENCH.redis().dump(CacheFields.RECENT);
        if (hash != null && recent != null) {
            hashes.add(hash);
            lists.add(recent);
        }
        return "back-up";
    }

    /** What a promotion does that loses the tail; at times even the list is another one's. */
    private String loseTail() {
        if (!hashes.isEmpty()) {
            RestoreParams replace = RestoreParams.restoreParams().replace();
            int pick = random.nextInt(hashes.size());
            int other = random.nextBoolean() ? pick : random.nextInt(lists.size());
            BENCH.redis().restore(CacheFields.HASH, 0, hashes.get(pick), replace);
            BENCH.redis().restore(CacheFields.RECENT, 0, lists.get(other), replace);
        }
        return "lose-tail";
    }

    // ---- what must hold

    private void check() {
        CacheSnapshot snapshot = cache().readAll();
        Position at = snapshot.head().position();
        if (at == null) {
            assertThat(snapshot.flags()).isEmpty();
            return;
        }
        assertThat(at.number()).isLessThanOrEqualTo(ledger.end().number());
        assertThat(BENCH.redis().ttl("burgee:flags")).as("time to live").isEqualTo(-1);
        checkFlags(at, snapshot.flags());
        checkConfirmation(at, snapshot.head().checked());
        checkNews(at);
    }

    private void checkFlags(Position at, Map<FlagKey, CachedFlag> flags) {
        Map<FlagKey, FlagState> expected = new HashMap<>(ledger.stateAt(at).flags());
        Map<FlagKey, Long> invalidated = new HashMap<>();
        for (Entry entry : ledger.entries(1, at.number())) {
            for (Change change : entry.changes()) {
                if (entry.kind() == Entry.Kind.INVALIDATE) {
                    invalidated.put(change.key(), entry.number());
                } else {
                    invalidated.remove(change.key());
                }
            }
        }
        for (String name : KEYS) {
            CachedFlag shown = flags.getOrDefault(key(name), CachedFlag.MISSING);
            Long marker = invalidated.get(key(name));
            FlagState state = expected.get(key(name));
            CachedFlag right = state == null ? CachedFlag.MISSING : new CachedFlag.Present(state);
            if (marker == null || !shown.equals(new CachedFlag.Marker(marker))) {
                assertThat(shown).as(name + " at " + at).isEqualTo(right);
            }
        }
        assertThat(flags.size()).isLessThanOrEqualTo(KEYS.length);
    }

    /** When the cache says that it had the ledger's end at some moment, it has all that the ledger had then. */
    private void checkConfirmation(Position at, @Nullable Instant checked) {
        assertThat(checked).isNotNull();
        long tick = checked.getEpochSecond() - EPOCH.getEpochSecond();
        assertThat(endAtTick.get(Math.toIntExact(tick)))
                .as("ledger's end when position " + at + " was confirmed")
                .isLessThanOrEqualTo(at.number());
    }

    private void checkNews(Position at) {
        long from = random.nextLong(at.number() + 1);
        CacheNews news = cache().newsSince(new Position(from));
        if (news.contiguous()) {
            Set<FlagKey> changed = new HashSet<>();
            ledger.entries(from + 1, at.number())
                    .forEach(entry -> entry.changes().forEach(change -> changed.add(change.key())));
            assertThat(news.changed())
                    .as("changed after " + from + " up to " + at)
                    .isEqualTo(changed);
        }
    }

    // ---- picking

    private static RedisFlagCache cache() {
        return BENCH.redisCache();
    }

    private static Instant atTick(int tick) {
        return EPOCH.plusSeconds(tick);
    }

    private String anyKey() {
        return KEYS[random.nextInt(KEYS.length)];
    }

    /** Mostly near the cache's position, so that entries are often the next ones. */
    private List<Entry> anyWindow() {
        long end = ledger.end().number();
        Position at = cache().head().position();
        long near = at == null || random.nextInt(4) == 0 ? random.nextLong(end + 1) : at.number();
        long from = Math.max(1, near + random.nextInt(4) - 1);
        long to = Math.min(end, from + random.nextInt(4));
        return from > to ? List.of() : ledger.entries(from, to);
    }
}
