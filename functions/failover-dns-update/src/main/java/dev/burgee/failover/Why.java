package dev.burgee.failover;

/** Why an event, or one record of it, is no reason to look: the closed set of {@code PromotionEventIgnored}. */
enum Why {
    /** No text, no records, or no message. */
    EMPTY("empty"),
    /** The event is not JSON, or the message is neither JSON nor the text form. */
    NOT_JSON("not-json"),
    /** JSON, but without the members that an event or a record has. */
    MALFORMED("malformed"),
    /** A record that is not of SNS, or an event of another service. */
    OTHER_SOURCE("other-source"),
    OTHER_TOPIC("other-topic"),
    /** No member of the message begins with {@code ElastiCache:}. */
    NOT_ELASTICACHE("not-elasticache"),
    /** Of ElastiCache, but no promotion between regions, for example {@code FailoverComplete}. */
    OTHER_EVENT("other-event"),
    OTHER_GROUP("other-group"),
    TOO_LARGE("too-large"),
    /** Records beyond the number that is looked at. */
    TOO_MANY("too-many");

    private final String word;

    Why(String word) {
        this.word = word;
    }

    /** As metrics and logs say it. */
    String word() {
        return word;
    }
}
