package dev.burgee.hint;

import static org.assertj.core.api.Assertions.assertThat;

import dev.burgee.region.Region;
import java.time.Instant;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** What holds for every place where the home is announced. Each test gets one that is missing. */
abstract class HomeHintContract {
    private static final Instant NOON = Instant.parse("2026-11-21T12:00:00.123Z");

    abstract HomeHint hint();

    /** Writes any text, as a person might. */
    abstract void put(String text);

    static Hint hint(String region, long epoch) {
        return new Hint(new Region(region), epoch, NOON);
    }

    @Test
    void aMissingOneIsMissingUntilItIsAnnounced() {
        assertThat(hint().read()).isEqualTo(new HomeHint.Reading.Missing());

        assertThat(hint().announce(hint("eu-west-1", 1))).isEqualTo(new HomeHint.Announced.Written());

        assertThat(hint().read()).isEqualTo(new HomeHint.Reading.Found(hint("eu-west-1", 1)));
    }

    @Test
    void theEpochOnlyRises() {
        hint().announce(hint("eu-west-1", 2));

        assertThat(hint().announce(hint("us-east-1", 1))).isEqualTo(new HomeHint.Announced.Kept(2));
        assertThat(hint().announce(hint("us-east-1", 2))).isEqualTo(new HomeHint.Announced.Kept(2));
        assertThat(hint().read()).isEqualTo(new HomeHint.Reading.Found(hint("eu-west-1", 2)));

        assertThat(hint().announce(hint("us-east-1", 3))).isEqualTo(new HomeHint.Announced.Written());
        assertThat(hint().read()).isEqualTo(new HomeHint.Reading.Found(hint("us-east-1", 3)));
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "eu-west-1",
                "{}",
                "[]",
                "{\"region\":\"EU\",\"epoch\":1,\"since\":\"2026-11-21T12:00:00Z\"}",
                "{\"region\":\"eu-west-1\",\"epoch\":\"9\",\"since\":\"2026-11-21T12:00:00Z\"}",
                "{\"region\":\"eu-west-1\",\"epoch\":0,\"since\":\"2026-11-21T12:00:00Z\"}",
                "{\"region\":\"eu-west-1\",\"epoch\":99999999999999999999,\"since\":\"2026-11-21T12:00:00Z\"}",
                "{\"region\":\"eu-west-1\",\"epoch\":9,\"since\":\"yesterday\"}"
            })
    void whatCannotBeReadIsReplaced(String typed) {
        put(typed);
        assertThat(hint().read()).isInstanceOf(HomeHint.Reading.Unreadable.class);

        assertThat(hint().announce(hint("eu-west-1", 1))).isEqualTo(new HomeHint.Announced.Written());

        assertThat(hint().read()).isEqualTo(new HomeHint.Reading.Found(hint("eu-west-1", 1)));
    }

    @Test
    void readsWhatAPersonTyped() {
        put("{ \"since\": \"2026-11-21T12:00:00.123Z\", \"by\": \"alice\", \"epoch\": 4, \"region\": \"eu-west-1\" }");

        assertThat(hint().read()).isEqualTo(new HomeHint.Reading.Found(hint("eu-west-1", 4)));
    }
}
