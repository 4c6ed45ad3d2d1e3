package dev.burgee.local;

import static dev.burgee.local.Geography.AP_SOUTHEAST_1;
import static dev.burgee.local.Geography.EU_WEST_1;
import static dev.burgee.local.Geography.US_EAST_1;
import static org.assertj.core.api.Assertions.assertThat;

import dev.burgee.region.Region;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.concurrent.locks.LockSupport;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** The loss of the primary's region and what follows, with the functions that ship; nothing is ever restarted or set. */
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
@Timeout(180)
final class WorldPromotionIT {
    /** Far above what the issue promises: what is measured is measured by the drill. */
    private static final Duration LIMIT = Duration.ofSeconds(45);

    private static final Duration PULSE = Duration.ofSeconds(3);

    private final World world =
            World.start(WorldOptions.ofThreeRegions(Functions.shipped()).withPulse(PULSE));
    private final Control control = new Control(world);
    private int written;

    @BeforeEach
    void healAndBringTheHomeBack() {
        control.healAll();
        control.post("/promote/us-east-1");
        awaitSettled(US_EAST_1);
    }

    @AfterAll
    void close() {
        control.close();
        world.close();
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "?silent=true"})
    void writesGoOnInEverySurvivingRegionAndTheOldHomeComesBackAsAReplica(String how) {
        long epoch = epoch();
        control.post("/regions/us-east-1/isolate");
        String meanwhile = write(EU_WEST_1);

        control.post("/promote/eu-west-1" + how);

        awaitHome(EU_WEST_1);
        assertThat(epoch()).isGreaterThan(epoch);
        List<String> keys = List.of(meanwhile, writePropagating(EU_WEST_1), writePropagating(AP_SOUTHEAST_1));
        awaitVisible(keys, EU_WEST_1, AP_SOUTHEAST_1);

        control.post("/regions/us-east-1/heal");

        assertThat(control.role(US_EAST_1)).isEqualTo("replica");
        awaitVisible(keys, US_EAST_1);
        awaitVisible(List.of(writePropagating(US_EAST_1)), US_EAST_1, EU_WEST_1, AP_SOUTHEAST_1);
        awaitHome(EU_WEST_1);
    }

    @Test
    void theRecordIsRepairedByTheScheduleOnceRoute53TakesChangesAgain() {
        long epoch = epoch();
        control.post("/dns/refuse");
        // without an event nothing but the schedule notices
        control.post("/promote/ap-southeast-1?silent=true");

        Await.until("the promotion is recorded", LIMIT, () -> epoch() > epoch);
        long refused = world.dns().refusals();
        Await.until("the record could not be changed", LIMIT, () -> world.dns().refusals() > refused);
        awaitVisible(
                List.of(writePropagating(EU_WEST_1), writePropagating(AP_SOUTHEAST_1)),
                US_EAST_1,
                EU_WEST_1,
                AP_SOUTHEAST_1);
        assertThat(control.status().get("cname")).isEqualTo(FunctionEnvironment.cacheName(US_EAST_1));

        control.post("/dns/allow");

        awaitHome(AP_SOUTHEAST_1);
    }

    @Test
    void aForgedEventMovesNothing() {
        long epoch = epoch();
        int before = control.lines("/events").size();

        control.post("/events/eu-west-1", "{\"ElastiCache:ReplicationGroupPromotedAsPrimary\":\"burgee-eu-west-1\"}");
        control.post("/events/eu-west-1", "ElastiCache:ReplicationGroupPromotedAsPrimary : burgee-eu-west-1");
        control.post("/events/ap-southeast-1", "");

        Await.until("all are delivered", LIMIT, () -> control.lines("/events").size() >= before + 3);
        assertThat(control.lines("/events").subList(before, before + 3))
                .<Object>extracting(line -> line.get("outcome"))
                .containsOnly("delivered");
        assertThat(epoch()).isEqualTo(epoch);
        assertThat(control.status().get("cname")).isEqualTo(FunctionEnvironment.cacheName(US_EAST_1));
    }

    @Test
    void aPromotionThatIsToldTwiceIsOne() {
        control.post("/promote/eu-west-1");
        awaitHome(EU_WEST_1);
        long epoch = epoch();
        int before = control.lines("/events").size();

        control.post("/promote/eu-west-1");

        Await.until("it is delivered", LIMIT, () -> control.lines("/events").size() > before);
        assertThat(epoch()).isEqualTo(epoch);
    }

    private void awaitHome(Region home) {
        Await.until("the record names " + home, LIMIT, () -> {
            Map<?, ?> status = control.status();
            return home.code().equals(status.get("primary"))
                    && FunctionEnvironment.cacheName(home).equals(status.get("cname"));
        });
    }

    /** Nothing moves any more, for two rounds of the schedules: functions that had begun before have ended. */
    private void awaitSettled(Region home) {
        awaitHome(home);
        long[] seen = {epoch(), System.nanoTime()};
        Await.until("the home stays " + home, LIMIT, () -> {
            LockSupport.parkNanos(Duration.ofMillis(200).toNanos());
            Map<?, ?> status = control.status();
            boolean same =
                    epoch() == seen[0] && FunctionEnvironment.cacheName(home).equals(status.get("cname"));
            if (!same) {
                seen[0] = epoch();
                seen[1] = System.nanoTime();
            }
            return System.nanoTime() - seen[1] > PULSE.multipliedBy(2).toNanos();
        });
    }

    private long epoch() {
        return control.status().get("epoch") instanceof Integer epoch ? epoch : -1;
    }

    /** Accepted at once, wherever the primary is. */
    private String write(Region region) {
        String key = "key-" + written++;
        Reply reply = new Api(world.baseUri(region)).put(key, Api.document("on"));
        assertThat(reply.status()).as(reply.body()).isEqualTo(201);
        return key;
    }

    /** Tries until a cache takes one at once. */
    private String writePropagating(Region region) {
        String key = "key-" + written++;
        Api api = new Api(world.baseUri(region));
        Await.until(
                "a write in " + region + " is propagating",
                LIMIT,
                () -> api.put(key, Api.document("on")).body().contains("\"propagating\""));
        return key;
    }

    private void awaitVisible(List<String> keys, Region... regions) {
        for (Region region : regions) {
            Api api = new Api(world.baseUri(region));
            for (String key : keys) {
                Await.until(
                        key + " is visible in " + region,
                        LIMIT,
                        () -> api.read(key).status() == 200);
            }
        }
    }
}
