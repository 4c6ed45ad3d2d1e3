#!/usr/bin/env python3
"""What must hold for the plan of all stacks (scripts/lib/stacks.py), in both profiles, with and without what is optional."""

import copy
import dataclasses
import itertools
import json
import re
import sys
import tempfile

import cfn

sys.path.insert(0, str(cfn.ROOT / "scripts/lib"))
import stacks  # noqa: E402 (lies in another folder)

checks = cfn.Checks()

# what stacks.py itself answers
OTHER_OUTPUTS = {"image": {"ImageId"}, "release": {"Release"}}


def variations(regions):
    """Name to plan: profiles, what is optional, one to nine regions, three replicas of the ledger."""
    for profile, rich in itertools.product(stacks.PROFILES, (False, True)):
        whole = {**copy.deepcopy(regions), "profile": profile}
        if rich:
            whole |= {"encryption": True, "api": {"zone": "Z0123", "name": "flags.example.com"}}
            whole["regions"][whole["canary"]]["traffic"] = 10
        yield f"{profile}, {'everything' if rich else 'bare'}", whole
    one = {**copy.deepcopy(regions), "canary": regions["primary"], "regions": {r: e for r, e in regions["regions"].items() if r == regions["primary"] or not e["functions"]}}
    yield "one region", one
    nine = {**copy.deepcopy(regions), "profile": "self-managed"}
    for i, region in enumerate(["eu-central-1", "eu-north-1", "sa-east-1", "ca-central-1", "ap-northeast-1", "us-west-1"]):
        nine["regions"][region] = {"cidr": f"10.90.{16 * i}.0/20", "functions": True}
    yield "nine regions", nine
    three = copy.deepcopy(regions)
    three["ledger"] = {"table": three["ledger"]["table"], "replicas": ["us-east-1", "us-east-2", "us-west-2"]}
    three["regions"]["us-west-2"] = {"cidr": "10.80.241.0/24", "functions": False}
    yield "three replicas", three


def planned(whole):
    with tempfile.NamedTemporaryFile("w", suffix=".json", encoding="utf-8") as file:
        json.dump(whole, file)
        file.flush()
        return stacks.plan(stacks.load(file.name))


def steps_of(world, kind="stack"):
    for name, plan in world.other["plans"].items():
        for position, step in enumerate(plan):
            if step.kind == kind:
                yield f"{name}: {step.id}", plan[:position], step


def change(world, wanted, **fields):
    """Replaces fields of a step in every plan that has it."""
    for name, plan in world.other["plans"].items():
        world.other["plans"][name] = [dataclasses.replace(s, **fields) if s.id == wanted else s for s in plan]


def move(world, wanted, to):
    for plan in world.other["plans"].values():
        for step in [s for s in plan if s.id == wanted]:
            plan.remove(step)
            plan.insert(to if to >= 0 else len(plan), step)


@checks.check
def every_stack_gets_what_it_needs(world):
    """Nothing without a default is left open, nothing is given that the template does not know."""
    for where, _, step in steps_of(world):
        declared = world.templates[step.template].get("Parameters", {})
        yield from (f"{where}: nobody gives {p}" for p, d in declared.items() if "Default" not in d and p not in step.parameters)
        yield from (f"{where}: {step.template} has no {p}" for p in step.parameters.keys() - declared.keys())


@checks.broken_by(every_stack_gets_what_it_needs)
def a_network_without_addresses(world):
    change(world, "network@eu-west-1", parameters={"Stage": "prod"})


@checks.broken_by(every_stack_gets_what_it_needs)
def a_parameter_that_nobody_has(world):
    change(world, "settings@eu-west-1", parameters={"Stages": "prod"})


@checks.check
def references_point_back(world):
    """A parameter is an output, that the template has, of a stack that comes before."""
    for where, before, step in steps_of(world):
        there = {s.id: s for s in before}
        for text in step.parameters.values():
            for source, output, _ in stacks.REFERENCE.findall(text):
                name = source.split("@")[0]
                if name in OTHER_OUTPUTS:
                    outputs = OTHER_OUTPUTS[name]
                elif source in there:
                    outputs = world.templates[there[source].template].get("Outputs", {})
                else:
                    yield f"{where}: {source} does not come before it"
                    continue
                if output not in outputs:
                    yield f"{where}: {source} has no output {output}"
            if "${" in stacks.REFERENCE.sub("", text):
                yield f"{where}: {text} is no reference"


@checks.broken_by(references_point_back)
def the_network_last(world):
    move(world, "network@us-east-1", -1)


@checks.broken_by(references_point_back)
def a_misspelt_output(world):
    change(world, "cache-access@eu-west-1", parameters={"SubnetIds": "${network@eu-west-1.Subnets}"})


@checks.broken_by(references_point_back)
def a_misspelt_reference(world):
    change(world, "cache-access@eu-west-1", parameters={"SubnetIds": "${network.SubnetIds}"})


@checks.check
def every_template_is_deployed(world):
    used = {step.template for _, _, step in steps_of(world)}
    yield from (f"no plan has {template}" for template in sorted(world.templates.keys() - used))
    for name, plan in world.other["plans"].items():
        ids = [s.id for s in plan]
        yield from (f"{name}: {i} twice" for i in sorted({i for i in ids if ids.count(i) > 1}))


@checks.broken_by(every_template_is_deployed)
def no_budget(world):
    for plan in world.other["plans"].values():
        plan[:] = [s for s in plan if not s.id.startswith("budget")]


@checks.broken_by(every_template_is_deployed)
def one_twice(world):
    plan = world.other["plans"]["one region"]
    plan.append(plan[0])


@checks.check
def the_order_is_the_documented_one(world):
    """As the rows of infra/README.md, by template; phases in their order; the canary first and the primary last."""
    rows = re.findall(r"^\| [0-9]+[a-d]? \| (.*?) \|", world.other["readme"], re.M)
    documented = [name for row in rows for name in re.findall(r"`([a-z-]+)\.yaml`", row)]
    rank = {name: i for i, name in enumerate(documented)}
    for name, plan in world.other["plans"].items():
        made = [s for s in plan if s.kind == "stack"]
        ground = [s for s in made if s.phase == "ground"]
        places = [(rank.get(_short(s), -1), s.id) for s in ground]
        yield from (f"{name}: infra/README.md does not list {i}" for place, i in places if place < 0)
        yield from (f"{name}: {b[1]} comes after {a[1]}, in infra/README.md before it" for a, b in itertools.pairwise(places) if a[0] > b[0])
        phases = [stacks.PHASES.index(s.phase) for s in plan]
        if phases != sorted(phases):
            yield f"{name}: the phases are mixed"
        rolled = [s.region for s in made if s.template == "template.yaml"]
        config = world.other["configs"][name]
        if rolled[0] != config["canary"] or (len(rolled) > 1 and rolled[-1] != config["primary"]):
            yield f"{name}: rolled out as {rolled}"


def _short(step):
    return step.template.removeprefix("infra/").removesuffix(".yaml")


@checks.broken_by(the_order_is_the_documented_one)
def secrets_before_the_network(world):
    move(world, "secrets@us-east-1", 0)


@checks.broken_by(the_order_is_the_documented_one)
def the_canary_last(world):
    plan = world.other["plans"]["three replicas"]
    first, last = (next(i for i, s in enumerate(plan) if s.id == f"functions@{world.regions[role]}") for role in ("canary", "primary"))
    plan[first], plan[last] = plan[last], plan[first]


@checks.check
def caches_are_guarded(world):
    for where, _, step in steps_of(world):
        holds = {"AWS::ElastiCache::ReplicationGroup", "AWS::ElastiCache::GlobalReplicationGroup", "AWS::EC2::Instance"}
        if any(cfn.resources(world.templates[step.template], *holds)) != (step.policy == stacks.CACHE_POLICY):
            yield f"{where}: {'needs' if not step.policy else 'has no use for'} the stack policy"


@checks.broken_by(caches_are_guarded)
def a_cache_without_a_policy(world):
    change(world, "cache-primary@us-east-1", policy="")


@checks.check
def the_alarms_are_those_of_the_template(world):
    found = {a["Properties"]["AlarmName"]["Fn::Sub"].replace("${Stage}", world.regions["stage"]) for _, a in cfn.resources(world.templates["template.yaml"], "AWS::CloudWatch::Alarm")}
    if found != set(world.other["alarms"]):
        yield f"stacks.py watches others: {sorted(found ^ set(world.other['alarms']))}"


@checks.broken_by(the_alarms_are_those_of_the_template)
def an_alarm_that_nobody_watches(world):
    world.other["alarms"].pop()


# a wrong entry, and a word of what must be said
WRONG = [
    ("stage", lambda c: c | {"stage": "Prod"}, "stage"),
    ("profile", lambda c: c | {"profile": "none"}, "profile"),
    ("unknown key", lambda c: c | {"region": {}}, "unknown"),
    ("no zone", lambda c: {k: v for k, v in c.items() if k != "zone"}, "zone is missing"),
    ("primary without functions", lambda c: c | {"primary": "us-east-2"}, "primary"),
    ("overlap", lambda c: c | {"regions": c["regions"] | {"eu-north-1": {"cidr": "10.80.0.0/24", "functions": True}}}, "overlap"),
    ("public addresses", lambda c: c | {"regions": c["regions"] | {"eu-west-1": {"cidr": "8.8.0.0/20", "functions": True}}}, "cidr"),
    ("no region", lambda c: c | {"regions": c["regions"] | {"europe": {"cidr": "10.90.0.0/20", "functions": True}}}, "region code"),
    ("idle region", lambda c: c | {"regions": c["regions"] | {"eu-north-1": {"cidr": "10.90.0.0/20", "functions": False}}}, "neither"),
    ("fourth cache", lambda c: c | {"regions": c["regions"] | {"eu-north-1": {"cidr": "10.90.0.0/20", "functions": True}}}, "three regions"),
    ("traffic", lambda c: c | {"regions": c["regions"] | {"eu-west-1": {"cidr": "10.80.16.0/20", "functions": True, "traffic": 101}}}, "traffic"),
    ("two replicas, no witness", lambda c: c | {"ledger": c["ledger"] | {"witness": ""}}, "witness"),
    ("table", lambda c: c | {"ledger": c["ledger"] | {"table": "ledger"}}, "table"),
    ("unknown stack", lambda c: c | {"parameters": {"networks": {"EndpointZones": "1"}}}, "no stack networks"),
    ("unknown parameter", lambda c: c | {"parameters": {"network": {"Zones": "1"}}}, "no parameter Zones"),
    ("computed parameter", lambda c: c | {"parameters": {"network": {"VpcCidr": "10.0.0.0/20"}}}, "follows from"),
]  # fmt: skip


@checks.check
def wrong_entries_are_refused(world):
    for name, wrong, word in world.other["wrong"]:
        try:
            planned(wrong(copy.deepcopy(world.regions)))
            yield f"{name}: taken"
        except SystemExit as e:
            if word not in str(e):
                yield f"{name}: {e}"


@checks.broken_by(wrong_entries_are_refused)
def an_entry_that_is_right(world):
    world.other["wrong"] = [("right", dict, "x")]


def main():
    regions = json.loads((cfn.ROOT / "infra/regions.json").read_text(encoding="utf-8"))
    configs = dict(variations(regions))
    templates = {f"infra/{name}": template for name, template in cfn.templates("infra").items()}
    templates["template.yaml"] = cfn.load(cfn.ROOT / "template.yaml")
    world = cfn.World(
        templates=templates,
        regions=regions,
        other={
            "plans": {name: planned(whole) for name, whole in configs.items()},
            "configs": configs,
            "readme": (cfn.ROOT / "infra/README.md").read_text(encoding="utf-8"),
            "alarms": stacks.alarms(stacks.load()),
            "wrong": WRONG,
        },
    )
    return 1 if checks.run(world) else 0


if __name__ == "__main__":
    sys.exit(main())
