"""What happens as reads, flags, regions and writes grow: on paper, and by growth_sim.py. The second half of
docs/performance.md; scripts/growth runs it.

What was measured comes from docs/performance.json (scripts/bench) and docs/memory.md, what is deployed from the templates,
prices from infra/prices.json through cost_estimate.py, and the rest is assumed, in ASSUMED, each with its source. No network,
no clock; needs PyYAML, and matplotlib for the plot.
"""

import argparse
import functools
import hashlib
import json
import math
import pathlib
import random
import re
import sys
from dataclasses import dataclass, replace

import growth_sim as sim
from bench_page import number
from cost_estimate import GROUPS, Inputs, Plan, Unknown, lines, total, usd
from pages import Misshapen, filled, kept, table

ROOT = pathlib.Path(__file__).resolve().parents[2]
PAGE = ROOT / "docs/performance.md"
DAILY = (1_000_000, 10_000_000, 100_000_000, 1_000_000_000)
DAYS_PER_MONTH = 730 / 24

# where reads come from: share of all, hours from UTC
REGIONS = {
    "us-east-1": (0.30, -5), "eu-west-1": (0.20, 0), "ap-southeast-1": (0.10, 8), "ap-northeast-1": (0.10, 9), "eu-central-1": (0.08, 1),
    "us-west-2": (0.08, -8), "sa-east-1": (0.05, -3), "ap-south-1": (0.05, 5), "ap-southeast-2": (0.04, 10),
}  # fmt: skip


@dataclass(frozen=True)
class Given:
    """A number that goes in, and where it is from."""

    value: float
    unit: str
    what: str
    source: str


OURS = "assumed; nothing was measured in AWS"
AWS_LAMBDA = "AWS Lambda quotas"
AWS_API = "Amazon API Gateway quotas"
AWS_TABLE = "DynamoDB, throughput of a partition"

ASSUMED = {
    "swing": Given(0.8, "", "a day: a cosine, busiest at 15:00 of a region's own time, so many times the mean above and below it", OURS),
    "burst": Given(3, "times", "a tenth of the time has bursts of so many times the rate of the rest", OURS),
    "burst_seconds": Given(1, "s", "a burst lasts", OURS),
    "restore_ms": Given(400, "ms", "Lambda restores a snapshot, before the function's own part", OURS),
    "hot": Given(0.1, "", "share of the reads that go to the flag which is invalidated", OURS),
    "invalidations": Given(60, "an hour", "invalidations, all of that flag", OURS),
    "marked_ms": Given(800, "ms", "an invalidated flag is the ledger's to answer, in each region", "the slowest p99 in [tokens.md](tokens.md), rounded up"),
    "environments_new": Given(10, "", "concurrency of a new account, of all functions in a region", AWS_LAMBDA),
    "environments_max": Given(1000, "", "the same by default; raised on request", AWS_LAMBDA),
    "reads_per_environment": Given(10, "a second", "requests that Lambda lets through for each unit of that quota", AWS_LAMBDA),
    "environments_more": Given(100, "a second", "environments that Lambda adds to a function (1,000 each 10 s)", AWS_LAMBDA),
    "lost_ms": Given(80, "ms", "a round trip from eu-west-1 to us-east-1", "`Geography`"),
    "api_rate": Given(10_000, "a second", "requests to all HTTP APIs of an account in a region; raised on request", AWS_API),
    "api_burst": Given(5_000, "", "its burst", AWS_API),
    "clients_elasticache": Given(65_000, "", "connections to an ElastiCache node", "ElastiCache, best practices for connections"),
    "server_us": Given(30, "µs", "a cache server's CPU for one round trip", "assumed, while `proof_server_us` is not measured"),
    "server_share": Given(0.6, "", "of one core, that a server may be busy with reads", OURS),
    "micro_share": Given(0.2, "", "of one core, that a t4g.micro may be busy with for hours (two vCPUs at 10 %)", "EC2, CPU credits"),
    "node_gb": Given(6.38, "GB", "memory of a cache.m6g.large; a quarter stays free", "ElastiCache, node types"),
    "partition_reads": Given(3_000, "a second", "read units of one partition", AWS_TABLE),
    "partition_writes": Given(1_000, "a second", "write units of one partition", AWS_TABLE),
    "ledger_reads": Given(2, "units", "that a read costs in the log's partition: its tail, of 16 entries at most and 8 in the mean, up to 1 KB each", "[ADR 7](adr/0007-materialise-every-16th-entry.md)"),
    "entry_units": Given(2, "units", "that an entry costs in the log's partition, up to 2 KB", OURS),
    "append_ms": Given(17, "ms", "an append: a crossing from us-east-1 to us-east-2 and back (2 × 6), and the call", "`Geography`, and " + OURS),
    "page_mb": Given(5, "MB", "the longest page of a list", "[architecture.md](architecture.md)"),
    "datastore_regions": Given(3, "", "regions of a Global Datastore", "ElastiCache, Global Datastore"),
    "peerings_max": Given(50, "", "peerings of a VPC by default; up to 125 on request", "Amazon VPC quotas"),
    "pollers": Given(10_000, "", "processes of callers that keep the list themselves, in the last table", OURS),
    "poll_seconds": Given(10, "s", "each asks for the list so often, mostly answered 304", OURS),
}  # fmt: skip


class Absent(Exception):
    """A file does not have what is taken from it."""


def found(path, pattern):
    """The number that a file has at a pattern's first group."""
    match = re.search(pattern, (ROOT / path).read_text(encoding="utf-8"))
    if not match:
        raise Absent(f"{path} has nothing like {pattern}")
    return float(match[1].replace("_", "").replace(",", ""))


class World:
    """Everything that goes in."""

    def __init__(self, measured, quick=False):
        self.measured = measured
        self.quick = quick
        self.costs = Inputs()
        parameters = self.costs.templates["template.yaml"]["Parameters"]
        settings = self.costs.templates["settings.yaml"]["Parameters"]
        self.deployed = {
            "window_ms": Given(settings["FreshnessWindowMs"]["Default"], "ms", "freshness window", "infra/settings.yaml"),
            "throttle": Given(parameters["ThrottleRate"]["Default"], "a second", "reads that the stage lets through", "template.yaml"),
            "throttle_burst": Given(parameters["ThrottleBurst"]["Default"], "", "its burst", "template.yaml"),
            "clients_own": Given(found("infra/cache-self-managed.yaml", r"maxclients (\d+)"), "", "connections to a self-managed cache", "infra/cache-self-managed.yaml"),
            "memory_own_mb": Given(self.costs.templates["cache-self-managed.yaml"]["Parameters"]["MemoryMb"]["Default"], "MB", "its memory", "infra/cache-self-managed.yaml"),
            "connections": Given(found("shared/src/main/java/dev/burgee/cache/RedisCaches.java", r"CONNECTIONS_MAX = (\d+)"), "", "connections that a process opens to a cache at most; one read at a time needs one", "`RedisCaches`"),
            "recent": Given(found("shared/src/main/java/dev/burgee/cache/DataKind.java", r'RECENT\([^)]*?([\d_]+), null\)'), "", "entries in a cache's list of recent ones", "`DataKind`"),
            "read_ms": Given(self.costs.usage("readMs"), "ms", "billed for a warm read, Lambda's own part included", "infra/prices.json"),
            "flag_bytes": Given(found("docs/memory.md", r"\| mixed \| \d+ \| (\d+) \|"), "bytes", "that a flag takes in a cache, in the mean", "[memory.md](memory.md)"),
            "document_bytes": Given(found("docs/memory.md", r"\| mixed \| (\d+) \|"), "bytes", "of its document", "[memory.md](memory.md)"),
        }  # fmt: skip

    def __getitem__(self, name):
        return {**ASSUMED, **self.deployed}[name].value

    def figure(self, name, of=None):
        """A measured figure, or None."""
        for f in self.measured["figures"] if self.measured else []:
            if f["name"] == name and of in (None, f["of"]):
                return f["value"]
        return None

    def sampler(self, name, otherwise_us):
        """Of a measured distribution, or always the same."""
        for d in self.measured["distributions"] if self.measured else []:
            if d["name"] == name and d["unit"] == "us":
                return sim.Sampler(d["quantiles"])
        return sim.Sampler([[0, otherwise_us], [1, otherwise_us]])

    def server_us(self):
        return self.figure("proof_server_us") or self["server_us"]

    def rules(self, picks):
        memory, replica = self.sampler("memory", 2.0), self.sampler("replica", 100.0)
        # what is billed is more than the handler: the rest is Lambda's and the network's
        around = max(0.0, self["read_ms"] / 1e3 - replica.median() / 1e6)
        cold = (self["restore_ms"] + (self.figure("restore_first_ms", "read-flag") or 10)) / 1e3
        return sim.Rules(
            memory, replica, around, cold, self["window_ms"] / 1e3, picks, self["burst"], self["hot"], self["invalidations"], self["marked_ms"] / 1e3
        )

    @functools.cache  # noqa: B019 (one world a run)
    def day(self, daily, picks):
        reads, seconds = (300, 1) if self.quick else (5_000, 5)
        return sim.day(self.rules(picks), daily, REGIONS, self["swing"], reads, seconds, 1)

    @functools.cache  # noqa: B019
    def steady(self, rate, picks):
        reads, seconds = (500, 1) if self.quick else (20_000, 5)
        rand, rules = random.Random(f"steady {rate}"), self.rules(picks)
        seconds = sim.slice_seconds(rate, reads, seconds)
        return sim.Cell("", 0, rate, seconds, sim.simulate(rules, rate, seconds, rand, sim.settled(rules, rate, seconds, rand)))


# ---- reads -------------------------------------------------------------------------------------------------------------

LARGEST = max(REGIONS, key=lambda r: REGIONS[r][0])
PICKS = {"latest": "the one used last", "any": "any"}


def busiest(world, daily):
    """Reads a second in the largest region's busiest hour."""
    return daily * REGIONS[LARGEST][0] / sim.DAY * (1 + world["swing"])


SECOND = sorted(REGIONS, key=lambda r: REGIONS[r][0])[-2]


def lost(world, daily):
    """The second largest region's busiest hour, while its cache is lost and each round trip goes to the home's: a cell."""
    rules = world.rules("any")
    far = replace(rules, replica=sim.Sampler([[q / 10, 1e3 * world["lost_ms"] + rules.replica.values[int(q / 10 * (sim.Sampler.STEPS - 1))]] for q in range(11)]))
    before = max((c for c in world.day(daily, "any") if c.region == SECOND), key=lambda c: c.rate)
    rand = random.Random(f"lost {daily}")
    return sim.Cell(SECOND, before.hour, before.rate, before.seconds, sim.simulate(far, before.rate, before.seconds, rand, before.seen.environments))


def in_bursts(world, rate):
    return rate * world["burst"] / (0.9 + 0.1 * world["burst"])


def weighted(cells, what):
    """A share of the reads of a day, each hour by its reads."""
    reads = sum(c.rate for c in cells)
    return sum(c.rate * what(c.seen) / c.seen.reads for c in cells) / reads


def part_day(world):
    rows = []
    for daily in DAILY:
        for picks, name in PICKS.items():
            cells = world.day(daily, picks)
            largest = [c for c in cells if c.region == LARGEST]
            trips = max(c.per_second(c.seen.trips) for c in largest)
            rows.append([
                f"{daily:,}", name, number(daily / sim.DAY), number(in_bursts(world, busiest(world, daily))),
                max(c.seen.busy_max for c in largest), max(c.seen.environments for c in largest), sum(max(c.seen.environments for c in cells if c.region == r) for r in REGIONS),
                number(trips), number(trips * world.server_us() / 1e4),
                number(100 * weighted(cells, lambda s: s.memory)), f"{100 * (1 - weighted(cells, lambda s: s.ledger)):.2f}",
            ])  # fmt: skip
    head = ["reads a day", "Lambda takes", "reads/s, all, mean", "largest region, in bursts", "busy at once there", "connections to its cache", "connections, all regions", "its cache's commands/s", "its server's core, %", "answered by memory, %", "hit rate, %"]
    return table(head, rows, 2)


def part_lost(world):
    rows = []
    for daily in DAILY:
        at = lost(world, daily)
        warm = max(c.seen.environments for c in world.day(daily, "any") if c.region == SECOND)
        home = max(c.seen.environments for c in world.day(daily, "any") if c.region == LARGEST)
        environments = at.seen.environments
        rows.append([
            f"{daily:,}", number(at.rate), warm, environments, number(100 * environments / world["environments_max"]), number((environments - warm) / world["environments_more"]),
            home + environments, number(100 * at.seen.memory / at.seen.reads),
        ])  # fmt: skip
    head = ["reads a day", f"reads/s in {SECOND}", "environments before", "then", "% of the default quota", "seconds until Lambda has added them", "connections to the home's cache", "answered by memory, %"]
    return table(head, rows)


def reached(world):
    """(limit, where it is, reads a second in the largest region's busiest hour at which it is met, what then), lowest first."""
    top = DAILY[-1]
    cells = [c for c in world.day(top, "any") if c.region == LARGEST]
    hour = max(cells, key=lambda c: c.rate)
    peak = in_bursts(world, 1)

    def bucket(rate, size):
        # a steady rate whose bursts the bucket takes
        return min(rate, (size / world["burst_seconds"] + rate) / peak)

    # what one read a second more needs
    each = world.figure("connections_per_reader") or 1
    trips = hour.per_second(hour.seen.trips) / hour.rate
    alive = max(c.seen.environments for c in cells) / hour.rate
    busy = max(c.seen.busy_max for c in cells) / hour.rate
    top_rate = busiest(world, top)
    # a cache that takes over for the next largest region
    both = sum(sorted((share for share, _ in REGIONS.values()), reverse=True)[:2]) / REGIONS[LARGEST][0]
    core = 1e6 / world.server_us()
    more = "ask AWS for more (Service Quotas), before the first callers"
    return sorted(
        [
            ("requests of a new account's Lambda", AWS_LAMBDA, world["environments_new"] * world["reads_per_environment"] / peak, more),
            ("the stage's throttle", "`ThrottleRate`, `ThrottleBurst`", bucket(world["throttle"], world["throttle_burst"]), "raise the parameters: they are there to bound the bill"),
            ("requests of Lambda, default quota", AWS_LAMBDA, world["environments_max"] * world["reads_per_environment"] / peak, more + "; the quota is of concurrency, and ten times it of requests a second, which short reads meet first"),
            ("requests of the account's APIs", AWS_API, bucket(world["api_rate"], world["api_burst"]), more + "; or callers that keep the list (below)"),
            ("concurrency, default quota", AWS_LAMBDA, world["environments_max"] / busy, more),
            (f"concurrency, while {SECOND}'s cache is lost", AWS_LAMBDA, top_rate * world["environments_max"] / lost(world, top).seen.environments, more + "; a longer window: it is the round trips that keep environments busy"),
            ("connections to a self-managed cache", "`maxclients`", world["clients_own"] / (alive * each), "a larger instance and `maxclients`"),
            ("the same while it serves the next largest region, whose cache is lost", "`maxclients`", world["clients_own"] / (alive * each * both), "as above; readers whose connection is refused go to the ledger"),
            ("CPU of a t4g.micro, for hours", "EC2, CPU credits", core * world["micro_share"] / trips, "a larger instance (`InstanceType`): m7g.large has no credits; or a longer window (`BURGEE_FRESHNESS_WINDOW_MS`): commands fall with it"),
            ("CPU of an ElastiCache node", "one core serves commands", core * world["server_share"] / trips, "a longer window; a larger node type; reads spread over a region's replicas are not built"),
            ("connections to an ElastiCache node", "ElastiCache", world["clients_elasticache"] / (alive * each), "not met before Lambda's quotas unless those were raised 60 times; then several nodes"),
            ("the ledger, when a region's cache and the home's are lost", AWS_TABLE, world["partition_reads"] / world["ledger_reads"] / trips, "throttled reads are answered `last-known` by processes that know the flag, 503 by others; a longer window asks less. Tail and state are one partition each, in each of the ledger's regions"),
        ],
        key=lambda row: row[2],
    )  # fmt: skip


def part_limits(world):
    per_read = REGIONS[LARGEST][0] / sim.DAY * (1 + world["swing"])
    rows = []
    for limit, where, rate, then in reached(world):
        daily = rate / per_read
        rows.append([limit, where, number(rate), number(daily / 1e6), "yes" if daily >= DAILY[-1] else "**no**", then])
    return table(["limit", "where", "met at reads/s in the largest region's busiest hour", "million reads a day, all regions", "a billion a day fits", "what then"], rows, 2, 2)


# ---- flags, regions, writes, money -------------------------------------------------------------------------------------


def grown(world, name, flags):
    """A measured time at so many flags, as text."""
    for g in world.measured["growth"] if world.measured else []:
        for x, y in g["points"]:
            if g["name"] == name and x == flags:
                return f"{number(y)} {'µs' if g['unit'] == 'us' else g['unit']}"
    return ""


def part_flags(world):
    names = [g["name"] for g in world.measured["growth"]] if world.measured else []
    own, node = world["memory_own_mb"] * 1e6, world["node_gb"] * 1e9 * 0.75
    rows = []
    for flags in (10, 100, 1_000, 10_000, 100_000, 1_000_000):
        stored, listed = flags * world["flag_bytes"], flags * world["document_bytes"]
        rows.append([
            f"{flags:,}", number(stored / 1e6), f"{number(100 * stored / own)}", f"{number(100 * stored / node)}",
            math.ceil(listed / (world["page_mb"] * 1e6)), *(grown(world, n, flags) for n in names),
        ])  # fmt: skip
    head = ["flags", "MB in each cache", "% of a t4g.micro's", "% of a cache.m6g.large's", "pages of a whole list", *names]
    ends = [f"{size / world['flag_bytes'] / 1e6:.1f} million flags on {name}" for name, size in (("a t4g.micro", own), ("a cache.m6g.large", node))]
    return table(head, rows) + f"\n\nThe first limit is a cache's memory: {' and '.join(ends)}; then a larger node, or fewer flags: deleted ones leave a tombstone. Before that, whole lists become long: page them (`?limit=`), or send `If-None-Match`."


def part_regions(world):
    rows = []
    names = list(world.costs.prices["regions"])
    reads, writes = world.costs.usage("readsPerRegion"), world.costs.usage("writes")
    for count in range(1, len(names) + 1):
        row = [count, count * (count - 1) // 2, count - 1, number((count - 1) * world.costs.usage("writeOutKb"))]
        for profile in ("self-managed", "global-datastore"):
            if profile == "global-datastore" and count > world["datastore_regions"]:
                row.append("")
            else:
                row.append(f"{total(world.costs, Plan(profile, tuple(names[:count]), reads, writes, chosen=False)):,.0f}")
        rows.append(row)
    head = ["regions", "peerings", "replicas that the home feeds", "KB out of the home for each write", "USD a month, self-managed", "USD a month, Global Datastore"]
    return table(head, rows) + (
        f"\n\nThe first limit is Global Datastore's {world['datastore_regions']:g} regions; then the self-managed profile, which was run with 9"
        f" (`NineRegionsIT.aHubAndEightSpokesFollowAndTheHubMoves`). Peerings are by pairs, {world['peerings_max']:g} to a VPC by default: far off. A replica"
        " is a connection and a stream of its own at the home; what a write weighs is next to nothing against that."
    )


def part_writes(world):
    regions = tuple(REGIONS)
    base = Plan("self-managed", regions, 0, 0, chosen=False)
    million = total(world.costs, replace(base, writes=1e6)) - total(world.costs, base)
    one = 1e3 / world["append_ms"]
    rows = []
    for rate in (0.01, 0.1, 1, 10, round(one)):
        month = rate * 730 * sim.HOUR
        rows.append([
            f"{rate:g}", f"{month:,.0f}", number(100 * rate / one), number(100 * rate * world["entry_units"] / world["partition_writes"]),
            number(rate * world.costs.usage("writeOutKb") * (len(regions) - 1) * 8 / 1e3), number(world["recent"] / rate / 60), f"{month / 1e6 * million:,.2f}",
        ])  # fmt: skip
    head = ["writes/s", "a month", "% of one writer's pace", "% of the log's partition", "Mbit/s out of the home, 9 regions", "minutes that the recent entries reach back", "USD a month, 9 regions"]
    contended = found("docs/measurements.md", r"\| one flag \| \d+ \| ([\d.]+) \|")
    return table(head, rows) + (
        f"\n\nThe first limit is the order itself: each entry is put after the one before it, {number(one)} a second from beside the ledger at best."
        f" Writers that race for the next number do less: eight in three regions, {contended:g} a second in the local world ([measurements.md](measurements.md))."
        " Then: put changes together (an import changes up to 1,000 flags in one entry), send them through one region, or split flags over two"
        " installations with a ledger each. The log's partition and the network are far from theirs."
    )


def part_money(world):
    rows = []

    def add(name, profile, regions, daily):
        month = daily * DAYS_PER_MONTH
        plan = Plan(profile, regions, month / len(regions), 1000, chosen=False)
        fixed = total(world.costs, replace(plan, reads=0))
        sums = {}
        for line in lines(world.costs, plan):
            item = line.item.split(":")[0]
            kind = {"api": "API", "calls": "Lambda", "compute": "Lambda", "internet-out": "internet", "log-ingest": "logs", "log-keep": "logs"}.get(item)
            if kind and GROUPS[item]:
                sums[kind] = sums.get(kind, 0) + usd(world.costs, line)
        whole = total(world.costs, plan)
        rows.append([name, f"{daily:,.0f}", f"{whole:,.0f}", f"{whole / month * 1e6:,.2f}", f"{(whole - fixed) / month * 1e6:,.2f}", *(f"{100 * sums[k] / whole:.0f}" for k in ("API", "Lambda", "internet", "logs"))])

    for daily in DAILY:
        add("self-managed, 9 regions", "self-managed", tuple(REGIONS), daily)
    for daily in DAILY:
        add("Global Datastore, 3 regions", "global-datastore", tuple(REGIONS)[:3], daily)
    add(f"callers that keep the list: {world['pollers']:,.0f}, every {world['poll_seconds']:g} s, 9 regions", "self-managed", tuple(REGIONS), world["pollers"] * sim.DAY / world["poll_seconds"])
    head = ["how", "reads a day", "USD a month", "USD per million reads", "for each million more", "API %", "Lambda %", "internet %", "logs %"]
    return table(head, rows) + (
        "\n\nPrices are those of [cost.md](cost.md), without the discounts of large amounts; reads are spread evenly, and the cache is not made larger"
        " here. What one does when that is too much: let callers keep the list and ask with `If-None-Match` (last row: however many flags they"
        " evaluate, and however often, the bill is by the question); or a CDN or an Application Load Balancer in front in place of the HTTP API, whose price by"
        " the request is the largest part (neither is built)."
    )


def part_assumed(world):
    rows = [[g.what, f"{g.value:,g} {g.unit}".strip(), g.source] for g in (*world.deployed.values(), *ASSUMED.values())]
    shares = ", ".join(f"{r} {100 * s:.0f} %" for r, (s, _) in REGIONS.items())
    source = "[what was measured](#what-was-measured)"
    for what, of, otherwise, unit in (("memory", "handler of a read from memory, p50", 2.0, "µs"), ("replica", "handler of a read with its round trip, p50", 100.0, "µs")):
        is_there = world.measured and any(d["name"] == what for d in world.measured["distributions"])
        rows.append([of + " (all of the distribution is used)", f"{number(world.sampler(what, otherwise).median())} {unit}", source if is_there else "assumed, while it is not measured"])
    for name, of, unit in (("restore_first_ms", "read-flag's first answer after a restore", "ms"), ("proof_server_us", "a cache server's CPU for one round trip", "µs"), ("connections_per_reader", "connections of a reading process to its region's cache", ""), ("replication_bytes_per_write", "bytes that a small change sends to each replica", "")):
        value = world.figure(name, "read-flag" if name.startswith("restore") else "")
        if value is not None:
            rows.append([of, f"{number(value)} {unit}".strip(), source])
    return table(["what goes in", "", "from"], rows, 1, 1) + f"\n\nReads by region: {shares}. Where AWS is the source: its public pages, not its behaviour."


PARTS = {"day": part_day, "lost": part_lost, "limits": part_limits, "flags": part_flags, "regions": part_regions, "writes": part_writes, "money": part_money, "assumed": part_assumed}


# what follows prices and templates: scripts/cost doc keeps these parts as well as its own page
PRICED = ("regions", "writes", "money")


# ---- the command -------------------------------------------------------------------------------------------------------


def measured(page):
    """What scripts/bench left beside the page; None before it ever did."""
    known = page.with_suffix(".json")
    return json.loads(known.read_text(encoding="utf-8")) if known.exists() else None


def rewrite(page, world, names, write):
    """Makes these parts of the page anew, or prints how they differ: 0, or 3 when they do."""
    before = page.read_text(encoding="utf-8")
    return kept(page, before, filled(before, "scripts/growth", {name: PARTS[name](world) for name in names}, page.name), page.name, write)


def points(world):
    """For the plot: {picks: [(reads a second, answered by memory, commands a second)]}."""
    rates = (1, 10, 100, 1_000) if world.quick else (0.1, 0.3, 1, 3, 10, 30, 100, 300, 1_000, 3_000, 10_000)
    return {
        picks: [(rate, c.seen.memory / c.seen.reads, c.per_second(c.seen.trips)) for rate in rates for c in [world.steady(rate, picks)]] for picks in PICKS
    }


def main(argv):
    parser = argparse.ArgumentParser(prog="scripts/growth", add_help=False, allow_abbrev=False)
    parser.add_argument("--write", action="store_true")
    parser.add_argument("--check", action="store_true")
    parser.add_argument("--quick", action="store_true")
    parser.add_argument("--page", type=pathlib.Path, default=PAGE)
    args = parser.parse_args(argv)
    try:
        world = World(measured(args.page), args.quick)
        if not args.write and not args.check:
            print("\n\n".join(f"{name}\n\n{make(world)}" for name, make in PARTS.items()))
            return 0
        plot = args.page.with_name(f"{args.page.stem}-simulation.svg")
        drawn = {picks: [[float(f"{v:.4g}") for v in p] for p in of] for picks, of in points(world).items()}
        digest = hashlib.sha256(json.dumps(drawn, sort_keys=True).encode()).hexdigest()[:16]
        status = rewrite(args.page, world, PARTS, args.write)
        if args.write:
            import bench_plots  # only here: the rest does without matplotlib

            bench_plots.simulation(drawn, PICKS, plot, digest)
        elif not plot.exists() or f"data {digest}" not in plot.read_text(encoding="utf-8"):
            print(f"{plot.name} was made of other data; scripts/growth --write makes it anew")
            status = 3
        return status
    except (Absent, Misshapen, Unknown, OSError, ValueError) as e:
        print(f"scripts/growth: {e}", file=sys.stderr)
        return 2


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
