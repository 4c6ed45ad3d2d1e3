package dev.burgee.local.drill;

import dev.burgee.local.drill.Aftermath.Version;
import dev.burgee.local.drill.WriteSeen.Answer;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Comparator;
import java.util.EnumMap;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.Set;
import java.util.TreeMap;
import java.util.function.Function;
import java.util.stream.Collectors;

/** Makes figures of what was seen in a drill. Not thread-safe. */
final class Accounting {
    /** What was acknowledged so long ago is to be seen everywhere (design, invariant 5). */
    static final long VISIBLE_WITHIN_MS = 2_000;

    private final Evidence seen;
    private final Acknowledged acknowledged;

    private Accounting(Evidence seen) {
        this.seen = seen;
        this.acknowledged = new Acknowledged(seen.writes());
    }

    static Figures of(Evidence seen) {
        var accounting = new Accounting(seen);
        return new Figures(accounting.times(), accounting.writes(), accounting.reads(), accounting.dnsRecord());
    }

    private Figures.Times times() {
        long promoting = seen.atOrNever(Mark.PROMOTING);
        return new Figures.Times(
                since(
                        Mark.LOSING,
                        seen.survivors(),
                        (region, from) -> FirstSeen.acknowledged(seen.writes(), region, from, promoting)),
                since(Mark.PROMOTING, seen.survivors(), this::written),
                since(Mark.PROMOTING, seen.survivors(), (region, from) -> visible(region, seen.survivors(), from)),
                since(Mark.ROLLING_BACK, seen.regions(), this::written),
                since(Mark.ROLLING_BACK, seen.regions(), (region, from) -> visible(region, seen.regions(), from)));
    }

    private interface Moment {
        OptionalLong in(String region, long fromMs);
    }

    private Map<String, OptionalLong> since(Mark mark, List<String> regions, Moment moment) {
        Map<String, OptionalLong> times = new LinkedHashMap<>();
        OptionalLong from = seen.at(mark);
        regions.forEach(region -> {
            OptionalLong at = from.isPresent() ? moment.in(region, from.getAsLong()) : from;
            times.put(region, at.isPresent() ? OptionalLong.of(at.getAsLong() - from.getAsLong()) : at);
        });
        return times;
    }

    private OptionalLong written(String region, long fromMs) {
        return FirstSeen.propagating(seen.writes(), List.of(region), fromMs)
                .map(write -> OptionalLong.of(write.endMs()))
                .orElse(OptionalLong.empty());
    }

    private OptionalLong visible(String region, Collection<String> writers, long fromMs) {
        return FirstSeen.propagating(seen.writes(), writers, fromMs)
                .map(write -> FirstSeen.visible(seen.reads(), write, region, fromMs))
                .orElse(OptionalLong.empty());
    }

    private Figures.Writes writes() {
        Map<Answer, Long> answers = new EnumMap<>(Answer.class);
        for (Answer answer : Answer.values()) {
            answers.put(
                    answer,
                    seen.writes().stream()
                            .filter(write -> write.answer() == answer)
                            .count());
        }
        List<WriteSeen> inRegions =
                seen.writes().stream().filter(WriteSeen::isAcknowledged).toList();
        return new Figures.Writes(
                answers,
                lost(),
                twice(),
                undead(),
                diverged(),
                falselyPropagating(),
                seen.survivors().stream()
                        .filter(region -> inRegions.stream()
                                .noneMatch(write -> write.write().region().equals(region)))
                        .toList());
    }

    private List<WriteSeen> lost() {
        Set<Version> there = Set.copyOf(seen.aftermath().history());
        return seen.writes().stream()
                .filter(WriteSeen::isAcknowledged)
                .filter(write -> !there.contains(new Version(
                        write.write().flag(), write.version(), write.write().operation())))
                .toList();
    }

    private List<String> twice() {
        Map<String, Long> times = new TreeMap<>();
        seen.aftermath().history().forEach(version -> times.merge(version.operation(), 1L, Long::sum));
        return times.entrySet().stream()
                .filter(operation -> operation.getValue() > 1)
                .map(operation -> operation.getKey() + " is there " + operation.getValue() + " times")
                .toList();
    }

    private List<String> undead() {
        Set<String> there =
                seen.aftermath().history().stream().map(Version::operation).collect(Collectors.toSet());
        Set<String> perhaps = seen.writes().stream()
                .filter(write -> write.answer() != Answer.REFUSED)
                .map(write -> write.write().operation())
                .collect(Collectors.toSet());
        return seen.writes().stream()
                .map(write -> write.write().operation())
                .distinct()
                .filter(operation -> !perhaps.contains(operation) && there.contains(operation))
                .toList();
    }

    private List<String> diverged() {
        Map<String, Version> newest = seen.aftermath().history().stream()
                .collect(Collectors.toMap(
                        Version::flag,
                        Function.identity(),
                        (one, other) -> one.number() > other.number() ? one : other,
                        TreeMap::new));
        List<String> diverged = new ArrayList<>();
        newest.forEach((flag, version) -> {
            seen.regions().forEach(region -> {
                Version shown = seen.aftermath()
                        .regions()
                        .getOrDefault(region, Map.of())
                        .get(flag);
                if (!version.equals(shown)) {
                    diverged.add(region + " shows " + shown + " instead of " + version);
                }
            });
            String exported = seen.aftermath().exported().get(flag);
            if (!version.operation().equals(exported)) {
                diverged.add("the export has operation " + exported + " instead of that of " + version);
            }
        });
        return diverged;
    }

    /** An operation that began earlier may be answered with what was true then. */
    private List<WriteSeen> falselyPropagating() {
        Map<String, Long> begun = new HashMap<>();
        seen.writes().forEach(write -> begun.merge(write.write().operation(), write.startMs(), Math::min));
        return seen.writes().stream()
                .filter(write -> write.answer() == Answer.PROPAGATING)
                .filter(write ->
                        Objects.requireNonNullElse(begun.get(write.write().operation()), 0L)
                                        >= seen.atOrNever(Mark.LOST)
                                && write.endMs() < seen.atOrNever(Mark.PROMOTING))
                .toList();
    }

    private Figures.Reads reads() {
        List<ReadSeen> counted =
                seen.reads().stream().filter(read -> !whileLost(read)).toList();
        List<ReadSeen> tokens =
                seen.reads().stream().filter(read -> read.read().token() > 0).toList();
        return new Figures.Reads(
                counted.size(),
                counted.stream().filter(ReadSeen::isFailed).toList(),
                seen.reads().stream()
                        .filter(read -> whileLost(read) && read.isFailed())
                        .count(),
                tokens.stream().filter(ReadSeen::isAnswered).count(),
                tokens.stream().filter(ReadSeen::isTokenUnavailable).count(),
                tokenWrong(),
                stale(counted.stream().filter(this::inOutage).toList()),
                stale(counted.stream().filter(read -> !inOutage(read)).toList()),
                seen.reads().stream().filter(read -> read.shown().staleS() >= 0).count(),
                seen.reads().stream()
                        .mapToLong(read -> read.shown().staleS())
                        .max()
                        .orElse(-1),
                seen.regions().stream()
                        .filter(region -> counted.stream()
                                .noneMatch(read -> read.isAnswered()
                                        && read.read().region().equals(region)))
                        .toList());
    }

    /** Whether a read was made in the lost region from the loss until it had rejoined. */
    private boolean whileLost(ReadSeen read) {
        return read.read().region().equals(seen.lost())
                && read.endMs() >= seen.atOrNever(Mark.LOSING)
                && read.startMs() <= seen.atOrNever(Mark.REJOINED);
    }

    /** While there is no cache that can be written, nothing that is acknowledged can be shown. */
    private boolean inOutage(ReadSeen read) {
        return read.startMs() >= seen.atOrNever(Mark.LOSING) && read.startMs() <= seen.atOrNever(Mark.RECOVERED);
    }

    private List<String> tokenWrong() {
        List<String> wrong = new ArrayList<>();
        Map<String, ReadSeen> last = new HashMap<>();
        seen.reads().stream()
                .filter(read -> read.read().token() > 0 && read.isAnswered())
                .sorted(Comparator.comparingLong(ReadSeen::startMs))
                .forEach(read -> {
                    long position = read.shown().position();
                    if (position < read.read().token()) {
                        wrong.add("position behind its token: " + read);
                    }
                    read.shown().versions().forEach((flag, version) -> {
                        long promised = acknowledged.versionIn(flag, read.read().token());
                        if (version < promised) {
                            wrong.add(flag + " at " + version + ", behind " + promised + ", which its token has: "
                                    + read);
                        }
                    });
                    ReadSeen before = last.put(read.read().caller(), read);
                    if (before != null && position < before.shown().position()) {
                        wrong.add("went back from " + before + " to " + read);
                    }
                });
        return wrong;
    }

    private Figures.Stale stale(List<ReadSeen> reads) {
        List<Long> ages = reads.stream()
                .filter(ReadSeen::isAnswered)
                .map(this::staleness)
                .flatMap(Optional::stream)
                .toList();
        return new Figures.Stale(
                ages.size(), ages.stream().mapToLong(Long::longValue).max().orElse(0));
    }

    /** How long something newer had been acknowledged when a read began, if that is too long. */
    private Optional<Long> staleness(ReadSeen read) {
        return read.shown().versions().entrySet().stream()
                .filter(flag ->
                        flag.getValue() < acknowledged.versionAt(flag.getKey(), read.startMs() - VISIBLE_WITHIN_MS))
                .map(flag -> read.startMs()
                        - acknowledged.newerThan(flag.getKey(), flag.getValue()).orElse(read.startMs()))
                .max(Comparator.naturalOrder());
    }

    private Figures.DnsRecord dnsRecord() {
        long promoting = seen.atOrNever(Mark.PROMOTING);
        long allowed = seen.atOrNever(Mark.DNS_ALLOWED);
        OptionalLong moved = named(seen.promoted(), promoting);
        boolean whileRefused = moved.isPresent() && moved.getAsLong() < allowed;
        return new Figures.DnsRecord(
                after(moved, Math.max(promoting, allowed)),
                whileRefused,
                after(named(seen.lost(), seen.atOrNever(Mark.ROLLING_BACK)), seen.atOrNever(Mark.ROLLING_BACK)),
                seen.status().stream().map(StatusSeen::epoch).distinct().toList());
    }

    private OptionalLong named(String region, long fromMs) {
        return seen.status().stream()
                .filter(status -> status.atMs() >= fromMs && status.cname().contains(region))
                .mapToLong(StatusSeen::atMs)
                .min();
    }

    private static OptionalLong after(OptionalLong at, long fromMs) {
        return at.isPresent() ? OptionalLong.of(Math.max(0, at.getAsLong() - fromMs)) : at;
    }
}
