package dev.burgee.local;

import dev.burgee.flag.FlagState;
import dev.burgee.json.Json;
import dev.burgee.ledger.Entry;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;

/** What a recorded history must be like, given the log that it led to: invariants 1 to 4. Not thread-safe. */
final class HistoryCheck {
    private final Model model;
    private final List<Recorded> history;
    private final List<String> problems = new ArrayList<>();
    /** By operation: the entries that brought its own metadata. */
    private final Map<String, List<Entry>> entries = new HashMap<>();

    HistoryCheck(Model model, List<Recorded> history) {
        this.model = model;
        this.history = history.stream()
                .sorted(Comparator.comparingLong(recorded -> recorded.reply().startNanos()))
                .toList();
        for (Entry entry : model.log()) {
            if (entry.kind() == Entry.Kind.PUT) {
                String operation = String.valueOf(
                        metadata(entry.changes().getFirst().after()).get("op"));
                entries.computeIfAbsent(operation, _ -> new ArrayList<>()).add(entry);
            }
        }
    }

    /** Everything that is wrong. */
    List<String> problems() {
        history.stream().filter(recorded -> recorded.call().isRead()).forEach(this::read);
        history.stream().filter(recorded -> !recorded.call().isRead()).forEach(this::write);
        entries.forEach((operation, found) ->
                check(found.size() == 1 || operation.equals("heal"), "operation " + operation + " is in " + found));
        noEntryAnswersTwoOperations();
        noRefusedOperationIsInTheLog();
        noCallerGoesBack();
        return problems;
    }

    /** Invariants 1, 3 and 4 for one answer: it is the state after exactly the position that it shows, or an honest 503. */
    private void read(Recorded read) {
        Reply reply = read.reply();
        if (reply.status() == 503) {
            check(read.token() > 0, "a read without a token was not answered: " + read);
            check(!reply.header("retry-after").isEmpty(), "no Retry-After: " + read);
            return;
        }
        long position = reply.position();
        if (!check(position >= 0 && position <= model.end(), "not a position of the log: " + read)) {
            return;
        }
        check(position >= read.token(), "behind its token: " + read);
        if (read.call() == Recorded.Call.LIST) {
            check(reply.status() == 200, "a list that is none: " + read);
            Map<String, Object> expected = new TreeMap<>();
            model.flags(position).forEach((key, state) -> {
                if (state instanceof FlagState.Live(long _, String json)) {
                    expected.put(key.value(), String.valueOf(Json.parse(json)));
                }
            });
            Map<String, Object> shown = new TreeMap<>();
            if (reply.json().get("flags") instanceof List<?> flags) {
                flags.forEach(flag -> shown.put(
                        String.valueOf(flag instanceof Map<?, ?> map ? map.get("key") : null), String.valueOf(flag)));
            }
            Set<String> wrong = new TreeSet<>(shown.keySet());
            wrong.addAll(expected.keySet());
            wrong.removeIf(key -> Objects.equals(shown.get(key), expected.get(key)));
            check(
                    wrong.isEmpty(),
                    "a list that is not the state at its position as for " + wrong + ", "
                            + wrong.stream().map(shown::get).toList() + " instead of "
                            + wrong.stream().map(expected::get).toList() + ": " + read);
            return;
        }
        FlagState expected = model.flag(read.key(), position);
        boolean right = expected instanceof FlagState.Live(long _, String json)
                ? reply.status() == 200 && reply.json().equals(Json.parse(json))
                : reply.status() == 404;
        check(right, "not the state at its position, which is " + expected + ": " + read);
    }

    /** Invariant 2 for one answer. */
    private void write(Recorded write) {
        Reply reply = write.reply();
        if (reply.isAccepted()) {
            accepted(write);
        } else {
            check(Set.of(404, 412, 503).contains(reply.status()), "no answer of a write: " + write);
            check(
                    reply.status() == 503 || !wasSurelyWrong(write),
                    "refused, though it was true all the time: " + write);
        }
    }

    private void accepted(Recorded write) {
        Reply reply = write.reply();
        long number = reply.position();
        if (!check(number >= 1 && number <= model.end(), "accepted, but not in the log: " + write)) {
            return;
        }
        Entry entry = model.log().get(Math.toIntExact(number - 1));
        check(
                entry.kind() == kind(write.call())
                        && entry.changes().getFirst().key().value().equals(write.key()),
                "accepted, but entry " + number + " is another: " + write);
        FlagState before = model.flag(write.key(), number - 1);
        check(write.ifMatch() == 0 || before.version() == write.ifMatch(), "changed another version: " + write);
        if (entry.kind() != Entry.Kind.PUT) {
            return;
        }
        FlagState after = entry.changes().getFirst().after();
        check(
                after instanceof FlagState.Live(long _, String json)
                        && reply.flag().equals(Json.parse(json)),
                "answered with another content than " + after + ": " + write);
        Map<String, Object> expected = new TreeMap<>();
        if (write.call() == Recorded.Call.PATCH) {
            expected.putAll(metadata(before));
            expected.put(write.who(), write.operation());
        }
        expected.put("op", write.operation());
        check(metadata(after).equals(expected), "an update was lost, it should have been " + expected + ": " + write);
    }

    /** Whether the condition that a write was refused for held from before it began until after it ended. */
    private boolean wasSurelyWrong(Recorded write) {
        long since = 0;
        for (Entry entry : model.log()) {
            boolean ofFlag = entry.kind() != Entry.Kind.INVALIDATE
                    && entry.changes().getFirst().key().value().equals(write.key());
            if (ofFlag && begun(entry) < write.reply().endNanos()) {
                since = known(entry) < write.reply().startNanos() ? entry.number() : -1;
            }
        }
        if (since <= 0) {
            return false;
        }
        FlagState state = model.flag(write.key(), since);
        boolean live = state instanceof FlagState.Live;
        return write.reply().status() == 404 ? live : live && state.version() == write.ifMatch();
    }

    private long begun(Entry entry) {
        return writesOf(entry).stream()
                .mapToLong(write -> write.reply().startNanos())
                .min()
                .orElse(Long.MIN_VALUE);
    }

    private long known(Entry entry) {
        return writesOf(entry).stream()
                .filter(write -> write.reply().isAccepted())
                .mapToLong(write -> write.reply().endNanos())
                .min()
                .orElse(Long.MAX_VALUE);
    }

    private List<Recorded> writesOf(Entry entry) {
        String operation = entry.kind() == Entry.Kind.PUT
                ? String.valueOf(metadata(entry.changes().getFirst().after()).get("op"))
                : "";
        return history.stream()
                .filter(write -> !write.call().isRead())
                .filter(write -> operation.isEmpty()
                        ? write.reply().isAccepted() && write.reply().position() == entry.number()
                        : write.operation().equals(operation))
                .toList();
    }

    private void noEntryAnswersTwoOperations() {
        Map<Long, String> operations = new HashMap<>();
        Map<String, Long> numbers = new HashMap<>();
        history.stream()
                .filter(write -> !write.call().isRead() && write.reply().isAccepted())
                .forEach(write -> {
                    long number = write.reply().position();
                    String other = operations.putIfAbsent(number, write.operation());
                    check(other == null || other.equals(write.operation()), other + " has the same entry as " + write);
                    Long first = numbers.putIfAbsent(write.operation(), number);
                    check(first == null || first == number, "not the first answer, which was " + first + ": " + write);
                });
    }

    private void noRefusedOperationIsInTheLog() {
        Set<String> refused = new HashSet<>();
        history.stream()
                .filter(write -> !write.call().isRead()
                        && !write.reply().isAccepted()
                        && write.reply().status() != 503)
                .forEach(write -> refused.add(write.operation()));
        refused.forEach(operation ->
                check(!entries.containsKey(operation), "refused, and yet in the log: " + entries.get(operation)));
    }

    /** Invariant 3: one process and one bearer of tokens see time go forwards only. */
    private void noCallerGoesBack() {
        Map<String, Recorded> last = new HashMap<>();
        for (Recorded read : history) {
            if (!read.call().isRead()
                    || read.reply().status() == 503
                    || read.who().startsWith("any")) {
                continue;
            }
            // what is marked stale is older than promised; but no flag of it may be older than it was before
            boolean stale = !read.reply().header("burgee-stale").isEmpty();
            Recorded before = stale ? null : last.put(read.who(), read);
            check(
                    before == null || read.reply().position() >= before.reply().position(),
                    "went back from " + before + " to " + read);
            if (read.call() == Recorded.Call.READ) {
                Recorded same = last.put(read.who() + " " + read.key(), read);
                check(
                        same == null || version(read) >= version(same),
                        "went back to an older version: from " + same + " to " + read);
            }
        }
    }

    private long version(Recorded read) {
        return model.flag(
                        read.key(),
                        Math.min(model.end(), Math.max(0, read.reply().position())))
                .version();
    }

    private static Entry.Kind kind(Recorded.Call call) {
        return switch (call) {
            case PUT, PATCH -> Entry.Kind.PUT;
            case DELETE -> Entry.Kind.DELETE;
            case INVALIDATE -> Entry.Kind.INVALIDATE;
            case READ, LIST -> throw new IllegalArgumentException(call + " writes nothing");
        };
    }

    private static Map<String, Object> metadata(FlagState state) {
        Map<String, Object> metadata = new TreeMap<>();
        if (state instanceof FlagState.Live(long _, String json)
                && Json.parse(json) instanceof Map<?, ?> flag
                && flag.get("metadata") instanceof Map<?, ?> members) {
            members.forEach((name, value) -> metadata.put(String.valueOf(name), String.valueOf(value)));
        }
        return metadata;
    }

    private boolean check(boolean right, String problem) {
        if (!right) {
            problems.add(problem);
        }
        return right;
    }
}
