package dev.burgee.local.drill;

import java.util.Locale;
import java.util.OptionalLong;

/** Milliseconds as people read them. */
final class Seconds {
    private Seconds() {}

    static String of(long millis) {
        return String.format(Locale.ROOT, "%.2f s", millis / 1_000.0);
    }

    static String of(OptionalLong millis) {
        return millis.isPresent() ? of(millis.getAsLong()) : "never";
    }
}
