package dev.burgee.write;

import dev.burgee.failure.BurgeeException;
import dev.burgee.ledger.Change;
import dev.burgee.ledger.Entry;
import java.util.List;

/** What becomes of a command at one state. */
sealed interface Decision {
    /** Append this. */
    record Accept(Entry.Kind kind, List<Change> changes) implements Decision {
        public Accept {
            changes = List.copyOf(changes);
        }
    }

    /** Not at this state. */
    record Refuse(BurgeeException reason) implements Decision {}
}
