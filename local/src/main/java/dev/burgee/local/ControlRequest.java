package dev.burgee.local;

import dev.burgee.region.Region;
import java.util.Map;

/** What a control route is called with: its region, if the path names one, the query and the body. */
record ControlRequest(Map<String, String> path, Map<String, String> query, String body, Geography geography) {
    private static final String REGION = "region";

    /**
     * The region that the path names, one of those with a cache.
     *
     * @throws UnknownRegionException when the world has no such region
     */
    Region region() {
        String code = path.getOrDefault(REGION, "");
        return geography.regions().stream()
                .filter(region -> region.code().equals(code))
                .findFirst()
                .orElseThrow(() -> new UnknownRegionException(code, geography.regions()));
    }

    /**
     * The region that the path names, one of those with a ledger endpoint.
     *
     * @throws UnknownRegionException when the ledger has no such region
     */
    Region ledgerRegion() {
        String code = path.getOrDefault(REGION, "");
        return geography.ledgerRegions().stream()
                .filter(region -> region.code().equals(code))
                .findFirst()
                .orElseThrow(() -> new UnknownRegionException(code, geography.ledgerRegions()));
    }

    /**
     * A yes or no of the query; no when it is missing.
     *
     * @throws BadParameterException when it is something else
     */
    boolean flag(String name) {
        String text = query.getOrDefault(name, "false");
        return switch (text) {
            case "true" -> true;
            case "false" -> false;
            default -> throw new BadParameterException(name + " is \"" + text + "\", but must be true or false");
        };
    }

    /**
     * A whole number of the query.
     *
     * @throws BadParameterException when it is missing, no number, or out of bounds
     */
    long number(String name, long max) {
        String text = query.get(name);
        if (text == null || !text.matches("[0-9]{1,18}") || Long.parseLong(text) > max) {
            throw new BadParameterException(name + " is " + (text == null ? "missing" : "\"" + text + "\"")
                    + ", but must be a whole number from 0 to " + max);
        }
        return Long.parseLong(text);
    }
}
