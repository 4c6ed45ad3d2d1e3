package dev.burgee.failover;

import static org.assertj.core.api.Assertions.assertThat;

import dev.burgee.failover.PulseReport.Cache;
import dev.burgee.failover.PulseReport.Home;
import dev.burgee.region.Region;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.regex.MatchResult;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

/** Runs the table of docs/failover.md: every combination of facts against the first row that matches it. */
class FailoverPlannerTest {
    private static final Region HERE = new Region("eu-west-1");
    private static final Region THERE = new Region("us-east-1");
    private static final String OWN = "burgee-euw1.example.com";
    private static final FailoverPlanner PLANNER = new FailoverPlanner(HERE, OWN);

    private static final Pattern ROW = Pattern.compile("(?m)^\\| (\\d+) \\|"
            + " (event|schedule|any) \\| ([a-z-]+) \\| ([a-z]+) \\| ([a-z-]+) \\| ([a-z-]+) \\| ([a-z-]+) \\|$");

    private static final Map<String, ControlPlaneView> CONTROL_PLANE = new LinkedHashMap<>();
    private static final Map<String, RecordView> RECORD = new LinkedHashMap<>();

    static {
        CONTROL_PLANE.put("primary", new ControlPlaneView.Primary(FakeRegions.BOTH));
        CONTROL_PLANE.put("secondary", new ControlPlaneView.Secondary(THERE));
        CONTROL_PLANE.put("changing", new ControlPlaneView.Changing("modifying"));
        CONTROL_PLANE.put("alone", new ControlPlaneView.Alone());
        CONTROL_PLANE.put("not-member", new ControlPlaneView.NotMember("gone"));
        CONTROL_PLANE.put("unknown", new ControlPlaneView.Unknown("throttled"));
        CONTROL_PLANE.put("not-asked", new ControlPlaneView.NotAsked());
        RECORD.put("right", new RecordView.Names(OWN, 10));
        RECORD.put("other", new RecordView.Names("burgee-use1.example.com", 10));
        RECORD.put("absent", new RecordView.Absent());
        RECORD.put("zone-absent", new RecordView.ZoneAbsent());
        RECORD.put("unknown", new RecordView.Unknown("ServiceUnavailable"));
    }

    /** One combination, in the table's words. */
    private record Case(String event, String controlPlane, String home, String cache, String record) {
        Facts facts() {
            return new Facts(
                    Trigger.valueOf(event.toUpperCase(Locale.ROOT)),
                    get(CONTROL_PLANE, controlPlane),
                    pulse(home, cache),
                    get(RECORD, record));
        }
    }

    private record Row(int number, List<String> cells, String outcome) {
        boolean matches(Case one) {
            List<String> words = List.of(one.event, one.controlPlane, one.home, one.cache, one.record);
            for (int i = 0; i < words.size(); i++) {
                if (!cells.get(i).equals("any") && !cells.get(i).equals(words.get(i))) {
                    return false;
                }
            }
            return true;
        }
    }

    @Test
    void followsTheTableInEveryCombination() throws IOException {
        List<Row> table = table();
        assertThat(table).hasSizeGreaterThanOrEqualTo(15);
        Set<Integer> used = new LinkedHashSet<>();
        for (Case one : cases()) {
            Row row =
                    table.stream().filter(each -> each.matches(one)).findFirst().orElseThrow();
            used.add(row.number);
            assertThat(PLANNER.plan(one.facts()).word())
                    .as("%s by row %d", one, row.number)
                    .isEqualTo(row.outcome);
        }
        assertThat(used).as("rows that decide something").hasSameSizeAs(table);
    }

    /** Invariant 7, without the table: whatever was heard, and whatever the record is. */
    @Test
    void movesOnlyWhereTheLastPromotionPointsAndToACacheThatTakesWrites() {
        List<Case> moved = cases().stream()
                .filter(one -> PLANNER.plan(one.facts()) instanceof FailoverPlan.Switch)
                .toList();

        assertThat(moved)
                .isNotEmpty()
                .allMatch(one -> one.home.equals("here"))
                .allMatch(one -> one.cache.equals("writable"))
                .noneMatch(one -> one.controlPlane.equals("secondary"))
                .noneMatch(one -> one.record.equals("right"));
    }

    /** The event makes a run patient; it never makes a move that the schedule would not make. */
    @Test
    void anEventMovesNothingThatTheScheduleWouldNotMove() {
        for (Case one : cases()) {
            boolean byEvent = PLANNER.plan(new Case("event", one.controlPlane, one.home, one.cache, one.record).facts())
                    instanceof FailoverPlan.Switch;
            boolean bySchedule =
                    PLANNER.plan(new Case("schedule", one.controlPlane, one.home, one.cache, one.record).facts())
                            instanceof FailoverPlan.Switch;
            assertThat(byEvent).as("%s", one).isEqualTo(bySchedule);
        }
    }

    @Test
    void createsTheRecordOfTheFirstDeploymentInTheTopologysPrimary() {
        Facts facts = new Facts(
                Trigger.SCHEDULE,
                new ControlPlaneView.Primary(FakeRegions.BOTH),
                told(new Home(HERE, 0, null), Cache.WRITABLE),
                new RecordView.Absent());

        assertThat(PLANNER.plan(facts)).isEqualTo(new FailoverPlan.Switch(OWN));
    }

    @Test
    void namesAreComparedAsDnsComparesThem() {
        assertThat(planWith(new RecordView.Names("BURGEE-euw1.example.com.", 10)))
                .isInstanceOf(FailoverPlan.AlreadyThere.class);
    }

    @Test
    void repairsALongTimeToLive() {
        assertThat(planWith(new RecordView.Names(OWN, 300))).isInstanceOf(FailoverPlan.Switch.class);
    }

    private static FailoverPlan planWith(RecordView record) {
        return PLANNER.plan(new Facts(
                Trigger.SCHEDULE,
                new ControlPlaneView.Primary(FakeRegions.BOTH),
                told(new Home(HERE, 1, java.time.Instant.parse("2026-11-21T05:00:00Z")), Cache.WRITABLE),
                record));
    }

    private static List<Case> cases() {
        List<Case> cases = new ArrayList<>();
        for (String event : List.of("event", "schedule")) {
            for (String controlPlane : CONTROL_PLANE.keySet()) {
                for (String home : List.of("here", "elsewhere", "unknown")) {
                    for (String cache : List.of("writable", "read-only", "unknown")) {
                        for (String record : RECORD.keySet()) {
                            cases.add(new Case(event, controlPlane, home, cache, record));
                        }
                    }
                }
            }
        }
        return cases;
    }

    private static PulseView pulse(String home, String cache) {
        if (home.equals("unknown") && cache.equals("unknown")) {
            return new PulseView.Silent("time-out");
        }
        @Nullable
        Home last = home.equals("unknown")
                ? null
                : new Home(home.equals("here") ? HERE : THERE, 3, java.time.Instant.parse("2026-11-21T05:00:00Z"));
        return told(last, Cache.valueOf(cache.replace('-', '_').toUpperCase(Locale.ROOT)));
    }

    private static PulseView told(@Nullable Home home, Cache cache) {
        return new PulseView.Told(new PulseReport(home, cache, null, List.of()));
    }

    private static List<Row> table() throws IOException {
        return ROW.matcher(Files.readString(Path.of("..", "..", "docs", "failover.md")))
                .results()
                .map(FailoverPlannerTest::row)
                .toList();
    }

    private static Row row(MatchResult row) {
        return new Row(
                Integer.parseInt(row.group(1)),
                List.of(row.group(2), row.group(3), row.group(4), row.group(5), row.group(6)),
                row.group(7));
    }

    private static <T> T get(Map<String, T> map, String word) {
        T value = map.get(word);
        if (value == null) {
            throw new IllegalArgumentException("the table says " + word);
        }
        return value;
    }
}
