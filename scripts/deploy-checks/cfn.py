"""Reads CloudFormation templates and runs checks on them. Used by the *_checks.py beside it; run by scripts/check-deploy.

A check takes a World and gives a list of problems. Each check has at least one breakage: a change to a copy of the World
that the check must find. Both run every time, so a check that sees nothing does not pass.
"""

import copy
import json
import pathlib
import re
import sys
from dataclasses import dataclass, field

import yaml

ROOT = pathlib.Path(__file__).resolve().parents[2]


class _Loader(getattr(yaml, "CSafeLoader", yaml.SafeLoader)):
    """YAML with CloudFormation's short forms (!Ref, !Sub, ...) spelled out as the long ones."""


def _short_form(loader, suffix, node):
    name = suffix if suffix in ("Ref", "Condition") else "Fn::" + suffix
    if isinstance(node, yaml.ScalarNode):
        value = loader.construct_scalar(node)
        if suffix == "GetAtt":
            value = value.split(".", 1)
    elif isinstance(node, yaml.SequenceNode):
        value = loader.construct_sequence(node, deep=True)
    else:
        value = loader.construct_mapping(node, deep=True)
    return {name: value}


_Loader.add_multi_constructor("!", _short_form)
# a date stays text: "2012-10-17" is a policy's version
_Loader.yaml_implicit_resolvers = {
    first: [(tag, rule) for tag, rule in rules if tag != "tag:yaml.org,2002:timestamp"]
    for first, rules in yaml.SafeLoader.yaml_implicit_resolvers.items()
}


def load(path):
    """A template as plain dicts and lists; YAML or JSON."""
    return yaml.load(pathlib.Path(path).read_text(encoding="utf-8"), Loader=_Loader)


def templates(folder):
    """All templates of a folder: file name to template."""
    return {path.name: load(path) for path in sorted((ROOT / folder).glob("*.yaml"))}


def resources(template, *types):
    """(logical name, resource) of these types, or of all."""
    for name, resource in template.get("Resources", {}).items():
        if not types or resource["Type"] in types:
            yield name, resource


def properties(resource):
    return resource.get("Properties", {})


def every(world, *types):
    """(where, resource) of these types over all templates."""
    for file, template in world.templates.items():
        for name, resource in resources(template, *types):
            yield f"{file}: {name}", resource


def walk(value, path=()):
    """Every (path, value) inside, the whole included."""
    yield path, value
    if isinstance(value, dict):
        for key, inner in value.items():
            yield from walk(inner, (*path, key))
    elif isinstance(value, list):
        for index, inner in enumerate(value):
            yield from walk(inner, (*path, index))


def listed(value):
    """One or many, as a list."""
    return value if isinstance(value, list) else [value]


def statements(resource):
    """Every policy statement anywhere in a resource (inline, resource policies, endpoint policies, SAM's Policies)."""
    for _, value in walk(resource):
        if isinstance(value, dict) and value.get("Effect") in ("Allow", "Deny"):
            yield value


def text(value):
    """The literal text of a value: Fn::Sub's text as it stands, anything else as JSON."""
    if isinstance(value, str):
        return value
    if isinstance(value, dict) and "Fn::Sub" in value:
        inner = value["Fn::Sub"]
        return inner if isinstance(inner, str) else inner[0]
    return json.dumps(value)


def metrics():
    """The code's metrics: name to (unit, further dimension or None), read from Metric.java."""
    source = (ROOT / "shared/src/main/java/dev/burgee/metrics/Metric.java").read_text(encoding="utf-8")
    constants = source.split("public enum Metric", 1)[1]
    found = re.findall(r'[A-Z_]+\(\s*"(\w+)",\s*Unit\.(\w+),\s*(null|"\w+")\s*\)', constants)
    if len(found) < 10:
        raise SystemExit("cfn.py: Metric.java is not written as this script reads it")
    return {name: (unit, None if further == "null" else further.strip('"')) for name, unit, further in found}


@dataclass
class World:
    """What the checks look at. A breakage gets a deep copy and may change anything in it."""

    templates: dict
    regions: dict = field(default_factory=dict)
    metrics: dict = field(default_factory=dict)
    other: dict = field(default_factory=dict)


class Checks:
    """Checks and the breakages that prove them."""

    def __init__(self):
        self._checks = {}
        self._breakages = {}

    def check(self, function):
        """Registers World -> list of problems."""
        self._checks[function.__name__] = function
        self._breakages[function.__name__] = []
        return function

    def broken_by(self, check):
        """Registers a change of a World that this check must find."""

        def register(change):
            self._breakages[check.__name__].append(change)
            return change

        return register

    def run(self, world):
        """Prints what is wrong; returns the number of problems."""
        problems = 0
        for name, check in self._checks.items():
            found = list(check(copy.deepcopy(world)))
            for problem in found:
                problems += 1
                print(f"{name}: {problem}", file=sys.stderr)
            if not self._breakages[name]:
                problems += 1
                print(f"{name}: nothing shows that this check can fail", file=sys.stderr)
            # what is broken already proves nothing either way
            for change in self._breakages[name] if not found else []:
                broken = copy.deepcopy(world)
                change(broken)
                if not list(check(broken)):
                    problems += 1
                    print(f"{name}: does not notice {change.__name__}", file=sys.stderr)
        print(f"{len(self._checks)} checks, {sum(map(len, self._breakages.values()))} breakages, {problems} problems")
        return problems
