package dev.burgee.ledger;

import dev.burgee.failure.MisconfiguredException;
import dev.burgee.log.Log;
import dev.burgee.region.Region;
import dev.burgee.settings.Limits;
import dev.burgee.tier.Race;
import dev.burgee.time.Deadline;
import dev.burgee.time.Time;
import dev.burgee.topology.Topology;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;
import software.amazon.awssdk.awscore.AwsRequestOverrideConfiguration;
import software.amazon.awssdk.awscore.exception.AwsServiceException;
import software.amazon.awssdk.services.dynamodb.DynamoDbClient;
import software.amazon.awssdk.services.dynamodb.model.ConditionalCheckFailedException;
import software.amazon.awssdk.services.dynamodb.model.ReplicatedWriteConflictException;

/**
 * Which region of the ledger a call goes to, for how long, and what happens when it fails. The nearest first (this region
 * if it is one of the ledger's, else in the topology's order), then the next; those that failed just now come last, those
 * with an open breaker not at all. While that is all of them, each is probed every second: nobody else will answer, so
 * there is nothing to be gained by waiting longer. Small reads ask the next region as well once the first is late. Thread-safe.
 */
final class LedgerRegions implements AutoCloseable {
    /** A time-out under a limit shorter than this says more about the deadline than about the region. */
    private static final Duration TELLING = Duration.ofMillis(400);
    /** The share of what is left that a call may take while there is another region to ask. */
    private static final double SHARE = 0.6;

    private static final int CONFLICT_TRIES = 3;
    private static final Duration CONFLICT_PAUSE = Duration.ofMillis(20);

    /** One call of one region. Answers by the two exceptions of conditional writes count as answers. */
    @FunctionalInterface
    interface Call<T> {
        T on(DynamoDbClient client, AwsRequestOverrideConfiguration limits);
    }

    /** A call that must not be done twice may have been done. */
    static final class MaybeDoneException extends RuntimeException {
        private static final long serialVersionUID = 1L;

        MaybeDoneException(Throwable cause) {
            super(cause);
        }
    }

    private final String table;
    private final List<RegionClient> regions;
    private final Limits limits;
    private final Time time;
    private final Log log;

    LedgerRegions(Topology topology, Region here, Limits limits, Time time, LedgerClients clients, Log log) {
        this.table = topology.ledgerTable();
        this.regions = topology.ledgerRegions().entrySet().stream()
                .map(region -> new RegionClient(region.getKey(), region.getValue(), clients, time))
                .sorted(Comparator.comparing(region -> !region.region().equals(here)))
                .toList();
        this.limits = limits;
        this.time = time;
        this.log = log;
    }

    String table() {
        return table;
    }

    /**
     * Asks a region, and while none has answered one more every time that one is late or fails: for small reads, where a
     * second question costs less than the wait. The first answer counts.
     */
    <T> T read(Deadline deadline, Call<T> call) {
        var failures = new LinkedHashMap<Region, RuntimeException>();
        var race = new Race<Asked<T>>();
        var order = new ArrayDeque<RegionClient>(nearestFirst());
        int again = order.size();
        while (true) {
            RegionClient region = order.poll();
            Duration limit = limit(deadline, false);
            if (region != null && limit.toMillis() >= 1 && region.breaker().tryAcquire()) {
                race.enter("ledger-read", () -> asked(region, call, limit));
            }
            if (!race.isOn()) {
                if (order.isEmpty()) {
                    throw nobodyAnswered(failures);
                }
                continue;
            }
            Optional<Asked<T>> ended =
                    race.next(order.isEmpty() ? deadline.remaining() : deadline.cap(limits.crossRead()));
            if (ended.isPresent()) {
                Asked<T> asked = ended.get();
                RuntimeException failure = asked.failure();
                if (failure == null) {
                    return asked.value();
                }
                failures.put(asked.region().region(), failure);
                if (Fault.of(failure) == Fault.UNCLEAR && again-- > 0) {
                    order.add(asked.region()); // an idle connection may just have been closed by its server
                }
            } else if (order.isEmpty()) {
                throw nobodyAnswered(failures);
            }
        }
    }

    /** What one region said. */
    private record Asked<T>(
            RegionClient region,
            @Nullable T answer,
            @Nullable RuntimeException failure) {
        T value() {
            return Objects.requireNonNull(answer);
        }
    }

    private <T> Asked<T> asked(RegionClient region, Call<T> call, Duration limit) {
        try {
            T answer = call.on(region.client(), within(limit));
            succeeded(region);
            return new Asked<>(region, answer, null);
        } catch (RuntimeException e) {
            note(region, Fault.of(e), limit, e);
            return new Asked<>(region, null, e);
        }
    }

    /**
     * Asks one region after the other until one answers: for reads of much, and for writes that do no harm when done
     * twice.
     */
    <T> T ask(Deadline deadline, Call<T> call) {
        for (int tries = 1; ; tries++) {
            try {
                return ask(deadline, call, true);
            } catch (ReplicatedWriteConflictException e) {
                if (tries == CONFLICT_TRIES || !deadline.fits(CONFLICT_PAUSE)) {
                    throw new LedgerUnavailableException(
                            "ledger table " + table + ": another region wrote the same item at once, " + tries
                                    + " times in a row",
                            e);
                }
                time.sleep(CONFLICT_PAUSE);
            }
        }
    }

    /**
     * Asks until one region took the call or may have taken it.
     *
     * @throws MaybeDoneException when the last region asked may have done it
     */
    <T> T askOnce(Deadline deadline, Call<T> call) {
        return ask(deadline, call, false);
    }

    private <T> T ask(Deadline deadline, Call<T> call, boolean repeatable) {
        var failures = new LinkedHashMap<Region, RuntimeException>();
        List<RegionClient> order = nearestFirst();
        int known = order.size();
        for (int i = 0; i < order.size(); i++) {
            RegionClient region = order.get(i);
            Duration limit = limit(deadline, repeatable && i + 1 < order.size());
            if (limit.toMillis() < 1) {
                break;
            }
            if (!region.breaker().tryAcquire()) {
                continue;
            }
            try {
                T answer = call.on(region.client(), within(limit));
                succeeded(region);
                return answer;
            } catch (ConditionalCheckFailedException | ReplicatedWriteConflictException e) {
                succeeded(region);
                throw e;
            } catch (RuntimeException e) {
                Fault fault = Fault.of(e);
                note(region, fault, limit, e);
                if (!repeatable && (fault == Fault.UNCLEAR || fault == Fault.TIMED_OUT)) {
                    throw new MaybeDoneException(e);
                }
                failures.put(region.region(), e);
                if (fault == Fault.UNCLEAR && i < known) {
                    order.add(region); // once more, at the end: an idle connection may just have been closed by its
                    // server
                }
            }
        }
        throw nobodyAnswered(failures);
    }

    private List<RegionClient> nearestFirst() {
        if (regions.stream().allMatch(region -> region.breaker().isOpen())) {
            regions.forEach(region -> region.breaker().hasten());
        }
        var order = new ArrayList<RegionClient>(regions);
        Set<RegionClient> late =
                regions.stream().filter(RegionClient::failedJustNow).collect(Collectors.toSet());
        order.sort(Comparator.comparing(late::contains));
        return order;
    }

    private Duration limit(Deadline deadline, boolean leaveSome) {
        Duration left = deadline.remaining();
        Duration share = leaveSome ? Duration.ofNanos((long) (left.toNanos() * SHARE)) : left;
        return share.compareTo(limits.ledgerCall()) < 0 ? share : limits.ledgerCall();
    }

    private static AwsRequestOverrideConfiguration within(Duration limit) {
        return AwsRequestOverrideConfiguration.builder()
                .apiCallTimeout(limit)
                .apiCallAttemptTimeout(limit)
                .build();
    }

    private void succeeded(RegionClient region) {
        boolean wasOpen = region.breaker().isOpen();
        region.succeeded();
        if (wasOpen) {
            log.info(
                    "ledger_region_recovered",
                    Map.of("ledger_region", region.region().code()));
        }
    }

    private void note(RegionClient region, Fault fault, Duration limit, RuntimeException e) {
        if (fault == Fault.MISCONFIGURED) {
            region.breaker().success(); // it answers, if not to the purpose
            return;
        }
        if (fault == Fault.TIMED_OUT && limit.compareTo(TELLING) < 0) {
            region.breaker().unknown();
            return;
        }
        boolean wasOpen = region.breaker().isOpen();
        region.failed();
        if (!wasOpen && region.breaker().isOpen()) {
            log.warn(
                    "ledger_region_unavailable",
                    Map.of("ledger_region", region.region().code(), "failure", name(e)));
        }
    }

    private RuntimeException nobodyAnswered(Map<Region, RuntimeException> failures) {
        if (!failures.isEmpty() && failures.values().stream().allMatch(e -> Fault.of(e) == Fault.MISCONFIGURED)) {
            var problems = new ArrayList<String>();
            failures.forEach((region, e) -> problems.add(problem(region, (AwsServiceException) e)));
            return withSuppressed(new MisconfiguredException("ledger table " + table, problems), failures);
        }
        var tried = new ArrayList<String>();
        failures.forEach((region, e) -> tried.add(region + " (" + name(e) + ")"));
        @Nullable RuntimeException last = null;
        for (RuntimeException e : failures.values()) {
            last = e;
        }
        return new LedgerUnavailableException(
                "no region of the ledger answered in time; asked: "
                        + (tried.isEmpty() ? "none" : String.join(", ", tried)) + "; known: "
                        + regions.stream().map(r -> r.region().code()).toList(),
                last);
    }

    private String problem(Region region, AwsServiceException e) {
        String code = Fault.code(e);
        String fix = switch (code) {
            case "ResourceNotFoundException" ->
                "there is no such table: create it, or correct \"ledger\" in the topology secret";
            case "ValidationException" ->
                "the table refuses our keys: it needs the partition key \"pk\" and the sort key \"sk\", both strings";
            default ->
                "access is refused: allow the function's role GetItem, PutItem, BatchGetItem, BatchWriteItem, "
                        + "Query and DescribeTable on it";
        };
        return region + " says " + code + ", so " + fix;
    }

    private static RuntimeException withSuppressed(RuntimeException e, Map<Region, RuntimeException> failures) {
        failures.values().forEach(e::addSuppressed);
        return e;
    }

    private static String name(RuntimeException e) {
        if (e instanceof AwsServiceException answer) {
            return Fault.code(answer);
        }
        Throwable deepest = e;
        while (deepest.getCause() != null) {
            deepest = deepest.getCause();
        }
        return deepest.getClass().getSimpleName();
    }

    @Override
    public void close() {
        regions.forEach(RegionClient::close);
    }
}
