package dev.burgee.primary;

import static org.assertj.core.api.Assertions.assertThat;

import dev.burgee.cache.FakeFlagCache;
import dev.burgee.cache.FlagCache;
import dev.burgee.region.Region;
import dev.burgee.settings.Limits;
import dev.burgee.time.Deadline;
import dev.burgee.time.FakeTime;
import java.time.Duration;
import org.junit.jupiter.api.Test;

class CacheTierTest {
    private static final Region US = new Region("us-east-1");
    private static final Region EU = new Region("eu-west-1");

    private final FakeTime time = new FakeTime();
    private final FakeFlagCache us = new FakeFlagCache(US, time);
    private final FakeFlagCache eu = new FakeFlagCache(EU, time);
    private final FakeCaches caches = new FakeCaches(EU, us, eu);
    private final CacheTier home = new CacheTier(caches, Limits.DEFAULTS.crossWrite(), time, _ -> {}, _ -> {});

    @Test
    void aNewHomeDoesNotInheritTheOldOnesBreaker() {
        us.down(true);
        eu.readOnly(false);
        Deadline deadline = Deadline.after(Duration.ofSeconds(5), time);
        for (int i = 0; i < 3; i++) {
            assertThat(home.ask(caches::home, FlagCache::head, deadline)).isEmpty();
        }
        assertThat(home.breaker(US).isOpen()).isTrue();

        caches.locate(deadline);

        assertThat(home.ask(caches::home, FlagCache::head, deadline)).isPresent();
        assertThat(home.breaker(EU).isOpen()).isFalse();
    }
}
