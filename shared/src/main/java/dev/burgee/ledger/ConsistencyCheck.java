package dev.burgee.ledger;

import dev.burgee.failure.MisconfiguredException;
import dev.burgee.time.Deadline;
import dev.burgee.time.Time;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.FutureTask;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;
import software.amazon.awssdk.services.dynamodb.model.MultiRegionConsistency;
import software.amazon.awssdk.services.dynamodb.model.TableDescription;

/**
 * Refuses a table with eventually consistent replicas: its conditions are checked locally and its conflicts settled by
 * clock, so that two writers could both be told that they have entry n+1. Looks once per process, at the first use; a look
 * that fails is repeated later, and stops appends but not reads. Thread-safe.
 */
final class ConsistencyCheck {
    /** How long a read that could be answered waits for the look beside it. */
    private static final Duration PATIENCE = Duration.ofMillis(200);
    /** How soon reads look again after a look that failed. */
    private static final Duration AGAIN = Duration.ofSeconds(5);

    private final LedgerRegions regions;
    private final Time time;
    private volatile boolean passed;
    private volatile @Nullable Long failedAtNanos;

    ConsistencyCheck(LedgerRegions regions, Time time) {
        this.regions = regions;
        this.time = time;
    }

    /**
     * For writes: they wait for the outcome.
     *
     * @throws MisconfiguredException when the table is not to be used
     */
    void require(Deadline deadline) {
        if (!passed) {
            look(deadline);
        }
    }

    /**
     * For reads: looks beside the read, since each crossing counts in the first read of a process.
     *
     * @throws MisconfiguredException when the table is not to be used
     */
    <T> T beside(Deadline deadline, Supplier<T> read) {
        Long failedAt = failedAtNanos;
        if (passed || (failedAt != null && time.nanos() - failedAt < AGAIN.toNanos())) {
            return read.get();
        }
        var look = new FutureTask<@Nullable Void>(() -> look(deadline), null);
        Thread.ofVirtual().name("ledger-check").start(look);
        T answer = read.get();
        await(look, deadline);
        return answer;
    }

    private void await(FutureTask<@Nullable Void> look, Deadline deadline) {
        try {
            look.get(deadline.cap(PATIENCE).toNanos(), TimeUnit.NANOSECONDS);
        } catch (ExecutionException e) {
            if (e.getCause() instanceof MisconfiguredException refused) {
                throw refused;
            }
            failedAtNanos = time.nanos();
        } catch (TimeoutException e) {
            failedAtNanos = time.nanos();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    private void look(Deadline deadline) {
        TableDescription table = regions.ask(
                        deadline,
                        (client, limits) -> client.describeTable(
                                request -> request.tableName(regions.table()).overrideConfiguration(limits)))
                .table();
        if (!table.replicas().isEmpty() && table.multiRegionConsistency() != MultiRegionConsistency.STRONG) {
            throw new MisconfiguredException("ledger table " + regions.table(), List.of(problem(table)));
        }
        passed = true;
    }

    private static String problem(TableDescription table) {
        var replicas = new ArrayList<String>();
        table.replicas().forEach(replica -> replicas.add(String.valueOf(replica.regionName())));
        return "its replicas in " + String.join(", ", replicas)
                + " are eventually consistent, so two regions could accept the same entry number: create it anew with"
                + " MultiRegionConsistency STRONG (the mode cannot be changed later), or use a table without replicas";
    }
}
