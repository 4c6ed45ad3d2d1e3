/**
 * How a region is: what its pulse measured ({@link dev.burgee.health.RegionHealth}), and what follows from it ({@link
 * dev.burgee.health.HealthRule}, one table; start there). Not here: who measures (region-pulse) and who shows it (read-flag).
 */
@NullMarked
package dev.burgee.health;

import org.jspecify.annotations.NullMarked;
