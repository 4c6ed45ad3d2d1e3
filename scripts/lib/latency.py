"""Makes the page of scripts/latency out of what k6 found: a table of each address, before and after, and whether the targets
are met. No network, no clock.

A run is k6's summary (latency.js) in a file CLIENT..SERVER.json: a client in region CLIENT read region SERVER's API.
CLIENT = SERVER is the local read ("after"); a run at the home's address from elsewhere is the read across the ocean
("before").
"""

import argparse
import json
import pathlib
import re
import sys

# acceptance row A7
P95_MS_MAX = 50
BETTER_PERCENT_MIN = 75
# more than so many failed reads in a hundred, and the times say nothing
FAILED_PERCENT_MAX = 1
REGION = r"[a-z]{2}(?:-[a-z]+)+-\d"
SOURCES = ("memory", "replica", "primary", "database", "last_known")


class Unusable(Exception):
    """A summary cannot be reported on."""


def run(path):
    """One summary as {"client", "server", "reads", "failedPercent", "p50Ms", "p95Ms", "p99Ms", "sources"}."""
    name = re.fullmatch(rf"({REGION})\.\.({REGION})\.json", path.name)
    if not name:
        raise Unusable(f"{path.name} is not called CLIENT..SERVER.json, for example eu-west-1..us-east-1.json")
    try:
        metrics = json.loads(path.read_text(encoding="utf-8"))["metrics"]
        times = metrics["read_ms"]["values"]
        found = {
            "client": name[1],
            "server": name[2],
            "reads": int(times["count"]),
            "failedPercent": 100 * metrics["read_failed"]["values"]["rate"],
            "p50Ms": times["med"],
            "p95Ms": times["p(95)"],
            "p99Ms": times["p(99)"],
            "sources": {s.replace("_", "-"): int(metrics[f"source_{s}"]["values"]["count"]) for s in SOURCES if f"source_{s}" in metrics},
        }
    except (ValueError, KeyError, TypeError) as e:
        raise Unusable(f"{path.name} is no summary of scripts/lib/latency.js with answered reads ({type(e).__name__}: {e})") from e
    found["sources"] = {s: n for s, n in found["sources"].items() if n}
    return found


def judged(runs, home):
    """The report: every region with a local read, its targets, and what is wrong."""
    by_ends = {(r["client"], r["server"]): r for r in runs}
    regions, problems = [], []
    for r in runs:
        if r["failedPercent"] > FAILED_PERCENT_MAX:
            problems.append(f"{r['client']} reading {r['server']}: {r['failedPercent']:.1f} % of the reads failed")
    for after in (r for r in runs if r["client"] == r["server"]):
        region = after["client"]
        before = by_ends.get((region, home)) if region != home else None
        entry = {"region": region, "after": after, "before": before, "p95Met": after["p95Ms"] < P95_MS_MAX}
        if before:
            entry["betterPercent"] = 100 * (1 - after["p95Ms"] / before["p95Ms"])
            entry["betterMet"] = entry["betterPercent"] > BETTER_PERCENT_MIN
        elif region != home:
            problems.append(f"{region}: nobody there read {home}, so there is nothing to compare with")
        regions.append(entry)
        if not entry["p95Met"]:
            problems.append(f"{region}: P95 of local reads is {after['p95Ms']:.1f} ms, not under {P95_MS_MAX}")
        if not entry.get("betterMet", True):
            problems.append(f"{region}: local reads are {entry['betterPercent']:.0f} % better than across, not more than {BETTER_PERCENT_MIN} %")
    for client in {r["client"] for r in runs} - {e["region"] for e in regions}:
        problems.append(f"{client}: nobody there read its own region")
    if not regions:
        problems.append("there is no local read at all")
    regions.sort(key=lambda e: (e["region"] != home, e["region"]))
    return {"home": home, "targets": {"p95MsMax": P95_MS_MAX, "betterPercentMin": BETTER_PERCENT_MIN}, "regions": regions, "problems": problems}


def ms(value):
    return f"{value:.1f}" if value < 10 else f"{value:.0f}"


def page(report, how):
    """Markdown."""
    home = report["home"]
    rows = []
    for e in report["regions"]:
        a, b = e["after"], e["before"]
        met = "met" if e["p95Met"] and e.get("betterMet", True) else "**missed**"
        across = [ms(b["p50Ms"]), ms(b["p95Ms"]), ms(b["p99Ms"])] if b else ["", "", ""]
        better = f"{e['betterPercent']:.1f}" if b else "home"
        sources = ", ".join(f"{s} {100 * n / a['reads']:.0f} %" for s, n in a["sources"].items())
        rows.append([e["region"], *across, ms(a["p50Ms"]), ms(a["p95Ms"]), ms(a["p99Ms"]), better, met, a["reads"], sources])
    head = ["client in", "before P50 ms", "P95", "P99", "after P50 ms", "P95", "P99", "% better (P95)", "targets", "reads", "answered by"]
    ruler = ["---", *["--:"] * 7, "---", "--:", "---"]
    table = "\n".join("| " + " | ".join(map(str, row)) + " |" for row in (head, ruler, *rows))
    wrong = "".join(f"\n* {p}" for p in report["problems"])
    return f"""# Latency of reads, by region

{how}

Before: a client reads {home}'s API, across the ocean. After: it reads its own region's. Targets: P95 after under
{P95_MS_MAX} ms, and more than {BETTER_PERCENT_MIN} % better than before.

{table}

{"All targets are met." if not wrong else "Not all is well:" + chr(10) + wrong}
"""


def main(argv):
    parser = argparse.ArgumentParser(prog="scripts/latency", add_help=False, allow_abbrev=False)
    parser.add_argument("--home", required=True)
    parser.add_argument("--how", required=True)
    parser.add_argument("--page", required=True)
    parser.add_argument("--json", required=True)
    parser.add_argument("folder")
    args = parser.parse_args(argv)
    try:
        paths = sorted(pathlib.Path(args.folder).glob("*..*.json"))
        if not paths:
            raise Unusable(f"there is no summary CLIENT..SERVER.json in {args.folder}")
        report = judged([run(path) for path in paths], args.home)
    except Unusable as e:
        print(f"scripts/latency: {e}", file=sys.stderr)
        return 1
    text = page(report, args.how)
    pathlib.Path(args.page).write_text(text, encoding="utf-8")
    pathlib.Path(args.json).write_text(json.dumps({"how": args.how, **report}, indent=1) + "\n", encoding="utf-8")
    print(text)
    return 3 if report["problems"] else 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
