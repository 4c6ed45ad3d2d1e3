package dev.burgee.failover;

/** What Route 53 has under the record's name. */
sealed interface RecordView {
    /** A CNAME. */
    record Names(String target, long ttlSeconds) implements RecordView {}

    /** The zone is there, the CNAME is not. */
    record Absent() implements RecordView {}

    /** There is no such hosted zone: somebody has to make it, or name the right one. */
    record ZoneAbsent() implements RecordView {}

    /** There was no answer. An UPSERT needs none. */
    record Unknown(String why) implements RecordView {}

    /** The record is another region's to move, so Route 53 is left in peace. */
    record NotAsked() implements RecordView {}
}
