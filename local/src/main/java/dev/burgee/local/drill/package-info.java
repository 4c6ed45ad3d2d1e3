/**
 * The quarterly exercise on the local world: {@code scripts/drill}. A region is lost under load, another is promoted, the
 * lost one rejoins, all is rolled back; what callers saw is held against the targets.
 *
 * <p>Start at {@link dev.burgee.local.drill.Drill} for what happens, and at {@link dev.burgee.local.drill.Accounting} for
 * what is made of it. Not here: the world itself, of which this knows only the control API and the regions' addresses.
 */
@NullMarked
package dev.burgee.local.drill;

import org.jspecify.annotations.NullMarked;
