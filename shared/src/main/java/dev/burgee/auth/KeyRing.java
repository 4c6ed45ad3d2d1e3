package dev.burgee.auth;

import dev.burgee.failure.MisconfiguredException;
import dev.burgee.json.Json;
import dev.burgee.json.MalformedJsonException;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.HexFormat;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * The keys that are valid now, by their SHA-256: the content of the keys secret, <code>
 * {"keys":[{"name":"ci","scope":"admin","sha256":"64 hex digits"}]}</code>. Immutable.
 */
public final class KeyRing {
    /** Every key is compared with every request's: more would be felt. */
    static final int KEYS_MAX = 100;

    private static final Pattern NAME = Pattern.compile("[ -~]{1,64}");
    private static final Pattern SHA256 = Pattern.compile("[0-9a-fA-F]{64}");

    private static final class Key {
        private final Principal owner;
        private final byte[] sha256;

        private Key(Principal owner, byte[] sha256) {
            this.owner = owner;
            this.sha256 = sha256;
        }
    }

    private final List<Key> keys;
    /** Only ever cloned. */
    private final MessageDigest unused = newSha256();

    private KeyRing(List<Key> keys) {
        this.keys = List.copyOf(keys);
    }

    /**
     * Reads the secret; members that are not known are ignored, so that newer secrets do not break older code.
     *
     * @throws MisconfiguredException listing everything that is wrong, never with a digest
     */
    public static KeyRing parse(String json) {
        return new Parser().parse(json);
    }

    /** The owner of a key; compares with all keys in constant time, so that nothing can be learnt from how long it takes. */
    public Optional<Principal> owner(String key) {
        byte[] sha256 = sha256(key);
        Principal owner = null;
        for (Key candidate : keys) {
            if (MessageDigest.isEqual(candidate.sha256, sha256)) {
                owner = candidate.owner;
            }
        }
        return Optional.ofNullable(owner);
    }

    /** Never the digests. */
    @Override
    public String toString() {
        return "KeyRing" + keys.stream().map(key -> key.owner).toList();
    }

    private byte[] sha256(String key) {
        try {
            // the search through the providers costs as much as the digest itself
            MessageDigest sha256 = (MessageDigest) unused.clone();
            return sha256.digest(key.getBytes(StandardCharsets.UTF_8));
        } catch (CloneNotSupportedException e) {
            throw new IllegalStateException("the Java platform's own SHA-256 can be cloned", e);
        }
    }

    private static MessageDigest newSha256() {
        try {
            return MessageDigest.getInstance("SHA-256");
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException("every Java has SHA-256", e);
        }
    }

    private static final class Parser {
        private final List<String> problems = new ArrayList<>();
        private final List<Key> keys = new ArrayList<>();
        private final Set<String> names = new HashSet<>();
        private final Set<String> digests = new HashSet<>();

        KeyRing parse(String json) {
            try {
                if (Json.parse(json) instanceof Map<?, ?> secret && secret.get("keys") instanceof List<?> list) {
                    keys(list);
                } else {
                    problems.add("must be an object with a list \"keys\"");
                }
            } catch (MalformedJsonException e) {
                problems.add(e.problem());
            }
            if (!problems.isEmpty()) {
                throw new MisconfiguredException("keys secret", problems);
            }
            return new KeyRing(keys);
        }

        private void keys(List<?> list) {
            if (list.isEmpty() || list.size() > KEYS_MAX) {
                problems.add("/keys has " + list.size() + " keys, but must have 1 to " + KEYS_MAX);
                return;
            }
            for (int i = 0; i < list.size(); i++) {
                String at = "/keys/" + i;
                if (list.get(i) instanceof Map<?, ?> key) {
                    key(at, key);
                } else {
                    problems.add(at + " must be an object");
                }
            }
        }

        private void key(String at, Map<?, ?> key) {
            Object name = key.get("name");
            if (!(name instanceof String text && NAME.matcher(text).matches())) {
                problems.add(at + "/name must be 1 to 64 printable characters");
            } else if (!names.add(text)) {
                problems.add(at + "/name is \"" + text + "\", which another key has already");
            }
            Scope scope = scope(key.get("scope"));
            if (scope == null) {
                problems.add(at + "/scope must be \"read\" or \"admin\"");
            }
            Object sha256 = key.get("sha256");
            if (!(sha256 instanceof String hex && SHA256.matcher(hex).matches())) {
                problems.add(at + "/sha256 must be the 64 hex digits of the key's SHA-256");
            } else if (!digests.add(hex.toLowerCase(Locale.ROOT))) {
                problems.add(at + "/sha256 is that of another key already");
            } else if (scope != null) {
                keys.add(new Key(
                        new Principal(String.valueOf(name), scope),
                        HexFormat.of().parseHex(hex)));
            }
        }

        private static @Nullable Scope scope(@Nullable Object text) {
            if (Scope.READ.text().equals(text)) {
                return Scope.READ;
            }
            return Scope.ADMIN.text().equals(text) ? Scope.ADMIN : null;
        }
    }
}
