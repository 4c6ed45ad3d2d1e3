package dev.burgee.region;

/** An AWS region by its code, for example {@code eu-west-1}. Immutable. */
public record Region(String code) {
    private static final int LENGTH_MAX = 32;

    /**
     * Checks the form.
     *
     * @throws IllegalArgumentException when the text does not have the form of a region code
     */
    public Region {
        if (!isCode(code)) {
            throw new IllegalArgumentException(
                    "region is \"" + code + "\", but must look like an AWS region code, for example eu-west-1");
        }
    }

    /** {@code [a-z]{2}(-[a-z]+)+-[0-9]{1,2}}, by hand: each warm read meets the home's code. */
    private static boolean isCode(String code) {
        int number = code.lastIndexOf('-') + 1;
        int digits = code.length() - number;
        if (code.length() > LENGTH_MAX || code.indexOf('-') != 2 || number < 5 || digits < 1 || digits > 2) {
            return false;
        }
        for (int i = 0; i < code.length(); i++) {
            char c = code.charAt(i);
            boolean fits = i >= number
                    ? c >= '0' && c <= '9'
                    : (c >= 'a' && c <= 'z') || (c == '-' && code.charAt(i - 1) != '-');
            if (!fits) {
                return false;
            }
        }
        return true;
    }

    @Override
    public String toString() {
        return code;
    }
}
