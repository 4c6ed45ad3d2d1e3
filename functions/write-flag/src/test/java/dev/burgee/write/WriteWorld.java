package dev.burgee.write;

import dev.burgee.cache.FakeFlagCache;
import dev.burgee.catchup.CatchUp;
import dev.burgee.flag.FlagDefinition;
import dev.burgee.flag.FlagKey;
import dev.burgee.flag.FlagRules;
import dev.burgee.json.Json;
import dev.burgee.ledger.FakeLedger;
import dev.burgee.ledger.Ledger;
import dev.burgee.log.RecordingLog;
import dev.burgee.metrics.RecordingMetrics;
import dev.burgee.primary.CacheTier;
import dev.burgee.primary.FakeCaches;
import dev.burgee.region.Region;
import dev.burgee.settings.Limits;
import dev.burgee.tier.Retry;
import dev.burgee.time.Deadline;
import dev.burgee.time.FakeTime;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.SplittableRandom;
import org.jspecify.annotations.Nullable;

/** A writer in eu-west-1, its replica, the home's cache in us-east-1 and the ledger, all in memory and by hand. */
final class WriteWorld {
    static final Region HOME = new Region("us-east-1");
    static final Region HERE = new Region("eu-west-1");

    final FakeTime time = new FakeTime();
    final FakeLedger ledger = new FakeLedger();
    final FakeFlagCache home = new FakeFlagCache(HOME, time);
    final FakeFlagCache replica = new FakeFlagCache(HERE, time);
    final RecordingMetrics metrics = new RecordingMetrics();
    final RecordingLog log = new RecordingLog();
    final FakeCaches caches = new FakeCaches(HERE, home, replica);
    private int operations;

    WriteWorld() {
        home.load(ledger.readAll(deadline()), time.now(), HOME);
        replicate();
        replica.readOnly(true);
    }

    /** A writer of its own, as another process would be. */
    WriteFlag writer() {
        return writer(ledger);
    }

    WriteFlag writer(Ledger behind) {
        SplittableRandom random = new SplittableRandom(1);
        Retry retry = new Retry(List.of(Duration.ZERO, Duration.ZERO, Duration.ZERO), random);
        CacheTier local = new CacheTier(caches, Limits.DEFAULTS.localRead(), time, _ -> {}, _ -> {});
        CacheTier homeTier = new CacheTier(caches, Limits.DEFAULTS.crossWrite(), time, _ -> {}, _ -> {});
        return new WriteFlag(
                behind,
                caches,
                local,
                new Appender(behind, HERE, metrics, time, retry, random),
                new Propagator(caches, homeTier, new CatchUp(behind, log, time), retry, metrics, log),
                new Housekeeping(behind, log, time),
                () -> "op-" + ++operations,
                HERE,
                Limits.DEFAULTS,
                metrics,
                time);
    }

    Deadline deadline() {
        return Deadline.after(Duration.ofSeconds(5), time);
    }

    void replicate() {
        replica.copyOf(home);
    }

    static FlagDefinition definition(boolean on) {
        String document = "{\"state\":\"ENABLED\",\"variants\":{\"on\":true,\"off\":false},\"defaultVariant\":\""
                + (on ? "on" : "off") + "\"}";
        return ((FlagRules.Valid) FlagRules.check(new FlagKey("any"), Json.parse(document), "")).definition();
    }

    static WriteRequest request(Command command) {
        return request(command, Precondition.NONE, null);
    }

    static WriteRequest request(Command command, Precondition precondition, @Nullable String idempotencyKey) {
        return new WriteRequest(command, precondition, "ci", idempotencyKey, command + "/" + precondition);
    }

    static Command put(String key, boolean on) {
        return new Command.Put(new FlagKey(key), definition(on));
    }

    static Command turn(String key, boolean on) {
        return new Command.Patch(new FlagKey(key), Map.of("defaultVariant", on ? "on" : "off"));
    }
}
