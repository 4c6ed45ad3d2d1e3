package dev.burgee.local;

import dev.burgee.region.Region;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.stream.Stream;

/** Which regions there are and how far they lie apart, one way. Immutable. */
final class Geography {
    static final Region US_EAST_1 = new Region("us-east-1");
    static final Region US_EAST_2 = new Region("us-east-2");
    static final Region EU_WEST_1 = new Region("eu-west-1");
    static final Region AP_SOUTHEAST_1 = new Region("ap-southeast-1");

    private static final List<Region> LEDGER = List.of(US_EAST_1, US_EAST_2);

    /** Regions with a cache, in the order in which a world takes them. */
    private static final List<Region> KNOWN = Stream.of(
                    "us-east-1",
                    "eu-west-1",
                    "ap-southeast-1",
                    "ap-northeast-1",
                    "eu-central-1",
                    "us-west-2",
                    "sa-east-1",
                    "ap-south-1",
                    "ap-southeast-2")
            .map(Region::new)
            .toList();

    /** The most regions that a world can have. */
    static final int REGIONS_MAX = KNOWN.size();

    /**
     * Half of usual round trips in milliseconds: a row for each known region, with its distances to those before it; the
     * last row is us-east-2, which has a ledger and no cache.
     */
    private static final int[][] ONE_WAY_MS = {
        {},
        {40},
        {110, 85},
        {75, 102, 35},
        {46, 12, 80, 113},
        {32, 62, 82, 48, 71},
        {57, 89, 162, 128, 101, 87},
        {95, 61, 30, 64, 55, 108, 150},
        {100, 128, 46, 53, 125, 70, 155, 76},
        {6, 44, 108, 67, 50, 25, 63, 98, 95},
    };

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
        int one = index(from);
        int other = index(to);
        return Duration.ofMillis(ONE_WAY_MS[Math.max(one, other)][Math.min(one, other)]);
    }

    private static int index(Region region) {
        if (region.equals(US_EAST_2)) {
            return KNOWN.size();
        }
        int index = KNOWN.indexOf(region);
        if (index < 0) {
            throw new IllegalArgumentException("no distance is known to " + region);
        }
        return index;
    }
}
