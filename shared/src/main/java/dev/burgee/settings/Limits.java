package dev.burgee.settings;

import java.time.Duration;

/**
 * Every limit of the design's section 8 and the windows of section 6: all in one place. {@link #DEFAULTS} are the
 * documented values; {@code Environment} reads the settable ones from {@code BURGEE_…_MS} variables.
 *
 * @param localConnect connecting to this region's cache
 * @param localRead one command at this region's cache
 * @param crossConnect connecting to another region's cache
 * @param crossRead one reading command at another region's cache
 * @param crossWrite one writing command at another region's cache
 * @param ledgerCall one call of one region of the ledger
 * @param awsCall one call of any other AWS API
 * @param wholeRead one read request, all tiers together
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
}
