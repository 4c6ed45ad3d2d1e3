package dev.burgee.local.runtime;

/** What came of an event. */
public sealed interface RuntimeAnswer {
    /** What the function wrote. */
    record Answered(String json) implements RuntimeAnswer {}

    /**
     * The function threw, or could not be made.
     *
     * @param type as the runtime classifies it, for example {@code Runtime.BadFunctionCode}
     * @param json an object with {@code errorMessage}, {@code errorType} and {@code stackTrace}
     */
    record Failed(String type, String json) implements RuntimeAnswer {}
}
