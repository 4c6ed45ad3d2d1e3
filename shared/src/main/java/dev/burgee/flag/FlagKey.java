package dev.burgee.flag;

/** A flag's name: 1 to 128 of {@code A-Z a-z 0-9 . _ -}. Ordered as text. Immutable. */
public record FlagKey(String value) implements Comparable<FlagKey> {
    public static final int LENGTH_MAX = 128;
    static final String RULE = "must be 1 to " + LENGTH_MAX + " characters out of A-Z a-z 0-9 . _ -";

    /**
     * @throws IllegalArgumentException when the text breaks the rule; the message has the value (shortened) and the rule
     */
    public FlagKey {
        if (!isValid(value)) {
            throw new IllegalArgumentException(problem(value));
        }
    }

    public static boolean isValid(String value) {
        if (value.isEmpty() || value.length() > LENGTH_MAX) {
            return false;
        }
        for (int i = 0; i < value.length(); i++) {
            char c = value.charAt(i);
            boolean allowed = (c >= 'a' && c <= 'z')
                    || (c >= 'A' && c <= 'Z')
                    || (c >= '0' && c <= '9')
                    || c == '.'
                    || c == '_'
                    || c == '-';
            if (!allowed) {
                return false;
            }
        }
        return true;
    }

    /** What is wrong with a text that is not a key: the value, shortened and made printable, and the rule. */
    public static String problem(String value) {
        String shown = value.length() > 40 ? value.substring(0, 40) + "…" : value;
        String printable = shown.replaceAll("[^ -~…]", "?");
        return "\"" + printable + "\" (" + value.length() + " characters) " + RULE;
    }

    @Override
    public int compareTo(FlagKey other) {
        return value.compareTo(other.value);
    }

    @Override
    public String toString() {
        return value;
    }
}
