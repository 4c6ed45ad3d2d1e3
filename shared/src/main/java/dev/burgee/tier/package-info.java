/**
 * What all tiers that a request may fall through have in common: {@link dev.burgee.tier.Breaker} keeps a tier that fails
 * from costing every request its limit. Not here: which tiers there are (read-flag) and their limits ({@code settings}).
 */
@NullMarked
package dev.burgee.tier;

import org.jspecify.annotations.NullMarked;
