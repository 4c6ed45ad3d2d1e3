package dev.burgee.local.drill;

import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.Optional;

/** What the primary region loses. */
enum Lost {
    /** Its cache server, stopped or hung. */
    CACHE,
    /** The network to all other regions, its ledger endpoint included. */
    NETWORK,
    /** All of it: network, cache and the ledger's endpoint there. */
    REGION;

    String text() {
        return name().toLowerCase(Locale.ROOT);
    }

    static Optional<Lost> of(String text) {
        return Arrays.stream(values()).filter(lost -> lost.text().equals(text)).findFirst();
    }

    static List<String> texts() {
        return Arrays.stream(values()).map(Lost::text).toList();
    }
}
