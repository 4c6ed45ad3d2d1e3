package dev.burgee.local;

import static dev.burgee.local.Geography.AP_SOUTHEAST_1;
import static dev.burgee.local.Geography.EU_WEST_1;
import static dev.burgee.local.Geography.US_EAST_1;
import static org.assertj.core.api.Assertions.assertThat;

import dev.burgee.json.Json;
import dev.burgee.json.JsonTree;
import dev.burgee.local.runtime.FunctionProcess;
import dev.burgee.local.runtime.RuntimeAnswer;
import java.nio.file.Path;
import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.EnabledOnOs;
import org.junit.jupiter.api.condition.OS;
import org.junit.jupiter.api.io.TempDir;

/**
 * The packaged functions under SnapStart: AWS's runtime client stops for the snapshot, the world changes, and it goes on as
 * if restored weeks later. The client's native library is for Linux.
 */
@EnabledOnOs(OS.LINUX)
final class SnapStartIT {
    /** A JVM that rehearses, on a machine that has others to run as well. */
    private static final Duration INIT_MAX = Duration.ofSeconds(60);

    private static final String PASSWORD = "rotated-while-frozen";
    private static final String FLAG = "new-checkout";

    @TempDir
    private static Path folder;

    private final PackagedWorld packaged = PackagedWorld.start(folder, PackagedWorld.GENEROUS);
    private final World world = packaged.world();
    private final Map<String, FunctionProcess> frozen = new HashMap<>();

    @AfterEach
    void close() {
        frozen.values().forEach(FunctionProcess::close);
        packaged.close();
    }

    @Test
    void answersRightAfterARestoreIntoAnotherWorld() {
        packaged.seed();
        freeze(RegionFunctions.FAILOVER);
        // the world's own function has some, and is idle by now
        long connections = connections();
        List.of(RegionFunctions.READ, RegionFunctions.WRITE, RegionFunctions.PULSE)
                .forEach(this::freeze);
        assertThat(connections()).as("no socket gets into a snapshot").isLessThanOrEqualTo(connections);
        assertThat(frozen.values())
                .allSatisfy(process -> assertThat(process.output())
                        .as("nothing is measured or told before the snapshot")
                        .isEmpty());

        homeMoves();
        endpointGoes();
        passwordIsRotated();
        Reply changed = new Api(world.baseUri(AP_SOUTHEAST_1)).put(FLAG, Api.document("while-frozen"));
        assertThat(changed.isAccepted()).as(changed.body()).isTrue();
        frozen.values().forEach(process -> {
            process.restore();
            process.awaitInit(INIT_MAX);
        });

        ApiAnswer read = read(changed.position());
        assertThat(read.status()).as(read.body()).isEqualTo(200);
        assertThat(read.body()).contains("while-frozen");
        ApiAnswer written = ApiAnswer.of(
                answered(RegionFunctions.WRITE, String.valueOf(packaged.events().get(RegionFunctions.WRITE))));
        assertThat(written.status()).as(written.body()).isEqualTo(200);
        assertThat(JsonTree.of(String.valueOf(written.body()))
                        .object("propagation")
                        .text("writeRegion"))
                .as("found where the home is now")
                .isEqualTo(AP_SOUTHEAST_1.code());
        long position = Long.parseLong(written.headers().get("Burgee-Position"));
        assertThat(position).isGreaterThan(changed.position());
        // 503 says plainly that it cannot yet
        Await.until(
                "a read that shows the write", INIT_MAX, () -> read(position).status() == 200);
        assertThat(JsonTree.of(answered(RegionFunctions.PULSE, packaged.sample("pulse", "status")))
                        .text("region"))
                .isEqualTo(EU_WEST_1.code());
        assertThat(JsonTree.of(answered(RegionFunctions.FAILOVER, packaged.sample("failover", "schedule")))
                        .text("outcome"))
                .isEqualTo("home-elsewhere");
        frozen.forEach((name, process) -> assertThat(process.output())
                .as("what %s tells of its restore", name)
                .allSatisfy(line -> assertThat(Json.parse(line)).isInstanceOf(Map.class))
                .anySatisfy(line -> assertThat(line).contains("\"Restore\":1"))
                .noneSatisfy(line -> assertThat(line).contains("restore_unfinished")));
    }

    private long connections() {
        return world.caches().node(EU_WEST_1).connections(RegionFunctions.READ);
    }

    private void freeze(String name) {
        FunctionProcess process =
                FunctionProcess.start(packaged.functions().plan(name).withSnapStart());
        frozen.put(name, process);
        process.awaitCheckpoint(INIT_MAX);
    }

    private void homeMoves() {
        world.promote(AP_SOUTHEAST_1, true);
    }

    /** The home's cache as it was known before the snapshot. */
    private void endpointGoes() {
        world.caches().stop(US_EAST_1);
    }

    /** In this region the old password is no good any more; elsewhere both are, for who did not hear of it yet. */
    private void passwordIsRotated() {
        world.caches().node(AP_SOUTHEAST_1).takePassword(PASSWORD);
        world.caches().node(EU_WEST_1).takePassword(PASSWORD);
        world.caches().node(EU_WEST_1).refusePassword();
        String old = FunctionEnvironment.topology(EU_WEST_1, world.geography(), world.network(), world.caches());
        world.secrets(EU_WEST_1)
                .put(
                        FunctionEnvironment.TOPOLOGY_SECRET,
                        old.replace(world.caches().password(), PASSWORD));
    }

    private ApiAnswer read(long position) {
        String event = String.valueOf(packaged.events().get(RegionFunctions.READ))
                .replace("\"accept\":", "\"burgee-position\": \"" + position + "\", \"accept\":");
        return ApiAnswer.of(answered(RegionFunctions.READ, event));
    }

    private String answered(String name, String event) {
        FunctionProcess process = frozen.get(name);
        if (process == null) {
            throw new AssertionError(name + " is not there");
        }
        return switch (process.invoke(event, INIT_MAX)) {
            case RuntimeAnswer.Answered(String json) -> json;
            case RuntimeAnswer.Failed failed -> throw new AssertionError(name + " failed: " + failed);
        };
    }
}
