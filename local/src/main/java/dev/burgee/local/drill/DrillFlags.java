package dev.burgee.local.drill;

import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;

/** The flags that a drill writes: each region's own, shared ones, and one of each region for probes. Immutable. */
record DrillFlags(List<String> regions) {
    /** All keys begin with it, and nothing else's do; as {@code after} it begins a list of just these. */
    static final String PREFIX = "drill.";

    private static final int EACH = 2;

    DrillFlags {
        regions = List.copyOf(regions);
    }

    List<String> ownOf(String region) {
        return numbered(region);
    }

    List<String> shared() {
        return numbered("shared");
    }

    String probeOf(String region) {
        return PREFIX + "probe." + region;
    }

    Set<String> all() {
        Set<String> all = new LinkedHashSet<>(shared());
        regions.forEach(region -> {
            all.addAll(ownOf(region));
            all.add(probeOf(region));
        });
        return all;
    }

    private static List<String> numbered(String owner) {
        List<String> flags = new ArrayList<>();
        for (int i = 1; i <= EACH; i++) {
            flags.add(PREFIX + owner + "." + i);
        }
        return flags;
    }
}
