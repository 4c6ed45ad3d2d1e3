package dev.burgee.topology;

import dev.burgee.region.Region;
import java.net.URI;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * Where everything is: the content of the topology secret, or what the two simple variables say. Immutable.
 *
 * @param primary the home region by configuration: a hint, possibly out of date
 * @param username of the caches; null: the server's default user
 * @param password of the caches; null: none
 * @param caches one {@code redis://} or {@code rediss://} address per region
 * @param ledgerTable the table's name
 * @param ledgerRegions regions of the ledger, in the order in which others should try them; the address is an endpoint
 *     of its own, or empty for the region's usual one
 */
public record Topology(
        Region primary,
        @Nullable String username,
        @Nullable String password,
        Map<Region, URI> caches,
        String ledgerTable,
        Map<Region, Optional<URI>> ledgerRegions) {

    public Topology {
        caches = Collections.unmodifiableMap(new LinkedHashMap<>(caches));
        ledgerRegions = Collections.unmodifiableMap(new LinkedHashMap<>(ledgerRegions));
    }

    /** Never the password. */
    @Override
    public String toString() {
        return "Topology[primary=" + primary + ", caches=" + caches.keySet() + ", ledger=" + ledgerTable + " in "
                + ledgerRegions.keySet() + "]";
    }
}
