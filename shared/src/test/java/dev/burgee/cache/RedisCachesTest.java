package dev.burgee.cache;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.burgee.failure.MisconfiguredException;
import dev.burgee.region.Region;
import dev.burgee.settings.Limits;
import dev.burgee.topology.Topology;
import java.net.URI;
import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.Map;
import org.junit.jupiter.api.Test;
import redis.clients.jedis.ConnectionPoolConfig;
import redis.clients.jedis.HostAndPort;
import redis.clients.jedis.JedisClientConfig;
import redis.clients.jedis.RedisProtocol;

final class RedisCachesTest {
    private static final Region VIRGINIA = new Region("us-east-1");
    private static final Region IRELAND = new Region("eu-west-1");
    private static final Region SINGAPORE = new Region("ap-southeast-1");
    private static final Region TOKYO = new Region("ap-northeast-1");

    private static final Map<Region, URI> THREE = addresses(VIRGINIA, IRELAND, SINGAPORE);

    private static Map<Region, URI> addresses(Region... regions) {
        Map<Region, URI> addresses = new LinkedHashMap<>();
        for (Region region : regions) {
            addresses.put(region, URI.create("rediss://cache." + region + ".example:6379"));
        }
        return addresses;
    }

    private static Topology topology(Region primary, Map<Region, URI> caches) {
        return new Topology(primary, "burgee", "hidden", caches, "burgee-ledger", Map.of());
    }

    private static RedisCaches caches(Region primary, Region here, Map<Region, URI> caches) {
        return new RedisCaches(topology(primary, caches), here, Limits.DEFAULTS, "burgee-read-flag");
    }

    private static CacheAddress address(String uri) {
        return CacheAddress.of(URI.create(uri), topology(VIRGINIA, THREE));
    }

    // ---- which region

    @Test
    void knowsTheRegionsOwnCache() {
        try (RedisCaches caches = caches(VIRGINIA, IRELAND, THREE)) {
            assertThat(caches.here()).contains(IRELAND);
        }
    }

    @Test
    void knowsThatARegionHasNone() {
        try (RedisCaches caches = caches(VIRGINIA, TOKYO, THREE)) {
            assertThat(caches.here()).isEmpty();
        }
    }

    @Test
    void worksWithThePrimaryAlone() {
        try (RedisCaches caches = caches(VIRGINIA, IRELAND, addresses(VIRGINIA))) {
            assertThat(caches.here()).isEmpty();
            assertThat(caches.regions()).containsExactly(VIRGINIA);
        }
    }

    @Test
    void namesTheRegionsInTheTopologysOrder() {
        try (RedisCaches caches = caches(SINGAPORE, IRELAND, THREE)) {
            assertThat(caches.regions()).containsExactly(VIRGINIA, IRELAND, SINGAPORE);
        }
    }

    @Test
    void reachesEveryRegionFromEveryRegion() {
        try (RedisCaches caches = caches(VIRGINIA, IRELAND, THREE)) {
            assertThat(caches.of(VIRGINIA).region()).isEqualTo(VIRGINIA);
            assertThat(caches.of(IRELAND).region()).isEqualTo(IRELAND);
            assertThat(caches.of(SINGAPORE).region()).isEqualTo(SINGAPORE);
        }
    }

    @Test
    void sharesOnePoolPerRegion() {
        try (RedisCaches caches = caches(VIRGINIA, IRELAND, THREE)) {
            assertThat(caches.of(IRELAND)).isSameAs(caches.of(IRELAND));
            assertThat(caches.of(VIRGINIA)).isSameAs(caches.of(VIRGINIA)).isNotSameAs(caches.of(IRELAND));
        }
    }

    @Test
    void refusesARegionWithoutACache() {
        try (RedisCaches caches = caches(VIRGINIA, IRELAND, THREE)) {
            assertThatThrownBy(() -> caches.of(TOKYO))
                    .isInstanceOf(IllegalArgumentException.class)
                    .hasMessage("region ap-northeast-1 has no cache; [us-east-1, eu-west-1, ap-southeast-1] have");
        }
    }

    @Test
    void listsEveryProblemOfTheTopologyAtOnce() {
        Map<Region, URI> bad =
                Map.of(IRELAND, URI.create("http://user:hidden@cache"), SINGAPORE, URI.create("redis:x"));

        assertThatThrownBy(() -> caches(VIRGINIA, IRELAND, bad))
                .isInstanceOf(MisconfiguredException.class)
                .hasMessageContaining("the primary region us-east-1 has no cache")
                .hasMessageContaining(
                        "the cache address of eu-west-1: its scheme is \"http\", but must be redis or rediss")
                .hasMessageContaining("the cache address of ap-southeast-1: it names no host")
                .hasMessageNotContaining("hidden");
    }

    // ---- which limits

    @Test
    void usesTheLocalLimitsForTheRegionsOwnCache() {
        JedisClientConfig config = config(true);

        assertThat(config.getConnectionTimeoutMillis()).isEqualTo(100);
        assertThat(config.getSocketTimeoutMillis()).isEqualTo(50);
        assertThat(pool(true).getMaxWaitDuration()).isEqualTo(Duration.ofMillis(50));
    }

    @Test
    void usesTheCrossRegionLimitsForOthers() {
        JedisClientConfig config = config(false);

        assertThat(config.getConnectionTimeoutMillis()).isEqualTo(300);
        assertThat(config.getSocketTimeoutMillis()).as("for logging in").isEqualTo(600);
        assertThat(config.getBlockingSocketTimeoutMillis()).isEqualTo(300);
        assertThat(pool(false).getMaxWaitDuration()).isEqualTo(Duration.ofMillis(300));
    }

    @Test
    void boundsThePoolAndStartsNoThread() {
        assertThat(pool(true).getMaxTotal()).isEqualTo(16);
        assertThat(pool(true).getMaxIdle()).isEqualTo(16);
        assertThat(pool(true).getMinIdle()).isZero();
        assertThat(pool(false).getMinIdle()).isEqualTo(1);
        assertThat(pool(true).getDurationBetweenEvictionRuns()).isNegative();
        assertThat(pool(true).getTestOnBorrow()).isTrue();
        assertThat(pool(true).getJmxEnabled()).isFalse();
    }

    @Test
    void namesTheClientOnlyWhereThatCostsNoOcean() {
        assertThat(config(true).getClientName()).isEqualTo("burgee-read-flag");
        assertThat(config(false).getClientName()).isNull();
        assertThat(config(true).getClientSetInfoConfig().isDisabled()).isTrue();
    }

    @Test
    void speaksOneProtocolWithoutTrying() {
        assertThat(config(true).getRedisProtocol()).isEqualTo(RedisProtocol.RESP2);
        assertThat(config(true).isAutoNegotiateProtocol()).isFalse();
    }

    // ---- addresses

    @Test
    void verifiesTheServerOverTls() {
        assertThat(address("rediss://cache.example:6380"))
                .isEqualTo(new CacheAddress(new HostAndPort("cache.example", 6_380), true, "burgee", "hidden"));
        assertThat(config(true).getSslOptions().getSslVerifyMode().name()).isEqualTo("FULL");
    }

    @Test
    void usesNoTlsForAPlainAddress() {
        assertThat(address("redis://localhost").tls()).isFalse();
        assertThat(address("redis://localhost").server().getPort()).isEqualTo(6_379);
    }

    @Test
    void prefersTheUserAndPasswordInTheAddress() {
        assertThat(address("redis://ann:s3:cret@localhost").username()).isEqualTo("ann");
        assertThat(address("redis://ann:s3:cret@localhost").password()).isEqualTo("s3:cret");
        assertThat(address("redis://:s3cret@localhost").username()).isNull();
        assertThat(address("redis://localhost").password()).isEqualTo("hidden");
    }

    @Test
    void refusesADatabaseOtherThanZero() {
        assertThat(CacheAddress.problems(URI.create("redis://localhost/0"))).isEmpty();
        assertThatThrownBy(() -> address("redis://localhost/3"))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessage("it names a database, but there is only database 0");
    }

    @Test
    void neverPrintsThePassword() {
        assertThat(address("rediss://ann:s3cret@cache.example")).hasToString("rediss://cache.example:6379");
    }

    private static JedisClientConfig config(boolean isLocal) {
        try (RedisCaches caches = caches(VIRGINIA, IRELAND, THREE)) {
            return caches.clientConfig(address("rediss://cache.example"), isLocal);
        }
    }

    private static ConnectionPoolConfig pool(boolean isLocal) {
        try (RedisCaches caches = caches(VIRGINIA, IRELAND, THREE)) {
            return caches.poolConfig(isLocal);
        }
    }
}
