package dev.burgee.failover;

import dev.burgee.region.Region;
import dev.burgee.settings.Environment;
import dev.burgee.settings.Limits;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.regex.Pattern;

/**
 * What failover-dns-update is told by its environment. Immutable.
 *
 * @param version of the function, for metrics; empty outside Lambda
 * @param datastore empty in the self-managed profile: then nothing is asked of ElastiCache
 * @param cacheName DNS name of this region's own cache: what the record is to name
 * @param hostedZone id of the record's zone
 * @param record the CNAME's full name
 * @param pulseFunction name or ARN of this region's region-pulse
 * @param topic ARN; events of other topics are ignored; empty: not checked
 * @param homeParameter name of the hint in SSM; empty: no hint
 * @param awsCall limit on one call of an AWS API
 */
record FailoverSettings(
        Region region,
        Optional<String> version,
        Optional<Datastore> datastore,
        String cacheName,
        String hostedZone,
        String record,
        String pulseFunction,
        Optional<String> topic,
        Optional<String> homeParameter,
        boolean autoPromote,
        Duration awsCall) {

    /**
     * The global datastore and this region's part of it.
     *
     * @param id of the global replication group
     * @param group of this region's own replication group
     */
    record Datastore(String id, String group) {}

    /** A form that a variable must have. */
    private record Form(String name, Pattern pattern, String rule) {}

    private static final String DATASTORE = "BURGEE_GLOBAL_DATASTORE";
    private static final String GROUP = "BURGEE_REPLICATION_GROUP";
    private static final String DNS_NAME = "(?=.{1,253}\\.?$)([A-Za-z0-9_]([A-Za-z0-9_-]{0,61}[A-Za-z0-9])?\\.)+"
            + "[A-Za-z0-9]([A-Za-z0-9-]{0,61}[A-Za-z0-9])?\\.?";
    private static final Form CACHE_NAME =
            form("BURGEE_CACHE_NAME", DNS_NAME, "a DNS name without scheme and port, for example cache.example.com");
    private static final Form RECORD =
            form("BURGEE_PRIMARY_RECORD", DNS_NAME, "a full DNS name, for example primary.burgee.internal");
    private static final Form ZONE =
            form("BURGEE_HOSTED_ZONE", "(/hostedzone/)?[A-Z0-9]{1,32}", "a hosted zone's id, for example Z0123456789");
    private static final Form PULSE = form(
            "BURGEE_PULSE_FUNCTION",
            "[A-Za-z0-9_:-]{1,170}",
            "a Lambda function's name or ARN, with or without an alias");
    private static final Form TOPIC = form(
            "BURGEE_FAILOVER_TOPIC",
            "arn:[a-z-]+:sns:[a-z0-9-]+:[0-9]{12}:[A-Za-z0-9_.-]{1,256}",
            "an SNS topic's ARN");
    private static final Form PARAMETER = form(
            "BURGEE_HOME_PARAMETER",
            "[A-Za-z0-9_./-]{1,1011}",
            "an SSM parameter's name, for example /burgee/prod/home");
    private static final Form DATASTORE_ID =
            form(DATASTORE, "[A-Za-z0-9-]{1,255}", "a global datastore's id, region prefix included");
    private static final Form GROUP_ID = form(GROUP, "[A-Za-z0-9-]{1,64}", "a replication group's id");
    private static final List<String> ENDPOINTS = List.of(
            "AWS_ENDPOINT_URL",
            "AWS_ENDPOINT_URL_ELASTICACHE",
            "AWS_ENDPOINT_URL_LAMBDA",
            "AWS_ENDPOINT_URL_ROUTE_53",
            "AWS_ENDPOINT_URL_CLOUDWATCH",
            "AWS_ENDPOINT_URL_SSM");
    private static final Pattern ENDPOINT = Pattern.compile("https?://[A-Za-z0-9.\\[\\]:-]+/?");

    /**
     * Reads and checks.
     *
     * @throws dev.burgee.failure.MisconfiguredException naming everything that is wrong or missing
     */
    static FailoverSettings from(Environment environment) {
        Optional<Region> region = environment.requiredRegion("AWS_REGION");
        ENDPOINTS.forEach(name -> environment
                .text(name)
                .filter(url -> !ENDPOINT.matcher(url).matches())
                // without the value: an address may have a password in it
                .ifPresent(_ -> environment.problem(name, "must be http://host:port or https://host:port")));
        Optional<Datastore> datastore = datastore(environment);
        String cacheName = required(environment, CACHE_NAME);
        String zone = required(environment, ZONE);
        String record = required(environment, RECORD);
        if (!record.isEmpty() && plain(record).equalsIgnoreCase(plain(cacheName))) {
            environment.problem(RECORD.name, "is the same as " + CACHE_NAME.name + ": a CNAME cannot name itself");
        }
        String pulse = required(environment, PULSE);
        Optional<String> topic = optional(environment, TOPIC);
        region.ifPresent(here -> topic.filter(arn -> arn.contains(":sns:") && !arn.contains(":sns:" + here + ":"))
                .ifPresent(_ -> environment.problem(TOPIC.name, "is not in this region, " + here)));
        Optional<String> parameter = optional(environment, PARAMETER);
        boolean autoPromote = environment.isTrue("BURGEE_AUTO_PROMOTE");
        Limits limits = Limits.from(environment);
        environment.check("settings");
        return new FailoverSettings(
                region.orElseThrow(),
                environment.text("AWS_LAMBDA_FUNCTION_VERSION"),
                datastore,
                cacheName,
                zone,
                record,
                pulse,
                topic,
                parameter,
                autoPromote,
                limits.awsCall());
    }

    private static Optional<Datastore> datastore(Environment environment) {
        Optional<String> id = optional(environment, DATASTORE_ID);
        Optional<String> group = optional(environment, GROUP_ID);
        if (id.isPresent() && group.isEmpty()) {
            environment.problem(GROUP, "is not set, but " + DATASTORE + " is");
        }
        if (group.isPresent() && id.isEmpty()) {
            environment.problem(DATASTORE, "is not set, but " + GROUP + " is");
        }
        return id.flatMap(known -> group.map(own -> new Datastore(known, own)));
    }

    private static String required(Environment environment, Form form) {
        return checked(environment, form, environment.requiredText(form.name)).orElse("");
    }

    private static Optional<String> optional(Environment environment, Form form) {
        return checked(environment, form, environment.text(form.name));
    }

    private static Optional<String> checked(Environment environment, Form form, Optional<String> value) {
        value.filter(text -> !form.pattern.matcher(text).matches())
                .ifPresent(text ->
                        environment.problem(form.name, "is " + Environment.shown(text) + ", but must be " + form.rule));
        return value;
    }

    private static Form form(String name, String pattern, String rule) {
        return new Form(name, Pattern.compile(pattern), rule);
    }

    private static String plain(String name) {
        return name.endsWith(".") ? name.substring(0, name.length() - 1) : name;
    }
}
