/**
 * The home region as people, scripts and other functions find it: an SSM parameter that the last promotion is written to.
 * Start at {@link dev.burgee.hint.HomeHint}. Not here: the truth (the ledger's last promotion), nor what writers go by
 * (they ask the caches).
 */
@NullMarked
package dev.burgee.hint;

import org.jspecify.annotations.NullMarked;
