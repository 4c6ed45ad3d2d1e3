package dev.burgee.auth;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.burgee.failure.ForbiddenException;
import dev.burgee.failure.UnauthorizedException;
import dev.burgee.failure.UnavailableException;
import java.time.Duration;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class KeyAuthenticatorTest {
    private static final KeyRing RING =
            KeyRing.parse(Keys.secret(Keys.entry("ci", "admin", "adm"), Keys.entry("app", "read", "rd")));
    private final Authenticator closed = new KeyAuthenticator(() -> RING, false);
    private final Authenticator open = new KeyAuthenticator(() -> RING, true);

    @ParameterizedTest
    @ValueSource(strings = {"Bearer adm", "bearer adm", "BEARER  adm "})
    void takesABearerKey(String authorization) {
        assertThat(closed.authenticate(Map.of("authorization", authorization), Scope.ADMIN))
                .isEqualTo(new Principal("ci", Scope.ADMIN));
    }

    @Test
    void takesAnApiKey() {
        assertThat(closed.authenticate(Map.of("x-api-key", "rd"), Scope.READ))
                .isEqualTo(new Principal("app", Scope.READ));
    }

    @Test
    void anAuthorizationOfAnotherKindLeavesRoomForTheApiKey() {
        assertThat(closed.authenticate(Map.of("authorization", "Basic eDp5", "x-api-key", "rd"), Scope.READ)
                        .name())
                .isEqualTo("app");
    }

    @Test
    void theBearerKeyCountsWhereBothAreSent() {
        assertThatThrownBy(() ->
                        closed.authenticate(Map.of("authorization", "Bearer wrong", "x-api-key", "adm"), Scope.READ))
                .isInstanceOf(UnauthorizedException.class);
    }

    @Test
    void anAdminKeyMayRead() {
        assertThat(closed.authenticate(Map.of("x-api-key", "adm"), Scope.READ).name())
                .isEqualTo("ci");
    }

    @Test
    void aReadKeyMayNotAdminister() {
        assertThatThrownBy(() -> closed.authenticate(Map.of("x-api-key", "rd"), Scope.ADMIN))
                .isInstanceOf(ForbiddenException.class)
                .hasMessage("the key \"app\" has the scope read, but this needs admin");
    }

    @ParameterizedTest
    @ValueSource(strings = {"", " ", "Bearer", "Bearer ", "Basic adm", "adm"})
    void withoutAKeyNobodyGetsIn(String authorization) {
        assertThatThrownBy(() -> closed.authenticate(Map.of("authorization", authorization), Scope.READ))
                .isInstanceOf(UnauthorizedException.class)
                .hasMessage("no key: send Authorization: Bearer <key>, or X-API-Key: <key>");
    }

    @Test
    void anUnknownKeyIsNotRepeated() {
        assertThatThrownBy(() -> closed.authenticate(Map.of("x-api-key", "guess"), Scope.READ))
                .isInstanceOf(UnauthorizedException.class)
                .hasMessageNotContaining("guess");
    }

    @Test
    void openReadsNeedNoKeyButWritesDo() {
        assertThat(open.authenticate(Map.of(), Scope.READ)).isEqualTo(Principal.anonymous(Scope.READ));
        assertThatThrownBy(() -> open.authenticate(Map.of(), Scope.ADMIN)).isInstanceOf(UnauthorizedException.class);
        assertThat(open.authenticate(Map.of("x-api-key", "adm"), Scope.ADMIN).name())
                .isEqualTo("ci");
    }

    @Test
    void theKeysAreOnlyAskedForWhenSomebodySendsOne() {
        Authenticator without = new KeyAuthenticator(
                () -> {
                    throw new UnavailableException("no keys yet", Duration.ZERO, null);
                },
                false);

        assertThatThrownBy(() -> without.authenticate(Map.of(), Scope.READ)).isInstanceOf(UnauthorizedException.class);
        assertThatThrownBy(() -> without.authenticate(Map.of("x-api-key", "k"), Scope.READ))
                .isInstanceOf(UnavailableException.class);
    }
}
