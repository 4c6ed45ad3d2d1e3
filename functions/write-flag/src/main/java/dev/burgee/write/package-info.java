/**
 * The function write-flag: accepts changes in any region, appends them to the ledger, tells the writable cache, and
 * answers. Start at {@link dev.burgee.write.WriteFlagHandler} (edge), {@code Decider} (what is accepted) or {@code
 * WriteFlag} (how it is kept). Not here: the ledger's and the caches' own rules.
 */
@NullMarked
package dev.burgee.write;

import org.jspecify.annotations.NullMarked;
