/**
 * The closed set of failures and the table that maps each to the outside: {@link dev.burgee.failure.FailureKind}.
 * Exceptions are named by their condition. Not here: faults of one component that another tier can make good (see
 * {@code cache} and {@code ledger}).
 */
@NullMarked
package dev.burgee.failure;

import org.jspecify.annotations.NullMarked;
