/**
 * The part of wiring that functions have in common. Start at {@link dev.burgee.foundation.Foundation}. Not here: keys and
 * HTTP (see {@code http}), nor what one function alone needs (its own {@code …Wiring}).
 */
@NullMarked
package dev.burgee.foundation;

import org.jspecify.annotations.NullMarked;
