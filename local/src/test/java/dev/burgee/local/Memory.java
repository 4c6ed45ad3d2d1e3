package dev.burgee.local;

import dev.burgee.read.ReadFlagHandler;

/** Whether readers remember flags: what is promised of reads holds both ways. */
enum Memory {
    ON,
    OFF;

    /** Makes such readers. */
    FunctionFactory read() {
        return switch (this) {
            case ON -> ReadFlagHandler::new;
            case OFF -> ReadFlagHandler::withoutMemory;
        };
    }

    /** The functions that ship, with such readers. */
    Functions functions() {
        Functions shipped = Functions.shipped();
        return new Functions(read(), shipped.write(), shipped.pulse(), shipped.failover());
    }
}
