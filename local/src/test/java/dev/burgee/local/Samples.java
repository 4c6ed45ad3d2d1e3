package dev.burgee.local;

import java.util.List;
import java.util.Locale;

/** Measured times and their percentiles, in milliseconds. Immutable. */
record Samples(List<Double> millis) {
    Samples {
        millis = millis.stream().sorted().toList();
    }

    static Samples ofReplies(List<Reply> replies) {
        return new Samples(replies.stream().map(Reply::millis).toList());
    }

    /** The smallest value that so many percent of all do not exceed; NaN without any. */
    double percentile(double percent) {
        if (millis.isEmpty()) {
            return Double.NaN;
        }
        int rank = (int) Math.ceil(percent / 100 * millis.size());
        return millis.get(Math.clamp(rank, 1, millis.size()) - 1);
    }

    String shown(double percent) {
        double value = percentile(percent);
        return String.format(Locale.ROOT, value < 10 ? "%.1f" : "%.0f", value);
    }
}
