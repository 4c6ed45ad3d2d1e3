package dev.burgee.hint;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

final class FakeHomeHintTest extends HomeHintContract {
    private final FakeHomeHint fake = new FakeHomeHint();

    @Override
    HomeHint hint() {
        return fake;
    }

    @Override
    void put(String text) {
        fake.put(text);
    }

    @Test
    void failsAsItIsTold() {
        fake.fail(HomeHint.Why.THROTTLED);

        assertThat(fake.read()).isInstanceOf(HomeHint.Reading.Failed.class);
        assertThat(fake.announce(hint("eu-west-1", 1))).isInstanceOf(HomeHint.Announced.Failed.class);
        assertThat(fake.written()).isZero();
    }
}
