package dev.burgee.primary;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.burgee.cache.CacheReadOnlyException;
import dev.burgee.cache.CacheUnavailableException;
import dev.burgee.cache.Eventually;
import dev.burgee.cache.FlagCache;
import dev.burgee.cache.RedisCaches;
import dev.burgee.ledger.LedgerState;
import dev.burgee.ledger.Position;
import dev.burgee.log.RecordingLog;
import dev.burgee.metrics.Metric;
import dev.burgee.metrics.RecordingMetrics;
import dev.burgee.region.Region;
import dev.burgee.secret.RefreshingSecret;
import dev.burgee.servers.RedisNode;
import dev.burgee.settings.Limits;
import dev.burgee.time.Deadline;
import dev.burgee.time.SystemTime;
import dev.burgee.time.Time;
import dev.burgee.topology.Topology;
import java.net.URI;
import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** A writer in eu-west-1 who keeps its process while the home moves, on real servers. */
@Timeout(value = 90, threadMode = Timeout.ThreadMode.SEPARATE_THREAD)
final class RegionCachesIT {
    private static final Region US = new Region("us-east-1");
    private static final Region EU = new Region("eu-west-1");
    private static final String HOST = "127.0.0.1";

    private final Time time = new SystemTime();
    private final RecordingMetrics metrics = new RecordingMetrics();
    private final RecordingLog log = new RecordingLog();
    private final RedisNode us = new RedisNode("us", 0, "burgee", "secret");
    private final RedisNode eu = new RedisNode("eu", 0, "burgee", "secret");
    private final RegionCaches caches = caches();
    private long position;

    /** The limits of a region far away, twice over: a build machine may be busy. */
    private RegionCaches caches() {
        Limits d = Limits.DEFAULTS;
        Limits limits = new Limits(
                Duration.ofMillis(600),
                Duration.ofMillis(600),
                Duration.ofMillis(600),
                Duration.ofMillis(600),
                Duration.ofSeconds(1),
                d.ledgerCall(),
                d.awsCall(),
                d.wholeRead(),
                d.wholeWrite(),
                d.freshnessWindow(),
                d.checkedAgeMax(),
                d.secretRefresh());
        Map<Region, URI> addresses = new LinkedHashMap<>();
        addresses.put(US, us.uri());
        addresses.put(EU, eu.uri());
        Topology topology =
                new Topology(US, "burgee", "secret", addresses, "burgee-ledger", Map.of(US, Optional.empty()));
        RefreshingSecret<Topology> secret = new RefreshingSecret<>(
                new RefreshingSecret.Parts<>(
                        "topology", "id", _ -> "text", _ -> topology, d.secretRefresh(), Duration.ofSeconds(5)),
                metrics,
                log,
                time);
        return new RegionCaches(
                secret, known -> new RedisCaches(known, EU, limits, "burgee-test"), limits, metrics, log, time);
    }

    @BeforeEach
    void start() {
        us.start();
        eu.start();
        follow(eu, us);
        assertThat(write()).isEqualTo(US);
        assertThat(caches.localIsHome()).isFalse();
    }

    @AfterEach
    void close() {
        caches.reset();
        us.close();
        eu.close();
    }

    private static void follow(RedisNode replica, RedisNode home) {
        replica.replicaOf(HOST, home.port());
        Eventually.holds("the link is up", () -> "up".equals(replica.roleInfo().get("master_link_status")));
    }

    private Deadline soon() {
        return Deadline.after(Duration.ofSeconds(10), time);
    }

    /** As a writer does it: tell the home; when it fails, look for it and tell it again. Returns who took it. */
    private Region write() {
        try {
            return tell();
        } catch (CacheUnavailableException e) {
            assertThat(caches.locate(soon())).as(e.getMessage()).isTrue();
            return tell();
        }
    }

    private Region tell() {
        FlagCache home = caches.home();
        position++;
        assertThat(home.load(new LedgerState(new TreeMap<>(), new Position(position), null), time.now(), null))
                .isTrue();
        return home.region();
    }

    @Test
    void followsAPromotionWithoutARestart() {
        eu.replicaOfNoOne();
        follow(us, eu);

        assertThatThrownBy(this::tell).isInstanceOf(CacheReadOnlyException.class);
        assertThat(write()).isEqualTo(EU);
        assertThat(caches.localIsHome()).isTrue();
        assertThat(caches.local()).isSameAs(caches.home());
        assertThat(log.lines("home_moved")).hasSize(1);

        us.replicaOfNoOne();
        follow(eu, us);
        assertThat(write()).as("and back").isEqualTo(US);
        assertThat(caches.localIsHome()).isFalse();
    }

    @Test
    void findsTheNewHomeWhenTheOldOneIsKilled() {
        us.stop();
        assertThatThrownBy(this::tell).isInstanceOf(CacheUnavailableException.class);
        assertThat(caches.locate(soon())).as("nobody was promoted yet").isFalse();
        assertThat(caches.home().region()).isEqualTo(US);

        eu.replicaOfNoOne();
        Eventually.holds("the pause is over", () -> caches.locate(soon()));
        assertThat(write()).isEqualTo(EU);
    }

    @Test
    void findsTheNewHomeWhenTheOldOneHangs() {
        us.stall();
        eu.replicaOfNoOne();

        long start = time.nanos();
        assertThat(write()).isEqualTo(EU);
        // one write that hangs (1 s), one round (2.4 s) and the write
        assertThat(Duration.ofNanos(time.nanos() - start)).isLessThan(Duration.ofSeconds(8));
    }

    @Test
    void learnsOfASecondWritableCacheWhileTheOldOneStillTakesWrites() {
        eu.replicaOfNoOne();
        caches.suspect();
        Eventually.holds("both are known", () -> caches.writable().size() == 2);

        Eventually.holds("it is told", () -> metrics.sum(Metric.SPLIT_BRAIN_SUSPECTED) >= 1);
        assertThat(write()).isEqualTo(US);
    }

    @Test
    void theReplicasWordForTheHomeMovesAProcessThatHasNotAsked() {
        RegionCaches cold = caches();
        eu.replicaOfNoOne();
        follow(us, eu);

        cold.hint(EU);

        assertThat(cold.home().region()).isEqualTo(EU);
        assertThat(cold.localIsHome()).isTrue();
        cold.reset();
    }
}
