package dev.burgee.write;

import dev.burgee.region.Region;

/**
 * What a writer knows of the change's way to the readers.
 *
 * @param delayed whether no writable cache could be told yet
 * @param writeRegion the home region, as far as is known
 */
record Propagation(boolean delayed, Region writeRegion) {}
