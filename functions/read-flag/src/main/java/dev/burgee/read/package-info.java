/**
 * The function read-flag: serves flags from memory, the local replica, the home's cache, the ledger, or the last known
 * copy, in this order. Start at {@link dev.burgee.read.ReadFlagHandler} (edge) or {@code TieredRead} (the order and its
 * rules). Not here: anything that changes a flag.
 */
@NullMarked
package dev.burgee.read;

import org.jspecify.annotations.NullMarked;
