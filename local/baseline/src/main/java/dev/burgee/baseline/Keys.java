package dev.burgee.baseline;

import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HexFormat;
import java.util.List;

/** The keys secret. */
public record Keys(List<Key> keys) {
    /** One key, by its digest. */
    public record Key(String name, String scope, String sha256) {}

    /** Whether somebody has this key. */
    boolean has(String key) {
        byte[] sha256 = HexFormat.of().formatHex(sha256(key)).getBytes(StandardCharsets.US_ASCII);
        boolean found = false;
        for (Key candidate : keys) {
            found |= MessageDigest.isEqual(candidate.sha256().getBytes(StandardCharsets.US_ASCII), sha256);
        }
        return found;
    }

    private static byte[] sha256(String key) {
        try {
            return MessageDigest.getInstance("SHA-256").digest(key.getBytes(StandardCharsets.UTF_8));
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException(e);
        }
    }
}
