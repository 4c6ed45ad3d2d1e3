package dev.burgee.auth;

import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HexFormat;

/** Keys secrets in the making. */
public final class Keys {
    private Keys() {}

    /** One element of the secret's list. */
    public static String entry(String name, String scope, String key) {
        return "{\"name\":\"" + name + "\",\"scope\":\"" + scope + "\",\"sha256\":\"" + sha256(key) + "\"}";
    }

    /** A whole secret. */
    public static String secret(String... entries) {
        return "{\"keys\":[" + String.join(",", entries) + "]}";
    }

    static String sha256(String key) {
        try {
            return HexFormat.of()
                    .formatHex(MessageDigest.getInstance("SHA-256").digest(key.getBytes(StandardCharsets.UTF_8)));
        } catch (NoSuchAlgorithmException e) {
            throw new AssertionError(e);
        }
    }
}
