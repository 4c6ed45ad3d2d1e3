"""What Burgee will cost a month: everything billed in the stacks that scripts/deploy would make, times infra/prices.json.

No network, no clock; needs PyYAML. What is deployed comes from stacks.py (the plan) and the templates, evaluated as
CloudFormation would; how much is used (requests, bytes, milliseconds) is assumed, in infra/prices.json under "usage".
"""

import copy
import functools
import ipaddress
import json
import pathlib
import sys
import tempfile
from collections import defaultdict
from dataclasses import dataclass, replace

import stacks

ROOT = pathlib.Path(__file__).resolve().parents[2]
MINUTES = 730 * 60

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
    """What is deployed: which regions (the home first), how, and how much it is used."""

    profile: str
    regions: tuple
    reads: float = 0
    writes: float = 0
    # None: the template's default, or what infra/regions.json chooses
    zones: int | None = None
    nodes: int | None = None
    own_key: bool | None = None
    public_name: bool | None = None
    # False: without the choices of infra/regions.json (encryption, api, parameters)
    chosen: bool = True
    # (file, logical name) left out, for "what if"
    without: frozenset = frozenset()

    def lean(self):
        """The cheapest that parameters can make it."""
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


def configuration(inputs, plan):
    """infra/regions.json as it would be for this plan."""
    whole = copy.deepcopy(inputs.regions)
    if not plan.chosen:
        for key in ("encryption", "api", "parameters"):
            whole.pop(key, None)
    known = whole["regions"]
    others = [r for r in whole["ledger"]["replicas"] if r not in plan.regions]
    # addresses cost nothing: a region that has none yet gets some that are free
    taken = [ipaddress.ip_network(known[r]["cidr"]) for r in (*plan.regions, *others) if r in known]
    free = (n for n in ipaddress.ip_network("10.0.0.0/8").subnets(new_prefix=20) if not any(n.overlaps(t) for t in taken))
    whole["regions"] = {}
    for region in (*plan.regions, *others):
        entry = known.get(region) or {"cidr": str(next(free))}
        whole["regions"][region] = {**entry, "functions": region in plan.regions}
    whole |= {"profile": plan.profile, "primary": plan.regions[0], "canary": plan.regions[-1]}
    if plan.own_key is not None:
        whole["encryption"] = plan.own_key
    if plan.public_name and "api" not in whole:
        whole["api"] = {"zone": "Z0", "name": "flags.example.com"}
    if plan.public_name is False:
        whole.pop("api", None)
    parameters = whole.setdefault("parameters", {})
    if plan.zones is not None:
        parameters["network"] = {**parameters.get("network", {}), "EndpointZones": plan.zones}
    if plan.nodes is not None and plan.profile == "global-datastore":
        for name in ("cache-primary", "cache-secondary")[: len(plan.regions)]:
            parameters[name] = {**parameters.get(name, {}), "Nodes": plan.nodes}
    return whole


@functools.cache
def steps(configured):
    """The stacks of a configuration (JSON text), by the plan that scripts/deploy follows."""
    with tempfile.NamedTemporaryFile("w", suffix=".json") as file:
        file.write(configured)
        file.flush()
        try:
            return [step for step in stacks.plan(stacks.load(file.name)) if step.kind == "stack"]
        except SystemExit as e:
            raise Unknown(str(e).replace(file.name, "infra/regions.json, as asked")) from e


def deployed(inputs, plan):
    """(template, region, parameters) of every stack of a plan."""
    for step in steps(json.dumps(configuration(inputs, plan))):
        yield step.template.removeprefix("infra/"), step.region, step.parameters


def whole(inputs, file, region, given):
    """A template's resources under these parameters; what nobody hands on is stood in for."""
    template = inputs.templates[file]
    stood_in = {name: "x" for name, p in template.get("Parameters", {}).items() if "Default" not in p and name not in given}

    class Lenient(inputs.evaluation):
        @staticmethod
        def _limited(key, parameter, value):
            # references to other stacks' outputs match no pattern
            return value.split(",") if parameter["Type"].startswith("List<") else value

    # SAM's template has rules of a kind that is not evaluated here, and none decides what is billed
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
        raise Unknown(f"{where}: {kind} is neither priced nor known to be free; say which in scripts/lib/cost_estimate.py")


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
    u, configured = inputs.usage, configuration(inputs, plan)
    template = inputs.templates["template.yaml"]
    runs = sum(r["Type"] == "AWS::Events::Rule" for r in template["Resources"].values())
    rates = {r["Properties"]["ScheduleExpression"] for r in template["Resources"].values() if r["Type"] == "AWS::Events::Rule"}
    if runs != 2 or rates != {"rate(1 minute)"}:
        raise Unknown("template.yaml: the schedules are not the two each minute that are priced")
    gb = template["Globals"]["Function"]["MemorySize"] / 1024
    writes = plan.writes / len(plan.regions)
    # sixteen or so checkers, each every 30 s
    probes = 16 * 2 * MINUTES if "api" in configured else 0
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
        ("key-calls", secrets / 1e6 if configured.get("encryption") else 0),
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
    sums = defaultdict(float)
    for file, region, given in deployed(inputs, plan):
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
