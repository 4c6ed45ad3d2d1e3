/**
 * What this costs in time, measured beside what it is compared with: {@code scripts/bench}. Start at {@link
 * dev.burgee.local.bench.Bench}; each {@link dev.burgee.local.bench.Section} measures one thing. Not here: the world with
 * its distances (see {@code dev.burgee.local.Measure}), nor the page, which scripts/lib/bench_page.py makes of the figures.
 */
@NullMarked
package dev.burgee.local.bench;

import org.jspecify.annotations.NullMarked;
