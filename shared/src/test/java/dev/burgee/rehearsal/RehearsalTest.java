package dev.burgee.rehearsal;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.burgee.auth.KeyRing;
import dev.burgee.cache.CachedFlag;
import dev.burgee.cache.FlagCache;
import dev.burgee.flag.FlagKey;
import dev.burgee.foundation.Foundation;
import dev.burgee.ledger.Position;
import dev.burgee.secret.RefreshingSecret;
import dev.burgee.settings.CommonSettings;
import dev.burgee.settings.Environment;
import dev.burgee.time.Deadline;
import dev.burgee.time.SystemTime;
import java.io.IOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

class RehearsalTest {
    private static final Map<String, String> REAL = Map.of(
            "AWS_REGION", "eu-west-1",
            "BURGEE_TOPOLOGY_SECRET", "burgee/topology",
            "BURGEE_KEYS_SECRET", "burgee/keys",
            "BURGEE_REPLICATION_SECRET", "burgee/replication",
            "BURGEE_LOCAL_READ_MS", "4000",
            "BURGEE_LOCAL_CONNECT_MS", "4000",
            "AWS_ENDPOINT_URL_SECRETS_MANAGER", "http://192.0.2.1",
            "AWS_CONTAINER_CREDENTIALS_FULL_URI", "http://192.0.2.1",
            "AWS_SECRET_ACCESS_KEY", "real",
            "AWS_SESSION_TOKEN", "real");

    private final SystemTime time = new SystemTime();

    @Test
    void nothingOnAStageNamesAnythingOutside() {
        List<Map<String, String>> seen = new ArrayList<>();

        assertThatThrownBy(() -> Rehearsal.play(REAL, time, (environment, _) -> {
                    seen.add(environment);
                    return () -> {
                        throw new IOException("enough");
                    };
                }))
                .hasMessage("enough");

        assertThat(seen).singleElement().satisfies(staged -> {
            assertThat(staged.values()).doesNotContain("real", "http://192.0.2.1", "burgee/topology", "burgee/keys");
            assertThat(staged).doesNotContainKey("BURGEE_REPLICATION_SECRET").containsEntry("AWS_REGION", "eu-west-1");
        });
    }

    @Test
    void aStageHasSecretsAWritableCacheAndAnEmptyLedger() throws IOException {
        try (Stage stage = Stage.build(REAL, time)) {
            Map<String, String> environment = stage.environment();
            Foundation base = Foundation.lay(
                    CommonSettings.from(new Environment(environment)),
                    environment,
                    "read-flag",
                    Duration.ZERO,
                    System.out);
            RefreshingSecret<KeyRing> keys =
                    base.secret("keys", environment.getOrDefault("BURGEE_KEYS_SECRET", ""), KeyRing::parse);
            FlagCache cache = base.caches().local();
            Deadline deadline = Deadline.after(Duration.ofSeconds(10), time);

            assertThat(keys.get().owner(Rehearsal.KEY)).isPresent();
            assertThat(cache.read(new FlagKey("any")).flag()).isInstanceOf(CachedFlag.Present.class);
            assertThat(cache.readAll().flags()).hasSize(1);
            assertThat(cache.newsSince(new Position(1)).changed())
                    .as("by the head")
                    .isEmpty();
            assertThat(cache.newsSince(new Position(1)).contiguous())
                    .as("by the script")
                    .isTrue();
            assertThat(cache.standing().writable()).isTrue();
            assertThat(base.ledger().end(deadline)).isEqualTo(Position.START);
            base.forgetConnections().run();
        }
    }
}
