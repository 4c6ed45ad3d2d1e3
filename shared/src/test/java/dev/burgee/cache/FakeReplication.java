package dev.burgee.cache;

import dev.burgee.region.Region;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * Replication of one fake cache among others: a follower refuses writes, and has what its leader had when it began. Not
 * thread-safe.
 */
public final class FakeReplication implements CacheReplication {
    private final FakeFlagCache own;
    private final Map<Region, FakeFlagCache> caches;
    private @Nullable Region leader;

    /** What was changed, in order: {@code lead} and {@code follow REGION}. */
    public final List<String> changes = new java.util.ArrayList<>();

    public FakeReplication(FakeFlagCache own, Map<Region, FakeFlagCache> caches) {
        this.own = own;
        this.caches = Map.copyOf(caches);
    }

    @Override
    public Role role() {
        own.head();
        Region following = leader;
        return following == null ? new Role.Leader() : new Role.Follower(following.code(), 6_379, true);
    }

    @Override
    public void lead() {
        own.head();
        leader = null;
        own.readOnly(false);
        changes.add("lead");
    }

    @Override
    public boolean follow(Region home) {
        own.head();
        FakeFlagCache master = caches.get(home);
        if (master == null) {
            throw new IllegalArgumentException("region " + home + " has no cache");
        }
        if (home.equals(leader)) {
            return false;
        }
        leader = home;
        own.readOnly(true);
        own.copyOf(master);
        changes.add("follow " + home);
        return true;
    }
}
