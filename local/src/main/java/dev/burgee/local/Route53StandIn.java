package dev.burgee.local;

import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.w3c.dom.Element;

/**
 * Stands in for Route 53's one control plane and one private zone: ChangeResourceRecordSets, GetChange and
 * ListResourceRecordSets. A change is PENDING for a while, and resolvers see it only after that. Thread-safe.
 */
final class Route53StandIn implements AwsStandIn.Service {
    static final String ZONE = "Z0BURGEE";
    /** The CNAME of the primary. */
    static final String RECORD = "primary.burgee.internal";

    private static final String NAMESPACE = "https://route53.amazonaws.com/doc/2013-04-01/";
    private static final Pattern RRSET = Pattern.compile("/2013-04-01/hostedzone/([^/]+)/rrset/?");
    private static final Pattern CHANGE = Pattern.compile("/2013-04-01/change/([^/]+)");
    private static final int CHANGES_MAX = 1_000;

    private record Key(String name, String type) {}

    private record RecordSet(String ttl, List<String> values) {}

    private record Change(String id, Instant at, Map<Key, RecordSet> after) {}

    private final Duration pending;
    // guarded by this
    private final Map<Key, RecordSet> records = new LinkedHashMap<>();
    private final List<Change> changes = new ArrayList<>();
    private long count;
    private boolean refuses;
    private long refusals;

    /**
     * A zone without any record.
     *
     * @param pending how long a change is PENDING
     */
    Route53StandIn(Duration pending) {
        this.pending = pending;
    }

    /** Whether every call is answered 503, as in an outage; names are resolved all the same. */
    synchronized void refuse(boolean isDown) {
        refuses = isDown;
    }

    /** How many calls were refused so far. */
    synchronized long refusals() {
        return refusals;
    }

    /** What a name's CNAME is to resolvers; empty: they find none. */
    synchronized Optional<String> resolve(String name) {
        Instant now = Instant.now();
        return changes.reversed().stream()
                .filter(change -> isInSync(change, now))
                .findFirst()
                .map(change -> change.after().get(new Key(absolute(name), "CNAME")))
                .map(set -> set.values().getFirst());
    }

    @Override
    public synchronized AwsReply answer(AwsCall call) {
        if (refuses) {
            refusals++;
            return error(503, "ServiceUnavailable", "The service is temporarily unavailable.");
        }
        Matcher change = CHANGE.matcher(call.path());
        if (change.matches() && call.method().equals("GET")) {
            return status(change.group(1));
        }
        Matcher zone = RRSET.matcher(call.path());
        if (!zone.matches()) {
            return error(404, "UnknownOperation", "Only record sets and changes are spoken of here.");
        }
        if (!zone.group(1).equals(ZONE)) {
            return error(404, "NoSuchHostedZone", "No hosted zone found with ID: " + zone.group(1));
        }
        return call.method().equals("POST") ? change(call.body()) : list(call.query());
    }

    private AwsReply change(String body) {
        Map<Key, RecordSet> after = new LinkedHashMap<>(records);
        for (Element change : Xml.all(Xml.parse(body), "Change")) {
            var key = new Key(absolute(Xml.first(change, "Name")), Xml.first(change, "Type"));
            var set = new RecordSet(
                    Xml.first(change, "TTL"),
                    Xml.all(change, "Value").stream()
                            .map(value -> value.getTextContent().strip())
                            .toList());
            RecordSet before = after.get(key);
            String problem = switch (Xml.first(change, "Action")) {
                case "UPSERT" -> "";
                case "CREATE" -> before == null ? "" : "it already exists";
                case "DELETE" -> set.equals(before) ? "" : "it was not found as given";
                default -> "its action is none of CREATE, UPSERT, DELETE";
            };
            if (!problem.isEmpty() || set.values().isEmpty()) {
                String why = problem.isEmpty() ? "it has no value" : problem;
                return error(400, "InvalidChangeBatch", "[" + key.name() + " " + key.type() + ": " + why + "]");
            }
            if (Xml.first(change, "Action").equals("DELETE")) {
                after.remove(key);
            } else {
                after.put(key, set);
            }
        }
        records.clear();
        records.putAll(after);
        count++;
        var done = new Change("C" + count, Instant.now(), after);
        if (changes.size() == CHANGES_MAX) {
            changes.removeFirst();
        }
        changes.add(done);
        return AwsReply.xml(NAMESPACE, "ChangeResourceRecordSetsResponse", info(done));
    }

    private AwsReply status(String id) {
        return changes.stream()
                .filter(change -> change.id().equals(id))
                .findFirst()
                .map(change -> AwsReply.xml(NAMESPACE, "GetChangeResponse", info(change)))
                .orElseGet(() -> error(404, "NoSuchChange", "Could not find resource with ID: " + id));
    }

    private AwsReply list(Map<String, String> query) {
        String from = query.containsKey("name") ? reversed(absolute(query.getOrDefault("name", ""))) : "";
        String sets = String.join(
                "",
                records.entrySet().stream()
                        .filter(entry -> reversed(entry.getKey().name()).compareTo(from) >= 0)
                        .sorted((one, other) -> reversed(one.getKey().name())
                                .compareTo(reversed(other.getKey().name())))
                        .map(entry -> set(entry.getKey(), entry.getValue()))
                        .toList());
        return AwsReply.xml(
                NAMESPACE,
                "ListResourceRecordSetsResponse",
                Xml.element("ResourceRecordSets", sets)
                        + Xml.text("IsTruncated", "false")
                        + Xml.text("MaxItems", "300"));
    }

    private static String set(Key key, RecordSet set) {
        var values = new StringBuilder();
        set.values().forEach(value -> values.append(Xml.element("ResourceRecord", Xml.text("Value", value))));
        return Xml.element(
                "ResourceRecordSet",
                Xml.text("Name", key.name())
                        + Xml.text("Type", key.type())
                        + Xml.text("TTL", set.ttl())
                        + Xml.element("ResourceRecords", values.toString()));
    }

    private String info(Change change) {
        return Xml.element(
                "ChangeInfo",
                Xml.text("Id", "/change/" + change.id())
                        + Xml.text("Status", isInSync(change, Instant.now()) ? "INSYNC" : "PENDING")
                        + Xml.text("SubmittedAt", change.at().toString()));
    }

    private boolean isInSync(Change change, Instant now) {
        return !now.isBefore(change.at().plus(pending));
    }

    private static AwsReply error(int status, String code, String message) {
        return AwsReply.xmlError(status, NAMESPACE, code, message);
    }

    /** Route 53 takes names with and without the dot at the end, and shows them with it. */
    private static String absolute(String name) {
        return name.endsWith(".") ? name : name + ".";
    }

    /** Lists are in the order of the labels from the right. */
    private static String reversed(String name) {
        return String.join(".", List.of(name.split("\\.")).reversed());
    }
}
