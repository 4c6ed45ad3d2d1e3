package dev.burgee.ledger;

import java.util.OptionalLong;

/** A place in the log: the state after entries 1 to {@code number}; 0 is the empty log. Immutable. */
public record Position(long number) implements Comparable<Position> {
    public static final Position START = new Position(0);

    public Position {
        if (number < 0) {
            throw new IllegalArgumentException("position is " + number + ", but must be 0 or more");
        }
    }

    /** Reads a token as {@link #toString} writes it: up to 18 decimal digits; empty for anything else. */
    public static OptionalLong parse(String token) {
        if (token.isEmpty() || token.length() > 18) {
            return OptionalLong.empty();
        }
        long number = 0;
        for (int i = 0; i < token.length(); i++) {
            char c = token.charAt(i);
            if (c < '0' || c > '9') {
                return OptionalLong.empty();
            }
            number = number * 10 + (c - '0');
        }
        return OptionalLong.of(number);
    }

    public boolean isAtLeast(Position other) {
        return number >= other.number;
    }

    public Position next() {
        return new Position(number + 1);
    }

    public static Position max(Position a, Position b) {
        return a.number >= b.number ? a : b;
    }

    @Override
    public int compareTo(Position other) {
        return Long.compare(number, other.number);
    }

    @Override
    public String toString() {
        return Long.toString(number);
    }
}
