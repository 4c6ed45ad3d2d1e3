/**
 * The truth: one ordered log in a strongly consistent table, and the state that follows from it. The port is {@link
 * dev.burgee.ledger.Ledger}; {@code DynamoLedger} is its adapter. Not here: what a change may be (see {@code flag}) and
 * when to make one (write-flag). Why a log: docs/adr/0001-ledger.md.
 */
@NullMarked
package dev.burgee.ledger;

import org.jspecify.annotations.NullMarked;
