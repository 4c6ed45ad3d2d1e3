package dev.burgee.flag;

/** What one flag is at some position of the ledger. Immutable. */
public sealed interface FlagState {
    FlagState ABSENT = new Absent();

    /** The number of the ledger entry that changed the flag last; 0 when none ever did. */
    long version();

    /**
     * The flag exists.
     *
     * @param json the whole flag document as it is served, without white space
     */
    record Live(long version, String json) implements FlagState {}

    /** The flag was deleted by that entry: a tombstone. */
    record Deleted(long version) implements FlagState {}

    /** There never was such a flag. */
    record Absent() implements FlagState {
        @Override
        public long version() {
            return 0;
        }
    }
}
