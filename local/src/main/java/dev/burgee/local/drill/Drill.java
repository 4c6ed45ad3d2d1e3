package dev.burgee.local.drill;

import java.net.URI;
import java.time.Duration;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.SplittableRandom;
import java.util.function.Consumer;
import java.util.function.Function;
import java.util.stream.Collectors;

/** One drill, from the first load to the audit. Used once; not thread-safe. */
final class Drill implements AutoCloseable {
    /** Beyond the targets, so that what is late is measured and not just missed. */
    private static final Duration PATIENCE = Duration.ofSeconds(20);

    private final DrillPlan plan;
    private final Consumer<String> progress;
    private final Clock clock = new Clock();
    private final Observations observations = new Observations();
    private final Control control;
    private final List<Site> sites;
    private final DrillFlags flags;
    private final Load load;
    private final Probes probes;
    private final Watcher watcher;
    private final Map<Mark, Long> marks = new EnumMap<>(Mark.class);

    private Drill(DrillPlan plan, URI world, Consumer<String> progress) {
        this.plan = plan;
        this.progress = progress;
        this.control = new Control(world, clock);
        this.sites = control.regions().entrySet().stream()
                .map(region -> new Site(region.getKey(), region.getValue(), observations, clock))
                .toList();
        this.flags = new DrillFlags(sites.stream().map(Site::region).toList());
        this.load = new Load(sites, flags, observations, plan.options().writes(), id());
        this.probes = new Probes(clock, observations, flags, load);
        this.watcher = Watcher.start(control);
    }

    /**
     * Runs one in a world that has no fault; leaves it without one, and with the first primary back, if all goes well.
     *
     * @param world its control API
     * @param progress told each step as it begins
     */
    static Evidence run(DrillPlan plan, URI world, Consumer<String> progress) {
        try (var drill = new Drill(plan, world, progress)) {
            return drill.run();
        }
    }

    @Override
    public void close() {
        load.close();
        watcher.close();
    }

    private Evidence run() {
        List<String> problems = List.of();
        Aftermath aftermath = Aftermath.UNKNOWN;
        try {
            play();
        } catch (EndedEarlyException | IllegalStateException e) {
            problems = List.of(String.valueOf(e.getMessage()));
            say("ended early: " + e.getMessage());
        }
        try {
            aftermath = audit();
        } catch (EndedEarlyException | IllegalStateException e) {
            say("no audit: " + e.getMessage());
        }
        return new Evidence(
                flags.regions(),
                lost().region(),
                promoted().region(),
                marks,
                observations.writes(),
                observations.reads(),
                watcher.seen(),
                aftermath,
                problems);
    }

    private void play() {
        makeFlags();
        say("steady load in " + String.join(", ", flags.regions()));
        load.start(new SplittableRandom(plan.seed()));
        steady();
        lose();
        acceptWrites();
        promote();
        recover();
        rejoin();
        rollBack();
    }

    private void makeFlags() {
        say("making " + flags.all().size() + " flags");
        Site first = sites.getFirst();
        flags.all().forEach(flag -> {
            WriteSeen made = first.put(flag, load.operation(first));
            require(made.isAcknowledged(), "a flag could not be made: " + made);
        });
        Map<String, Long> made = acknowledgedAt(clock.nowMs());
        sites.forEach(site -> require(
                clock.await(PATIENCE, () -> site.isUpTo(made)),
                "the flags that were made are not visible in " + site.region()));
    }

    private void lose() {
        mark(Mark.LOSING);
        String region = lost().region();
        say(region + " is lost: " + String.join(", ", plan.words()));
        if (plan.dnsRefused()) {
            control.call("POST", "/dns/refuse");
        }
        if (plan.lost() != Lost.CACHE) {
            control.region(region, "isolate");
        }
        if (plan.lost() != Lost.NETWORK) {
            control.region(region, plan.lost() == Lost.CACHE && plan.hung() ? "cache/stall" : "cache/stop");
        }
        if (plan.lost() == Lost.REGION) {
            control.region(region, "ledger/stop");
        }
        mark(Mark.LOST);
    }

    private void acceptWrites() {
        say("waiting for writes to be accepted in the surviving regions");
        List<String> without = probes.untilAcknowledged(survivors(), at(Mark.LOSING), PATIENCE);
        require(without.isEmpty(), "no write was accepted in " + without + " before the promotion");
        steady();
    }

    private void promote() {
        mark(Mark.PROMOTING);
        say("promoting " + promoted().region() + (plan.silent() ? ", without an event" : ""));
        control.call("POST", promotion(promoted()));
        requireVisible(survivors(), Mark.PROMOTING);
    }

    private void recover() {
        Map<String, Long> wanted = acknowledgedAt(at(Mark.PROMOTING));
        survivors()
                .forEach(site -> require(
                        clock.await(PATIENCE, () -> site.isUpTo(wanted)),
                        "what was acknowledged before the promotion is not visible in " + site.region()));
        mark(Mark.RECOVERED);
        say("recovered: everything that was acknowledged during the outage is visible");
        if (plan.dnsRefused()) {
            steady();
            control.call("POST", "/dns/allow");
            mark(Mark.DNS_ALLOWED);
            say("Route 53 answers again");
        } else {
            marks.put(Mark.DNS_ALLOWED, at(Mark.LOSING));
        }
        awaitRecord(promoted());
        steady();
    }

    private void rejoin() {
        String region = lost().region();
        mark(Mark.HEALING);
        say(region + " heals");
        if (plan.lost() != Lost.NETWORK) {
            control.region(region, "cache/start");
        }
        if (plan.lost() == Lost.REGION) {
            control.region(region, "ledger/start");
        }
        if (plan.lost() != Lost.CACHE) {
            control.region(region, "heal");
        }
        requireVisible(List.of(lost()), Mark.HEALING);
        load.pauseWrites();
        boolean equal = clock.await(
                PATIENCE.plusSeconds(plan.options().pulseS()), () -> load.isWriteQuiet() && hasEqualPositions());
        load.resumeWrites();
        require(equal, "the positions of the regions are not equal: " + control.positions());
        mark(Mark.REJOINED);
        say(region + " has rejoined: it reads and writes, all caches show the same position");
        steady();
    }

    private void rollBack() {
        mark(Mark.ROLLING_BACK);
        say("rolling back: promoting " + lost().region());
        control.call("POST", promotion(lost()));
        requireVisible(sites, Mark.ROLLING_BACK);
        mark(Mark.ROLLED_BACK);
        awaitRecord(lost());
        steady();
        say("rolled back");
    }

    /** Also of a drill that ended early, in a world that is healed for it. */
    private Aftermath audit() {
        load.close();
        mark(Mark.QUIET);
        control.call("DELETE", "/faults");
        if (plan.dnsRefused()) {
            control.call("POST", "/dns/allow");
        }
        say("looking for every write that was acknowledged");
        Map<String, Long> all = acknowledgedAt(clock.nowMs());
        sites.forEach(site -> {
            if (!clock.await(PATIENCE, () -> site.isUpTo(all))) {
                say(site.region() + " does not show the newest write");
            }
        });
        return new Audit(sites, flags, id()).run(promoted());
    }

    private void requireVisible(List<Site> regions, Mark since) {
        Duration limit = PATIENCE.plusMillis(plan.visibleMaxMs());
        List<String> without = probes.untilVisible(regions, at(since), limit);
        require(without.isEmpty(), "no write is accepted and visible in " + without);
        say("writes are accepted and visible in "
                + String.join(", ", regions.stream().map(Site::region).toList()) + " after "
                + Seconds.of(clock.nowMs() - at(since)));
    }

    /** That it never moves is a target missed, and no reason to end. */
    private void awaitRecord(Site site) {
        Duration limit = Duration.ofMillis(plan.recordMaxMs() + 5_000);
        boolean moved = clock.await(limit, () -> watcher.last().cname().contains(site.region()));
        say("the record names " + watcher.last().cname() + (moved ? "" : ", still"));
    }

    private boolean hasEqualPositions() {
        List<Long> positions = control.positions().values().stream().distinct().toList();
        return positions.size() == 1 && positions.getFirst() >= observations.newest();
    }

    /** By flag, the newest version that was acknowledged by then. */
    private Map<String, Long> acknowledgedAt(long atMs) {
        var acknowledged = new Acknowledged(observations.writes());
        return flags.all().stream()
                .collect(Collectors.toMap(Function.identity(), flag -> acknowledged.versionAt(flag, atMs)));
    }

    private void steady() {
        Clock.pause(Duration.ofSeconds(plan.options().durationS()));
    }

    private String promotion(Site site) {
        return "/promote/" + site.region() + (plan.silent() ? "?silent=true" : "");
    }

    private String id() {
        return "drill-" + plan.seed();
    }

    private Site lost() {
        return sites.getFirst();
    }

    private List<Site> survivors() {
        return sites.subList(1, sites.size());
    }

    private Site promoted() {
        return survivors().get(plan.promoted());
    }

    private void mark(Mark mark) {
        marks.put(mark, clock.nowMs());
    }

    private long at(Mark mark) {
        Long at = marks.get(mark);
        if (at == null) {
            throw new IllegalStateException(mark + " has not come yet");
        }
        return at;
    }

    private void say(String step) {
        progress.accept("%7s  %s".formatted(Seconds.of(clock.nowMs()), step));
    }

    private static void require(boolean reached, String problem) {
        if (!reached) {
            throw new EndedEarlyException(problem);
        }
    }

    /** What comes next needs what did not come. */
    private static final class EndedEarlyException extends RuntimeException {
        private static final long serialVersionUID = 1;

        EndedEarlyException(String message) {
            super(message);
        }
    }
}
