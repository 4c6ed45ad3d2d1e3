package dev.burgee.health;

import java.util.Locale;

/** How bad it is, from good to bad. */
public enum HealthStatus {
    HEALTHY,
    /** Somebody waits longer, or soon will; all requests are answered. */
    DEGRADED,
    /** Something is lost, or nobody can say that it is not. */
    CRITICAL;

    /** For example {@code healthy}. */
    public String text() {
        return name().toLowerCase(Locale.ROOT);
    }
}
