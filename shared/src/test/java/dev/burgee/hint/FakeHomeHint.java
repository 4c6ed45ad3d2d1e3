package dev.burgee.hint;

import org.jspecify.annotations.Nullable;

/** A hint in memory that passes the same contract test as the adapter, with a switch for failing. Thread-safe. */
public final class FakeHomeHint implements HomeHint {
    private @Nullable String text;
    private @Nullable Why failing;
    private int written;

    /** From now on every call fails so; null: no longer. */
    public synchronized void fail(@Nullable Why why) {
        failing = why;
    }

    /** Writes any text, as a person might. */
    public synchronized void put(String value) {
        text = value;
    }

    /** How many announcements were written. */
    public synchronized int written() {
        return written;
    }

    @Override
    public synchronized Reading read() {
        Why why = failing;
        if (why != null) {
            return new Reading.Failed(why, "the fake hint was told to fail");
        }
        String there = text;
        if (there == null) {
            return new Reading.Missing();
        }
        return Hint.parse(there)
                .<Reading>map(Reading.Found::new)
                .orElseGet(() -> new Reading.Unreadable("the fake hint is no hint"));
    }

    @Override
    public synchronized Announced announce(Hint hint) {
        return switch (read()) {
            case Reading.Found(Hint there) when there.epoch() >= hint.epoch() -> new Announced.Kept(there.epoch());
            case Reading.Found _, Reading.Unreadable _, Reading.Missing _ -> {
                text = hint.toJson();
                written++;
                yield new Announced.Written();
            }
            case Reading.Failed(Why why, String problem) -> new Announced.Failed(why, problem);
        };
    }
}
