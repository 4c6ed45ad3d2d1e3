package dev.burgee.local;

import dev.burgee.region.Region;

/**
 * One call and what it was answered. Immutable.
 *
 * @param who the caller; one caller's calls follow each other
 * @param operation unique to a write; its repeats share it
 * @param ifMatch the version in {@code If-Match}; 0: none
 * @param token {@code Burgee-Position} as sent; 0: none
 */
record Recorded(
        String who, Region region, Call call, String key, String operation, long ifMatch, long token, Reply reply) {
    enum Call {
        READ,
        LIST,
        PUT,
        PATCH,
        DELETE,
        INVALIDATE;

        boolean isRead() {
            return this == READ || this == LIST;
        }
    }

    @Override
    public String toString() {
        return who + " in " + region + ": " + call + " " + key + (operation.isEmpty() ? "" : " as " + operation)
                + (ifMatch == 0 ? "" : " if at " + ifMatch) + (token == 0 ? "" : " from " + token) + " -> "
                + reply.status() + " at " + reply.position() + " from " + reply.source() + " after "
                + Math.round(reply.millis()) + " ms" + (call == Call.LIST ? "" : ": " + reply.body());
    }
}
