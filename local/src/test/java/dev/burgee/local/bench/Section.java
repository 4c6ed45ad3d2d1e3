package dev.burgee.local.bench;

import java.io.IOException;

/** One part of the benchmark: starts what it needs, measures, and ends it. */
interface Section {
    /** One lower-case word, for {@code --only}. */
    String name();

    /**
     * Measures; says on the way what it does.
     *
     * @throws IOException when files or processes cannot be used
     */
    void run(Bench.Run run) throws IOException;
}
