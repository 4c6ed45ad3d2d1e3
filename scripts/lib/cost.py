"""What Burgee costs a month: the estimate from infra/prices.json and the templates, and what Cost Explorer answered.

The arithmetic of scripts/cost; no network, no clock. `estimate` and `doc` need PyYAML (scripts/cost sees to it), `actual`
needs nothing. What is billed is counted in the templates as CloudFormation would see them with the parameters of a plan;
how much is used (requests, bytes, milliseconds) is assumed, in infra/prices.json under "usage".
"""

import argparse
import difflib
import json
import pathlib
import re
import sys
from collections import defaultdict
from dataclasses import dataclass, replace

ROOT = pathlib.Path(__file__).resolve().parents[2]
PROFILES = ("global-datastore", "self-managed")
# what the project was asked for, in US dollars a month
TARGET_ADDED, TARGET_ALL = 50, 100
MINUTES = 730 * 60
DATASTORE_REGIONS_MAX = 3

# item of the price table (the part before the colon) to its row in the tables
GROUPS = {
    "node": "cache: ElastiCache nodes",
    "instance": "cache: EC2 instance and disk",
    "disk": "cache: EC2 instance and disk",
    "endpoint": "interface endpoints",
    "endpoint-data": "interface endpoints",
    "metric": "metrics, alarms, dashboards",
    "alarm": "metrics, alarms, dashboards",
    "dashboard": "metrics, alarms, dashboards",
    "log-ingest": "logs",
    "log-keep": "logs",
    "key": "keys and secrets",
    "key-calls": "keys and secrets",
    "secret": "keys and secrets",
    "secret-calls": "keys and secrets",
    "zone": "Route 53",
    "zone-queries": "Route 53",
    "health-check": "Route 53",
    "api": "requests: API and functions",
    "calls": "requests: API and functions",
    "compute": "requests: API and functions",
    "table-writes": "ledger",
    "table-reads": "ledger",
    "table-keep": "ledger",
    "table-backup": "ledger",
    "region-out": "transfer",
    "internet-out": "transfer",
    "mails": "mails, OpsItems, Cost Explorer",
    "ops-items": "mails, OpsItems, Cost Explorer",
    "bill-calls": "mails, OpsItems, Cost Explorer",
}

# types that cost nothing by being there; what their use costs is in usage()
FREE = {
    "AWS::ApiGatewayV2::Api": "by request",
    "AWS::ApiGatewayV2::ApiMapping": "",
    "AWS::ApiGatewayV2::Authorizer": "",
    "AWS::ApiGatewayV2::DomainName": "",
    "AWS::ApiGatewayV2::Integration": "",
    "AWS::ApiGatewayV2::Route": "",
    "AWS::ApiGatewayV2::Stage": "",
    "AWS::Budgets::Budget": "a budget without actions",
    "AWS::CertificateManager::Certificate": "a public certificate that is not exported",
    "AWS::EC2::NetworkInterface": "no public address",
    "AWS::EC2::Route": "",
    "AWS::EC2::RouteTable": "",
    "AWS::EC2::SecurityGroup": "",
    "AWS::EC2::SecurityGroupEgress": "",
    "AWS::EC2::SecurityGroupIngress": "",
    "AWS::EC2::Subnet": "",
    "AWS::EC2::SubnetRouteTableAssociation": "",
    "AWS::EC2::VPC": "",
    "AWS::EC2::VPCPeeringConnection": "by GB",
    "AWS::ElastiCache::GlobalReplicationGroup": "its nodes and GB are billed",
    "AWS::ElastiCache::SubnetGroup": "",
    "AWS::ElastiCache::User": "",
    "AWS::ElastiCache::UserGroup": "",
    "AWS::Events::Rule": "schedules on the default bus; the invocations are billed",
    "AWS::IAM::InstanceProfile": "",
    "AWS::IAM::Role": "",
    "AWS::KMS::Alias": "",
    "AWS::Lambda::Permission": "",
    "AWS::Logs::LogGroup": "by GB",
    "AWS::Route53::RecordSet": "",
    "AWS::SNS::Subscription": "by mail",
    "AWS::SNS::Topic": "by mail",
    "AWS::SNS::TopicPolicy": "",
    "AWS::SQS::Queue": "dead letters: next to nothing by request",
    "AWS::SQS::QueuePolicy": "",
    "AWS::SSM::Parameter": "standard parameters",
    "AWS::Serverless::Function": "by request; SnapStart is free for Java",
}

# types that billed() prices
PRICED = {
    "AWS::CloudWatch::Alarm",
    "AWS::CloudWatch::Dashboard",
    "AWS::DynamoDB::GlobalTable",
    "AWS::EC2::Instance",
    "AWS::EC2::VPCEndpoint",
    "AWS::ElastiCache::ReplicationGroup",
    "AWS::KMS::Key",
    "AWS::Route53::HealthCheck",
    "AWS::Route53::HostedZone",
    "AWS::SecretsManager::Secret",
}


class Unknown(Exception):
    """The estimate cannot be made: something has no price or is not understood."""


@dataclass(frozen=True)
class Plan:
    """What is deployed: which regions, how, and how much it is used."""

    profile: str
    regions: tuple
    reads: float = 0
    writes: float = 0
    # None: as the templates' defaults have it
    zones: int | None = None
    nodes: int | None = None
    own_key: bool = True
    public_name: bool = False
    # (file, logical name) left out, for "what if"
    without: frozenset = frozenset()

    def lean(self):
        """The cheapest that the templates can be told."""
        return replace(self, zones=1, nodes=1, own_key=False)


@dataclass(frozen=True)
class Line:
    """So much of an item in a region ("global" for what belongs to none)."""

    region: str
    item: str
    quantity: float


class Inputs:
    """The files that the estimate is made from. Templates are read once."""

    def __init__(self, root=ROOT):
        sys.path.insert(0, str(root / "scripts/deploy-checks"))
        import cfn
        import evaluate

        self.evaluation = evaluate.Evaluation
        self.templates = cfn.templates("infra") | {"template.yaml": cfn.load(root / "template.yaml")}
        self.prices = json.loads((root / "infra/prices.json").read_text(encoding="utf-8"))
        self.regions = json.loads((root / "infra/regions.json").read_text(encoding="utf-8"))
        # name to (unit, further dimension)
        self.code_metrics = cfn.metrics()
        self.page = (root / "docs/cost.md").read_text(encoding="utf-8")

    def usage(self, name):
        return self.prices["usage"][name]["value"]

    def budget(self):
        return self.templates["budget.yaml"]["Parameters"]["MonthlyUsd"]["Default"]

    def price(self, item, region):
        if item not in self.prices["items"]:
            raise Unknown(f"infra/prices.json has no item {item}")
        table = self.prices["items"][item]["prices"]
        if "*" not in table and region not in table:
            raise Unknown(f"infra/prices.json has no price of {item} in {region}")
        return table.get("*", table.get(region))


# ---- what is deployed ------------------------------------------------------------------------------------------------


def stacks(inputs, plan):
    """(template, region, parameters that decide what is billed) of every stack of a plan, as infra/README.md orders them."""
    home, *others = plan.regions
    ledger = inputs.regions["ledger"]
    datastore = plan.profile == "global-datastore"
    zones = {} if plan.zones is None else {"EndpointZones": plan.zones}
    nodes = {} if plan.nodes is None else {"Nodes": plan.nodes}
    networks = dict.fromkeys([*plan.regions, *ledger["replicas"]])
    for region in networks:
        given = {"HasFunctions": str(region in plan.regions).lower(), "HoldsLedger": str(region in ledger["replicas"]).lower()}
        yield "network.yaml", region, {"VpcCidr": "10.0.0.0/20", **given, **zones, "CacheProfile": plan.profile}
    for i, one in enumerate(networks):
        for other in list(networks)[i + 1 :]:
            if one in plan.regions or other in plan.regions:
                yield "peering.yaml", one, {"Services": "cache", "PeerServices": "cache"}
    a, b, c = [*ledger["replicas"], ""][:3]
    yield "ledger.yaml", a, {"ReplicaA": a, "ReplicaB": b, "ReplicaC": c, "Witness": ledger["witness"]}
    for region in plan.regions:
        if plan.own_key:
            yield "encryption.yaml", region, {}
    key = {"KeyAlias": "alias/x"} if plan.own_key else {}
    yield "secrets.yaml", home, {**key, **{f"Region{i}": r for i, r in enumerate(others, 1)}}
    for region in dict.fromkeys([*plan.regions, "us-east-1"]):
        yield "operations.yaml", region, {"Email": "a@example.com"}
    for region in plan.regions:
        yield "settings.yaml", region, {}
        if datastore:
            yield "cache-access.yaml", region, {}
            yield ("cache-primary.yaml" if region == home else "cache-secondary.yaml"), region, nodes
        else:
            yield "cache-self-managed.yaml", region, {}
            yield "dns-cache.yaml", region, {}
    if datastore:
        yield "cache-datastore.yaml", home, {}
    yield "dns.yaml", home, {f"Vpc{i}": f"{r}/vpc-0" for i, r in enumerate(networks, 1)}
    for region in plan.regions:
        cache = {"GlobalDatastore": "x", "ReplicationGroup": "x", "CacheTopicArn": "x"} if datastore else {}
        yield "template.yaml", region, {"CacheProfile": plan.profile, "OperationsTopicArn": "x", **cache}
        if plan.public_name:
            yield "dns-api.yaml", region, {}
        yield "monitoring.yaml", region, {"ReplicationGroupId": "x"} if datastore else {"InstanceId": "x"}
    yield "dashboard.yaml", home, {f"Region{i}": r for i, r in enumerate(plan.regions, 1)}
    yield "budget.yaml", "us-east-1", {}


def whole(inputs, file, region, given):
    """A template's resources under these parameters; parameters that nothing billed hangs on are stood in for."""
    template = inputs.templates[file]
    declared = template.get("Parameters", {})
    for name in given.keys() - declared.keys():
        raise Unknown(f"{file} has no parameter {name}")

    class Lenient(inputs.evaluation):
        @staticmethod
        def _limited(key, parameter, value):
            return value.split(",") if parameter["Type"].startswith("List<") else value

    stood_in = {name: "x" for name, p in declared.items() if "Default" not in p and name not in given}
    # SAM's template has rules of a kind that are not evaluated here, and none that decides what is billed
    evaluated = {k: v for k, v in template.items() if k != "Rules"}
    return Lenient(evaluated, region, {**stood_in, **given}).whole()["Resources"]


def billed(inputs, file, region, name, resource, plan):
    """The lines of one resource. Raises Unknown for a type that nobody has looked at."""
    kind, p = resource["Type"], resource.get("Properties", {})
    hours = inputs.prices["hoursPerMonth"]
    where = f"{file}: {name}"
    if kind in FREE:
        return
    if kind == "AWS::EC2::VPCEndpoint":
        if p["VpcEndpointType"] == "Interface":
            yield Line(region, "endpoint", len(p["SubnetIds"]) * hours)
        elif p["VpcEndpointType"] != "Gateway":
            raise Unknown(f"{where}: an endpoint of type {p['VpcEndpointType']}")
    elif kind == "AWS::EC2::Instance":
        yield Line(region, f"instance:{p['InstanceType']}", hours)
        for device in p["BlockDeviceMappings"]:
            yield Line(region, f"disk:{device['Ebs']['VolumeType']}", float(device["Ebs"]["VolumeSize"]))
    elif kind == "AWS::ElastiCache::ReplicationGroup":
        # a secondary takes the primary's type
        primary = inputs.templates["cache-primary.yaml"]["Parameters"]["NodeType"]["Default"]
        node = p.get("CacheNodeType", primary)
        yield Line(region, f"node:{node}", float(p["NumCacheClusters"]) * hours)
    elif kind == "AWS::CloudWatch::Alarm":
        yield Line(region, "alarm", sum("MetricStat" in m for m in p["Metrics"]) if "Metrics" in p else 1)
    elif kind == "AWS::CloudWatch::Dashboard":
        yield Line("global" if file == "dashboard.yaml" else region, "dashboard", 1)
    elif kind == "AWS::KMS::Key":
        yield Line(region, "key", 1)
    elif kind == "AWS::SecretsManager::Secret":
        for at in [region, *(r["Region"] for r in p.get("ReplicaRegions", []))]:
            yield Line(at, "secret", 1)
    elif kind == "AWS::DynamoDB::GlobalTable":
        replicas = [r["Region"] for r in p["Replicas"]]
        for at in replicas:
            yield Line(at, "table-keep", inputs.usage("ledgerGb"))
            yield Line(at, "table-backup", inputs.usage("ledgerGb"))
        for at in [*replicas, *(w["Region"] for w in p.get("GlobalTableWitnesses", []))]:
            yield Line(at, "table-writes", plan.writes * inputs.usage("unitsPerWrite") / 1e6)
    elif kind == "AWS::Route53::HostedZone":
        yield Line("global", "zone", 1)
    elif kind == "AWS::Route53::HealthCheck":
        if p["HealthCheckConfig"]["Type"] != "HTTPS" or p["HealthCheckConfig"]["RequestInterval"] != 30:
            raise Unknown(f"{where}: a health check of another kind than priced")
        yield Line("global", "health-check", 1)
    else:
        raise Unknown(f"{where}: {kind} is neither priced nor known to be free; say which in scripts/lib/cost.py")


def metric_sets(inputs, function_metrics):
    """How many metrics CloudWatch bills for these (name, function) pairs: one for each set of dimensions."""
    doubled = {name for name, (_, further) in inputs.code_metrics.items() if further == "Version"}
    return sum(inputs.prices["metrics"][name]["values"] * (2 if name in doubled else 1) for name, _ in function_metrics)


def always(inputs):
    return [(n, f) for n, m in inputs.prices["metrics"].items() for f in m["always"]]


def ever(inputs):
    return [(n, f) for n, m in inputs.prices["metrics"].items() for f in (*m["always"], *m["rare"])]


def usage(inputs, plan, region):
    """The lines of what is used in a region, whatever is deployed there."""
    u = inputs.usage
    template = inputs.templates["template.yaml"]
    runs = sum(r["Type"] == "AWS::Events::Rule" for r in template["Resources"].values())
    rates = {r["Properties"]["ScheduleExpression"] for r in template["Resources"].values() if r["Type"] == "AWS::Events::Rule"}
    if runs != 2 or rates != {"rate(1 minute)"}:
        raise Unknown("template.yaml: the schedules are not the two each minute that are priced")
    gb = template["Globals"]["Function"]["MemorySize"] / 1024
    writes = plan.writes / len(plan.regions)
    # sixteen or so checkers, each every 30 s
    probes = 16 * 2 * MINUTES if plan.public_name else 0
    requests = plan.reads + writes + probes
    # failover-dns-update wakes the pulse each time
    pulses, failovers = 2 * MINUTES, MINUTES
    scheduled = pulses + failovers
    seconds = (plan.reads + probes) * u("readMs") + writes * u("writeMs") + pulses * u("pulseMs") + failovers * u("failoverMs")
    logs = requests * u("requestLogKb") + scheduled * u("runLogKb")
    # each refreshed 12 times an hour
    secrets = u("environments") * 2 * 12 * inputs.prices["hoursPerMonth"]
    others = len(plan.regions) - 1
    out = scheduled * u("pulseOutKb") + writes * others * u("writeOutKb")
    nearest = inputs.regions["ledger"]["replicas"][0]
    for item, quantity in (
        ("api", requests / 1e6),
        ("calls", (requests + scheduled) / 1e6),
        ("compute", seconds / 1e3 * gb),
        ("metric", metric_sets(inputs, always(inputs))),
        ("log-ingest", logs / 1e6),
        ("log-keep", logs / 1e6),
        ("secret-calls", secrets / 1e6),
        ("key-calls", secrets / 1e6 if plan.own_key else 0),
        ("endpoint-data", (out + secrets * 5) / 1e6),
        ("region-out", out / 1e6),
        ("internet-out", requests * u("answerKb") / 1e6),
        ("mails", u("alarmsPerRegion") * 2 / 1e3),
        ("ops-items", u("alarmsPerRegion") / 1e3),
        ("zone-queries", scheduled / 1e6),
    ):
        yield Line(region, item, quantity)
    # by the first region of the ledger: prices of the US set are the same
    yield Line(nearest, "table-reads", scheduled * u("readUnitsPerRun") / 1e6)


def lines(inputs, plan):
    """Everything that is billed: lines of the same region and item added up."""
    if plan.profile == "global-datastore" and len(plan.regions) > DATASTORE_REGIONS_MAX:
        raise Unknown(f"Global Datastore has at most {DATASTORE_REGIONS_MAX} regions, not {len(plan.regions)}")
    sums = defaultdict(float)
    for file, region, given in stacks(inputs, plan):
        for name, resource in whole(inputs, file, region, given).items():
            if (file, name) not in plan.without:
                for line in billed(inputs, file, region, name, resource, plan):
                    sums[line.region, line.item] += line.quantity
    for region in plan.regions:
        for line in usage(inputs, plan, region):
            sums[line.region, line.item] += line.quantity
    sums["global", "bill-calls"] += inputs.usage("billCalls")
    return [Line(region, item, quantity) for (region, item), quantity in sums.items() if quantity]


def usd(inputs, line):
    return line.quantity * inputs.price(line.item, line.region)


def total(inputs, plan):
    return sum(usd(inputs, line) for line in lines(inputs, plan))


def allowances(inputs, plan):
    """What an account in which nothing else runs is not billed: the allowances that do not end, over all regions."""
    taken_off = 0
    for item, free in inputs.prices["free"].items():
        of_item = [line for line in lines(inputs, plan) if line.item == item]
        quantity = sum(line.quantity for line in of_item)
        if quantity:
            taken_off += min(1, free["value"] / quantity) * sum(usd(inputs, line) for line in of_item)
    return taken_off


def added(inputs, plan):
    """What a region adds to the home alone: (dollars, the region) of the dearest of the others."""
    home, *others = plan.regions
    alone = total(inputs, replace(plan, regions=(home,), writes=plan.writes / len(plan.regions)))
    dearest = (0.0, "")
    for region in others:
        two = replace(plan, regions=(home, region), writes=2 * plan.writes / len(plan.regions))
        dearest = max(dearest, (total(inputs, two) - alone, region))
    return dearest


# ---- tables ----------------------------------------------------------------------------------------------------------


def money(value):
    return f"{value:,.2f}"


def table(head, rows, left=1, right=0):
    """Markdown, numbers to the right; left and right: how many columns of words at that side."""
    ruler = ["---"] * left + ["--:"] * (len(head) - left - right) + ["---"] * right
    return "\n".join("| " + " | ".join(map(str, row)) + " |" for row in (head, ruler, *rows))


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


# ---- docs/cost.md ----------------------------------------------------------------------------------------------------


def standard(inputs, profile, count):
    names = list(inputs.prices["regions"])[:count]
    return Plan(profile, tuple(names), inputs.usage("readsPerRegion"), inputs.usage("writes"))


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
        ["interface endpoints in one zone (`EndpointZones=1`)", "a parameter", saving(replace(plan, zones=1)), "that zone's loss takes secrets' refresh and one region of the ledger along; what is in memory serves on"],
        ["secrets under AWS's own key (no `encryption.yaml`)", "left out", saving(replace(plan, own_key=False)), "no key policy of ours"],
        ["**lean**: both", "parameters", saving(plan.lean()), ""],
        ["no dashboard per region", "not built", saving(replace(plan, without=frozenset(dashboards))), "the global one stays"],
        ["no endpoint for SSM", "not built", saving(replace(plan, without=frozenset({("network.yaml", "SsmEndpoint")}))), "region-pulse writes no home hint; failover-dns-update, outside the VPC, still does"],
        ["IPv6 and an egress-only gateway instead of interface endpoints", "not built, not tried", saving(replace(plan, without=frozenset(endpoints))), "the gateway is free of charge by the hour; the way to AWS is then open to all of AWS's addresses, and no endpoint policy narrows it"],
        ["the same, lean", "not built, not tried", saving(replace(plan.lean(), without=frozenset(endpoints))), ""],
        ["*more*: a public name with health checks (`dns-api.yaml`)", "optional", saving(replace(plan, public_name=True)), "the checkers' requests are most of it"],
    ]  # fmt: skip
    one_node = saving(replace(datastore, nodes=1), total(inputs, datastore))
    rows.append(["Global Datastore, three regions: one node each (`Nodes=1`)", "a parameter", one_node, "a node's loss is a region's cache lost until it is replaced"])
    return table(["of self-managed, three regions", "how", "US dollars a month", "in all then", "what is lost"], rows, 2, 1)


def doc_growth(inputs):
    rows = []
    regions = standard(inputs, "self-managed", 9).regions
    for region in regions:
        at = Plan("self-managed", (region,), 1e6, 0)
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
    for name, make in SECTIONS.items():
        pattern = rf"(<!-- scripts/cost: {name} -->\n).*?(<!-- end -->)"
        if len(re.findall(pattern, text, re.S)) != 1:
            raise Unknown(f"docs/cost.md has not exactly one part {name}")
        content = make(inputs)
        text = re.sub(pattern, lambda m: m.group(1) + content + "\n" + m.group(2), text, flags=re.S)  # noqa: B023
    return text


def doc(write):
    path, inputs = ROOT / "docs/cost.md", Inputs()
    before = inputs.page
    after = rendered(inputs, before)
    if write:
        path.write_text(after, encoding="utf-8")
        return 0
    sys.stdout.writelines(difflib.unified_diff(before.splitlines(True), after.splitlines(True), "docs/cost.md", "as scripts/cost has it"))
    return 0 if before == after else 3


# ---- what was paid ---------------------------------------------------------------------------------------------------


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


# ---- arguments -------------------------------------------------------------------------------------------------------


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
    plan = Plan(args.profile or inputs.regions["profile"], tuple(names), reads, writes, args.zones, args.nodes, not args.no_own_key, args.public_name)
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
    est.add_argument("--no-own-key", action="store_true")
    est.add_argument("--public-name", action="store_true")
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
            return doc(args.write)
        if args.command == "actual":
            return actual(args.answers, args.month, args.budget, args.share, args.json)
        inputs = Inputs()
        plan = plan_of(inputs, args)
        print((estimate_json if args.json else estimate_text)(inputs, plan))
        return 0
    except Unknown as e:
        print(f"scripts/cost: {e}", file=sys.stderr)
        return 2


def count(text):
    if not re.fullmatch(r"\d{1,12}", text):
        raise argparse.ArgumentTypeError(f"'{text}' is not a whole number")
    return int(text)


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
