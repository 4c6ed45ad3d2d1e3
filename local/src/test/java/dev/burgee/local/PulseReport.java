package dev.burgee.local;

/** A report as region-pulse writes it, for tests. Immutable. The ledger's end is {@value #END}. */
record PulseReport(
        String region,
        String profile,
        String home,
        long epoch,
        boolean reachable,
        boolean writable,
        String position,
        String lagMs,
        String caches,
        boolean ledger,
        String outcome) {
    static final long END = 40;

    /** A replica that lacks nothing. */
    static PulseReport replica(String region, String home, long epoch) {
        String caches = cache("us-east-1", true, END) + "," + cache("eu-west-1", true, END) + ","
                + cache("ap-southeast-1", true, END);
        return new PulseReport(
                region, "global-datastore", home, epoch, true, false, "" + END, "0", caches, true, "pulsed");
    }

    static String cache(String region, boolean reachable, long position) {
        return "{\"region\":\"%s\",\"reachable\":%s,\"writable\":false,\"position\":%s,\"roundTripMs\":80}"
                .formatted(region, reachable, reachable ? "" + position : "null");
    }

    PulseReport asWritable() {
        return new PulseReport(region, profile, home, epoch, true, true, position, lagMs, caches, ledger, outcome);
    }

    PulseReport unreachable() {
        return new PulseReport(region, profile, home, epoch, false, false, "null", "null", caches, ledger, outcome);
    }

    PulseReport behind(long position, long lagMs) {
        return new PulseReport(
                region, profile, home, epoch, reachable, writable, "" + position, "" + lagMs, caches, ledger, outcome);
    }

    PulseReport empty() {
        return new PulseReport(
                region, profile, home, epoch, reachable, writable, "null", "null", caches, ledger, outcome);
    }

    PulseReport withoutLedger() {
        return new PulseReport(
                region, profile, home, epoch, reachable, writable, position, "null", caches, false, outcome);
    }

    PulseReport seeing(String caches) {
        return new PulseReport(
                region, profile, home, epoch, reachable, writable, position, lagMs, caches, ledger, outcome);
    }

    PulseReport selfManaged() {
        return new PulseReport(
                region, "self-managed", home, epoch, reachable, writable, position, lagMs, caches, ledger, outcome);
    }

    PulseReport outcome(String outcome) {
        return new PulseReport(
                region, profile, home, epoch, reachable, writable, position, lagMs, caches, ledger, outcome);
    }

    String json() {
        String at = "2026-11-21T05:00:00Z";
        String behind = position.equals("null") ? "null" : "" + (END - Long.parseLong(position));
        String homeJson = ledger
                ? "{\"region\":\"%s\",\"epoch\":%d,\"since\":%s,\"entry\":%s}"
                        .formatted(home, epoch, epoch == 0 ? "null" : "\"" + at + "\"", epoch == 0 ? "null" : "7")
                : "null";
        return """
                {"region":"%s","at":"%s","profile":"%s","home":%s,
                 "cache":{"reachable":%s,"writable":%s,"position":%s,"checkedAt":null,"behind":%s,"lagMs":%s},
                 "ledger":{"reachable":%s,"end":%s},"caches":[%s],"views":[],"promotionWanted":null,
                 "outcome":"%s","reason":%s,"done":[],"problems":[]}""".formatted(
                        region,
                        at,
                        profile,
                        homeJson,
                        reachable,
                        writable,
                        position,
                        behind,
                        lagMs,
                        ledger,
                        ledger ? "" + END : "null",
                        caches,
                        outcome,
                        outcome.equals("refused") ? "\"it lags\"" : "null");
    }
}
