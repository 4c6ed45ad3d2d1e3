"""Simulates a region's read-flag environments on Lambda, read by read: how many there are, what memory answers, and what the
region's cache is asked.

An environment serves one read at a time and keeps one connection to the cache for as long as it lives. Within the freshness
window after its last round trip it answers from memory. Every tenth part of a slice of time has bursts. No network, no clock;
the same seed gives the same numbers.
"""

import heapq
import math
import random
from bisect import bisect_left
from dataclasses import dataclass, replace

HOUR, DAY = 3600, 86_400


class Sampler:
    """Random values of a distribution that is known by quantiles [[share, value], ...]."""

    STEPS = 512

    def __init__(self, quantiles):
        shares = [q for q, _ in quantiles]
        values = [v for _, v in quantiles]

        def at(share):
            i = min(max(bisect_left(shares, share), 1), len(shares) - 1)
            low, high = shares[i - 1], shares[i]
            inside = min(max((share - low) / (high - low), 0), 1)
            return values[i - 1] + (values[i] - values[i - 1]) * inside

        self.values = [at((i + 0.5) / self.STEPS) for i in range(self.STEPS)]

    def median(self):
        return self.values[self.STEPS // 2]


@dataclass(frozen=True)
class Rules:
    """How Lambda, the functions and the callers behave; times in seconds."""

    memory: Sampler
    replica: Sampler
    # around the handler, in each read that is not the first of its environment
    around: float
    cold: float
    window: float
    # which idle environment gets the next read: "latest" or "any"
    picks: str
    # times the usual rate, for a tenth of the time
    burst: float
    # share of the reads that concern the flag which is being invalidated, how often it is, and for how long the ledger answers
    hot: float
    invalidations_per_hour: float
    marked: float


@dataclass
class Seen:
    """What happened in a slice."""

    reads: int = 0
    memory: int = 0
    trips: int = 0
    ledger: int = 0
    cold: int = 0
    busy_max: int = 0
    # alive at the end, those from before that were used included
    environments: int = 0


def exponential(rand, rate):
    return -math.log(1 - rand.random()) / rate


def arrivals(rand, rate, seconds, burst):
    """Times of reads: at random, burst times as many for a tenth of the slice, `rate` in the mean."""
    usual = rate / (0.9 + 0.1 * burst)
    begin, end = 0.45 * seconds, 0.55 * seconds
    for start, stop, at in ((0, begin, usual), (begin, end, usual * burst), (end, seconds, usual)):
        t = start + exponential(rand, at)
        while t < stop:
            yield t
            t += exponential(rand, at)


def marks(rand, rules, seconds):
    """When the hot flag is invalidated."""
    found = []
    if rules.invalidations_per_hour:
        t = exponential(rand, rules.invalidations_per_hour / HOUR)
        while t < seconds:
            found.append(t)
            t += exponential(rand, rules.invalidations_per_hour / HOUR)
    return found


def simulate(rules, rate, seconds, rand, alive=0):
    """One slice, at the beginning of which so many environments are alive and idle."""
    seen = Seen()
    proof = [-math.inf] * alive
    idle = list(range(alive))
    busy = []
    used = set()
    marked = marks(rand, rules, seconds)
    memory, replica, steps, latest = rules.memory.values, rules.replica.values, Sampler.STEPS, rules.picks == "latest"
    for now in arrivals(rand, rate, seconds, rules.burst):
        while busy and busy[0][0] <= now:
            idle.append(heapq.heappop(busy)[1])
        seen.reads += 1
        if idle:
            if not latest:
                i = int(rand.random() * len(idle))
                idle[i], idle[-1] = idle[-1], idle[i]
            environment = idle.pop()
            taken = rules.around
        else:
            environment = len(proof)
            proof.append(-math.inf)
            seen.cold += 1
            taken = rules.cold
        if now - proof[environment] < rules.window:
            seen.memory += 1
            taken += memory[int(rand.random() * steps)] / 1e6
        else:
            seen.trips += 1
            proof[environment] = now
            taken += replica[int(rand.random() * steps)] / 1e6
        if marked and rand.random() < rules.hot and any(0 <= now - mark < rules.marked for mark in marked):
            seen.ledger += 1
        used.add(environment)
        heapq.heappush(busy, (now + taken, environment))
        if len(busy) > seen.busy_max:
            seen.busy_max = len(busy)
    seen.environments = len(used)
    return seen


@dataclass(frozen=True)
class Cell:
    """An hour in a region."""

    region: str
    hour: int
    rate: float
    seconds: float
    seen: Seen

    def per_second(self, count):
        return count / self.seconds


def hourly(rate, hour, zone, swing):
    """Reads per second in an hour (UTC): most at 15:00 of the region's own time."""
    return rate * (1 + swing * math.cos(2 * math.pi * ((hour + zone - 15) % 24) / 24))


def day(rules, daily, regions, swing, reads_min, seconds_min, seed):
    """24 hours in all regions {name: (share, zone)}, each by a slice with so many reads or seconds at least: cells."""
    cells = []
    for name, (share, zone) in regions.items():
        alive = None
        for hour in range(24):
            rand = random.Random(f"{seed} {daily} {name} {hour}")
            rate = hourly(daily * share / DAY, hour, zone, swing)
            seconds = slice_seconds(rate, reads_min, seconds_min)
            # what a slice did not use is gone in the next hour
            seen = simulate(rules, rate, seconds, rand, settled(rules, rate, seconds, rand) if alive is None else alive)
            alive = seen.environments
            cells.append(Cell(name, hour, rate, seconds, seen))
    return cells


def slice_seconds(rate, reads_min, seconds_min):
    return min(HOUR, max(seconds_min, reads_min / rate))


def settled(rules, rate, seconds, rand):
    """How many environments such a load needs: not all of it begins at once, with none warm."""
    return simulate(replace(rules, cold=rules.around), rate, seconds, rand).environments
