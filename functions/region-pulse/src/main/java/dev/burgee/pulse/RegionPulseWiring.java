package dev.burgee.pulse;

import dev.burgee.cache.CacheLogin;
import dev.burgee.cache.CacheReplication;
import dev.burgee.cache.RedisReplication;
import dev.burgee.catchup.CatchUp;
import dev.burgee.foundation.Foundation;
import dev.burgee.foundation.Restore;
import dev.burgee.hint.SsmHomeHint;
import dev.burgee.region.Region;
import dev.burgee.rehearsal.Rehearsal;
import dev.burgee.secret.RefreshingSecret;
import dev.burgee.settings.Environment;
import dev.burgee.settings.Limits;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.security.SecureRandom;
import java.time.Duration;
import java.util.Map;
import java.util.Optional;
import java.util.UUID;

/** The composition root of region-pulse: makes everything, once, from the environment. */
final class RegionPulseWiring {
    private static final String FUNCTION = "region-pulse";

    private static final byte[] EVENT = "{}".getBytes(StandardCharsets.UTF_8);

    private RegionPulseWiring() {}

    /** What the handler keeps. */
    record Wired(PulseRequests requests, Pulse pulse, Restore restore) {}

    /** What pulses, and what it stands on. */
    private record Made(PulseRequests requests, Pulse pulse, Foundation base) {}

    static Wired wire(Map<String, String> environment, PrintStream out) {
        Made made = make(environment, out);
        Foundation base = made.base();
        Restore.Hooks hooks = new Restore.Hooks(
                () -> Rehearsal.play(environment, base.time(), RegionPulseWiring::cast),
                base.forgetConnections(),
                base::connect);
        return new Wired(made.requests(), made.pulse(), Restore.hook(hooks, base.metrics(), base.log()));
    }

    /** The same function on a rehearsal's stage. */
    private static Rehearsal.Cast cast(Map<String, String> environment, PrintStream out) {
        Made made = make(environment, out);
        return () -> made.pulse().pulse(made.requests().read(EVENT)).toJson();
    }

    private static Made make(Map<String, String> environment, PrintStream out) {
        PulseSettings settings = PulseSettings.from(new Environment(environment));
        Foundation common = Foundation.lay(settings.common(), environment, FUNCTION, Duration.ZERO, out);
        Region here = settings.common().region();
        Limits limits = settings.common().limits();
        Optional<RefreshingSecret<CacheLogin>> login =
                settings.replicationSecret().map(id -> common.secret("replication", id, CacheLogin::parse));
        Optional<SsmHomeHint> hint =
                settings.homeParameter().map(name -> new SsmHomeHint(name, here, limits.awsCall(), environment));
        Foundation base = common.forgetting(() -> {
            login.ifPresent(RefreshingSecret::invalidate);
            hint.ifPresent(SsmHomeHint::close);
        });
        CacheReplication replication =
                new RedisReplication(base.topology()::get, () -> login.map(RefreshingSecret::get), here, limits);
        Pulse pulse = new Pulse(new Pulse.Parts(
                here,
                settings.profile(),
                settings.autoPromote(),
                settings.interval(),
                base.topology()::get,
                base.caches(),
                replication,
                base.ledger(),
                new CatchUp(base.ledger(), base.log(), base.time()),
                // no seed that a snapshot could freeze
                new Promoter(base.ledger(), here, base.time(), new SecureRandom()),
                new CheckUp(
                        here,
                        base.caches(),
                        settings.interval(),
                        work -> Thread.ofVirtual().name("heartbeat").start(work),
                        base.metrics(),
                        base.time()),
                new Scrub(base.ledger()),
                hint.map(found -> found),
                () -> UUID.randomUUID().toString(),
                base.metrics(),
                base.log(),
                base.time()));
        return new Made(new PulseRequests(here), pulse, base);
    }
}
