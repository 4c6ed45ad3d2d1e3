package dev.burgee.topology;

import dev.burgee.region.Region;
import java.net.URI;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * What the simple variables say, for development and small installs. Immutable.
 *
 * @param here the region of the function
 * @param primary the region of the primary
 * @param primaryUrl may carry name and password
 * @param replicaUrl null: the primary's
 * @param ledgerEndpoint of all ledger regions; null: the usual ones
 */
public record SimpleTopology(
        Region here,
        Region primary,
        String primaryUrl,
        @Nullable String replicaUrl,
        @Nullable String username,
        @Nullable String password,
        String ledgerTable,
        List<Region> ledgerRegions,
        @Nullable String ledgerEndpoint) {
    public SimpleTopology {
        ledgerRegions = List.copyOf(ledgerRegions);
    }

    private static final String CACHE_RULE = " must be redis://host:port or rediss://host:port";

    private record Login(
            @Nullable String username, @Nullable String password) {}

    /** Everything that is wrong, by the names of the variables; never with a password or an address. */
    public List<String> problems() {
        List<String> problems = new ArrayList<>();
        if (Addresses.cache(primaryUrl).isEmpty()) {
            problems.add("REDIS_PRIMARY_URL" + CACHE_RULE);
        }
        if (replicaUrl != null && Addresses.cache(replicaUrl).isEmpty()) {
            problems.add("REDIS_REPLICA_URL" + CACHE_RULE);
        }
        if (ledgerEndpoint != null && Addresses.endpoint(ledgerEndpoint).isEmpty()) {
            problems.add("BURGEE_LEDGER_ENDPOINT must be http://host:port or https://host:port");
        }
        TopologyParser.tableProblem(ledgerTable).ifPresent(problem -> problems.add("BURGEE_LEDGER_TABLE " + problem));
        if (ledgerRegions.isEmpty()) {
            problems.add("BURGEE_LEDGER_REGIONS must name at least one region");
        }
        Set<Login> logins = logins();
        if (logins.size() > 1) {
            problems.add("REDIS_PRIMARY_URL, REDIS_REPLICA_URL and REDIS_USERNAME/REDIS_PASSWORD name different users");
        } else if (logins.stream().noneMatch(login -> login.password != null) && usesTls()) {
            problems.add("REDIS_PASSWORD is missing, but caches with rediss:// need one");
        }
        return problems;
    }

    /**
     * In the primary's region all operations use the primary; elsewhere reads use the replica.
     *
     * @throws IllegalStateException when there are {@link #problems}
     */
    public Topology topology() {
        List<String> problems = problems();
        if (!problems.isEmpty()) {
            throw new IllegalStateException("check problems() first: " + problems);
        }
        Map<Region, URI> caches = new LinkedHashMap<>();
        caches.put(primary, Addresses.cache(primaryUrl).orElseThrow());
        if (!here.equals(primary)) {
            caches.put(
                    here,
                    Addresses.cache(replicaUrl == null ? primaryUrl : replicaUrl)
                            .orElseThrow());
        }
        Optional<URI> endpoint = ledgerEndpoint == null ? Optional.empty() : Addresses.endpoint(ledgerEndpoint);
        Map<Region, Optional<URI>> ledger = new LinkedHashMap<>();
        ledgerRegions.forEach(region -> ledger.put(region, endpoint));
        Login login = logins().stream().findFirst().orElse(new Login(null, null));
        return new Topology(primary, login.username, login.password, caches, ledgerTable, ledger);
    }

    /** Never the addresses nor the password. */
    @Override
    public String toString() {
        return "SimpleTopology[here=" + here + ", primary=" + primary + ", ledger=" + ledgerTable + "]";
    }

    private boolean usesTls() {
        return isTls(primaryUrl) || (replicaUrl != null && isTls(replicaUrl));
    }

    private static boolean isTls(String url) {
        return Addresses.cache(url).map(Addresses::isTls).orElse(false);
    }

    private Set<Login> logins() {
        Set<Login> logins = new LinkedHashSet<>();
        if (username != null || password != null) {
            logins.add(new Login(username, password));
        }
        for (@Nullable String url : new @Nullable String[] {primaryUrl, replicaUrl}) {
            if (url != null) {
                Addresses.userInfo(url).map(SimpleTopology::login).ifPresent(logins::add);
            }
        }
        return logins;
    }

    private static Login login(String userInfo) {
        int colon = userInfo.indexOf(':');
        String name = colon < 0 ? userInfo : userInfo.substring(0, colon);
        String word = colon < 0 ? "" : userInfo.substring(colon + 1);
        return new Login(name.isEmpty() ? null : name, word.isEmpty() ? null : word);
    }
}
