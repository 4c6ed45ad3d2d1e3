package dev.burgee.cache;

import dev.burgee.flag.FlagState;
import dev.burgee.ledger.Change;
import dev.burgee.ledger.Entry;
import dev.burgee.ledger.Position;
import java.util.ArrayList;
import java.util.List;

/**
 * Entries that one call of the apply script takes.
 *
 * @param last the last entry's position
 * @param arguments per entry: number, item of the recent list, field count, fields and values
 * @param bytes of all arguments
 */
record EntryBatch(Position last, int entries, List<byte[]> arguments, long bytes) {
    static final int ENTRIES_MAX = 128;

    /** A script blocks the server while it runs, and a far region must take it in within a few round trips. */
    static final int BYTES_MAX = 256 * 1024;

    /** Entries with more flags than this say only that much changed: readers reload rather than follow. */
    static final int NAMED_FLAGS_MAX = 50;

    /** Splits entries; one that alone is larger than a batch goes alone. */
    static List<EntryBatch> split(List<Entry> entries) {
        List<EntryBatch> batches = new ArrayList<>();
        List<byte[]> arguments = new ArrayList<>();
        int count = 0;
        long bytes = 0;
        for (Entry entry : entries) {
            List<byte[]> own = arguments(entry);
            long ownBytes = own.stream().mapToLong(argument -> argument.length).sum();
            if (count > 0 && (count == ENTRIES_MAX || bytes + ownBytes > BYTES_MAX)) {
                batches.add(new EntryBatch(new Position(entry.number() - 1), count, arguments, bytes));
                arguments = new ArrayList<>();
                count = 0;
                bytes = 0;
            }
            arguments.addAll(own);
            count++;
            bytes += ownBytes;
        }
        batches.add(new EntryBatch(entries.getLast().position(), count, arguments, bytes));
        return batches;
    }

    /** Throws when there is no entry, or their numbers do not rise by one. */
    static void checkRising(List<Entry> entries) {
        if (entries.isEmpty()) {
            throw new IllegalArgumentException("no entry to apply");
        }
        for (int i = 1; i < entries.size(); i++) {
            if (entries.get(i).number() != entries.get(i - 1).number() + 1) {
                throw new IllegalArgumentException("entry " + entries.get(i).number() + " follows entry "
                        + entries.get(i - 1).number() + ", but numbers must rise by one");
            }
        }
    }

    private static List<byte[]> arguments(Entry entry) {
        List<byte[]> fields = new ArrayList<>();
        for (Change change : entry.changes()) {
            fields.add(CacheFields.flag(change.key()));
            fields.add(value(entry, change.after()));
        }
        if (entry.home() != null) {
            fields.add(CacheFields.HOME);
            fields.add(CacheFields.ascii(entry.home().code()));
        }
        List<byte[]> arguments = new ArrayList<>();
        arguments.add(CacheFields.ascii(entry.number()));
        arguments.add(DataKind.RECENT.fitting(CacheFields.ascii(item(entry))));
        arguments.add(CacheFields.ascii(fields.size() / 2));
        arguments.addAll(fields);
        return arguments;
    }

    private static byte[] value(Entry entry, FlagState after) {
        return entry.kind() == Entry.Kind.INVALIDATE ? FieldFormat.marker(entry.number()) : FieldFormat.encode(after);
    }

    private static String item(Entry entry) {
        StringBuilder item = new StringBuilder().append(entry.number());
        if (entry.changes().size() > NAMED_FLAGS_MAX) {
            return item.append(" *").toString();
        }
        entry.changes().forEach(change -> item.append(' ').append(change.key()));
        return item.toString();
    }
}
