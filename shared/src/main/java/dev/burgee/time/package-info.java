/**
 * Time as an argument: {@link dev.burgee.time.Time} has the clocks, {@link dev.burgee.time.Deadline} the limit of one
 * request. Nothing else reads a clock or sleeps. Start at {@link dev.burgee.time.Time}.
 */
@NullMarked
package dev.burgee.time;

import org.jspecify.annotations.NullMarked;
