package dev.burgee.http;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.burgee.auth.Principal;
import dev.burgee.failure.InvalidRequestException;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class ETagsTest {
    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            quoteCharacter = '\'',
            value = {
                "*                 | true  | true",
                " *                | true  | true",
                "\"42\"            | true  | true",
                "W/\"42\"          | false | true",
                "\"41\", \"42\"    | true  | true",
                "\"41\",W/\"42\"   | false | true",
                "\"4,2\",\t\"42\"  | true  | true",
                "\"41\"            | false | false",
                "\"420\"           | false | false",
                "\"\"              | false | false",
            })
    void comparesStronglyForIfMatchAndWeaklyForIfNoneMatch(String value, boolean strong, boolean weak) {
        ETags tags = ETags.parse("If-Match", value);

        assertThat(tags.matchesStrongly(42)).isEqualTo(strong);
        assertThat(tags.matchesWeakly(42)).isEqualTo(weak);
        assertThat(tags.matchesStrongly("\"42\"")).isEqualTo(strong);
        assertThat(tags.matchesWeakly("W/\"42\"")).isEqualTo(weak);
    }

    @Test
    void somethingWithAWeakTagNeverMatchesStrongly() {
        assertThat(ETags.parse("If-Match", "\"42\"").matchesStrongly("W/\"42\""))
                .isFalse();
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "",
                " ",
                "42",
                "\"42",
                "42\"",
                "'42'",
                "w/\"42\"",
                "W/42",
                "W/ \"42\"",
                "\"4 2\"",
                "\"42\" \"43\"",
                "\"42\";\"43\"",
                "\"42\",",
                ",\"42\"",
                "*,\"42\"",
                "\"42\",*",
                "\"ü\"",
                "\"\u0007\"",
                "**"
            })
    void refusesOtherFormsByNameValueAndRule(String value) {
        assertThatThrownBy(() -> ETags.parse("If-None-Match", value))
                .isInstanceOfSatisfying(
                        InvalidRequestException.class,
                        e -> assertThat(e.violations().getFirst().pointer()).isEqualTo("If-None-Match"))
                .hasMessage("If-None-Match: " + Shown.of(value)
                        + " must be * or entity tags such as \"42\", separated by commas");
    }

    @Test
    void takesListsOfAnyLength() {
        String many = "\"1\",".repeat(50_000);

        assertThat(ETags.parse("If-Match", many + "\"42\"").matchesStrongly(42)).isTrue();
        assertThatThrownBy(() -> ETags.parse("If-Match", many)).isInstanceOf(InvalidRequestException.class);
    }

    @Test
    void readsTheHeadersOfARequest() {
        Request request = request(Map.of("if-match", "\"1\"", "if-none-match", "*"));

        assertThat(ETags.ifMatch(request).orElseThrow().matchesStrongly(1)).isTrue();
        assertThat(ETags.ifNoneMatch(request).orElseThrow().any()).isTrue();
        assertThat(ETags.ifMatch(request(Map.of()))).isEmpty();
        assertThat(ETags.ifNoneMatch(request(Map.of()))).isEmpty();
    }

    private static Request request(Map<String, String> headers) {
        return new Request("GET", "/", Map.of(), Map.of(), headers, null, Principal.NOBODY, "id");
    }
}
