package dev.burgee.local.drill;

/**
 * What the control API's status said, kept when it differs from what it said before. Immutable.
 *
 * @param cname which cluster the primary's DNS record names; empty: none
 * @param epoch promotions in the ledger
 */
record StatusSeen(long atMs, String primary, String cname, long epoch) {
    boolean says(StatusSeen other) {
        return primary.equals(other.primary) && cname.equals(other.cname) && epoch == other.epoch;
    }
}
