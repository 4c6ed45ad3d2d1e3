package dev.burgee.read;

import static org.assertj.core.api.Assertions.assertThat;

import dev.burgee.ledger.Position;
import dev.burgee.metrics.Metric;
import java.time.Duration;
import org.junit.jupiter.api.Test;

final class RefillTest {
    private final ReadWorld world = new ReadWorld();

    @Test
    void theReaderThatMeetsAnEmptyHomeHasItLoadedAndDoesNotWait() {
        world.put("a");
        world.home.flush();
        world.replica.flush();

        Answer<?> answer = world.read("a");

        assertThat(answer.source()).isEqualTo(Source.DATABASE);
        assertThat(world.home.contents().position()).isNull();
        world.refills.forEach(Runnable::run);
        assertThat(world.home.contents().position()).isEqualTo(new Position(1));
        assertThat(world.metrics.sum(Metric.REPAIRED)).isEqualTo(1);
        world.replicate();
        world.pass(Duration.ofSeconds(1));
        assertThat(world.read("a").source()).isEqualTo(Source.REPLICA);
    }

    @Test
    void manyReadersLoadItOnce() {
        world.put("a");
        world.home.flush();
        world.replica.flush();
        for (String key : new String[] {"a", "b", "c"}) {
            world.read(key);
        }
        assertThat(world.refills).as("one at a time in this process").hasSize(1);

        assertThat(world.home.monitor().claimLoad(Refill.LOAD_MAX))
                .as("another process was first")
                .isTrue();
        world.refills.removeFirst().run();
        assertThat(world.home.contents().position()).isNull();

        world.pass(Duration.ofMillis(500));
        world.read("d");
        assertThat(world.refills).as("too soon").isEmpty();
        world.pass(Refill.LOAD_MAX);
        world.read("e");
        world.refills.removeFirst().run();
        assertThat(world.home.contents().position()).as("the other one died").isEqualTo(new Position(1));
    }

    @Test
    void anEmptyReplicaOfAFullHomeIsNotLoaded() {
        world.put("a");
        world.replica.flush();

        assertThat(world.read("a").source()).isEqualTo(Source.PRIMARY);
        assertThat(world.refills).isEmpty();
    }

    @Test
    void aHomeThatIsNoMoreLooksForTheNewOne() {
        world.home.flush();
        world.replica.flush();
        world.home.readOnly(true);
        world.read("a");
        int before = world.caches.located();

        world.refills.removeFirst().run();

        assertThat(world.caches.located()).isEqualTo(before + 1);
        assertThat(world.metrics.sum(Metric.REPAIRED)).isZero();
    }
}
