package dev.burgee.read;

import dev.burgee.ledger.Position;
import dev.burgee.region.Region;
import dev.burgee.time.Time;
import java.time.Duration;
import org.jspecify.annotations.Nullable;

/**
 * What a reader whose replica is behind has to expect: how soon the replica will show what it does not show yet, and how
 * long the home's cache takes to answer. Both are what this process has seen itself, and nothing else: no call is made to
 * find out, and what was seen over a minute ago counts no more. Thread-safe.
 */
final class ReplicaPace {
    /** No wait is longer, however far away the home is. */
    static final Duration WAIT_MAX = Duration.ofMillis(100);

    /** So long a process waits that does not know the way to the home yet. */
    static final Duration FIRST_WAIT = Duration.ofMillis(25);

    /** So long the home may take always; all the time that there is for a process that does not know the way yet. */
    static final Duration PATIENCE_MIN = Duration.ofMillis(100);

    /** Then the replica is given another chance. */
    static final Duration FORGOTTEN = Duration.ofMinutes(1);

    /** The home's answers take longer at times (connecting, lists): so little of that is believed. */
    private static final int SLOWER_SHARE = 8;

    private record Known(long nanos, long atNanos) {}

    private record Behind(Position awaited, long sinceNanos) {}

    private final Time time;
    private @Nullable Known rest;
    private @Nullable Behind behind;
    private @Nullable Region home;
    private long homeNanos;

    ReplicaPace(Time time) {
        this.time = time;
    }

    /**
     * How long to wait for the replica before asking that home; zero: asking is expected to be faster. Never longer than
     * the home is expected to take.
     */
    synchronized Duration patience(Region asked) {
        Duration limit = asked.equals(home) ? Duration.ofNanos(homeNanos) : FIRST_WAIT;
        if (limit.compareTo(WAIT_MAX) > 0) {
            limit = WAIT_MAX;
        }
        Known expected = rest;
        boolean tooLong = expected != null
                && time.nanos() - expected.atNanos() < FORGOTTEN.toNanos()
                && expected.nanos() >= limit.toNanos();
        return tooLong ? Duration.ZERO : limit;
    }

    /** How long that home may take before it is late: half as long again as it usually takes. */
    synchronized Duration homePatience(Region asked) {
        Duration patience = asked.equals(home) ? Duration.ofNanos(homeNanos * 3 / 2) : PATIENCE_MIN;
        return patience.compareTo(PATIENCE_MIN) < 0 ? PATIENCE_MIN : patience;
    }

    /** The home answered. */
    synchronized void homeTook(Region asked, Duration took) {
        long nanos = took.toNanos();
        boolean slower = asked.equals(home) && nanos > homeNanos;
        homeNanos = slower ? homeNanos + (nanos - homeNanos) / SLOWER_SHARE : nanos;
        home = asked;
    }

    /** A wait ended because the replica showed what was awaited. */
    synchronized void waited(Duration forIt) {
        learn(rest == null ? forIt.toNanos() : (rest.nanos() + forIt.toNanos()) / 2);
        behind = null;
    }

    /**
     * The replica did not show it, and it was, or is to be, waited for no longer.
     *
     * @param sinceNanos the first look that did not show it
     */
    synchronized void isBehind(Position awaited, long sinceNanos) {
        atLeast(time.nanos() - sinceNanos);
        behind = new Behind(awaited, sinceNanos);
    }

    /** The replica was looked at: what it was behind for may be there by now, which tells how long a wait would have been. */
    synchronized void saw(Position shown) {
        Behind open = behind;
        if (open == null) {
            return;
        }
        long took = time.nanos() - open.sinceNanos();
        if (!shown.isAtLeast(open.awaited())) {
            if (took > FORGOTTEN.toNanos()) {
                behind = null; // nothing will ever show it, or not before it is of no use
            } else {
                atLeast(took);
            }
            return;
        }
        behind = null;
        // it was there at some moment up to now: this says nothing unless it is sooner than expected
        if (rest == null || took < rest.nanos()) {
            learn(rest == null ? took : (rest.nanos() + took) / 2);
        }
    }

    private void atLeast(long nanos) {
        if (nanos > 0 && (rest == null || nanos > rest.nanos())) {
            learn(nanos);
        }
    }

    private void learn(long nanos) {
        rest = new Known(nanos, time.nanos());
    }
}
