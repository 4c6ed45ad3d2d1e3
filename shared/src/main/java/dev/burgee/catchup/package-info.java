/**
 * Brings a cache to where the ledger is. Start at {@link dev.burgee.catchup.CatchUp}. Not here: which caches, and when
 * (see the functions).
 */
@NullMarked
package dev.burgee.catchup;

import org.jspecify.annotations.NullMarked;
