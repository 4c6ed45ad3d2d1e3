package dev.burgee.settings;

import java.time.Duration;

/**
 * The limits and windows that can be set by {@code BURGEE_…_MS} variables: all in one place, and listed in
 * docs/settings.md. {@link #DEFAULTS} are the documented values. Not here: retries and breakers (see {@code tier}).
 *
 * @param localConnect connecting to this region's cache
 * @param localRead one command at this region's cache
 * @param crossConnect connecting to another region's cache
 * @param crossRead one reading command at another region's cache
 * @param crossWrite one writing command at another region's cache
 * @param ledgerCall one call of one region of the ledger
 * @param awsCall one call of any other AWS API
 * @param wholeRead one read of a flag, all tiers together; three times that for a list, and for a process's first answer
 * @param wholeWrite one write request, retries included
 * @param freshnessWindow how long memory answers without asking again
 * @param checkedAgeMax how old a cache's last confirmation may be before readers verify with the next tier
 * @param secretRefresh how old a secret may become before it is fetched again
 */
public record Limits(
        Duration localConnect,
        Duration localRead,
        Duration crossConnect,
        Duration crossRead,
        Duration crossWrite,
        Duration ledgerCall,
        Duration awsCall,
        Duration wholeRead,
        Duration wholeWrite,
        Duration freshnessWindow,
        Duration checkedAgeMax,
        Duration secretRefresh) {

    private static final Duration READ_MAX = Duration.ofSeconds(4);

    /** A list may take three times this, and the function has 5 s. */
    private static final Duration WHOLE_READ_MAX = Duration.ofMillis(1_300);

    private static final Duration WRITE_MAX = Duration.ofSeconds(14);

    public static final Limits DEFAULTS = new Limits(
            Duration.ofMillis(100),
            Duration.ofMillis(50),
            Duration.ofMillis(300),
            Duration.ofMillis(300),
            Duration.ofMillis(500),
            Duration.ofSeconds(1),
            Duration.ofSeconds(2),
            Duration.ofSeconds(1),
            Duration.ofSeconds(5),
            Duration.ofMillis(250),
            Duration.ofMinutes(5),
            Duration.ofMinutes(5));

    /**
     * The limits that the environment sets, the defaults for the others. The upper bounds keep a request below its
     * function's time-out (read 5 s, write 15 s); a problem is noted in the environment.
     */
    public static Limits from(Environment environment) {
        return new Limits(
                wait(environment, "BURGEE_LOCAL_CONNECT_MS", DEFAULTS.localConnect, READ_MAX),
                wait(environment, "BURGEE_LOCAL_READ_MS", DEFAULTS.localRead, READ_MAX),
                wait(environment, "BURGEE_CROSS_CONNECT_MS", DEFAULTS.crossConnect, READ_MAX),
                wait(environment, "BURGEE_CROSS_READ_MS", DEFAULTS.crossRead, READ_MAX),
                wait(environment, "BURGEE_CROSS_WRITE_MS", DEFAULTS.crossWrite, WRITE_MAX),
                wait(environment, "BURGEE_LEDGER_CALL_MS", DEFAULTS.ledgerCall, WRITE_MAX),
                wait(environment, "BURGEE_AWS_CALL_MS", DEFAULTS.awsCall, READ_MAX),
                wait(environment, "BURGEE_WHOLE_READ_MS", DEFAULTS.wholeRead, WHOLE_READ_MAX),
                wait(environment, "BURGEE_WHOLE_WRITE_MS", DEFAULTS.wholeWrite, WRITE_MAX),
                environment.millis(
                        "BURGEE_FRESHNESS_WINDOW_MS", DEFAULTS.freshnessWindow, Duration.ZERO, Duration.ofMinutes(1)),
                wait(environment, "BURGEE_CHECKED_AGE_MAX_MS", DEFAULTS.checkedAgeMax, Duration.ofDays(1)),
                wait(environment, "BURGEE_SECRET_REFRESH_MS", DEFAULTS.secretRefresh, Duration.ofDays(1)));
    }

    private static Duration wait(Environment environment, String name, Duration usual, Duration max) {
        return environment.millis(name, usual, Duration.ofMillis(1), max);
    }
}
