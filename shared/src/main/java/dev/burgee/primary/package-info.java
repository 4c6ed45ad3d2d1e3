/**
 * Which cache is home and how to reach it. Start at {@link dev.burgee.primary.Caches}. Not here: the caches' protocol
 * (see {@code cache}).
 */
@NullMarked
package dev.burgee.primary;

import org.jspecify.annotations.NullMarked;
