"""Which regions there are: puts a region into infra/regions.json and the two files that list the same regions, and takes it
out again; and what that means for the plan of stacks.py. Used by scripts/add-region, remove-region and teardown; no network,
no clock.

An edit changes one region's lines and nothing else of a file; what does not fit is refused before anything is written.
"""

import argparse
import ipaddress
import json
import pathlib
import re
import sys

import stacks

ROOT = pathlib.Path(__file__).resolve().parents[2]
# with functions, by profile: Global Datastore has one primary and two secondaries; the templates have 9 places
ROOM = {"global-datastore": 3, "self-managed": 9}
# places for VPCs in dns.yaml
NETWORKS = 10


class Refused(Exception):
    """What was asked for does not fit; the text says which value, and the rule."""


def served(document):
    """The regions with functions, in the file's order."""
    return [name for name, region in document["regions"].items() if region["functions"]]


def with_region(document, region, cidr):
    """The document with this region in it, with functions. cidr may be None for a region that has a network already."""
    document = json.loads(json.dumps(document))
    # where callers are led by a public name, none come before somebody leads them
    unserved = {"traffic": 0} if document.get("api") else {}
    if not re.fullmatch(r"[a-z]{2}(-[a-z]+)+-\d", region):
        raise Refused(f"'{region}' is not a region code such as eu-west-1")
    there = document["regions"].get(region)
    if there:
        if cidr and cidr != there["cidr"]:
            raise Refused(f"--cidr: {region} has {there['cidr']} already, and a network's addresses cannot be changed to {cidr}")
        if there["functions"]:
            return document
        there["functions"] = True
        there |= unserved
    else:
        if not cidr:
            raise Refused(f"--cidr is needed: {region} has no network yet. Free, for example: {free(document)}")
        document["regions"][region] = {"cidr": checked(document, cidr), "functions": True, **unserved}
    room = ROOM[document["profile"]]
    if len(served(document)) > room:
        why = "Global Datastore ends there: one primary and two secondaries" if room == 3 else "the templates have no more places"
        raise Refused(f"{region} would be region {len(served(document))}, but profile {document['profile']} has room for {room} with functions ({why})")
    if len(document["regions"]) > NETWORKS:
        raise Refused(f"{region} would be network {len(document['regions'])}, but infra/dns.yaml has places for {NETWORKS}")
    return document


def checked(document, cidr):
    """The addresses, if a new network may have them."""
    if not re.fullmatch(r"10\.\d{1,3}\.\d{1,3}\.\d{1,3}/2[0-4]", cidr):
        raise Refused(f"--cidr is '{cidr}', but must be within 10.0.0.0/8 and of /20 to /24, for example {free(document)}")
    try:
        wanted = ipaddress.ip_network(cidr)
    except ValueError as e:
        raise Refused(f"--cidr: {e}") from e
    for name, region in document["regions"].items():
        if wanted.overlaps(ipaddress.ip_network(region["cidr"])):
            raise Refused(f"--cidr {cidr} overlaps {region['cidr']} of {name}, and peering refuses that. Free, for example: {free(document)}")
    return cidr


def free(document):
    """The lowest /20 after the first network that overlaps none."""
    taken = [ipaddress.ip_network(region["cidr"]) for region in document["regions"].values()]
    first = min(taken).supernet(new_prefix=8) if taken else ipaddress.ip_network("10.0.0.0/8")
    begin = min(taken).network_address if taken else first.network_address
    for candidate in first.subnets(new_prefix=20):
        if candidate.network_address >= begin and not any(candidate.overlaps(other) for other in taken):
            return str(candidate)
    return "none"


def with_traffic(document, region, percent):
    """The document with this share of the region's own callers."""
    if region not in served(document):
        raise Refused(f"{region} has no functions in infra/regions.json")
    if not document.get("api"):
        raise Refused("infra/regions.json has no 'api', hence no public name whose callers could be led: each caller chooses a region's own address")
    if region == document["primary"] and percent != 100:
        raise Refused(f"{region} is 'primary': the others' callers are led to it while they are led away, so it serves all of its own")
    document = json.loads(json.dumps(document))
    document["regions"][region].pop("traffic", None)
    if percent != 100:
        document["regions"][region]["traffic"] = percent
    return document


def without_region(document, region, canary=None):
    """The document without this region. canary is the region that is deployed to first from now on."""
    if region not in document["regions"]:
        raise Refused(f"{region} is not in infra/regions.json")
    if region == document["primary"]:
        raise Refused(f"{region} is 'primary' in infra/regions.json: the stacks of secrets, zone and datastore are there. It cannot be removed")
    ledger = document["ledger"]
    if region in ledger["replicas"] or region == ledger.get("witness"):
        raise Refused(f"{region} holds the ledger ({', '.join(ledger['replicas'])}, witness {ledger.get('witness') or 'none'}), whose regions are fixed at its creation")
    document = json.loads(json.dumps(document))
    del document["regions"][region]
    if canary:
        if canary not in served(document):
            raise Refused(f"--canary is '{canary}', but must be one of {', '.join(served(document))}")
        document["canary"] = canary
    if document["canary"] == region:
        others = [name for name in served(document) if name != document["primary"]] or served(document)
        raise Refused(f"{region} is the canary, the first to be deployed to: name another with --canary, for example {others[0]}")
    return document


def written(document):
    """As infra/regions.json is written: one line per region."""

    def value(key, inner):
        if key != "regions":
            return json.dumps(inner)
        return "{\n" + ",\n".join(f"    {json.dumps(name)}: {json.dumps(region)}" for name, region in inner.items()) + "\n  }"

    return "{\n" + ",\n".join(f"  {json.dumps(key)}: {value(key, inner)}" for key, inner in document.items()) + "\n}\n"


def linted(text, document):
    """cfn-lint's configuration with the document's regions."""
    names = "".join(f"  - {name}\n" for name in document["regions"])
    changed, count = re.subn(r"(?m)^regions:\n(?:  - .*\n)+", f"regions:\n{names}", text)
    if count != 1:
        raise Refused(".cfnlintrc.yaml is not written as this script reads it: one list 'regions:'")
    return changed


def sam_configured(text, document):
    """samconfig.toml with one block for each region with functions; a new one is the primary's with its own name."""
    blocks = text.rstrip("\n").split("\n\n")
    named = {m[1]: block for block in blocks if (m := re.match(r"\[([a-z]{2}(?:-[a-z]+)+-\d)\.deploy\.parameters\]", block))}
    pattern = named.get(document["primary"])
    if pattern is None:
        raise Refused(f"samconfig.toml is not written as this script reads it: a block [{document['primary']}.deploy.parameters]")
    # comments are said once
    plain = "".join(line for line in pattern.splitlines(True) if not line.startswith("#"))
    head = [block for block in blocks if block not in named.values()]
    body = [named.get(name, plain.replace(document["primary"], name)) for name in served(document)]
    return "\n\n".join([*head, *body]) + "\n"


def store(root, document):
    """Writes the three files; those that would not change are left alone. Returns the names of those that did."""
    edits = {
        "infra/regions.json": lambda _: written(document),
        ".cfnlintrc.yaml": lambda text: linted(text, document),
        "samconfig.toml": lambda text: sam_configured(text, document),
    }
    texts = {name: (root / name).read_text(encoding="utf-8") for name in edits}
    # all that can be refused is refused before the first is written
    changed = {name: new for name, edit in edits.items() if (new := edit(texts[name])) != texts[name]}
    for name, new in changed.items():
        temporary = root / (name + ".new")
        temporary.write_text(new, encoding="utf-8")
        temporary.replace(root / name)
    return list(changed)


def removal(before, after):
    """What turns one configuration's stacks into the other's, which has fewer: (action, step), the last of the plan first.

    Actions: delete a stack; update one that names a region which is gone, or the topology.
    """
    kept = {step.id: step for step in stacks.plan(after)}
    for step in reversed(stacks.plan(before)):
        new = kept.get(step.id)
        if step.kind == "topology" and new:
            yield "update", step
        elif step.kind == "stack" and not new:
            yield "delete", step
        elif step.kind == "stack" and new.parameters != step.parameters:
            yield "update", new


def addition(before, after):
    """What turns one configuration's stacks into the other's, which has more: (action, step), the first of the plan first."""
    there = {step.id: step for step in stacks.plan(before)}
    for step in stacks.plan(after):
        old = there.get(step.id)
        if not old:
            yield "create" if step.kind == "stack" else "do", step
        elif step.kind == "topology" and len(after.served) != len(before.served):
            yield "update", step
        elif old.parameters != step.parameters:
            yield "update", step


# What CloudFormation leaves behind, by template and logical name (DeletionPolicy: Retain). scripts/check-deploy compares.
RETAINED = {
    "cache-access": {
        "Subnets": "the caches' subnet group; free",
        "User": "the caches' user; free",
        "Nobody": "the caches' default user; free",
        "Users": "the caches' user group; free",
    },
    "cache-datastore": {"Datastore": "the global datastore; its clusters are billed"},
    "cache-primary": {"Group": "the cache's cluster; billed by the hour, a copy of the ledger"},
    "cache-secondary": {"Group": "the cache's cluster; billed by the hour, a copy of the ledger"},
    "cache-self-managed": {"Certificate": "the secret of the cache's certificate; billed by the month"},
    "dns": {"Zone": "the private zone with the record of the home; billed by the month"},
    "encryption": {"Key": "the key of the secrets; billed by the month"},
    "ledger": {"Ledger": "the ledger: every change that was ever accepted; billed by size"},
    "secrets": {
        "Topology": "the topology; billed by the month",
        "Keys": "the digests of the callers' keys; billed by the month",
        "CacheUser": "the functions' log-in at the caches; billed by the month",
        "ReplicationUser": "the log-in of replication; billed by the month",
    },
}


def main():
    parser = argparse.ArgumentParser(prog="regions.py", description="Which regions there are.")
    commands = parser.add_subparsers(dest="command", required=True)
    for name in ("add", "traffic", "remove"):
        asked = commands.add_parser(name)
        asked.add_argument("region")
        # the configuration alone goes there, and no file of the project is changed
        asked.add_argument("--into")
        if name == "add":
            asked.add_argument("--cidr")
        elif name == "traffic":
            asked.add_argument("percent", type=int)
        else:
            asked.add_argument("--canary")
    asked = commands.add_parser("share", help="the share of its callers that a region serves; '-' without functions")
    asked.add_argument("region")
    asked = commands.add_parser("removal", help="actions, separated by tabs: action kind id region stack template")
    asked.add_argument("before")
    asked.add_argument("after")
    asked = commands.add_parser("addition", help="the same for what is to be made")
    asked.add_argument("before")
    asked.add_argument("after")
    asked = commands.add_parser("teardown", help="the same for the deletion of everything")
    asked = commands.add_parser("retained", help="stdin: actions. What they leave behind: stack region what")
    asked = commands.add_parser("there", help="stdin: actions. Those whose stack is there")
    asked.add_argument("outputs")
    asked = commands.add_parser("log-groups", help="stdin: ListStackResources. Names of its log groups")
    asked = commands.add_parser("entry", help="stdin: the topology secret. A region's entry in it")
    asked.add_argument("region")
    given = parser.parse_args()
    path = ROOT / "infra/regions.json"
    document = json.loads(path.read_text(encoding="utf-8"))
    try:
        if given.command in ("add", "traffic", "remove"):
            if given.command == "add":
                changed = with_region(document, given.region, given.cidr)
            elif given.command == "traffic":
                changed = with_traffic(document, given.region, given.percent)
            else:
                changed = without_region(document, given.region, given.canary)
            if given.into:
                pathlib.Path(given.into).write_text(written(changed), encoding="utf-8")
            else:
                print(*store(ROOT, changed), sep="\n")
        elif given.command == "share":
            print(document["regions"][given.region].get("traffic", 100) if given.region in served(document) else "-")
        elif given.command in ("removal", "addition", "teardown"):
            if given.command != "teardown":
                actions = (removal if given.command == "removal" else addition)(stacks.load(given.before), stacks.load(given.after))
            else:
                actions = (("delete", step) for step in reversed(stacks.plan(stacks.load(path))) if step.kind == "stack")
            for action, step in actions:
                print(action, step.kind, step.id, step.region, step.stack or "-", pathlib.Path(step.template).stem or "-", sep="\t")
        elif given.command == "retained":
            for line in sys.stdin:
                action, _, _, region, stack, template = line.rstrip("\n").split("\t")
                for what in RETAINED.get(template, {}).values() if action == "delete" else ():
                    print(f"{stack} in {region}: {what}")
        elif given.command == "there":
            known = json.loads(pathlib.Path(given.outputs).read_text(encoding="utf-8"))
            print("".join(line for line in sys.stdin if line.split("\t")[2] in known), end="")
        elif given.command == "log-groups":
            names = (r["PhysicalResourceId"] for r in json.load(sys.stdin)["StackResourceSummaries"] if r["ResourceType"] == "AWS::Logs::LogGroup")
            print(*names, sep="\n")
        else:
            print(json.dumps(json.load(sys.stdin).get("regions", {}).get(given.region)))
    except Refused as e:
        sys.exit(str(e))


if __name__ == "__main__":
    main()
