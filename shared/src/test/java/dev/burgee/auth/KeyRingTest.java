package dev.burgee.auth;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import dev.burgee.failure.MisconfiguredException;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

class KeyRingTest {
    private static final String HEX = "0".repeat(64);

    @Test
    void knowsTheOwnersOfItsKeys() {
        KeyRing ring = KeyRing.parse(
                Keys.secret(Keys.entry("ci", "admin", "secret-1"), Keys.entry("app", "read", "secret-2")));

        assertThat(ring.owner("secret-1")).contains(new Principal("ci", Scope.ADMIN));
        assertThat(ring.owner("secret-2")).contains(new Principal("app", Scope.READ));
        assertThat(ring.owner("secret-3")).isEmpty();
        assertThat(ring.owner("")).isEmpty();
    }

    @Test
    void takesDigestsInEitherCase() {
        String secret = Keys.secret(Keys.entry("ci", "admin", "k")).replace(Keys.sha256("k"), upper(Keys.sha256("k")));

        assertThat(KeyRing.parse(secret).owner("k")).isPresent();
    }

    @Test
    void ignoresMembersThatNewerSecretsMayHave() {
        String secret = "{\"keys\":[{\"name\":\"ci\",\"scope\":\"read\",\"sha256\":\"" + HEX
                + "\",\"until\":\"2030-01-01\"}],\"format\":2}";

        assertThat(KeyRing.parse(secret)).hasToString("KeyRing[Principal[name=ci, scope=READ]]");
    }

    static Stream<Arguments> badSecrets() {
        String key = "{\"name\":\"a\",\"scope\":\"read\",\"sha256\":\"" + HEX + "\"}";
        return Stream.of(
                Arguments.of("", List.of("is empty, but must be a JSON value")),
                Arguments.of("nonsense", List.of("is not valid JSON (line 1, column 1)")),
                Arguments.of("[]", List.of("must be an object with a list \"keys\"")),
                Arguments.of("{}", List.of("must be an object with a list \"keys\"")),
                Arguments.of("{\"keys\":{}}", List.of("must be an object with a list \"keys\"")),
                Arguments.of("{\"keys\":[]}", List.of("/keys has 0 keys, but must have 1 to 100")),
                Arguments.of("{\"keys\":[7]}", List.of("/keys/0 must be an object")),
                Arguments.of(
                        "{\"keys\":[{}]}",
                        List.of(
                                "/keys/0/name must be 1 to 64 printable characters",
                                "/keys/0/scope must be \"read\" or \"admin\"",
                                "/keys/0/sha256 must be the 64 hex digits of the key's SHA-256")),
                Arguments.of(
                        "{\"keys\":[" + key.replace("\"a\"", "\"" + "n".repeat(65) + "\"") + "]}",
                        List.of("/keys/0/name must be 1 to 64 printable characters")),
                Arguments.of(
                        "{\"keys\":[" + key.replace("\"a\"", "\"a\\nb\"") + "]}",
                        List.of("/keys/0/name must be 1 to 64 printable characters")),
                Arguments.of(
                        "{\"keys\":[" + key.replace("\"read\"", "\"open\"") + "]}",
                        List.of("/keys/0/scope must be \"read\" or \"admin\"")),
                Arguments.of(
                        "{\"keys\":[" + key.replace(HEX, HEX + "0") + "]}",
                        List.of("/keys/0/sha256 must be the 64 hex digits of the key's SHA-256")),
                Arguments.of(
                        "{\"keys\":[" + key + "," + key + "]}",
                        List.of(
                                "/keys/1/name is \"a\", which another key has already",
                                "/keys/1/sha256 is that of another key already")));
    }

    @ParameterizedTest
    @MethodSource("badSecrets")
    void namesEveryProblemOfABadSecret(String secret, List<String> problems) {
        var thrown = catchThrowableOfType(MisconfiguredException.class, () -> KeyRing.parse(secret));

        assertThat(thrown.problems()).isEqualTo(problems);
        assertThat(thrown.text()).startsWith("keys secret: ").doesNotContain(HEX);
    }

    @Test
    void takesAtMostAHundredKeys() {
        List<String> entries = new ArrayList<>();
        for (int i = 0; i <= KeyRing.KEYS_MAX; i++) {
            entries.add(Keys.entry("key-" + i, "read", "k" + i));
        }

        assertThatThrownBy(() -> KeyRing.parse(Keys.secret(entries.toArray(String[]::new))))
                .hasMessageContaining("/keys has 101 keys");
        entries.removeLast();
        assertThat(KeyRing.parse(Keys.secret(entries.toArray(String[]::new))).owner("k99"))
                .isPresent();
    }

    private static String upper(String hex) {
        return hex.toUpperCase(Locale.ROOT);
    }
}
