/**
 * What a function does before its snapshot is taken: it plays its usual requests against stand-ins inside its own process,
 * so that classes are loaded and compiled without a call that leaves it. Start at {@link dev.burgee.rehearsal.Rehearsal}.
 * Not here: what each function plays (its {@code …Wiring}), nor what happens after a restore ({@code foundation.Restore}).
 */
@NullMarked
package dev.burgee.rehearsal;

import org.jspecify.annotations.NullMarked;
