package dev.burgee.local;

import dev.burgee.region.Region;

/** A way over the network from a caller to a server; {@code from} and {@code to} are the regions where these two are. */
record Link(Kind kind, Region from, Region to) {
    /** What runs over it. */
    enum Kind {
        CACHE,
        LEDGER,
        REPLICATION
    }

    static Link cache(Region from, Region to) {
        return new Link(Kind.CACHE, from, to);
    }

    static Link ledger(Region from, Region to) {
        return new Link(Kind.LEDGER, from, to);
    }

    /** The replica calls: {@code from} is where it is. */
    static Link replication(Region replica, Region master) {
        return new Link(Kind.REPLICATION, replica, master);
    }
}
