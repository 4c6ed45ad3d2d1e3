package dev.burgee.write;

import dev.burgee.failure.InvalidRequestException;
import dev.burgee.failure.NotFoundException;
import dev.burgee.failure.TooLargeException;
import dev.burgee.flag.Flag;
import dev.burgee.flag.FlagDefinition;
import dev.burgee.flag.FlagKey;
import dev.burgee.flag.FlagRules;
import dev.burgee.flag.FlagState;
import dev.burgee.flag.MergePatch;
import dev.burgee.json.Json;
import dev.burgee.ledger.Change;
import dev.burgee.ledger.Entry;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;

/** What is accepted and what it changes. Pure: the same command, state and stamp give the same decision. */
final class Decider {
    /**
     * What an accepted change is marked with.
     *
     * @param number of the entry that it will be
     */
    record Stamp(long number, Instant at, String actor) {}

    private Decider() {}

    static Decision decide(Command command, Precondition precondition, View view, Stamp stamp) {
        return switch (command) {
            case Command.OnOneFlag one -> {
                FlagState current = view.state(one.key());
                var refusal = precondition.refusal(one.key(), current);
                yield refusal.isPresent() ? new Decision.Refuse(refusal.get()) : decide(one, current, stamp);
            }
            case Command.Import many -> decide(many, view, stamp);
        };
    }

    private static Decision decide(Command.OnOneFlag command, FlagState current, Stamp stamp) {
        return switch (command) {
            case Command.Put put -> put(put.key(), put.definition(), current, stamp);
            case Command.Revert revert -> put(revert.key(), revert.definition(), current, stamp);
            case Command.Patch patch ->
                current instanceof FlagState.Live live ? patch(patch, live, stamp) : absent(command, current);
            case Command.Delete delete ->
                current instanceof FlagState.Live
                        ? accept(Entry.Kind.DELETE, deleted(delete.key(), stamp))
                        : absent(command, current);
            case Command.Invalidate invalidate ->
                current instanceof FlagState.Live
                        ? accept(Entry.Kind.INVALIDATE, new Change(invalidate.key(), current, false))
                        : absent(command, current);
        };
    }

    private static Decision put(FlagKey key, FlagDefinition definition, FlagState current, Stamp stamp) {
        return accept(Entry.Kind.PUT, live(key, definition, current, stamp));
    }

    private static Decision patch(Command.Patch patch, FlagState.Live current, Stamp stamp) {
        FlagKey key = patch.key();
        Object merged = MergePatch.apply(Json.parse(current.json()), patch.patch());
        return switch (FlagRules.check(key, merged, "")) {
            case FlagRules.Valid valid -> put(key, valid.definition(), current, stamp);
            case FlagRules.Invalid invalid
            when invalid.tooLarge() ->
                new Decision.Refuse(new TooLargeException(
                        "the patched flag " + invalid.violations().getFirst().message()));
            case FlagRules.Invalid invalid ->
                new Decision.Refuse(
                        InvalidRequestException.ofRules("the patched flag would break", invalid.violations()));
        };
    }

    private static Decision decide(Command.Import command, View view, Stamp stamp) {
        List<Change> changes = new ArrayList<>();
        command.definitions().forEach((key, definition) -> {
            FlagState current = view.state(key);
            if (!(current instanceof FlagState.Live live)
                    || !Flag.definitionOf(key, live.json()).equals(definition)) {
                changes.add(live(key, definition, current, stamp));
            }
        });
        if (command.replace()) {
            view.flags().forEach((key, state) -> {
                if (state instanceof FlagState.Live && !command.definitions().containsKey(key)) {
                    changes.add(deleted(key, stamp));
                }
            });
        }
        if (changes.size() > Entry.CHANGES_MAX) {
            return new Decision.Refuse(new TooLargeException("the import changes " + changes.size()
                    + " flags, but at most " + Entry.CHANGES_MAX
                    + " can change at once; split the file and import the parts with mode=merge"));
        }
        return new Decision.Accept(Entry.Kind.IMPORT, changes);
    }

    private static Change live(FlagKey key, FlagDefinition definition, FlagState current, Stamp stamp) {
        Flag flag = new Flag(key, definition, stamp.number(), stamp.at(), stamp.actor());
        return new Change(key, flag.live(), !(current instanceof FlagState.Live));
    }

    private static Change deleted(FlagKey key, Stamp stamp) {
        return new Change(key, new FlagState.Deleted(stamp.number()), false);
    }

    private static Decision accept(Entry.Kind kind, Change change) {
        return new Decision.Accept(kind, List.of(change));
    }

    private static Decision absent(Command.OnOneFlag command, FlagState current) {
        String why =
                current instanceof FlagState.Deleted ? "was deleted by version " + current.version() : "does not exist";
        return new Decision.Refuse(new NotFoundException("flag " + command.key() + " " + why));
    }
}
