package dev.burgee.read;

import static org.assertj.core.api.Assertions.assertThat;

import dev.burgee.flag.FlagKey;
import dev.burgee.flag.FlagState;
import dev.burgee.ledger.Entry;
import java.time.Duration;
import org.junit.jupiter.api.Test;

/** What the copies that a process keeps are good for; what holds without them too is in {@link TieredReadTest}. */
final class TieredReadFromMemoryTest {
    private static final Duration WINDOW = Duration.ofMillis(250);
    private static final Duration LONG = Duration.ofMinutes(6);

    private final ReadWorld world = new ReadWorld(WINDOW);

    private static long version(Answer<FlagState> answer) {
        return answer.value().version();
    }

    @Test
    void answersFromTheLocalReplicaThenFromMemory() {
        world.known("a");

        assertThat(world.read("a").source()).isEqualTo(Source.REPLICA);
        int calls = world.replica.calls();
        assertThat(world.read("a").source()).isEqualTo(Source.MEMORY);
        assertThat(world.replica.calls()).isEqualTo(calls);
        assertThat(world.home.calls()).as("an ocean away").isLessThanOrEqualTo(2);
    }

    @Test
    void asksTheReplicaAgainOnceTheWindowIsOver() {
        world.known("a");
        world.read("a");
        world.put("a");
        world.replicate();

        assertThat(version(world.read("a"))).as("within the window").isEqualTo(1);
        world.pass(WINDOW);
        assertThat(world.read("a")).satisfies(answer -> {
            assertThat(version(answer)).isEqualTo(2);
            assertThat(answer.source()).isEqualTo(Source.REPLICA);
            assertThat(answer.position().number()).isEqualTo(2);
        });
    }

    @Test
    void answersTheLastKnownCopyMarkedStaleWhenAllIsGone() {
        world.known("a");
        world.read("a");
        world.pass(Duration.ofSeconds(30));
        world.replica.down(true);
        world.home.down(true);
        world.ledger.down(true);

        Answer<FlagState> answer = world.read("a");

        assertThat(answer.source()).isEqualTo(Source.LAST_KNOWN);
        assertThat(answer.stale()).isEqualTo(Duration.ofSeconds(30));
        assertThat(version(answer)).isEqualTo(1);
    }

    @Test
    void answersWhatItRemembersWhileAllThatIsLeftIsBehindIt() {
        world.known("a");
        var old = world.replica.contents();
        world.put("a");
        world.replicate();
        world.read("a");
        world.replica.restore(old);
        world.home.down(true);
        world.ledger.down(true);
        world.pass(LONG);

        assertThat(version(world.read("a"))).isEqualTo(2);
    }

    @Test
    void listsFromOneRoundTripThenFromMemory() {
        world.known("a");
        world.known("b");

        assertThat(world.list(0).source()).isEqualTo(Source.REPLICA);
        int calls = world.replica.calls();
        Answer<Snapshot> again = world.list(0);
        assertThat(again.source()).isEqualTo(Source.MEMORY);
        assertThat(world.replica.calls()).isEqualTo(calls);
        assertThat(again.value().whole().body().text())
                .isEqualTo("{\"flags\":[{\"key\":\"a\",\"version\":1},{\"key\":\"b\",\"version\":2}]}");
        assertThat(world.read("b").source()).as("one memory for both").isEqualTo(Source.MEMORY);
    }

    @Test
    void listsFromTheLedgerAndThenTheLastKnown() {
        world.known("a");
        world.replica.down(true);
        world.home.down(true);
        assertThat(world.list(0).source()).isEqualTo(Source.DATABASE);
        world.ledger.down(true);
        world.pass(Duration.ofSeconds(2));

        Answer<Snapshot> answer = world.list(0);

        assertThat(answer.source()).isEqualTo(Source.LAST_KNOWN);
        assertThat(answer.stale()).isEqualTo(Duration.ofSeconds(2));
    }

    @Test
    void aFlagBehindAMarkerIsLastKnownAsItWasAndNotMissing() {
        world.known("a");
        world.known("b");
        world.list(0);
        world.write(Entry.Kind.INVALIDATE, "a");
        world.replicate();
        world.pass(WINDOW);
        world.ledger.down(true);

        Answer<Snapshot> list = world.list(0);
        Answer<FlagState> single = world.read("a");

        assertThat(list.source()).isEqualTo(Source.LAST_KNOWN);
        assertThat(list.position().number()).isEqualTo(2);
        assertThat(list.value().flags()).containsOnlyKeys(new FlagKey("a"), new FlagKey("b"));
        assertThat(single.source()).isEqualTo(Source.LAST_KNOWN);
        assertThat(version(single)).isEqualTo(1);
    }

    @Test
    void waitsWithAListAndWithWhatMemoryHas() {
        world.known("a");
        world.list(0);
        long position = world.put("b").number();
        world.time.in(Duration.ofMillis(9), world::replicate);

        Answer<Snapshot> list = world.list(position);

        assertThat(list.source()).isEqualTo(Source.REPLICA);
        assertThat(list.value().whole().body().text()).contains("\"b\"");
        assertThat(world.read("a", position).source()).as("one memory for both").isEqualTo(Source.MEMORY);
    }
}
