package dev.burgee.local.drill;

import static org.assertj.core.api.Assertions.assertThat;

import dev.burgee.local.drill.Aftermath.Version;
import dev.burgee.local.drill.WriteSeen.Answer;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.OptionalLong;
import java.util.Set;
import java.util.function.Consumer;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

/** A history that is as it should be meets every target; with one thing broken it misses exactly the one for that. */
class TargetTest {
    private static final String US = "us-east-1";
    private static final String EU = "eu-west-1";
    private static final String AP = "ap-southeast-1";
    private static final String FLAG = "drill.probe";
    private static final DrillPlan PLAN = plan();

    @Test
    void aGoodDrillMeetsEveryTarget() {
        assertThat(targets(new Story()))
                .allSatisfy(
                        target -> assertThat(target.met()).as(target.toString()).isTrue());
    }

    @Test
    void aDrillWithoutAnythingInItMissesWhatNeedsAnything() {
        var empty = new Evidence(
                List.of(US, EU, AP), US, EU, Map.of(), List.of(), List.of(), List.of(), Aftermath.UNKNOWN, List.of());

        assertThat(missed(Target.of(PLAN, empty, Accounting.of(empty))))
                .contains(
                        "what kept the drill from its end",
                        "surviving regions without a write",
                        "regions without a read",
                        "reads with a token",
                        "outage to first accepted write",
                        "promotion to first write not delayed",
                        "promotion to first write visible",
                        "roll back to first write visible",
                        "promotion to the record moved",
                        "epochs");
    }

    static Stream<Arguments> broken() {
        return Stream.of(
                broken(
                        "an acknowledged write is gone",
                        "acknowledged writes lost",
                        story -> story.history.removeIf(version -> version.number() == 2)),
                broken(
                        "an acknowledged version holds another write",
                        "acknowledged writes lost",
                        story -> story.history.replaceAll(
                                version -> version.number() == 2 ? new Version(FLAG, 2, "somebody-else") : version)),
                broken("an ambiguous write is there twice", "writes there twice", story -> {
                    story.write(EU, "unknown", 21_000, 26_000, Answer.UNKNOWN, 0);
                    story.history.add(new Version("drill.other", 4, "unknown"));
                    story.history.add(new Version("drill.other", 5, "unknown"));
                    story.everywhere("drill.other", new Version("drill.other", 5, "unknown"));
                }),
                broken("a refused write is there", "refused writes there", story -> {
                    story.write(EU, "refused", 21_000, 21_100, Answer.REFUSED, 0);
                    story.history.add(new Version("drill.other", 4, "refused"));
                    story.everywhere("drill.other", new Version("drill.other", 4, "refused"));
                }),
                broken(
                        "a region shows an older version at the end",
                        "flags that differ between regions, history and export",
                        story -> story.regions.put(AP, Map.of(FLAG, new Version(FLAG, 1, "first")))),
                broken(
                        "a region was not asked",
                        "flags that differ between regions, history and export",
                        story -> story.regions.remove(AP)),
                broken(
                        "the export is older",
                        "flags that differ between regions, history and export",
                        story -> story.exported.put(FLAG, "first")),
                broken(
                        "a write during the outage is said to propagate",
                        "writes said not to be delayed during the outage",
                        story -> {
                            story.write(EU, "boast", 12_000, 12_300, Answer.PROPAGATING, 4);
                            story.history.add(new Version("drill.boast", 4, "boast"));
                            story.everywhere("drill.boast", new Version("drill.boast", 4, "boast"));
                            story.rename("boast", "drill.boast");
                        }),
                broken(
                        "writes are accepted late in one region",
                        "outage to first accepted write",
                        story -> story.shiftWrite("outage-" + AP, 3_100)),
                broken(
                        "a region accepts nothing before the promotion",
                        "outage to first accepted write",
                        story -> story.shiftWrite("outage-" + AP, 10_000)),
                broken(
                        "a region stays delayed",
                        "promotion to first write not delayed",
                        story -> story.replaceWrite("promoted-" + AP, Answer.DELAYED)),
                broken(
                        "a region writes late",
                        "promotion to first write not delayed",
                        story -> story.shiftWrite("promoted-" + AP, 5_100)),
                broken(
                        "a region sees late",
                        "promotion to first write visible",
                        story -> story.delayReads(AP, 20_000, 23_100)),
                broken(
                        "a region writes late after the roll back",
                        "roll back to first write not delayed",
                        story -> story.shiftWrite("back-" + US, 5_100)),
                broken(
                        "a region sees late after the roll back",
                        "roll back to first write visible",
                        story -> story.delayReads(AP, 40_000, 43_100)),
                broken(
                        "a surviving region answers an error",
                        "reads failed in surviving regions",
                        story -> story.read("reader", EU, 12_000, 0, shown(500, -1, Map.of()))),
                broken(
                        "a surviving region does not answer",
                        "reads failed in surviving regions",
                        story -> story.read("reader", EU, 12_000, 0, shown(0, -1, Map.of()))),
                broken(
                        "a flag is not found",
                        "reads failed in surviving regions",
                        story -> story.read("reader", EU, 12_000, 0, shown(404, 3, Map.of()))),
                broken(
                        "a list lacks a flag",
                        "reads failed in surviving regions",
                        story -> story.read("reader", EU, 12_000, 0, shown(200, 3, Map.of()))),
                broken(
                        "a token is refused without a Retry-After",
                        "reads failed in surviving regions",
                        story -> story.read("bearer", EU, 12_000, 1, shown(503, -1, Map.of()))),
                broken(
                        "the rejoined region answers an error",
                        "reads failed in surviving regions",
                        story -> story.read("reader", US, 37_000, 0, shown(500, -1, Map.of()))),
                broken(
                        "a read is behind its token",
                        "reads wrong for their token",
                        story -> story.read("other", EU, 22_000, 9, shown(200, 8, Map.of(FLAG, 2L)))),
                broken(
                        "a read has the position but not the flag's version",
                        "reads wrong for their token",
                        story -> story.read("other", EU, 30_000, 6, shown(200, 9, Map.of(FLAG, 2L)))),
                broken("a bearer goes back", "reads wrong for their token", story -> {
                    story.read("other", EU, 60_000, 1, shown(200, 12, Map.of(FLAG, 12L)));
                    story.read("other", EU, 61_000, 1, shown(200, 11, Map.of(FLAG, 11L)));
                }),
                broken(
                        "an answer to a token shows no position",
                        "reads wrong for their token",
                        story -> story.read("other", EU, 22_000, 1, shown(200, -1, Map.of(FLAG, 12L)))),
                broken(
                        "the record never moves",
                        "promotion to the record moved",
                        story -> story.status.replaceAll(status -> status.atMs() == 21_000
                                ? new StatusSeen(21_000, EU, "burgee-" + US + ".cache.internal", 1)
                                : status)),
                broken(
                        "the record moves late",
                        "promotion to the record moved",
                        story -> story.status.replaceAll(status -> status.atMs() == 21_000
                                ? new StatusSeen(35_100, EU, "burgee-" + EU + ".cache.internal", 1)
                                : status)),
                broken(
                        "a promotion is entered twice",
                        "epochs",
                        story -> story.status.add(new StatusSeen(50_000, US, "burgee-" + US + ".cache.internal", 3))),
                broken(
                        "it was cut short",
                        "what kept the drill from its end",
                        story -> story.problems.add("nobody rejoined")),
                broken(
                        "the audit lacks something",
                        "what kept the drill from its end",
                        story -> story.auditProblems.add("no export")));
    }

    @ParameterizedTest(name = "{0}")
    @MethodSource("broken")
    void aBrokenDrillMissesTheTargetForIt(String what, String target, Consumer<Story> breaking) {
        var story = new Story();
        breaking.accept(story);

        assertThat(missed(targets(story))).as(what).containsExactly(target);
    }

    @Test
    void aTokenMayBeRefusedForAWhile() {
        var story = new Story();
        story.read("bearer", EU, 12_000, 1, new ReadSeen.Shown(503, -1, Map.of(), -1, true, "unavailable"));

        assertThat(missed(targets(story))).isEmpty();
        assertThat(figures(story).reads().tokenUnavailable()).isEqualTo(1);
    }

    @Test
    void theLostRegionMayFailWhileItIsLost() {
        var story = new Story();
        story.read("reader", US, 12_000, 0, shown(503, -1, Map.of()));

        assertThat(missed(targets(story))).isEmpty();
        assertThat(figures(story).reads().failedWhileLost()).isEqualTo(1);
    }

    @Test
    void anAmbiguousWriteMayBeThereOnceOrNotAtAll() {
        var story = new Story();
        story.write(EU, "kept", 12_000, 17_000, Answer.UNKNOWN, 0);
        story.write(EU, "gone", 12_000, 17_000, Answer.UNKNOWN, 0);
        story.history.add(new Version("drill.other", 4, "kept"));
        story.everywhere("drill.other", new Version("drill.other", 4, "kept"));

        assertThat(missed(targets(story))).isEmpty();
    }

    @Test
    void aReadIsStaleWhenItLacksWhatWasAcknowledgedTwoSecondsBefore() {
        var story = new Story();
        // version 2 was acknowledged at 10.5 s
        story.read("reader", EU, 12_400, 0, shown(200, 1, Map.of(FLAG, 1L)));
        assertThat(figures(story).reads().staleInOutage()).isEqualTo(new Figures.Stale(0, 0));

        story.read("reader", EU, 12_600, 0, shown(200, 1, Map.of(FLAG, 1L)));
        story.read("reader", EU, 14_500, 0, shown(200, 1, Map.of(FLAG, 1L)));
        assertThat(figures(story).reads().staleInOutage()).isEqualTo(new Figures.Stale(2, 4_000));
        assertThat(figures(story).reads().staleOtherwise()).isEqualTo(new Figures.Stale(0, 0));

        story.read("reader", EU, 38_000, 0, shown(200, 1, Map.of(FLAG, 1L)));
        assertThat(figures(story).reads().staleOtherwise()).isEqualTo(new Figures.Stale(1, 27_500));
    }

    @Test
    void whatIsMarkedStaleIsCounted() {
        var story = new Story();
        story.read("reader", EU, 11_000, 0, new ReadSeen.Shown(200, 1, Map.of(FLAG, 1L), 7, false, ""));

        assertThat(figures(story).reads().markedStale()).isEqualTo(1);
        assertThat(figures(story).reads().markedStaleMaxS()).isEqualTo(7);
    }

    @Test
    void timesAreMeasuredFromTheMoment() {
        Figures.Times times = figures(new Story()).times();

        assertThat(times.outageToAcknowledged()).containsEntry(EU, OptionalLong.of(500));
        assertThat(times.promotionToVisible()).containsOnlyKeys(EU, AP).containsEntry(AP, OptionalLong.of(1_550));
        assertThat(times.rollbackToWritten()).containsOnlyKeys(US, EU, AP);
    }

    @Test
    void aRefusedRecordMustStandUntilRoute53IsBack() {
        DrillPlan refused = DrillPlan.of(DrillOptionsTest.options("--dns-refused", "--lost", "network"), 1);
        var story = new Story();
        story.marks.put(Mark.DNS_ALLOWED, 25_000L);
        assertThat(missed(Target.of(refused, story.evidence(), Accounting.of(story.evidence()))))
                .containsExactly("the record stands while Route 53 refuses");

        story.status.set(1, new StatusSeen(26_000, EU, "burgee-" + EU + ".cache.internal", 1));
        assertThat(missed(Target.of(refused, story.evidence(), Accounting.of(story.evidence()))))
                .isEmpty();
        assertThat(figures(story).dnsRecord().movedMs()).isEqualTo(OptionalLong.of(1_000));
    }

    @Test
    void withoutAnEventThereIsAPulseMoreTime() {
        var story = new Story();
        story.delayReads(AP, 20_000, 29_900);
        DrillPlan silent = DrillPlan.of(DrillOptionsTest.options("--silent", "--lost", "network"), 1);

        assertThat(missed(Target.of(silent, story.evidence(), Accounting.of(story.evidence()))))
                .isEmpty();
    }

    private static DrillPlan plan() {
        return DrillPlan.of(DrillOptionsTest.options("--lost", "network"), 1);
    }

    private static Arguments broken(String what, String target, Consumer<Story> breaking) {
        return Arguments.of(what, target, breaking);
    }

    private static List<Target> targets(Story story) {
        return Target.of(PLAN, story.evidence(), figures(story));
    }

    private static Figures figures(Story story) {
        return Accounting.of(story.evidence());
    }

    private static List<String> missed(List<Target> targets) {
        return targets.stream()
                .filter(target -> !target.met())
                .map(Target::name)
                .toList();
    }

    private static ReadSeen.Shown shown(int status, long position, Map<String, Long> versions) {
        return new ReadSeen.Shown(status, position, versions, -1, false, "");
    }

    /** Lost at 10 s, promoted at 20 s, healed at 30 s, rolled back at 40 s; one flag, whose version is the position. */
    static final class Story {
        final Map<Mark, Long> marks = new EnumMap<>(Map.of(
                Mark.LOSING, 10_000L,
                Mark.LOST, 10_050L,
                Mark.DNS_ALLOWED, 10_050L,
                Mark.PROMOTING, 20_000L,
                Mark.RECOVERED, 23_500L,
                Mark.HEALING, 30_000L,
                Mark.REJOINED, 35_000L,
                Mark.ROLLING_BACK, 40_000L,
                Mark.ROLLED_BACK, 43_000L,
                Mark.QUIET, 45_000L));
        final List<WriteSeen> writes = new ArrayList<>();
        final List<ReadSeen> reads = new ArrayList<>();
        final List<Version> history = new ArrayList<>();
        final Map<String, Map<String, Version>> regions = new HashMap<>();
        final Map<String, String> exported = new HashMap<>();
        final List<StatusSeen> status = new ArrayList<>(List.of(
                new StatusSeen(0, US, "burgee-" + US + ".cache.internal", 0),
                new StatusSeen(21_000, EU, "burgee-" + EU + ".cache.internal", 1),
                new StatusSeen(41_000, US, "burgee-" + US + ".cache.internal", 2)));
        final List<String> problems = new ArrayList<>();
        final List<String> auditProblems = new ArrayList<>();

        Story() {
            acknowledged(US, "first", 1_000, Answer.PROPAGATING);
            acknowledged(EU, "outage-" + EU, 10_000, Answer.DELAYED);
            acknowledged(AP, "outage-" + AP, 10_100, Answer.DELAYED);
            acknowledged(EU, "promoted-" + EU, 20_100, Answer.PROPAGATING);
            acknowledged(AP, "promoted-" + AP, 20_200, Answer.PROPAGATING);
            acknowledged(US, "back-" + US, 40_100, Answer.PROPAGATING);
            acknowledged(EU, "back-" + EU, 40_200, Answer.PROPAGATING);
            acknowledged(AP, "back-" + AP, 40_300, Answer.PROPAGATING);
            for (String region : List.of(US, EU, AP)) {
                read("reader", region, 5_000, 0, shown(200, 1, Map.of(FLAG, 1L)));
                read("reader", region, 41_500, 0, shown(200, 8, Map.of(FLAG, 8L)));
                read("bearer", region, 42_000, 8, shown(200, 8, Map.of(FLAG, 8L)));
            }
            for (String region : List.of(EU, AP)) {
                read("reader", region, 21_500, 0, shown(200, 5, Map.of(FLAG, 5L)));
            }
        }

        private void acknowledged(String region, String operation, long startMs, Answer answer) {
            long version = history.size() + 1L;
            write(region, operation, startMs, startMs + 500, answer, version);
            history.add(new Version(FLAG, version, operation));
            everywhere(FLAG, new Version(FLAG, version, operation));
        }

        void write(String region, String operation, long startMs, long endMs, Answer answer, long version) {
            writes.add(
                    new WriteSeen(new WriteSeen.Write(region, FLAG, operation), startMs, endMs, answer, version, ""));
        }

        void read(String caller, String region, long startMs, long token, ReadSeen.Shown shown) {
            reads.add(new ReadSeen(
                    new ReadSeen.Read(caller + "-" + region, region, Set.of(FLAG), token),
                    startMs,
                    startMs + 50,
                    shown));
        }

        void everywhere(String flag, Version version) {
            for (String region : List.of(US, EU, AP)) {
                Map<String, Version> flags = new HashMap<>(regions.getOrDefault(region, Map.of()));
                flags.put(flag, version);
                regions.put(region, flags);
            }
            exported.put(flag, version.operation());
        }

        void shiftWrite(String operation, long byMs) {
            writes.replaceAll(write -> write.write().operation().equals(operation)
                    ? new WriteSeen(
                            write.write(), write.startMs(), write.endMs() + byMs, write.answer(), write.version(), "")
                    : write);
        }

        void replaceWrite(String operation, Answer answer) {
            writes.replaceAll(write -> write.write().operation().equals(operation)
                    ? new WriteSeen(write.write(), write.startMs(), write.endMs(), answer, write.version(), "")
                    : write);
        }

        void rename(String operation, String flag) {
            writes.replaceAll(write -> write.write().operation().equals(operation)
                    ? new WriteSeen(
                            new WriteSeen.Write(write.write().region(), flag, operation),
                            write.startMs(),
                            write.endMs(),
                            write.answer(),
                            write.version(),
                            "")
                    : write);
        }

        /** The first read after a moment ends later. */
        void delayReads(String region, long afterMs, long untilMs) {
            reads.replaceAll(read -> read.read().region().equals(region)
                            && read.startMs() >= afterMs
                            && read.startMs() < afterMs + 5_000
                            && read.read().token() == 0
                    ? new ReadSeen(read.read(), read.startMs(), untilMs, read.shown())
                    : read);
        }

        Evidence evidence() {
            return new Evidence(
                    List.of(US, EU, AP),
                    US,
                    EU,
                    marks,
                    writes,
                    reads,
                    status,
                    new Aftermath(history, regions, exported, auditProblems),
                    problems);
        }
    }
}
