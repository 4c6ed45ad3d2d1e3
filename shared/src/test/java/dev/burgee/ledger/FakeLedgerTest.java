package dev.burgee.ledger;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.burgee.ledger.Ledger.Appended;
import org.junit.jupiter.api.Test;

final class FakeLedgerTest extends LedgerContract {
    private final FakeLedger ledger = new FakeLedger();

    @Override
    Ledger ledger() {
        return ledger;
    }

    @Test
    void aLostAnswerIsUnclearAndTheEntryIsThere() {
        ledger.loseNextAnswer();

        assertThat(ledger.append(Entries.put(1, "a"), soon())).isEqualTo(Appended.UNCLEAR);
        assertThat(ledger.log()).containsExactly(Entries.put(1, "a"));
        assertThat(ledger.append(Entries.put(2, "a"), soon())).isEqualTo(Appended.DONE);
    }

    @Test
    void aRefusedAppendTakesNothing() {
        ledger.refuseNext();

        assertThatThrownBy(() -> ledger.append(Entries.put(1, "a"), soon()))
                .isInstanceOf(LedgerUnavailableException.class);
        assertThat(ledger.log()).isEmpty();
        assertThat(ledger.append(Entries.put(1, "a"), soon())).isEqualTo(Appended.DONE);
        assertThat(ledger.appends()).isEqualTo(2);
    }

    @Test
    void answersNothingWhileItIsDown() {
        ledger.down(true);
        assertThatThrownBy(() -> ledger.readAll(soon())).isInstanceOf(LedgerUnavailableException.class);

        ledger.down(false);
        assertThat(ledger.readAll(soon()).position()).isEqualTo(Position.START);
    }
}
