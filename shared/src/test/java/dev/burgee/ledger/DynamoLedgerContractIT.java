package dev.burgee.ledger;

import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeEach;

final class DynamoLedgerContractIT extends LedgerContract {
    private static final LedgerWorld WORLD = new LedgerWorld();

    private Ledger ledger = new FakeLedger();

    @BeforeEach
    void emptyTable() {
        ledger = WORLD.ledger(WORLD.newTable());
    }

    @AfterAll
    static void stop() {
        WORLD.close();
    }

    @Override
    Ledger ledger() {
        return ledger;
    }
}
