"""The command line of scripts/cost: the estimate (cost_estimate.py, cost_page.py), and what Cost Explorer answered.

No network, no clock. `actual` needs nothing but Python.
"""

import argparse
import json
import pathlib
import re
import sys
from collections import defaultdict

import growth
from cost_estimate import Inputs, Plan, Unknown, added, allowances, lines, usd
from cost_page import estimate_text, money, rewrite
from pages import Misshapen, table
from stacks import PROFILES


def actual(paths, month, budget, share, as_json):
    """Answers of get-cost-and-usage, grouped by the tag Region and by service, as a table and against the budget.

    share: how much of the month has passed, 0 to 1.
    """
    sums = defaultdict(float)
    for path in paths:
        answer = json.loads(pathlib.Path(path).read_text(encoding="utf-8"))
        for period in answer.get("ResultsByTime", []):
            for group in period.get("Groups", []):
                region, service = group["Keys"]
                cost = group["Metrics"]["UnblendedCost"]
                if cost.get("Unit", "USD") != "USD":
                    raise Unknown(f"Cost Explorer answers in {cost['Unit']}, the budget is in USD")
                sums[region.partition("$")[2] or "no tag", service] += float(cost["Amount"])
    if not sums:
        raise Unknown(
            f"Cost Explorer knows nothing with the tag Service=burgee in {month}. Are the tags Service and Region active as cost "
            "allocation tags (infra/budget.yaml says how)? They count from a day after that, and not backwards"
        )
    regions = sorted({r for r, _ in sums})
    cost = sum(sums.values())
    pace = cost / share if share > 0 else cost
    if as_json:
        by_region = {r: round(sum(v for (at, _), v in sums.items() if at == r), 2) for r in regions}
        print(json.dumps({"month": month, "usd": round(cost, 2), "atThisPaceUsd": round(pace, 2), "budgetUsd": budget, "regions": by_region}))
    else:
        rows = []
        for service in sorted({s for _, s in sums}, key=lambda s: -sum(v for (_, x), v in sums.items() if x == s)):
            cells = [sums.get((r, service), 0) for r in regions]
            rows.append([service, *map(money, cells), money(sum(cells))])
        ends = [sum(v for (at, _), v in sums.items() if at == r) for r in regions]
        rows.append(["**all**", *map(money, ends), f"**{money(cost)}**"])
        print(f"{month}, US dollars\n\n{table(['service', *regions, 'all'], rows)}\n")
        if share < 1:
            print(f"{100 * share:.0f} % of the month has passed; at this pace it ends at {money(pace)}")
        print(f"budget {money(budget)}: " + (f"{money(budget - pace)} left" if pace <= budget else f"EXCEEDED by {money(pace - budget)}"))
        print("Not in it: what takes no tags, above all custom metrics and traffic (docs/cost.md).")
    return 0 if pace <= budget else 3


def plan_of(inputs, args):
    known = inputs.prices["regions"]
    if args.regions is None:
        entries = inputs.regions["regions"].items()
        home = inputs.regions["primary"]
        names = [home, *(r for r, e in entries if e["functions"] and r != home)]
    elif args.regions.isdigit():
        if not 1 <= int(args.regions) <= len(known):
            raise Unknown(f"--regions takes 1 to {len(known)}, or names, not {args.regions}")
        names = known[: int(args.regions)]
    else:
        names = args.regions.split(",")
        for name in names:
            if name not in known:
                raise Unknown(f"--regions: there are no prices for '{name}', only for {', '.join(known)}")
        if len(set(names)) != len(names):
            raise Unknown(f"--regions names a region twice: {args.regions}")
    reads = inputs.usage("readsPerRegion") if args.reads is None else args.reads
    writes = inputs.usage("writes") if args.writes is None else args.writes
    plan = Plan(args.profile or inputs.regions["profile"], tuple(names), reads, writes, args.zones, args.nodes, args.own_key, args.public_name)
    return plan.lean() if args.lean else plan


def main(argv):
    parser = argparse.ArgumentParser(prog="scripts/cost", add_help=False, allow_abbrev=False)
    commands = parser.add_subparsers(dest="command", required=True)
    est = commands.add_parser("estimate", add_help=False, allow_abbrev=False)
    est.add_argument("--profile", choices=PROFILES)
    est.add_argument("--regions")
    est.add_argument("--reads", "--requests", type=count)
    est.add_argument("--writes", type=count)
    est.add_argument("--zones", type=int, choices=(1, 2, 3))
    est.add_argument("--nodes", type=int, choices=(1, 2, 3, 4, 5, 6))
    est.add_argument("--own-key", action=argparse.BooleanOptionalAction)
    est.add_argument("--public-name", action="store_true", default=None)
    est.add_argument("--lean", action="store_true")
    est.add_argument("--json", action="store_true")
    page = commands.add_parser("doc", add_help=False, allow_abbrev=False)
    page.add_argument("--write", action="store_true")
    paid = commands.add_parser("actual", add_help=False, allow_abbrev=False)
    paid.add_argument("--month", required=True)
    paid.add_argument("--budget", type=float, required=True)
    paid.add_argument("--share", type=float, required=True)
    paid.add_argument("--json", action="store_true")
    paid.add_argument("answers", nargs="+")
    args = parser.parse_args(argv)
    try:
        if args.command == "doc":
            return max(rewrite(Inputs(), args.write), growth.rewrite(growth.PAGE, growth.World(growth.measured(growth.PAGE)), growth.PRICED, args.write))
        if args.command == "actual":
            return actual(args.answers, args.month, args.budget, args.share, args.json)
        inputs = Inputs()
        plan = plan_of(inputs, args)
        print((estimate_json if args.json else estimate_text)(inputs, plan))
        return 0
    except (Unknown, Misshapen, growth.Absent) as e:
        print(f"scripts/cost: {e}", file=sys.stderr)
        return 2


def estimate_json(inputs, plan):
    found = lines(inputs, plan)
    return json.dumps({
        "profile": plan.profile,
        "regions": list(plan.regions),
        "usdPerMonth": round(sum(usd(inputs, x) for x in found), 2),
        "dearestAddedRegionUsd": round(added(inputs, plan)[0], 2) if len(plan.regions) > 1 else None,
        "freeAllowancesUsd": round(allowances(inputs, plan), 2),
        "budgetUsd": inputs.budget(),
        "lines": [
            {"region": x.region, "item": x.item, "quantity": round(x.quantity, 6), "unit": inputs.prices["items"][x.item]["unit"], "price": inputs.price(x.item, x.region), "usd": round(usd(inputs, x), 4)}
            for x in found
        ],
    }, indent=1)  # fmt: skip


def count(text):
    if not re.fullmatch(r"\d{1,12}", text):
        raise argparse.ArgumentTypeError(f"'{text}' is not a whole number")
    return int(text)


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
