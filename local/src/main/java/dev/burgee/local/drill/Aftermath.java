package dev.burgee.local.drill;

import java.util.List;
import java.util.Map;

/**
 * What is there at the end, asked for when all was quiet. Immutable.
 *
 * @param history every version of the drill's flags
 * @param regions by region, then by flag: what a read shows
 * @param exported by flag: the operation in the export
 * @param problems what could not be asked
 */
record Aftermath(
        List<Version> history,
        Map<String, Map<String, Version>> regions,
        Map<String, String> exported,
        List<String> problems) {
    /** A flag's version, and the operation that made it. */
    record Version(String flag, long number, String operation) {}

    static final Aftermath UNKNOWN =
            new Aftermath(List.of(), Map.of(), Map.of(), List.of("the drill ended before its audit"));

    Aftermath {
        history = List.copyOf(history);
        regions = Map.copyOf(regions);
        exported = Map.copyOf(exported);
        problems = List.copyOf(problems);
    }
}
