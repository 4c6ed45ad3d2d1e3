package dev.burgee.local;

import dev.burgee.json.Json;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HexFormat;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;

/** The keys of the local world: no secrets, its addresses are reached from this machine only. */
public enum DevKey {
    ADMIN("dev-admin", "admin"),
    READ("dev-read", "read");

    private final String text;
    private final String scope;

    DevKey(String text, String scope) {
        this.text = text;
        this.scope = scope;
    }

    /** What a caller sends; the key's name as well. */
    public String text() {
        return text;
    }

    /** The content of the keys secret. */
    public static String secret() {
        List<Map<String, Object>> keys = Stream.of(values())
                .map(key -> {
                    Map<String, Object> members = new LinkedHashMap<>();
                    members.put("name", key.text);
                    members.put("scope", key.scope);
                    members.put("sha256", sha256(key.text));
                    return members;
                })
                .toList();
        return Json.write(Map.of("keys", keys));
    }

    private static String sha256(String text) {
        try {
            byte[] hash = MessageDigest.getInstance("SHA-256").digest(text.getBytes(StandardCharsets.UTF_8));
            return HexFormat.of().formatHex(hash);
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException("every Java platform has SHA-256", e);
        }
    }
}
