"""The estimate as tables: for the terminal, and for docs/cost.md, whose tables are made here and nowhere else."""

from collections import defaultdict
from dataclasses import replace

from cost_estimate import GROUPS, ROOT, Plan, added, allowances, always, ever, lines, metric_sets, total, usd
from pages import filled, kept, table
from stacks import PROFILES

# what the project was asked for, in US dollars a month
TARGET_ADDED, TARGET_ALL = 50, 100

def money(value):
    return f"{value:,.2f}"


def by_group(inputs, plan):
    sums = defaultdict(float)
    for line in lines(inputs, plan):
        sums[GROUPS[line.item.split(":")[0]], line.region] += usd(inputs, line)
    return sums


def group_table(inputs, plan):
    sums = by_group(inputs, plan)
    columns = [r for r in (*plan.regions, *inputs.regions["ledger"]["replicas"], inputs.regions["ledger"]["witness"], "global") if any(c == r for _, c in sums)]
    columns = list(dict.fromkeys(columns))
    rows = []
    for group in dict.fromkeys(GROUPS.values()):
        cells = [sums.get((group, c), 0) for c in columns]
        if any(cells):
            rows.append([group, *map(money, cells), money(sum(cells))])
    ends = [sum(v for (_, c), v in sums.items() if c == column) for column in columns]
    rows.append(["**all**", *map(money, ends), f"**{money(sum(ends))}**"])
    return table(["US dollars a month", *columns, "all"], rows)


def verdict(value, target):
    return f"met, {money(target - value)} under" if value < target else f"**missed by {money(value - target)}**"


def estimate_text(inputs, plan):
    cost, budget = total(inputs, plan), inputs.budget()
    parts = [f"{plan.profile}, {len(plan.regions)} region{'s' * (len(plan.regions) > 1)}: {money(cost)} US dollars a month", "", group_table(inputs, plan), ""]
    parts.append(f"in all, < {TARGET_ALL}: {verdict(cost, TARGET_ALL)}")
    if len(plan.regions) > 1:
        most, region = added(inputs, plan)
        parts.append(f"each added region, < {TARGET_ADDED}: {verdict(most, TARGET_ADDED)} ({money(most)} for {region}, the dearest)")
    parts.append(f"budget alarm at {money(budget)}: {'not reached' if cost < budget else 'RINGS'}")
    parts.append(f"an account in which nothing else runs has {money(allowances(inputs, plan))} of that free of charge")
    parts.append("Prices: infra/prices.json, most of them not re-read; without taxes. docs/cost.md explains.")
    return "\n".join(parts)


# ---- docs/cost.md ----------------------------------------------------------------------------------------------------


def standard(inputs, profile, count):
    names = list(inputs.prices["regions"])[:count]
    return Plan(profile, tuple(names), inputs.usage("readsPerRegion"), inputs.usage("writes"), chosen=False)


CASES = [("global-datastore", 2), ("global-datastore", 3), ("self-managed", 2), ("self-managed", 3), ("self-managed", 9)]


def doc_verdict(inputs):
    rows = []
    for profile, count in CASES:
        plan = standard(inputs, profile, count)
        for name, variant in (("as the templates stand", plan), ("lean", plan.lean())):
            cost, (most, _) = total(inputs, variant), added(inputs, variant)
            ring = "silent" if cost < inputs.budget() else f"rings, {money(cost - inputs.budget())} over"
            paid = money(cost - allowances(inputs, variant))
            rows.append([profile, count, name, money(cost), verdict(cost, TARGET_ALL), money(most), verdict(most, TARGET_ADDED), ring, paid])
    head = ["profile", "regions", "how", "in all", f"< {TARGET_ALL} in all", "dearest added region", f"< {TARGET_ADDED} each", f"budget alarm at {inputs.budget()}", "in all, less free allowances"]
    return table(head, rows, 3)


def doc_cases(inputs):
    parts = []
    for profile, count in CASES:
        parts.append(f"### {profile}, {count} regions\n\n{group_table(inputs, standard(inputs, profile, count))}")
    return "\n\n".join(parts)


def doc_less(inputs):
    plan = standard(inputs, "self-managed", 3)
    before, datastore = total(inputs, plan), standard(inputs, "global-datastore", 3)

    def saving(other, base=before):
        return f"{total(inputs, other) - base:+,.2f} | {money(total(inputs, other))}"

    endpoints = {("network.yaml", n) for n, r in inputs.templates["network.yaml"]["Resources"].items() if r["Type"] == "AWS::EC2::VPCEndpoint"}
    dashboards = {("template.yaml", n) for n, r in inputs.templates["template.yaml"]["Resources"].items() if r["Type"] == "AWS::CloudWatch::Dashboard"}
    rows = [
        ["**lean**: interface endpoints in one zone (`EndpointZones=1`)", "a parameter", saving(replace(plan, zones=1)), "that zone's loss takes secrets' refresh and one region of the ledger along; what is in memory serves on"],
        ["no dashboard per region", "not built", saving(replace(plan, without=frozenset(dashboards))), "the global one stays"],
        ["no endpoint for SSM", "not built", saving(replace(plan, without=frozenset({("network.yaml", "SsmEndpoint")}))), "region-pulse writes no home hint; failover-dns-update, outside the VPC, still does"],
        ["all three of these", "not built", saving(replace(plan.lean(), without=frozenset({*dashboards, ("network.yaml", "SsmEndpoint")}))), ""],
        ["IPv6 and an egress-only gateway instead of interface endpoints", "not built, not tried", saving(replace(plan, without=frozenset(endpoints))), "the gateway is free of charge by the hour; the way to AWS is then open to all of AWS's addresses, and no endpoint policy narrows it"],
        ["*more*: a key of ours for the secrets (`encryption.yaml`)", "optional", saving(replace(plan, own_key=True)), ""],
        ["*more*: a public name with health checks (`dns-api.yaml`)", "optional", saving(replace(plan, public_name=True)), "the checkers' requests are most of it"],
    ]  # fmt: skip
    one_node = saving(replace(datastore, nodes=1), total(inputs, datastore))
    rows.append(["Global Datastore, three regions: one node each (`Nodes=1`)", "a parameter", one_node, "a node's loss is a region's cache lost until it is replaced"])
    return table(["of self-managed, three regions", "how", "US dollars a month", "in all then", "what is lost"], rows, 2, 1)


def doc_growth(inputs):
    rows = []
    regions = standard(inputs, "self-managed", 9).regions
    for region in regions:
        at = Plan("self-managed", (region,), 1e6, 0, chosen=False)
        rows.append([region, money(total(inputs, at) - total(inputs, replace(at, reads=0)))])
    three = standard(inputs, "self-managed", 3)
    write = total(inputs, replace(three, writes=1e6)) - total(inputs, replace(three, writes=0))
    rows.append(["a million writes, three regions", money(write)])
    return table(["a million reads more in", "US dollars"], rows)


def doc_prices(inputs):
    prices = inputs.prices
    names = list(dict.fromkeys([*prices["regions"], *inputs.regions["ledger"]["replicas"]]))
    varying, same = [], []
    for item in prices["items"].values():
        mark = lambda r, v: f"{v:g}" + ("*" if r in item["facts"] else "")  # noqa: E731, B023
        if "*" in item["prices"]:
            same.append([item["what"], item["unit"], f"{item['prices']['*']:g}"])
        else:
            varying.append([item["what"], item["unit"], *(mark(r, item["prices"][r]) if r in item["prices"] else "" for r in names)])
    sources = "\n".join(f"* {'`*`' if k == 'facts' else 'all others'}: {s['text']} ({s['taken']})." for k, s in prices["sources"].items())
    return f"{sources}\n\n{table(['by region', 'unit', *names], varying, 2)}\n\n{table(['the same everywhere', 'unit', 'price'], same, 2)}"


def doc_usage(inputs):
    free = ", ".join(f"{f['value']:,g} {f['what']}" for f in inputs.prices["free"].values())
    assumed = table(["assumed", "how much"], [[u["what"], f"{u['value']:,g}"] for u in inputs.prices["usage"].values()])
    return f"{assumed}\n\nFree in each account, without an end, over all regions: {free}."


def doc_counted(inputs):
    plan = standard(inputs, "self-managed", 3)
    kinds = defaultdict(lambda: defaultdict(float))
    for p, column in ((plan, "self-managed"), (standard(inputs, "global-datastore", 3), "global-datastore")):
        for line in lines(inputs, p):
            if line.item.split(":")[0] in ("node", "instance", "disk", "endpoint", "alarm", "dashboard", "key", "secret", "zone", "metric"):
                hourly = inputs.prices["items"][line.item]["unit"].endswith("hour")
                kinds[line.item][column] += line.quantity / (inputs.prices["hoursPerMonth"] if hourly else 1)
    rows = [[inputs.prices["items"][i]["what"], f"{c.get('self-managed', 0):g}", f"{c.get('global-datastore', 0):g}"] for i, c in kinds.items()]
    most, per_region = metric_sets(inputs, ever(inputs)), metric_sets(inputs, always(inputs))
    note = f"Custom metrics: {per_region} a region that have a value in each hour. If all that exist had one in each hour: {most}, {money((most - per_region) * inputs.price('metric', '*'))} more a region."
    return f"{table(['three regions, as the templates stand', 'self-managed', 'global-datastore'], rows)}\n\n{note}"


def doc_dominates(inputs):
    parts = []
    for profile in PROFILES:
        sums = defaultdict(float)
        for (group, _), value in by_group(inputs, standard(inputs, profile, 3)).items():
            sums[group] += value
        whole_sum = sum(sums.values())
        most = sorted(sums.items(), key=lambda x: -x[1])[:3]
        parts.append(f"* {profile}, three regions: " + ", ".join(f"{g} {100 * v / whole_sum:.0f} %" for g, v in most) + ".")
    return "\n".join(parts)


SECTIONS = {
    "verdict": doc_verdict, "dominates": doc_dominates, "cases": doc_cases, "less": doc_less, "growth": doc_growth,
    "counted": doc_counted, "usage": doc_usage, "prices": doc_prices,
}  # fmt: skip


def rendered(inputs, text):
    """The page with its generated parts made anew."""
    return filled(text, "scripts/cost", {name: make(inputs) for name, make in SECTIONS.items()}, "docs/cost.md")


def rewrite(inputs, write):
    """Writes the page anew, or prints how it differs: 0, or 3 when it does."""
    return kept(ROOT / "docs/cost.md", inputs.page, rendered(inputs, inputs.page), "docs/cost.md", write)
