package dev.burgee.topology;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.burgee.region.Region;
import java.net.URI;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

class SimpleTopologyTest {
    private static final Region HOME = new Region("us-east-1");
    private static final Region AWAY = new Region("eu-west-1");

    @Test
    void inThePrimarysRegionAllOperationsUseThePrimary() {
        Topology topology = simple(HOME, "redis://p:1", "redis://r:2").topology();

        assertThat(topology.primary()).isEqualTo(HOME);
        assertThat(topology.caches()).isEqualTo(Map.of(HOME, URI.create("redis://p:1")));
    }

    @Test
    void elsewhereReadsUseTheReplica() {
        assertThat(simple(AWAY, "redis://p:1", "redis://r:2").topology().caches())
                .isEqualTo(Map.of(HOME, URI.create("redis://p:1"), AWAY, URI.create("redis://r:2")));
    }

    @Test
    void aMissingReplicaIsThePrimary() {
        assertThat(simple(AWAY, "redis://p:1", null).topology().caches())
                .isEqualTo(Map.of(HOME, URI.create("redis://p:1"), AWAY, URI.create("redis://p:1")));
    }

    @Test
    void takesTheLoginOutOfTheAddress() {
        Topology topology = simple(AWAY, "rediss://u:p%40ss@p", "rediss://r/0").topology();

        assertThat(topology.username()).isEqualTo("u");
        assertThat(topology.password()).isEqualTo("p@ss");
        assertThat(topology.caches().get(HOME)).isEqualTo(URI.create("rediss://p:6379"));
        assertThat(simple(AWAY, "rediss://:word@p", null).topology().username()).isNull();
        assertThat(simple(AWAY, "rediss://:word@p", null).topology().password()).isEqualTo("word");
    }

    @Test
    void everyLedgerRegionHasTheGivenEndpoint() {
        Topology topology = new SimpleTopology(
                        AWAY, HOME, "redis://p", null, "u", "w", "flags", List.of(AWAY, HOME), "http://127.0.0.1:8000")
                .topology();

        Optional<URI> endpoint = Optional.of(URI.create("http://127.0.0.1:8000"));
        assertThat(topology.ledgerRegions()).isEqualTo(Map.of(AWAY, endpoint, HOME, endpoint));
        assertThat(topology.ledgerTable()).isEqualTo("flags");
        assertThat(topology.username()).isEqualTo("u");
        assertThat(topology.password()).isEqualTo("w");
    }

    @Test
    void namesEveryProblemAndNeverThePassword() {
        var bad = new SimpleTopology(
                AWAY, HOME, "hunter2", "ftp://u:hunter2@r", null, "hunter2", "x", List.of(), "hunter2");

        assertThat(bad.problems())
                .containsExactly(
                        "REDIS_PRIMARY_URL must be redis://host:port or rediss://host:port",
                        "REDIS_REPLICA_URL must be redis://host:port or rediss://host:port",
                        "BURGEE_LEDGER_ENDPOINT must be http://host:port or https://host:port",
                        "BURGEE_LEDGER_TABLE must be the name of a DynamoDB table: 3 to 255 characters out of A-Z a-z 0-9 _ . -",
                        "BURGEE_LEDGER_REGIONS must name at least one region",
                        "REDIS_PRIMARY_URL, REDIS_REPLICA_URL and REDIS_USERNAME/REDIS_PASSWORD name different users");
        assertThat(bad.toString()).doesNotContain("hunter2");
        assertThatThrownBy(bad::topology).hasMessageNotContaining("hunter2");
    }

    @Test
    void encryptedCachesNeedAPassword() {
        assertThat(simple(AWAY, "redis://p", "rediss://r").problems())
                .containsExactly("REDIS_PASSWORD is missing, but caches with rediss:// need one");
        assertThat(simple(AWAY, "rediss://name@p", null).problems()).hasSize(1);
        assertThat(simple(AWAY, "redis://p", "redis://r").problems()).isEmpty();
    }

    private static SimpleTopology simple(Region here, String primaryUrl, @Nullable String replicaUrl) {
        return new SimpleTopology(here, HOME, primaryUrl, replicaUrl, null, null, "burgee-ledger", List.of(here), null);
    }
}
