/**
 * A Lambda function that reads a flag as one writes it in an afternoon, with the usual libraries as they come. What
 * read-flag's cold start is measured against; it never ships. Start at {@link dev.burgee.baseline.BaselineHandler}. Not
 * here: everything that makes a read survive.
 */
@NullMarked
package dev.burgee.baseline;

import org.jspecify.annotations.NullMarked;
