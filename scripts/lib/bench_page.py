"""Makes the measured part of docs/performance.md, its data and its plots of what scripts/bench wrote.

usage: bench_page.py [--page FILE] [--check] RESULT.json...

With several results (scripts/bench --only) the last that has a section counts for it; all must be of one machine. What was
measured is kept beside the page (performance.json), so that page and plots can be made anew, and compared, without measuring.
Without a result, and with --check: from there. --check changes nothing and ends with 3 when something differs.
The plots need matplotlib (scripts/lib/page-tools.txt); --check does not: each plot names the data that it was made of.
No network, no clock.
"""

import argparse
import hashlib
import json
import math
import pathlib
import sys

from pages import Misshapen, filled, kept, table

ROOT = pathlib.Path(__file__).resolve().parents[2]
PAGE = ROOT / "docs/performance.md"

# What issue 6 asks for, in its order: name, and what it is, for a figure that a run does not have.
ASKED = {
    "read_warm_ratio_p50": "warm read with its round trip to the replica, over a bare GET of the same value; p50 over p50",
    "read_warm_ratio_p99": "the same, p99 over p99",
    "read_memory_us_p50": "warm read within the freshness window, whole handler",
    "list_10k_unchanged_ratio": "list of 10,000 flags, unchanged, over a single read",
    "growth_read_10k_over_10": "warm read with 10,000 flags over one with 10",
    "cold_ratio": "first answer of a cold process, over that of the baseline handler",
    "cold_init_ms": "from process start to the first call for an event",
    "cold_first_ms": "first answer",
    "cold_cpu_ms": "CPU until then",
    "cold_rss_mb": "resident memory after it",
    "restore_first_ms": "first answer after a simulated restore",
    "propagation_ms_p99_over_oneway": "a write's visibility in every region beyond the one-way time, window 0",
    "artifact_mb": "the function's zip",
}

UNITS = {"us": "µs", "ms": "ms", "mb": "MB", "ratio": "", "percent": "%", "bytes": "bytes", "count": ""}

# docs/acceptance.md, B: (quantile, what a local read may take at most, in µs)
LOCAL_READ = [(0.5, 1000.0), (0.95, 4200.0)]


# name of a plot to how the page shows it
PLOTS = {
    "latency": "![Share of reads answered within a time, by source](performance-latency.svg)",
    "growth": "![Time of reads and lists over the number of flags](performance-growth.svg)",
}


class Unusable(Exception):
    """A result cannot be made a page of."""


# ---- reading -----------------------------------------------------------------------------------------------------------

MEMBERS = {"when": str, "commit": str, "quick": bool, "machine": dict, "data": str, "figures": list, "distributions": list, "growth": list, "profiles": list}


def load(path):
    """A result, checked."""
    try:
        result = json.loads(pathlib.Path(path).read_text(encoding="utf-8"))
    except (OSError, ValueError) as e:
        raise Unusable(f"{path} is no result of scripts/bench: {e}") from e
    for name, kind in MEMBERS.items():
        if not isinstance(result, dict) or not isinstance(result.get(name), kind):
            raise Unusable(f"{path} is no result of scripts/bench: {name} must be a {kind.__name__}")
    for figure in result["figures"]:
        for name, kinds in {"name": str, "of": str, "value": (int, float), "unit": str, "rounds": list, "section": str, "says": str}.items():
            if not isinstance(figure.get(name), kinds) or isinstance(figure.get(name), bool):
                raise Unusable(f"{path}: figure {figure.get('name')}: {name} is {figure.get(name)!r}")
        if figure["unit"] not in UNITS:
            raise Unusable(f"{path}: figure {figure['name']}: unit is {figure['unit']!r}, but must be one of {', '.join(UNITS)}")
        numbers = [figure["value"], *figure["rounds"], *([] if figure.get("limit") is None else [figure["limit"]])]
        if not all(isinstance(n, (int, float)) and math.isfinite(n) for n in numbers):
            raise Unusable(f"{path}: figure {figure['name']}: not all of {numbers} are numbers")
    for distribution in result["distributions"]:
        pairs = distribution["quantiles"]
        if [sorted(column) for column in zip(*pairs)] != [list(column) for column in zip(*pairs)]:
            raise Unusable(f"{path}: distribution {distribution['name']}: quantiles must rise, with their values")
    return result


def joined(results):
    """One result of several: for each section the last that has it."""
    # a section may know more of it than others
    machine = {k: v for r in results for k, v in r["machine"].items()}
    if any(machine[k] != v for r in results for k, v in r["machine"].items()):
        raise Unusable("the results are of several machines")
    last = {x["section"]: r for r in results for part in ("figures", "distributions", "growth", "profiles") for x in r[part]}
    whole = {"machine": machine}
    whole["made"] = [
        {"when": r["when"], "commit": r["commit"], "quick": r["quick"], "data": r["data"], "sections": [s for s, of in last.items() if of is r]}
        for r in results
        if any(of is r for of in last.values())
    ]
    for part in ("figures", "distributions", "growth", "profiles"):
        whole[part] = [rounded({k: v for k, v in x.items() if k != "samples"}) for r in results for x in r[part] if last[x["section"]] is r]
    return whole


def rounded(value):
    """The same with numbers of six digits: no more is meant, and differences stay small."""
    if isinstance(value, float):
        return float(f"{value:.6g}")
    if isinstance(value, dict):
        return {k: rounded(v) for k, v in value.items()}
    return [rounded(v) for v in value] if isinstance(value, list) else value


def by_lines(data):
    """JSON with a line for each figure, so that differences are small."""
    one = lambda value: json.dumps(value, ensure_ascii=False)  # noqa: E731
    parts = [f" {one(k)}: [\n" + ",\n".join(f"  {one(x)}" for x in v) + "\n ]" if isinstance(v, list) else f" {one(k)}: {one(v)}" for k, v in data.items()]
    return "{\n" + ",\n".join(parts) + "\n}\n"


def digest(data):
    return hashlib.sha256(json.dumps(data, sort_keys=True).encode()).hexdigest()[:16]


def quantile(distribution, share):
    """The value at a quantile, between two that are known by a straight line."""
    pairs = distribution["quantiles"]
    for (q0, v0), (q1, v1) in zip(pairs, pairs[1:]):
        if q0 <= share <= q1:
            return v0 + (v1 - v0) * (share - q0) / (q1 - q0)
    raise Unusable(f"distribution {distribution['name']} has no quantile {share}")


# ---- parts -------------------------------------------------------------------------------------------------------------


def number(value):
    """Three digits."""
    value = float(f"{value:.3g}")
    if value == 0 or not math.isfinite(value):
        return f"{value:g}"
    return f"{value:,.{max(0, 2 - math.floor(math.log10(abs(value))))}f}"


def with_unit(shown, unit):
    return f"{shown} {UNITS[unit]}".strip()


def met(is_met):
    return "met" if is_met else "**missed**"


def how(data):
    m = data["machine"]
    lines = [
        f"* {'`scripts/bench --quick`' if made['quick'] else '`scripts/bench`'} on {made['when'][:10]}, commit {made['commit'][:9] or 'unknown'}"
        f" ({', '.join(made['sections'])}). {made['data']}"
        for made in data["made"]
    ]
    machine = f"{m['cores']} cores ({m['cpu']}), {number(float(m['memory_gib']))} GiB, {m['os']}, Java {m['java']}" + (f", Redis {m['redis']}" if "redis" in m else "")
    return "\n".join([*lines, f"* The machine: {machine}. Servers, functions and callers share it."])


def figures(data):
    by_name = {}
    for figure in data["figures"]:
        by_name.setdefault(figure["name"], []).append(figure)
    rows = []
    for name in [*ASKED, *(n for n in by_name if n not in ASKED)]:
        if name not in by_name:
            rows.append([f"`{name}`", "", ASKED[name], "not measured", "", "", ""])
        for f in by_name.get(name, []):
            limit = f.get("limit")
            verdict = "" if limit is None else met(f["value"] <= limit)
            spread = f"{number(min(f['rounds']))} to {number(max(f['rounds']))}" if len(f["rounds"]) > 1 else ""
            rows.append([f"`{name}`", f["of"], f["says"], with_unit(number(f["value"]), f["unit"]), "" if limit is None else with_unit(f"≤ {limit:g}", f["unit"]), verdict, spread])
    return table(["figure", "of", "what it is", "value", "limit", "", "rounds"], rows, 3)


def reads(data):
    """The rows of docs/acceptance.md, B."""
    sources = {d["name"]: d for d in data["distributions"] if d["unit"] == "us"}
    rows = []
    for name in ("memory", "replica"):
        for share, most in LOCAL_READ if name in sources else []:
            found = quantile(sources[name], share)
            rows.append([f"local read, source `{name}`, p{100 * share:g}", f"{number(found)} µs", f"< {most / 1000:g} ms", met(found < most)])
    for f in data["figures"]:
        if f["name"] == "cache_miss_percent":
            rows.append([f"hit rate (`CacheHit`, `CacheMiss`), {f['of']}", f"{number(100 - f['value'])} %", "> 94 %", met(100 - f["value"] > 94)])
    return table(["what", "value", "target", ""], rows) if rows else "Not measured."


def by_quantile(rows_of):
    shares = (0.5, 0.9, 0.95, 0.99, 0.999)
    rows = [[d["name"], *(number(quantile(d, s)) if d["quantiles"][-1][0] >= s else "" for s in shares), UNITS[d["unit"]]] for d in rows_of]
    return table(["", *(f"p{100 * s:g}" for s in shares), ""], rows, right=1) if rows else "Not measured."


def distributions(data):
    sources = sorted((d for d in data["distributions"] if d["unit"] == "us"), key=lambda d: quantile(d, 0.5))
    return "\n\n".join([*(PLOTS[p] for p in drawn(data) if p == "latency"), by_quantile(sources)])


def propagation(data):
    return by_quantile([d for d in data["distributions"] if d["section"] == "propagation"])


def growth(data):
    if not data["growth"]:
        return "Not measured."
    xs = sorted({x for g in data["growth"] for x, _ in g["points"]})
    rows = [[g["name"], *(number(dict(map(tuple, g["points"])).get(x, math.nan)).replace("nan", "") for x in xs), UNITS[g["unit"]]] for g in data["growth"]]
    return f"{PLOTS['growth']}\n\nMedians:\n\n" + table(["flags", *(f"{x:,g}" for x in xs), ""], rows, right=1)


def profiles(data):
    parts = []
    for p in data["profiles"]:
        parts.append(f"**{p['of']}**: {p['name']}\n\n" + table(["what", "ms"], [[what, number(float(ms))] for what, ms in p["rows"]]))
    return "\n\n".join(parts) if parts else "Not measured."


PARTS = {"how": how, "figures": figures, "reads": reads, "distributions": distributions, "propagation": propagation, "growth": growth, "profiles": profiles}


def rendered(data, text, page):
    parts = {name: make(data).replace("(performance-", f"({pathlib.Path(page).stem}-") for name, make in PARTS.items()}
    return filled(text, "scripts/bench", parts, page)


def missed(data):
    return [f"{f['name']} {f['of']}".strip() for f in data["figures"] if f.get("limit") is not None and f["value"] > f["limit"]]


# ---- the command -------------------------------------------------------------------------------------------------------


def main(argv):
    parser = argparse.ArgumentParser(prog="bench_page.py", description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--page", type=pathlib.Path, default=PAGE)
    parser.add_argument("--check", action="store_true")
    parser.add_argument("results", nargs="*")
    args = parser.parse_args(argv)
    page, known = args.page, args.page.with_suffix(".json")
    try:
        if args.results:
            data = joined([load(path) for path in args.results])
        else:
            data = json.loads(known.read_text(encoding="utf-8"))
        # a page elsewhere begins as this one is
        before = (page if page.exists() else PAGE).read_text(encoding="utf-8")
        after = rendered(data, before, page.name)
        if args.check:
            differs = kept(page, before, after, page.name, False)
            for plot in stale(data, page):
                print(f"{plot} was made of other data; scripts/lib/bench_page.py makes it anew")
                differs = 3
            return differs
        # first what cannot be had again
        known.write_text(by_lines(data), encoding="utf-8")
        page.write_text(after, encoding="utf-8")
        import bench_plots  # only here: --check does without matplotlib

        bench_plots.write(data, page, drawn(data), digest(data))
    except (Unusable, Misshapen, OSError) as e:
        print(f"bench_page.py: {e}", file=sys.stderr)
        return 1
    print(f"written: {page}, with its plots and {known.name}")
    return 0


def drawn(data):
    """The plots that there is something for."""
    has = {"latency": any(d["unit"] == "us" for d in data["distributions"]), "growth": bool(data["growth"])}
    return [name for name in PLOTS if has[name]]


def stale(data, page):
    """The plots that are missing or were made of something else."""
    for name in drawn(data):
        plot = page.with_name(f"{page.stem}-{name}.svg")
        if not plot.exists() or f"data {digest(data)}" not in plot.read_text(encoding="utf-8"):
            yield plot.name


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
