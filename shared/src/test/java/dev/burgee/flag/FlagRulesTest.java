package dev.burgee.flag;

import static org.assertj.core.api.Assertions.assertThat;

import dev.burgee.failure.Violation;
import dev.burgee.json.Json;
import java.time.Instant;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class FlagRulesTest {
    private static final FlagKey KEY = new FlagKey("new-checkout");
    private static final String GOOD = """
            {"key":"new-checkout","state":"ENABLED","variants":{"on":true,"off":false},"defaultVariant":"off",\
            "targeting":{"if":[{"==":[{"var":"tier"},1.50]},"on",null]},"metadata":{"owner":"payments","cost":0.10},\
            "version":42,"updatedAt":"2026-11-21T05:00:00Z","updatedBy":"ci"}""";

    @Test
    void takesADocumentAsItIsServedAndKeepsEveryDigit() {
        FlagDefinition definition = Flag.definitionOf(KEY, GOOD);

        assertThat(new Flag(KEY, definition, 42, Instant.parse("2026-11-21T05:00:00.9Z"), "ci").json())
                .isEqualTo(GOOD);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "{\"state\":\"ENABLED\",\"variants\":{\"a\":1,\"b\":2.5}}",
                "{\"state\":\"DISABLED\",\"variants\":{\"a\":\"x\"},\"defaultVariant\":null}",
                "{\"state\":\"ENABLED\",\"variants\":{\"a\":{\"x\":[1,null]}},\"defaultVariant\":\"a\",\"targeting\":{}}",
            })
    void takesWhatFlagdTakes(String document) {
        assertThat(check(document)).isInstanceOf(FlagRules.Valid.class);
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            quoteCharacter = '\0',
            value = {
                "[]|''|is an array, but a flag must be an object",
                "null|''|is missing or null, but a flag must be an object",
                "{\"variants\":{\"a\":1}}|/state|is missing or null, but must be \"ENABLED\" or \"DISABLED\"",
                "{\"state\":\"on\",\"variants\":{\"a\":1}}|/state|is \"on\", but must be \"ENABLED\" or \"DISABLED\"",
                "{\"state\":true,\"variants\":{\"a\":1}}|/state|is a boolean, but must be \"ENABLED\" or \"DISABLED\"",
                "{\"state\":\"ENABLED\"}|/variants|is missing or null, but must be an object of 1 to 100 variants",
                "{\"state\":\"ENABLED\",\"variants\":{}}|/variants|has 0 variants, but must have 1 to 100",
                "{\"state\":\"ENABLED\",\"variants\":{\"a\":1,\"b\":\"x\"}}|/variants/b|is a string, but the first variant is a number and all must be of one type",
                "{\"state\":\"ENABLED\",\"variants\":{\"a/b\":null}}|/variants/a~1b|is missing or null, but must be a boolean, a string, a number or an object",
                "{\"state\":\"ENABLED\",\"variants\":{\"a\":[1]}}|/variants/a|is an array, but must be a boolean, a string, a number or an object",
                "{\"state\":\"ENABLED\",\"variants\":{\"\":1}}|/variants/|has an empty name, but a variant's name must have at least one character",
                "{\"state\":\"ENABLED\",\"variants\":{\"a\":1},\"defaultVariant\":\"b\"}|/defaultVariant|is \"b\", but must name one of the variants or be null",
                "{\"state\":\"ENABLED\",\"variants\":{\"a\":1},\"defaultVariant\":7}|/defaultVariant|is a number, but must be the name of a variant or null",
                "{\"state\":\"ENABLED\",\"variants\":{\"a\":1},\"targeting\":[]}|/targeting|is an array, but must be an object",
                "{\"state\":\"ENABLED\",\"variants\":{\"a\":1},\"targeting\":null}|/targeting|is missing or null, but must be an object",
                "{\"state\":\"ENABLED\",\"variants\":{\"a\":1},\"metadata\":{\"m\":{}}}|/metadata/m|is an object, but must be a string, a number or a boolean",
                "{\"state\":\"ENABLED\",\"variants\":{\"a\":1},\"colour\":1}|/colour|is not a member of a flag; there are state, variants, defaultVariant, targeting, metadata",
                "{\"state\":\"ENABLED\",\"variants\":{\"a\":1},\"key\":\"other\"}|/key|must be left out or be the key of the request, new-checkout",
            })
    void namesPlaceValueAndRule(String document, String pointer, String message) {
        assertThat(violations(document)).containsExactly(new Violation(pointer.replace("''", ""), message));
    }

    @Test
    void namesAllProblemsAtOnce() {
        assertThat(violations(
                        "{\"state\":1,\"variants\":[],\"defaultVariant\":{},\"targeting\":1,\"metadata\":2,\"x\":3}"))
                .extracting(Violation::pointer)
                .containsExactly("/x", "/state", "/variants", "/defaultVariant", "/targeting", "/metadata");
    }

    @Test
    void refusesADocumentOverSixtyFourKibibytesOfUtf8() {
        String fits = sized(FlagRules.DOCUMENT_BYTES_MAX);
        String over = sized(FlagRules.DOCUMENT_BYTES_MAX + 1);

        assertThat(check(fits)).isInstanceOf(FlagRules.Valid.class);
        assertThat(check(over)).isInstanceOfSatisfying(FlagRules.Invalid.class, invalid -> {
            assertThat(invalid.tooLarge()).isTrue();
            assertThat(invalid.violations().getFirst().message())
                    .isEqualTo("has 65537 bytes as JSON without white space, at most 65536");
        });
    }

    @ParameterizedTest
    @ValueSource(strings = {"", " ", "../x", "a b", "a%20b", "ключ", "a/b", "a\n", "a\u0000"})
    void refusesKeysThatAreNotPlain(String key) {
        assertThat(FlagKey.isValid(key)).isFalse();
        assertThat(FlagKey.problem(key)).contains("must be 1 to 128 characters out of A-Z a-z 0-9 . _ -");
    }

    @Test
    void takesKeysOfUpTo128Characters() {
        assertThat(FlagKey.isValid("k".repeat(128))).isTrue();
        assertThat(FlagKey.isValid("k".repeat(129))).isFalse();
    }

    /** A document whose definition has exactly so many bytes; the first letters take two bytes each. */
    private static String sized(int bytes) {
        String start = "{\"state\":\"ENABLED\",\"variants\":{\"a\":\"éé";
        String end = "\"},\"defaultVariant\":null,\"targeting\":{},\"metadata\":{}}";
        return start + "x".repeat(bytes - start.length() - 2 - end.length()) + end;
    }

    private static FlagRules.Checked check(String document) {
        return FlagRules.check(KEY, Json.parse(document), "");
    }

    private static List<Violation> violations(String document) {
        return ((FlagRules.Invalid) check(document)).violations();
    }
}
