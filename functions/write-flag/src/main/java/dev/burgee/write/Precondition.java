package dev.burgee.write;

import dev.burgee.failure.ConflictException;
import dev.burgee.flag.FlagKey;
import dev.burgee.flag.FlagState;
import java.util.Optional;
import java.util.Set;

/** What the caller says must be true of the flag now: {@code If-Match} and {@code If-None-Match: *}. */
sealed interface Precondition {
    Precondition NONE = new None();

    /** The refusal, if the flag's present state breaks the condition. */
    Optional<ConflictException> refusal(FlagKey key, FlagState current);

    record None() implements Precondition {
        @Override
        public Optional<ConflictException> refusal(FlagKey key, FlagState current) {
            return Optional.empty();
        }
    }

    /** {@code If-None-Match: *}: create only. */
    record Absent() implements Precondition {
        @Override
        public Optional<ConflictException> refusal(FlagKey key, FlagState current) {
            return current instanceof FlagState.Live
                    ? Optional.of(ConflictException.preconditionFailed("flag " + key + " exists at version "
                            + current.version() + ", but If-None-Match: * asks for it to be new"))
                    : Optional.empty();
        }
    }

    /** {@code If-Match: *}: change only. */
    record Present() implements Precondition {
        @Override
        public Optional<ConflictException> refusal(FlagKey key, FlagState current) {
            return current instanceof FlagState.Live
                    ? Optional.empty()
                    : Optional.of(ConflictException.preconditionFailed(
                            "flag " + key + " does not exist, but If-Match: * asks for it to"));
        }
    }

    /** {@code If-Match} with entity tags. */
    record Versions(Set<String> tags) implements Precondition {
        public Versions {
            tags = Set.copyOf(tags);
        }

        @Override
        public Optional<ConflictException> refusal(FlagKey key, FlagState current) {
            if (current instanceof FlagState.Live && tags.contains(Long.toString(current.version()))) {
                return Optional.empty();
            }
            String now = current instanceof FlagState.Live ? "is at version " + current.version() : "does not exist";
            return Optional.of(ConflictException.preconditionFailed("flag " + key + " " + now
                    + ", which is not what If-Match names; read it again and decide on what it is now"));
        }
    }
}
