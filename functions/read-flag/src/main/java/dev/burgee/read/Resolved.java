package dev.burgee.read;

import dev.burgee.flag.FlagKey;
import dev.burgee.flag.FlagState;
import java.util.Map;

/**
 * What the ledger said.
 *
 * @param fills what stands behind markers that a cache showed
 */
record Resolved<T>(Copy<T> copy, Map<FlagKey, FlagState> fills) {}
