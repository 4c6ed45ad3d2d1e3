package dev.burgee.region;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.Random;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class RegionTest {
    private static final Pattern CODE = Pattern.compile("[a-z]{2}(-[a-z]+)+-[0-9]{1,2}");
    private static final String LETTERS = "ab-1-z9";
    private static final int TEXTS = 200_000;

    @ParameterizedTest
    @ValueSource(strings = {"us-east-1", "us-gov-west-1", "ap-southeast-11"})
    void takesTheCodesOfRegions(String code) {
        assertThat(new Region(code)).hasToString(code);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "",
                "-",
                "us",
                "us-1",
                "us--1",
                "us-east",
                "us-east-",
                "us-east-123",
                "us-east--1",
                "u-east-1",
                "US-east-1",
                "us-east-1 ",
                "us-aaaaaaaaaaaaaaaaaaaaaaaaaaaaa-1"
            })
    void refusesWhatLooksLikeNone(String code) {
        assertThatThrownBy(() -> new Region(code))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("\"" + code + "\"");
    }

    @Test
    void takesJustWhatThePatternTakes() {
        long seed = new Random().nextLong();
        System.out.println("RegionTest seed " + seed);
        var random = new Random(seed);
        for (int i = 0; i < TEXTS; i++) {
            StringBuilder text = new StringBuilder(random.nextBoolean() ? "ab" : "");
            int length = random.nextInt(8);
            for (int j = 0; j < length; j++) {
                text.append(LETTERS.charAt(random.nextInt(LETTERS.length())));
            }
            String code = text.toString();
            assertThat(isTaken(code))
                    .as("\"%s\", seed %s", code, seed)
                    .isEqualTo(CODE.matcher(code).matches());
        }
    }

    private static boolean isTaken(String code) {
        try {
            return new Region(code).code().equals(code);
        } catch (IllegalArgumentException _) {
            return false;
        }
    }
}
