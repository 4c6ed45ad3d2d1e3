/**
 * The function that looks after one region once a minute. Start at {@link dev.burgee.pulse.RegionPulseHandler}. Not here:
 * DNS (see failover-dns-update).
 */
@NullMarked
package dev.burgee.pulse;

import org.jspecify.annotations.NullMarked;
