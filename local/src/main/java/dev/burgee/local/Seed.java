package dev.burgee.local;

import java.nio.file.Path;

/** Flags that a world begins with. */
sealed interface Seed {
    /** None. */
    record Nothing() implements Seed {}

    /** So many that were made up. */
    record MadeUp(int count) implements Seed {}

    /** Those of a flagd file. */
    record File(Path path) implements Seed {}
}
