package dev.burgee.write;

import dev.burgee.ledger.Entry;

/**
 * A write that is in the ledger.
 *
 * @param propagation how far it got beyond
 */
record Accepted(Entry entry, Propagation propagation) {}
