package dev.burgee.local;

/** The control plane of the global datastore refuses a change of its members or of its primary. */
final class PromotionRefusedException extends RuntimeException {
    private static final long serialVersionUID = 1L;

    PromotionRefusedException(String message) {
        super(message);
    }
}
