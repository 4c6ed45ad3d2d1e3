package dev.burgee.read;

/** What a reader promises with its memory, of one that has none: all but the tests of what memory itself does. */
final class TieredReadWithoutMemoryTest extends TieredReadTest {
    @Override
    FlagMemory memory() {
        return FlagMemory.withoutCopies();
    }

    @Override
    boolean remembers() {
        return false;
    }
}
