package dev.burgee.failover;

import dev.burgee.time.Deadline;
import software.amazon.awssdk.services.route53.Route53Client;
import software.amazon.awssdk.services.route53.model.Change;
import software.amazon.awssdk.services.route53.model.ChangeAction;
import software.amazon.awssdk.services.route53.model.ChangeStatus;
import software.amazon.awssdk.services.route53.model.RRType;
import software.amazon.awssdk.services.route53.model.ResourceRecord;
import software.amazon.awssdk.services.route53.model.ResourceRecordSet;

/** The CNAME as a record of Route 53. Thread-safe. */
final class Route53Record implements PrimaryRecord {
    private final String zone;
    private final String name;
    private final AwsApi<Route53Client> api;

    /**
     * Makes an accessor.
     *
     * @param zone id of the hosted zone
     * @param name the record's full name
     */
    Route53Record(String zone, String name, AwsApi<Route53Client> api) {
        this.zone = zone;
        this.name = name;
        this.api = api;
    }

    @Override
    public RecordView read(Deadline deadline) {
        try {
            return api
                    .call(
                            deadline,
                            (client, options) -> client.listResourceRecordSets(request -> request.hostedZoneId(zone)
                                    .startRecordName(name)
                                    .startRecordType(RRType.CNAME)
                                    .maxItems("1")
                                    .overrideConfiguration(options)))
                    .resourceRecordSets()
                    .stream()
                    // the list starts at the name; it goes on with later ones
                    .filter(record -> record.type() == RRType.CNAME && sameName(record.name()))
                    .findFirst()
                    .map(Route53Record::view)
                    .orElseGet(RecordView.Absent::new);
        } catch (AwsApi.Refusal e) {
            if (e.code().equals("NoSuchHostedZone")) {
                return new RecordView.ZoneAbsent();
            }
            throw e;
        }
    }

    @Override
    public String write(String target, String comment, Deadline deadline) {
        ResourceRecordSet record = ResourceRecordSet.builder()
                .name(name)
                .type(RRType.CNAME)
                .ttl(FailoverPlanner.TTL_SECONDS)
                .resourceRecords(ResourceRecord.builder().value(target).build())
                .build();
        Change upsert = Change.builder()
                .action(ChangeAction.UPSERT)
                .resourceRecordSet(record)
                .build();
        return api.call(
                        deadline,
                        (client, options) -> client.changeResourceRecordSets(request -> request.hostedZoneId(zone)
                                .changeBatch(batch -> batch.comment(comment).changes(upsert))
                                .overrideConfiguration(options)))
                .changeInfo()
                .id();
    }

    @Override
    public boolean isInSync(String change, Deadline deadline) {
        return api.call(
                                deadline,
                                (client, options) -> client.getChange(
                                        request -> request.id(change).overrideConfiguration(options)))
                        .changeInfo()
                        .status()
                == ChangeStatus.INSYNC;
    }

    private boolean sameName(String other) {
        return plain(other).equalsIgnoreCase(plain(name));
    }

    private static String plain(String text) {
        return text.endsWith(".") ? text.substring(0, text.length() - 1) : text;
    }

    private static RecordView view(ResourceRecordSet record) {
        // an alias has no records and no TTL
        return record.resourceRecords().isEmpty() || record.ttl() == null
                ? new RecordView.Absent()
                : new RecordView.Names(record.resourceRecords().getFirst().value(), record.ttl());
    }
}
