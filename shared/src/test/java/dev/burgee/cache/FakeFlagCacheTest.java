package dev.burgee.cache;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.burgee.ledger.Position;
import dev.burgee.time.SystemTime;
import java.util.List;
import org.junit.jupiter.api.Test;

final class FakeFlagCacheTest extends FlagCacheContract {
    private final FakeFlagCache cache = new FakeFlagCache(LedgerLog.HOME, new SystemTime());

    @Override
    FlagCache cache() {
        return cache;
    }

    @Override
    void flush() {
        cache.flush();
    }

    @Override
    void loseRecent() {
        cache.loseRecent();
    }

    @Override
    void undo(Runnable change) {
        FakeFlagCache.Contents before = cache.contents();
        change.run();
        cache.restore(before);
    }

    @Test
    void failsWhileItIsDown() {
        cache.down(true);
        assertThatThrownBy(cache::head).isInstanceOf(CacheUnavailableException.class);

        cache.down(false);
        assertThat(cache.head().position()).isNull();
        assertThat(cache.calls()).isEqualTo(2);
    }

    @Test
    void readsButRefusesToChangeWhileItIsReadOnly() {
        cache.load(ledger.state(), LedgerLog.EPOCH, null);
        cache.readOnly(true);

        assertThat(cache.head().position()).isEqualTo(ledger.end());
        assertThatThrownBy(() -> cache.apply(List.of(ledger.put("a")), null))
                .isInstanceOf(CacheReadOnlyException.class);
        assertThat(cache.head().position()).isEqualTo(Position.START);
    }

    @Test
    void failsAsWithAWrongPasswordWhileItIsDenied() {
        cache.denied(true);

        assertThatThrownBy(cache::head).isInstanceOf(CacheDeniedException.class);
    }
}
