/** Structured logs for operators. Start at {@link dev.burgee.log.Log}. Not here: metrics. */
@NullMarked
package dev.burgee.log;

import org.jspecify.annotations.NullMarked;
