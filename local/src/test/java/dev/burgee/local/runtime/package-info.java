/**
 * Functions as Lambda runs them: the zip that is deployed, with the handler and the variables of {@code template.yaml}, in a
 * JVM of its own under AWS's own runtime interface client. Start at {@link FunctionProcess}. Not here: what it talks to.
 */
@NullMarked
package dev.burgee.local.runtime;

import org.jspecify.annotations.NullMarked;
