package dev.burgee.ledger;

import dev.burgee.flag.FlagState;

/** One flag's state and the position at which it is known to be so. */
public record FlagReading(FlagState state, Position position) {}
