package dev.burgee.local;

import dev.burgee.region.Region;
import java.util.List;

/** A control call names a region that is not there. */
final class UnknownRegionException extends RuntimeException {
    private static final long serialVersionUID = 1L;

    UnknownRegionException(String code, List<Region> there) {
        super("region is \"" + code + "\", but must be one of " + there);
    }
}
