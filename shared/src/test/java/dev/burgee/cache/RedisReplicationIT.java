package dev.burgee.cache;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.burgee.region.Region;
import dev.burgee.servers.RedisNode;
import dev.burgee.settings.Environment;
import dev.burgee.settings.Limits;
import dev.burgee.topology.Topology;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

final class RedisReplicationIT {
    private static final Region HERE = new Region("eu-west-1");
    private static final Region HOME = new Region("us-east-1");
    private static final Limits PATIENT = Limits.from(new Environment(Map.of(
            "BURGEE_CROSS_CONNECT_MS", "4000", "BURGEE_CROSS_READ_MS", "4000", "BURGEE_CROSS_WRITE_MS", "4000")));
    private static final RedisNode OWN = new RedisNode("own", 0, null, null);
    private static final RedisNode OTHER = new RedisNode("other", 0, null, null);

    @BeforeAll
    static void start() {
        OWN.start();
        OTHER.start();
    }

    @AfterAll
    static void stop() {
        OWN.close();
        OTHER.close();
    }

    private static RedisReplication replication(Optional<CacheLogin> login) {
        var topology = new Topology(HOME, null, null, Map.of(HERE, OWN.uri(), HOME, OTHER.uri()), "t", Map.of());
        return new RedisReplication(() -> topology, () -> login, HERE, PATIENT);
    }

    @Test
    void leadsAndFollowsAndSaysWhetherAnythingChanged() {
        RedisReplication replication = replication(Optional.empty());
        assertThat(replication.role()).isEqualTo(new CacheReplication.Role.Leader());

        assertThat(replication.follow(HOME)).isTrue();
        assertThat(replication.follow(HOME)).isFalse();
        var follower = new CacheReplication.Role.Follower(OTHER.uri().getHost(), OTHER.port(), true);
        Eventually.holds("connected", () -> replication.role().equals(follower));

        replication.lead();
        replication.lead();
        assertThat(replication.role()).isEqualTo(new CacheReplication.Role.Leader());
    }

    @Test
    void aRegionWithoutACacheAndARefusedLoginAreTold() {
        assertThatThrownBy(() -> replication(Optional.empty()).follow(new Region("ap-southeast-1")))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("ap-southeast-1 has no cache");
        assertThatThrownBy(() -> replication(Optional.of(new CacheLogin("mover", "wrong")))
                        .role())
                .isInstanceOf(CacheDeniedException.class);
    }
}
