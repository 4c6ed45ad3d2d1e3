package dev.burgee.failover;

/** What is to be done about the CNAME. */
sealed interface FailoverPlan {
    /** Make the record name this target. */
    record Switch(String target) implements FailoverPlan {}

    /** It does already. */
    record AlreadyThere() implements FailoverPlan {}

    /** An event, or the control plane, promised what the world does not show yet: look again, then ask for a retry. */
    record NotYet(String why) implements FailoverPlan {}

    /** Nothing is moved, and a retry would not change that. */
    record Refuse(Reason reason, String why) implements FailoverPlan {}

    /** Why nothing is moved. */
    enum Reason {
        /** An event for this group while another region's is primary: late, repeated or forged. */
        LATE_EVENT("late-event", true),
        /** This cache takes writes although the control plane calls it a secondary. */
        CONTRADICTION("contradiction", true),
        /** The pulse did not say which region the last promotion names. */
        HOME_UNKNOWN("home-unknown", true),
        /** The last promotion names another region: the usual case in all regions but one. */
        HOME_ELSEWHERE("home-elsewhere", false),
        /** The last promotion names this region, but its cache takes no writes. */
        NOT_WRITABLE("not-writable", true),
        ZONE_ABSENT("zone-absent", true);

        private final String word;
        private final boolean loud;

        Reason(String word, boolean loud) {
            this.word = word;
            this.loud = loud;
        }

        /** Whether an operator should read of it. */
        boolean loud() {
            return loud;
        }
    }

    /** As metrics and logs say it: one of a closed set. */
    default String word() {
        return switch (this) {
            case Switch _ -> "switch";
            case AlreadyThere _ -> "already-there";
            case NotYet _ -> "not-yet";
            case Refuse(Reason reason, String _) -> reason.word;
        };
    }
}
