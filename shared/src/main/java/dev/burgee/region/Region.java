package dev.burgee.region;

import java.util.regex.Pattern;

/** An AWS region by its code, for example {@code eu-west-1}. Immutable. */
public record Region(String code) {
    private static final Pattern CODE = Pattern.compile("[a-z]{2}(-[a-z]+)+-[0-9]{1,2}");

    /**
     * Checks the form.
     *
     * @throws IllegalArgumentException when the text does not have the form of a region code
     */
    public Region {
        if (code.length() > 32 || !CODE.matcher(code).matches()) {
            throw new IllegalArgumentException(
                    "region is \"" + code + "\", but must look like an AWS region code, for example eu-west-1");
        }
    }

    @Override
    public String toString() {
        return code;
    }
}
