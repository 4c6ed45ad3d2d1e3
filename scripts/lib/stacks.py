#!/usr/bin/env python3
"""Which stacks there are, where, in which order, and which parameter comes from which output: the only place that knows.

Computed from infra/regions.json; no network, no clock. infra/README.md says why the order is this one. Used by
scripts/deploy and its like, and by scripts/check-deploy. A parameter may refer to another stack's output:
"${network@eu-west-1.VpcId}"; with |first the first of a list, with |host a URL's host.
"""

import argparse
import hashlib
import ipaddress
import itertools
import json
import os
import pathlib
import re
import sys
from dataclasses import asdict, dataclass

ROOT = pathlib.Path(__file__).resolve().parents[2]
CONFIG = ROOT / "infra/regions.json"
CACHE_POLICY = "infra/cache-stack-policy.json"
# AWS Budgets and cost allocation tags live there
GLOBAL_REGION = "us-east-1"
IMAGE = "/aws/service/ami-amazon-linux-latest/al2023-ami-kernel-default-arm64"

REGION = re.compile(r"[a-z]{2}(-[a-z]+)+-\d")
STAGE = re.compile(r"[a-z][a-z0-9]{1,11}")
SLOT = re.compile(r"(Region|Vpc|LedgerRegion)\d+")
REFERENCE = re.compile(r"\$\{([^}.]+)\.([A-Za-z]+)(?:\|(first|host))?\}")

KEYS = {"account", "stage", "profile", "primary", "canary", "zone", "ledger", "regions", "encryption", "api", "parameters"}
REGION_KEYS = {"cidr", "functions", "traffic", "parameters"}
PROFILES = ("global-datastore", "self-managed")


@dataclass(frozen=True)
class Step:
    """One thing to do. Only the kind `stack` has a stack and a template; the others say what they do in KINDS."""

    id: str
    kind: str
    region: str
    stack: str
    template: str
    parameters: dict
    policy: str
    phase: str


KINDS = {
    "stack": "a CloudFormation stack",
    "image": "looks up the machine image of the cache's instance; once, because another replaces the instance",
    "certificate": "puts the certificate of the cache into its secret",
    "topology": "completes the topology secret",
    "keys": "puts the digests of the first keys into the keys secret, while it has none",
    "cost-tags": "activates the tags Service and Region for the bill",
}
PHASES = ("ground", "functions", "after")


class Config:
    """regions.json, checked."""

    def __init__(self, path, profile=None):
        self.path = pathlib.Path(path)
        try:
            whole = json.loads(self.path.read_text(encoding="utf-8"))
        except OSError as e:
            raise SystemExit(f"cannot read {path}: {e.strerror}") from e
        except ValueError as e:
            raise SystemExit(f"{path} is no JSON: {e}") from e
        if not isinstance(whole, dict):
            raise SystemExit(f"{path} is no JSON object")
        if profile:
            whole["profile"] = profile
        self.whole = whole
        problems = list(self._problems(whole))
        if problems:
            raise SystemExit("\n".join(f"{path}: {p}" for p in problems))
        self.stage, self.profile = whole["stage"], whole["profile"]
        self.primary, self.canary = whole["primary"], whole["canary"]
        self.zone, self.ledger, self.regions = whole["zone"], whole["ledger"], whole["regions"]
        self.encryption, self.api = whole.get("encryption", False), whole.get("api")
        self.served = [r for r, entry in self.regions.items() if entry["functions"]]

    @staticmethod
    def _problems(c):
        missing = KEYS - {"account", "encryption", "api", "parameters"} - c.keys()
        yield from (f"{key} is missing" for key in sorted(missing))
        yield from (f"{key} is unknown" for key in sorted(c.keys() - KEYS))
        if missing:
            return
        if not isinstance(c["stage"], str) or not STAGE.fullmatch(c["stage"]):
            yield f"stage is {c['stage']!r}, but must be 2 to 12 of a-z 0-9, a letter first"
        if "account" in c and not (isinstance(c["account"], str) and re.fullmatch(r"\d{12}", c["account"])):
            yield f"account is {c['account']!r}, but must be twelve digits in quotes"
        if c["profile"] not in PROFILES:
            yield f"profile is {c['profile']!r}, but must be one of {', '.join(PROFILES)}"
        if not isinstance(c.get("encryption", False), bool):
            yield f"encryption is {c['encryption']!r}, but must be true or false"
        if "api" in c and (not isinstance(c["api"], dict) or c["api"].keys() != {"zone", "name"}):
            yield 'api must be like {"zone": "Z0123", "name": "flags.example.com"}'
        if not isinstance(c["regions"], dict):
            yield "regions is no JSON object"
            return
        sound = True
        for region, entry in c["regions"].items():
            for problem in Config._entry_problems(region, entry):
                sound = False
                yield f"regions: {region}: {problem}"
        if not sound:
            return
        nets = {r: ipaddress.ip_network(e["cidr"]) for r, e in c["regions"].items()}
        for (one, a), (other, b) in itertools.combinations(nets.items(), 2):
            if a.overlaps(b):
                yield f"regions: the addresses of {one} ({a}) and {other} ({b}) overlap"
        served = [r for r, e in c["regions"].items() if e["functions"]]
        for role in ("primary", "canary"):
            if c[role] not in served:
                yield f"{role} is {c[role]!r}, but must be a region with functions"
        if c["profile"] == "global-datastore" and len(served) > 3:
            yield f"Global Datastore ends at three regions, not {len(served)}"
        ledger = c["ledger"]
        if not isinstance(ledger, dict) or not ledger.keys() <= {"table", "replicas", "witness"} or not isinstance(ledger.get("replicas"), list):
            yield 'ledger must be like {"table": "burgee-prod-ledger", "replicas": ["us-east-1", "us-east-2"], "witness": "us-west-2"}'
            return
        if ledger.get("table") != f"burgee-{c['stage']}-ledger":
            yield f"ledger: table is {ledger.get('table')!r}, but the stack makes burgee-{c['stage']}-ledger"
        for region in ledger["replicas"]:
            if region not in c["regions"]:
                yield f"ledger: {region} holds a replica and is not among the regions"
        if len(ledger["replicas"]) + bool(ledger.get("witness")) != 3:
            yield "ledger: needs three replicas, or two and a witness"
        for region, entry in c["regions"].items():
            if not entry["functions"] and region not in ledger["replicas"]:
                yield f"regions: {region} has neither functions nor a replica of the ledger"

    @staticmethod
    def _entry_problems(region, entry):
        if not REGION.fullmatch(region):
            yield "is no region code such as eu-west-1"
        if not isinstance(entry, dict) or not {"cidr", "functions"} <= entry.keys() <= REGION_KEYS:
            yield 'must be like {"cidr": "10.80.0.0/20", "functions": true}, with traffic and parameters if need be'
            return
        try:
            net = ipaddress.ip_network(entry["cidr"])
            if not 20 <= net.prefixlen <= 24 or not net.subnet_of(ipaddress.ip_network("10.0.0.0/8")):
                raise ValueError
        except (ValueError, TypeError):
            yield f"cidr is {entry['cidr']!r}, but must be a network in 10.0.0.0/8 from /20 to /24"
        if not isinstance(entry["functions"], bool):
            yield f"functions is {entry['functions']!r}, but must be true or false"
        traffic = entry.get("traffic", 100)
        if isinstance(traffic, bool) or not isinstance(traffic, int) or not 0 <= traffic <= 100:
            yield f"traffic is {traffic!r}, but must be a whole number from 0 to 100"

    def rollout(self):
        """The regions with functions as they are rolled out: the canary first, the primary last."""
        ends = [self.canary, *([self.primary] if self.primary != self.canary else [])]
        return [self.canary, *(r for r in self.served if r not in ends), *ends[1:]]

    def chosen(self, name, region):
        """The parameters that regions.json chooses for a template in a region."""
        everywhere = self.whole.get("parameters", {}).get(name, {})
        return {**everywhere, **self.regions.get(region, {}).get("parameters", {}).get(name, {})}


def load(path=CONFIG, profile=None):
    """The configuration; SystemExit, with a line per problem, when it is wrong."""
    return Config(path, profile)


def declared(template):
    """Names of a template's parameters."""
    text = (ROOT / template).read_text(encoding="utf-8")
    section = re.search(r"^Parameters:\n((?:[ #].*\n|\n)*)", text, re.M)
    return set(re.findall(r"^  (\w+):", section.group(1), re.M)) if section else set()


def plan(config):
    """Every step, in order."""
    steps = list(_Plan(config).steps())
    known = {step.template: declared(step.template) for step in steps if step.template}
    used = {pathlib.Path(step.template).stem.replace("template", "functions") for step in steps if step.template}
    problems = []
    for where, chosen in _choices(config):
        problems += [f"{where}: there is no stack {name}" for name in chosen.keys() - used]
    for step in steps:
        problems += [f"{step.id}: {step.template} has no parameter {p}" for p in step.parameters.keys() - known.get(step.template, set())]
    if problems:
        raise SystemExit("\n".join(f"{config.path}: {p}" for p in sorted(set(problems))))
    return steps


def _choices(config):
    yield "parameters", config.whole.get("parameters", {})
    for region, entry in config.regions.items():
        yield f"regions: {region}: parameters", entry.get("parameters", {})


class _Plan:
    def __init__(self, config):
        self.c = config

    def stack(self, name, region, phase="ground", template=None, policy="", **given):
        template = template or (name if name != "functions" else "template")
        kind = template if template != "template" else "functions"
        path = "template.yaml" if template == "template" else f"infra/{template}.yaml"
        parameters = {key: str(value) for key, value in given.items()}
        names = declared(path)
        if "Stage" in names:
            parameters = {"Stage": self.c.stage, **parameters}
        # said even when empty: CloudFormation would keep what an update leaves out, and with it a region that is gone
        parameters |= {slot: "" for slot in sorted(names - parameters.keys()) if SLOT.fullmatch(slot)}
        chosen = self.c.chosen(kind, region)
        fixed = chosen.keys() & parameters.keys()
        if fixed:
            raise SystemExit(f"{self.c.path}: parameters: {kind}: {sorted(fixed)[0]} follows from the rest of the file")
        parameters |= {key: _text(value) for key, value in chosen.items()}
        return Step(f"{name}@{region}", "stack", region, f"burgee-{self.c.stage}-{name}", path, parameters, policy, phase)

    def other(self, kind, region, phase="ground"):
        return Step(f"{kind}@{region}", kind, region, "", "", {}, "", phase)

    def steps(self):
        c = self.c
        for region, entry in c.regions.items():
            prefix = int(entry["cidr"].split("/")[1])
            yield self.stack(
                "network", region, VpcCidr=entry["cidr"], SubnetBits=min(10, 30 - prefix),
                HasFunctions=_text(entry["functions"]), HoldsLedger=_text(self.holds(region)), CacheProfile=c.profile,
            )  # fmt: skip
        for one, other in itertools.combinations(c.regions, 2):
            if self.services(one) != "ledger" or self.services(other) != "ledger":
                yield self.peering(one, other, "")
                yield self.peering(other, one, f"${{peering-{other}@{one}.ConnectionId}}")
        replicas = c.ledger["replicas"]
        # empty is said as well: the templates' defaults name other regions
        third = replicas[2] if len(replicas) > 2 else ""
        yield self.stack("ledger", replicas[0], ReplicaA=replicas[0], ReplicaB=replicas[1], ReplicaC=third, Witness=c.ledger.get("witness", ""))
        if c.encryption:
            for region in c.served:
                yield self.stack("encryption", region)
        others = [r for r in c.served if r != c.primary]
        yield self.stack("secrets", c.primary, KeyAlias=self.key(c.primary, "KeyAlias"), **_numbered("Region", others))
        yield self.other("keys", c.primary)
        for region in [*c.served, *([GLOBAL_REGION] if GLOBAL_REGION not in c.served else [])]:
            yield self.stack("operations", region)
        for region in c.served:
            yield self.stack("settings", region)
        yield from self.caches(others)
        yield self.stack("dns", c.primary, ZoneName=c.zone, **_numbered("Vpc", [f"{r}/${{network@{r}.VpcId}}" for r in [c.primary, *(r for r in c.regions if r != c.primary)]]))
        if c.profile == "self-managed":
            for region in c.served:
                yield self.stack(
                    "dns-cache", region, HostedZoneId=self.of("dns", c.primary, "HostedZoneId"), ZoneName=c.zone,
                    PrivateIp=self.of("cache-self-managed", region, "PrivateIp"),
                )  # fmt: skip
        yield self.other("topology", c.primary)
        for region in c.rollout():
            yield self.functions(region)
            yield self.stack(
                "monitoring", region, "functions", TopicArn=self.of("operations", region, "TopicArn"),
                FailoverQueueName=self.of("functions", region, "FailoverQueueName"), PulseQueueName=self.of("functions", region, "PulseQueueName"),
                ReplicationGroupId=self.group(region), InstanceId=self.of("cache-self-managed", region, "InstanceId") if c.profile == "self-managed" else "",
            )  # fmt: skip
        if c.api:
            # the primary's first: it serves the callers whom a new region does not take yet
            for region in [c.primary, *others]:
                yield self.public(region)
        yield self.stack("dashboard", c.primary, "after", **_numbered("Region", c.served))
        yield self.other("cost-tags", GLOBAL_REGION, "after")
        yield self.stack("budget", GLOBAL_REGION, "after", TopicArn=self.of("operations", GLOBAL_REGION, "TopicArn"))

    @staticmethod
    def of(name, region, output, pick=""):
        return f"${{{name}@{region}.{output}{pick}}}"

    def key(self, region, output):
        return self.of("encryption", region, output) if self.c.encryption else ""

    def holds(self, region):
        return region in self.c.ledger["replicas"]

    def services(self, region):
        parts = [*(["cache"] if region in self.c.served else []), *(["ledger"] if self.holds(region) else [])]
        return "-and-".join(parts)

    def peering(self, here, there, connection):
        own = ("VpcId", "RouteTableId", "FunctionSecurityGroupId", "CacheSecurityGroupId", "EndpointSecurityGroupId")
        return self.stack(
            f"peering-{there}", here, template="peering", ConnectionId=connection, Services=self.services(here), PeerServices=self.services(there),
            PeerRegion=there, PeerVpcId=self.of("network", there, "VpcId"), PeerCidr=self.of("network", there, "VpcCidr"),
            **{name: self.of("network", here, name) for name in own},
        )  # fmt: skip

    def caches(self, others):
        c = self.c
        if c.profile == "self-managed":
            for region in c.served:
                yield self.other("image", region)
                yield self.stack(
                    "cache-self-managed", region, policy=CACHE_POLICY, SubnetId=self.of("network", region, "SubnetIds", "|first"),
                    CacheSecurityGroupId=self.of("network", region, "CacheSecurityGroupId"), ImageId=self.of("image", region, "ImageId"),
                    KeyArn=self.key(region, "KeyArn"),
                )  # fmt: skip
                yield self.other("certificate", region)
            return
        for region in c.served:
            yield self.stack("cache-access", region, SubnetIds=self.of("network", region, "SubnetIds"))
        yield self.stack("cache-primary", c.primary, policy=CACHE_POLICY, **self.born_with(c.primary))
        yield self.stack("cache-datastore", c.primary, policy=CACHE_POLICY, ReplicationGroupId=self.of("cache-primary", c.primary, "ReplicationGroupId"))
        for region in others:
            yield self.stack(
                "cache-secondary", region, policy=CACHE_POLICY, GlobalReplicationGroupId=self.of("cache-datastore", c.primary, "GlobalReplicationGroupId"),
                **self.born_with(region),
            )  # fmt: skip

    def born_with(self, region):
        return {
            **{name: self.of("cache-access", region, name) for name in ("EventTopicArn", "SubnetGroupName", "UserGroupId")},
            "CacheSecurityGroupId": self.of("network", region, "CacheSecurityGroupId"),
        }

    def cache(self, region):
        """The stack whose outputs say where a region's cache is."""
        if self.c.profile == "self-managed":
            return "dns-cache"
        return "cache-primary" if region == self.c.primary else "cache-secondary"

    def group(self, region):
        return self.of(self.cache(region), region, "ReplicationGroupId") if self.c.profile == "global-datastore" else ""

    def functions(self, region):
        c = self.c
        datastore = c.profile == "global-datastore"
        secret = {
            "TopologySecret": self.of("secrets", c.primary, "TopologySecretName"),
            "KeysSecret": self.of("secrets", c.primary, "KeysSecretName"),
            "ReplicationSecret": "" if datastore else self.of("secrets", c.primary, "ReplicationUserSecretName"),
            "SecretsKeyArn": self.key(region, "KeyArn"),
        }
        cache = {
            "CacheProfile": c.profile,
            "CacheName": self.of(self.cache(region), region, "CacheEndpoint"),
            "ReplicationGroup": self.group(region),
            "GlobalDatastore": self.of("cache-datastore", c.primary, "GlobalReplicationGroupId") if datastore else "",
            "CacheTopicArn": self.of("cache-access", region, "EventTopicArn") if datastore else "",
        }
        return self.stack(
            "functions", region, "functions", Release="${release.Release}", SubnetIds=self.of("network", region, "SubnetIds"),
            SecurityGroupIds=self.of("network", region, "FunctionSecurityGroupId"), **secret,
            LedgerTable=self.of("ledger", c.ledger["replicas"][0], "TableName"), **_numbered("LedgerRegion", c.ledger["replicas"]), **cache,
            HostedZone=self.of("dns", c.primary, "HostedZoneId"), PrimaryRecord=self.of("dns", c.primary, "PrimaryRecord"),
            OperationsTopicArn=self.of("operations", region, "TopicArn"),
        )  # fmt: skip

    def public(self, region):
        c = self.c
        traffic = c.regions[region].get("traffic", 100)
        shared = region != c.primary and traffic < 100
        fallback = {
            "TrafficPercent": traffic,
            "FallbackPercent": 100 - traffic,
            "FallbackDomain": self.of("dns-api", c.primary, "RegionalDomainName") if shared else "",
            "FallbackZoneId": self.of("dns-api", c.primary, "RegionalHostedZoneId") if shared else "",
            "FallbackHealthCheckId": self.of("dns-api", c.primary, "HealthCheckId") if shared else "",
        }
        return self.stack(
            "dns-api", region, "after", PublicZoneId=c.api["zone"], ApiName=c.api["name"], ApiId=self.of("functions", region, "ApiId"),
            ApiHost=self.of("functions", region, "ApiUrl", "|host"), **fallback,
        )  # fmt: skip


def _text(value):
    return str(value).lower() if isinstance(value, bool) else str(value)


def _numbered(name, values):
    return {f"{name}{i}": value for i, value in enumerate(values, 1)}


def resolve(step, outputs):
    """A step's parameters with their references replaced by what the stacks answered: {id: {output: value}}."""

    def value(match):
        source, name, pick = match.groups()
        if name not in outputs.get(source, {}):
            raise SystemExit(f"{step.id} needs {name} of {source}, which is not there yet")
        found = outputs[source][name]
        if pick == "first":
            return found.split(",")[0]
        return found.removeprefix("https://").split("/")[0] if pick == "host" else found

    return {key: REFERENCE.sub(value, text) for key, text in step.parameters.items()}


def topology(config, outputs, user):
    """The topology secret (docs/settings.md). `user`: {"username", "password"}."""
    plan_of = _Plan(config)

    def output(name, region, key):
        try:
            return outputs[f"{name}@{region}"][key]
        except KeyError:
            raise SystemExit(f"the topology needs {key} of {name}@{region}, which is not there yet") from None

    return {
        "primary": config.primary,
        "username": user["username"],
        "password": user["password"],
        "regions": {r: {"cache": output(plan_of.cache(r), r, "CacheUrl")} for r in config.served},
        "ledger": {
            "table": output("ledger", config.ledger["replicas"][0], "TableName"),
            "regions": {r: {"endpoint": output("network", r, "LedgerEndpointUrl")} for r in config.ledger["replicas"]},
        },
    }


def collect(config, outputs, region, described):
    """Adds what describe-stacks said of a region. "@status" and "@release" stand beside a stack's outputs."""
    prefix = f"burgee-{config.stage}-"
    for stack in described["Stacks"]:
        if not stack["StackName"].startswith(prefix) or stack["StackStatus"] in ("DELETE_COMPLETE", "REVIEW_IN_PROGRESS"):
            continue
        name = stack["StackName"].removeprefix(prefix)
        given = {p["ParameterKey"]: p.get("ParameterValue", "") for p in stack.get("Parameters", [])}
        found = {o["OutputKey"]: o["OutputValue"] for o in stack.get("Outputs", [])}
        outputs[f"{name}@{region}"] = {**found, "@status": stack["StackStatus"], "@release": given.get("Release", "")}
        if name == "cache-self-managed" and given.get("ImageId"):
            outputs[f"image@{region}"] = {"ImageId": given["ImageId"]}
    return outputs


def first_keys(current, keys):
    """The keys secret with the digests of these keys {name: key}, while it has none (docs/settings.md); else nothing."""
    if json.loads(current).get("keys"):
        return None
    digests = [
        {"name": name, "scope": "read" if name == "read" else "admin", "sha256": hashlib.sha256(key.encode()).hexdigest()}
        for name, key in keys.items()
        if key
    ]
    return json.dumps({"keys": digests}) if digests else None


def without_canaries(template):
    """The text of a template without its DeploymentPreferences: what is known to be good takes all requests at once."""
    kept, deeper = [], None
    for line in template.splitlines(keepends=True):
        indent = len(line) - len(line.lstrip())
        if deeper is not None and line.strip() and indent <= deeper:
            deeper = None
        if deeper is None and line.strip() == "DeploymentPreference:":
            deeper = indent
        if deeper is None:
            kept.append(line)
    return "".join(kept)


def alarms(config):
    """The alarms that judge a release: those of template.yaml."""
    names = re.findall(r"AlarmName: !Sub burgee-\$\{Stage\}-([a-z0-9-]+)", (ROOT / "template.yaml").read_text(encoding="utf-8"))
    return [f"burgee-{config.stage}-{name}" for name in names]


def _read(path):
    file = pathlib.Path(path)
    return json.loads(file.read_text(encoding="utf-8")) if file.exists() and file.stat().st_size else {}


def _find(steps, wanted):
    for step in steps:
        if step.id == wanted:
            return step
    raise SystemExit(f"there is no step {wanted}; see: scripts/lib/stacks.py plan")


def _print_plan(config, steps):
    print(f"{config.stage}, {config.profile}: {len(steps)} steps; primary {config.primary}, canary {config.canary}")
    for number, step in enumerate(steps, 1):
        what = f"{step.stack}  {step.template}" if step.kind == "stack" else f"({KINDS[step.kind]})"
        print(f"{number:3}  {step.phase:9}  {step.region:14}  {what}{'  + ' + step.policy if step.policy else ''}")


def main():
    parser = argparse.ArgumentParser(prog="stacks.py", description="Which stacks there are, and in which order.")
    parser.add_argument("--config", default=CONFIG, help="default infra/regions.json")
    commands = parser.add_subparsers(dest="command", required=True)
    asked = commands.add_parser("plan", help="every step, in order")
    asked.add_argument("--json", action="store_true")
    asked = commands.add_parser("steps", help="the same, separated by tabs; '-' is nothing: id kind region stack template policy phase")
    asked.add_argument("--phase", choices=PHASES)
    asked.add_argument("--region")
    asked = commands.add_parser("parameters", help="a step's parameters, resolved, as CloudFormation takes them")
    asked.add_argument("id")
    asked.add_argument("outputs")
    asked.add_argument("--release", default="")
    asked.add_argument("--words", action="store_true", help="KEY=VALUE instead, a line each, for aws cloudformation deploy")
    asked = commands.add_parser("collect", help="adds what describe-stacks says (stdin) to the file of outputs")
    asked.add_argument("outputs")
    asked.add_argument("--region", required=True)
    asked = commands.add_parser("note", help="adds one value to the file of outputs")
    asked.add_argument("outputs")
    asked.add_argument("id")
    asked.add_argument("name")
    asked.add_argument("value")
    asked = commands.add_parser("output", help="one value of the file of outputs; nothing when it is not there")
    asked.add_argument("outputs")
    asked.add_argument("id")
    asked.add_argument("name")
    asked = commands.add_parser("topology", help="the topology secret; stdin: the secret of the cache's user")
    asked.add_argument("outputs")
    commands.add_parser("first-keys", help="the keys secret with BURGEE_ADMIN_KEY and BURGEE_READ_KEY; nothing when it (stdin) has keys, or there are none")
    commands.add_parser("without-canaries", help="a template (stdin) without its DeploymentPreferences")
    commands.add_parser("regions", help="the regions with functions, as they are rolled out")
    commands.add_parser("all-regions", help="every region with a stack")
    commands.add_parser("alarms", help="the alarms that judge a release")
    asked = commands.add_parser("get", help="a value of the configuration")
    asked.add_argument("key", choices=sorted(KEYS - {"regions", "ledger", "parameters"}))
    given = parser.parse_args()
    config = load(given.config)
    if given.command in ("plan", "steps", "parameters"):
        steps = plan(config)
        if given.command == "plan":
            print(json.dumps([asdict(s) for s in steps], indent=1)) if given.json else _print_plan(config, steps)
        elif given.command == "steps":
            for s in steps:
                if given.phase in (None, s.phase) and given.region in (None, s.region):
                    print(*(field or "-" for field in (s.id, s.kind, s.region, s.stack, s.template, s.policy, s.phase)), sep="\t")
        else:
            outputs = {**_read(given.outputs), "release": {"Release": given.release}}
            found = resolve(_find(steps, given.id), outputs)
            if given.words:
                print(*(f"{k}={v}" for k, v in found.items()), sep="\n")
            else:
                print(json.dumps([{"ParameterKey": k, "ParameterValue": v} for k, v in found.items()], indent=1))
    elif given.command in ("collect", "note"):
        outputs = _read(given.outputs)
        if given.command == "collect":
            collect(config, outputs, given.region, json.load(sys.stdin))
        else:
            outputs.setdefault(given.id, {})[given.name] = given.value
        pathlib.Path(given.outputs).write_text(json.dumps(outputs, indent=1), encoding="utf-8")
    elif given.command == "output":
        print(_read(given.outputs).get(given.id, {}).get(given.name, ""))
    elif given.command == "topology":
        print(json.dumps(topology(config, _read(given.outputs), json.load(sys.stdin))))
    elif given.command == "first-keys":
        print(first_keys(sys.stdin.read(), {"admin": os.environ.get("BURGEE_ADMIN_KEY"), "read": os.environ.get("BURGEE_READ_KEY")}) or "", end="")
    elif given.command == "without-canaries":
        print(without_canaries(sys.stdin.read()), end="")
    elif given.command == "regions":
        print(*config.rollout(), sep="\n")
    elif given.command == "all-regions":
        print(*dict.fromkeys([*config.regions, GLOBAL_REGION]), sep="\n")
    elif given.command == "alarms":
        print(*alarms(config), sep="\n")
    else:
        value = config.whole.get(given.key, "")
        print(value if isinstance(value, str) else json.dumps(value))


if __name__ == "__main__":
    main()
