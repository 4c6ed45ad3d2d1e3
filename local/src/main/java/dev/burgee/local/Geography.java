package dev.burgee.local;

import dev.burgee.region.Region;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Map;

/** Which regions there are and how far they lie apart, one way. Immutable. */
final class Geography {
    static final Region US_EAST_1 = new Region("us-east-1");
    static final Region US_EAST_2 = new Region("us-east-2");
    static final Region EU_WEST_1 = new Region("eu-west-1");
    static final Region AP_SOUTHEAST_1 = new Region("ap-southeast-1");

    private static final List<Region> KNOWN = List.of(US_EAST_1, EU_WEST_1, AP_SOUTHEAST_1);
    private static final List<Region> LEDGER = List.of(US_EAST_1, US_EAST_2);

    /** The most regions that a world can have. */
    static final int REGIONS_MAX = KNOWN.size();

    private static final Map<Pair, Integer> ONE_WAY_MS = Map.of(
            pair(US_EAST_1, EU_WEST_1), 40,
            pair(US_EAST_1, AP_SOUTHEAST_1), 110,
            pair(EU_WEST_1, AP_SOUTHEAST_1), 85,
            pair(US_EAST_2, US_EAST_1), 6,
            pair(US_EAST_2, EU_WEST_1), 44,
            pair(US_EAST_2, AP_SOUTHEAST_1), 108);

    private final List<Region> regions;
    private final boolean distances;

    private Geography(List<Region> regions, boolean distances) {
        this.regions = regions;
        this.distances = distances;
    }

    /**
     * The first so many regions.
     *
     * @param distances false: everything is next door
     */
    static Geography of(int regions, boolean distances) {
        if (regions < 1 || regions > REGIONS_MAX) {
            throw new IllegalArgumentException("regions is " + regions + ", but must be 1 to " + REGIONS_MAX);
        }
        return new Geography(KNOWN.subList(0, regions), distances);
    }

    /** The regions that have a cache and an API, the home first. */
    List<Region> regions() {
        return regions;
    }

    /** The region whose cache is writable when the world starts. */
    Region home() {
        return regions.getFirst();
    }

    /** The regions where the ledger has an endpoint. */
    List<Region> ledgerRegions() {
        return LEDGER;
    }

    /** The ledger's regions as one region should try them: the nearest first. */
    List<Region> ledgerRegionsFrom(Region region) {
        var nearestFirst = new ArrayList<>(LEDGER);
        nearestFirst.sort(Comparator.comparing(ledger -> oneWay(region, ledger)));
        return nearestFirst;
    }

    /** How long a byte travels; zero within a region. */
    Duration oneWay(Region from, Region to) {
        if (!distances || from.equals(to)) {
            return Duration.ZERO;
        }
        Integer millis = ONE_WAY_MS.get(pair(from, to));
        if (millis == null) {
            throw new IllegalArgumentException("no distance is known between " + from + " and " + to);
        }
        return Duration.ofMillis(millis);
    }

    private static Pair pair(Region one, Region other) {
        return one.code().compareTo(other.code()) < 0 ? new Pair(one, other) : new Pair(other, one);
    }

    private record Pair(Region one, Region other) {}
}
