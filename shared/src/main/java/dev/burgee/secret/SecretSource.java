package dev.burgee.secret;

/** Where secrets are kept. Thread-safe. */
public interface SecretSource {
    /**
     * The present text of a secret; takes no longer than the adapter's limit.
     *
     * @param id a name or an ARN
     * @throws SecretUnavailableException when there is none, or it could not be had in time
     */
    String fetch(String id);
}
