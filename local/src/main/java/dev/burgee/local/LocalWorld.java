package dev.burgee.local;

import java.net.URI;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.function.Consumer;

/** A world of one's own, for programs that use it from outside: by its control API and the regions' addresses in it. */
public final class LocalWorld implements AutoCloseable {
    /** The most regions that a world can have. */
    public static final int REGIONS_MAX = Geography.REGIONS_MAX;

    private final World world;

    private LocalWorld(World world) {
        this.world = world;
    }

    /**
     * Starts one at free ports, with real distances and the functions that ship; when this returns, it is warm.
     *
     * @param pulse how often each region's pulse is invoked
     * @param flags so many made-up flags are in it
     * @param progress told each step as it begins
     */
    public static LocalWorld start(int regions, Duration pulse, int flags, Consumer<String> progress) {
        var options =
                new WorldOptions(regions, 0, true, Map.of(), WorldOptions.ENVIRONMENTS_MAX, pulse, Functions.shipped());
        World world = World.start(options, progress);
        try {
            new Seeder(world.baseUri(world.geography().home()), progress).sow(new Seed.MadeUp(flags));
        } catch (RuntimeException e) {
            world.close();
            throw e;
        }
        return new LocalWorld(world);
    }

    /** Where its control API answers. */
    public URI control() {
        return world.control();
    }

    /** The newest log lines of all functions, oldest first. */
    public List<String> logs() {
        return world.output().logs().since(0);
    }

    @Override
    public void close() {
        world.close();
    }
}
