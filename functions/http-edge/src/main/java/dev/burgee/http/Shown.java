package dev.burgee.http;

/** A caller's own words in a message: shortened, and made of printable ASCII alone. */
final class Shown {
    private static final int LENGTH_MAX = 60;

    private Shown() {}

    static String of(String value) {
        String head = value.length() > LENGTH_MAX ? value.substring(0, LENGTH_MAX) + "..." : value;
        return "\"" + head.replaceAll("[^ -~]", "?") + "\"";
    }
}
