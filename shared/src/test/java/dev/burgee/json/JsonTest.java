package dev.burgee.json;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class JsonTest {
    @ParameterizedTest
    @ValueSource(
            strings = {
                "{\"b\":1,\"a\":[null,true,-0.10,12345678901234567890,1E+400,\"é\\n😀\"]}",
                "[]",
                "\"x\"",
                "null",
                "{\"a\":{}}"
            })
    void writesWhatItRead(String text) {
        assertThat(Json.write(Json.parse(text))).isEqualTo(text);
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            quoteCharacter = '\0',
            value = {
                "{|is not valid JSON: it ends too early",
                "{\"a\":1}}|is not valid JSON",
                "{\"a\":1} 2|has more text after the JSON value",
                "{\"a\":1,\"a\":2}|names a member twice",
                "{'a':1}|is not valid JSON",
                "NaN|is not valid JSON",
                "[1,]|is not valid JSON",
                "\"\\ud800\"|has a string with half a surrogate pair",
                "{\"\\udc00x\":1}|has a string with half a surrogate pair",
            })
    void saysWhatIsWrong(String text, String problem) {
        assertThatThrownBy(() -> Json.parse(text))
                .isInstanceOf(MalformedJsonException.class)
                .hasMessageStartingWith(problem);
    }

    @ParameterizedTest
    @ValueSource(strings = {"", " ", "\n\t"})
    void refusesAnEmptyText(String text) {
        assertThatThrownBy(() -> Json.parse(text)).hasMessage("is empty, but must be a JSON value");
    }

    @Test
    void refusesDeepNestingAndEndlessNumbers() {
        assertThatThrownBy(() -> Json.parse("[".repeat(1_000) + "]".repeat(1_000)))
                .hasMessageStartingWith("nests deeper than 100 levels");
        assertThatThrownBy(() -> Json.parse("1".repeat(101)))
                .hasMessageContaining("number of more than 100 characters");
        assertThat(Json.parse("[".repeat(100) + "]".repeat(100))).isNotNull();
    }

    @Test
    void refusesNumbersThatNothingCanHold() {
        for (String number : List.of("1e99999999999", "-1.5E-99999999999", "0.1e-2147483648")) {
            for (String text : List.of(number, "[" + number + "]", "{\"b\":1,\"a\":{\"c\":" + number + "}}")) {
                assertThatThrownBy(() -> Json.parse(text))
                        .as(text)
                        .isInstanceOf(MalformedJsonException.class)
                        .hasMessageContaining("exponent is beyond 32 bits");
            }
        }
        assertThat(Json.write(Json.parse("[1e2147483647,1e-2147483647]"))).isEqualTo("[1E+2147483647,1E-2147483647]");
    }

    @Test
    void namesTheLimitThatANameBreaks() {
        assertThatThrownBy(() -> Json.parse("{\"" + "n".repeat(50_001) + "\":1}"))
                .hasMessageContaining("name of more than 50000 characters");
    }

    @Test
    void neverQuotesTheTextInItsMessages() {
        assertThatThrownBy(() -> Json.parse("{\"password\": hunter2}"))
                .message()
                .doesNotContain("hunter2");
    }
}
