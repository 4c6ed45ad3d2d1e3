package dev.burgee.cache;

/** A cache that does not accept our name and password (NOAUTH, WRONGPASS, NOPERM): fetch the secret again. */
public final class CacheDeniedException extends CacheUnavailableException {
    private static final long serialVersionUID = 1L;

    public CacheDeniedException(String message, Throwable cause) {
        super(message, cause);
    }
}
