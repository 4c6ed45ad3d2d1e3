package dev.burgee.http;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class AdminTokenTest {
    private static final Event PUT = Event.of("PUT", "/api/admin/flags/f")
            .header("authorization", "Bearer a.b.c")
            .body("{}");

    private final EdgeWorld world = new EdgeWorld();

    AdminTokenTest() {
        world.adminTokens = true;
    }

    @Test
    void theActorIsTheTokensSubject() throws IOException {
        var written = world.stream(PUT.key("admin").json(Map.of("sub", "alice", "iat", 1, "groups", List.of("a"))));

        assertThat(written.status()).isEqualTo(200);
        assertThat(world.seen.getFirst().principal().name()).isEqualTo("alice");
    }

    @Test
    void aTokenIsNoKey() throws IOException {
        assertThat(world.stream(PUT.json(Map.of("sub", "alice"))).status()).isEqualTo(401);
        assertThat(world.stream(PUT.key("reader").json(Map.of("sub", "alice"))).status())
                .isEqualTo(403);
        assertThat(world.seen).isEmpty();
    }

    @Test
    void aKeyIsNoToken() throws IOException {
        assertThat(world.stream(PUT.key("admin").json()).status()).isEqualTo(401);
        assertThat(world.stream(PUT.key("admin").json(Map.of())).status()).isEqualTo(401);
        assertThat(world.seen).isEmpty();
    }

    @ParameterizedTest
    @ValueSource(strings = {"", " ", " alice", "al\nice", "é"})
    void aSubjectThatIsNoNameIsRefused(String subject) throws IOException {
        assertThat(world.stream(PUT.key("admin").json(Map.of("sub", subject))).status())
                .isEqualTo(401);
    }

    @Test
    void readsAskForNoToken() throws IOException {
        Event get = Event.get("/api/config/flags/f").key("reader");

        assertThat(world.stream(get.json()).status()).isEqualTo(200);
        assertThat(world.seen.getFirst().principal().name()).isEqualTo("reader");
    }

    @Test
    void withoutTheSettingClaimsMeanNothing() throws IOException {
        world.adminTokens = false;
        Event put = Event.of("PUT", "/api/admin/flags/f").body("{}").key("admin");

        assertThat(world.stream(put.json(Map.of("sub", "mallory"))).status()).isEqualTo(200);
        assertThat(world.seen.getFirst().principal().name()).isEqualTo("admin");
    }
}
