package dev.burgee.failover;

import dev.burgee.log.Log;
import dev.burgee.time.Deadline;
import dev.burgee.time.Time;
import java.time.Duration;
import java.time.Instant;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * Compares two figures of one lag: the pulse's measured one, and the datastore's own. A warning when they are far apart; who
 * cannot compare says so, and nothing depends on it. Thread-safe.
 */
final class LagCheck {
    /** Older figures are not compared: CloudWatch is minutes behind. */
    static final Duration AGE_MAX = Duration.ofMinutes(5);

    /** Two figures differ when they are further apart than this, and than half of the greater one. */
    static final Duration APART_MIN = Duration.ofSeconds(2);

    private static final Duration LIMIT = Duration.ofSeconds(2);

    private final @Nullable CloudLag cloud;
    private final Log log;
    private final Time time;

    /**
     * Compares nothing yet.
     *
     * @param cloud null: there is no datastore
     */
    LagCheck(@Nullable CloudLag cloud, Log log, Time time) {
        this.cloud = cloud;
        this.log = log;
        this.time = time;
    }

    /** Whether two figures of one lag are too far apart to be both right. */
    static boolean disagree(Duration measured, Duration told) {
        Duration apart = measured.minus(told).abs();
        Duration greater = measured.compareTo(told) > 0 ? measured : told;
        return apart.compareTo(APART_MIN) > 0 && apart.multipliedBy(2).compareTo(greater) > 0;
    }

    void compare(ControlPlaneView view, PulseReport report) {
        PulseReport.Lag measured = report.lag();
        Instant now = time.now();
        if (cloud == null
                || !(view instanceof ControlPlaneView.Secondary)
                || measured == null
                || measured.at().isBefore(now.minus(AGE_MAX))) {
            return;
        }
        try {
            Optional<Duration> told = cloud.newest(now.minus(AGE_MAX), now, Deadline.after(LIMIT, time));
            if (told.isPresent() && disagree(measured.lag(), told.get())) {
                Map<String, Object> fields = new LinkedHashMap<>();
                fields.put("measured_ms", measured.lag().toMillis());
                fields.put("datastore_ms", told.get().toMillis());
                log.warn("lag_disagrees", fields);
            }
        } catch (AwsFailureException e) {
            log.info("lag_not_compared", Map.of("problem", String.valueOf(e.getMessage())));
        }
    }
}
