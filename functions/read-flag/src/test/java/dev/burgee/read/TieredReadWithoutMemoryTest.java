package dev.burgee.read;

/** What a reader promises with its memory, of one that has none. */
final class TieredReadWithoutMemoryTest extends TieredReadTest {
    @Override
    FlagMemory memory() {
        return FlagMemory.withoutCopies();
    }
}
