/**
 * Where caches and ledger are. Start at {@link dev.burgee.topology.Topology}. Not here: which cache is writable now.
 */
@NullMarked
package dev.burgee.topology;

import org.jspecify.annotations.NullMarked;
