package dev.burgee.pulse;

import dev.burgee.region.Region;

/** What this region's own cache is to do among the others, in the self-managed profile. Pure. */
final class FollowRule {
    private FollowRule() {}

    /** What to do. */
    sealed interface Ruling {
        record Lead() implements Ruling {}

        record Follow(Region home) implements Ruling {}

        /** Leave it as it is. */
        record Leave() implements Ruling {}
    }

    /** Only a promotion that was read just now moves a cache; a cache that did not answer cannot be moved. */
    static Ruling decide(Situation now) {
        if (now.profile() != Profile.SELF_MANAGED
                || !now.ledgerReachable()
                || now.promotion() == null
                || !now.reachable()) {
            return new Ruling.Leave();
        }
        if (!now.promotion().home().equals(now.here())) {
            return new Ruling.Follow(now.promotion().home());
        }
        return now.writable() ? new Ruling.Leave() : new Ruling.Lead();
    }
}
