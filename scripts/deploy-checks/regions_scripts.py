"""Runs scripts/add-region, remove-region and teardown against the emulator (moto) with the real AWS CLI, and checks what they
called, in which order, and what is left. Run by scripts/check-deploy with the emulator's Python. Argument: a Python that has
awscli.

The emulator holds a stand-in for every stack of the plan, with its real name, region, parameters and outputs. What it does
not know, or not well enough (region-pulse, Global Datastore, clusters, user groups, a table of several regions), is answered by
the `aws` that stands in front of the real one: this file, under that name, which also writes down each call that changes
something. scripts/deploy and scripts/smoke are stubs in a copy of the project. Each check has breakages: a change of what was
written down that the check must find.
"""

import json
import os
import pathlib
import sys


class Stub:
    """The `aws` in front of the real one."""

    READS = ("describe", "get", "list", "filter")

    def __init__(self, arguments):
        self.arguments = arguments
        plain = arguments[arguments.index("json") + 1 :]
        self.service, self.operation = plain[0], plain[1]
        self.options = {}
        name = None
        for word in plain[2:]:
            if word.startswith("--"):
                name = word[2:]
                self.options[name] = ""
            elif name:
                self.options[name] = (self.options[name] + " " + word).strip()
        self.folder = pathlib.Path(os.environ["REGIONS_SCRIPTS"])
        self.file = self.folder / "state.json"
        self.state = json.loads(self.file.read_text(encoding="utf-8"))

    def run(self):
        if not self.operation.startswith(self.READS) and self.operation != "invoke":
            with (self.folder / "calls").open("a", encoding="utf-8") as calls:
                calls.write(json.dumps([self.service, self.operation, self.options]) + "\n")
        answer = getattr(self, self.operation.replace("-", "_"), None)
        if answer is None:
            self.real(self.arguments)
        answer()
        self.file.write_text(json.dumps(self.state), encoding="utf-8")

    def real(self, arguments):
        """Asks the real one, and ends."""
        sys.path.insert(0, os.environ["REGIONS_CHECKS"])
        from resident import call

        sys.exit(call(self.folder / "resident", arguments))

    def fail(self, why):
        print(f"An error occurred ({why}) when calling the {self.operation} operation", file=sys.stderr)
        sys.exit(254)

    def invoke(self):
        region, home = self.options["region"], self.state["home"]
        if home is None:
            self.fail("ServiceException")
        report = {"region": region, "profile": "global-datastore", "home": {"region": home, "epoch": 3}, "cache": {"reachable": True}, "caches": [], "problems": []}
        pathlib.Path(self.arguments[-1]).write_text(json.dumps(report), encoding="utf-8")
        print('{"StatusCode": 200}')

    def describe_global_replication_groups(self):
        members = [{"ReplicationGroupRegion": r, "ReplicationGroupId": f"burgee-prod-{r}", "Role": role} for r, role in self.state["members"].items()]
        print(json.dumps({"GlobalReplicationGroups": [{"GlobalReplicationGroupId": "ldgnf-burgee-prod", "Status": "available", "Members": members}] if members else []}))

    def disassociate_global_replication_group(self):
        if self.state["members"].pop(self.options["replication-group-region"], None) != "SECONDARY":
            self.fail("InvalidParameterValue")

    def delete_global_replication_group(self):
        if list(self.state["members"].values()) != ["PRIMARY"]:
            self.fail("InvalidGlobalReplicationGroupState")
        self.state["members"] = {}

    def delete_replication_group(self):
        region = self.options["region"]
        if region in self.state["members"]:
            self.fail("InvalidReplicationGroupState")
        # the emulator would keep it "deleting" for ever
        self.state["clusters"].remove(region) if region in self.state["clusters"] else self.fail("ReplicationGroupNotFoundFault")

    def describe_replication_groups(self):
        print("available") if self.options["region"] in self.state["clusters"] else self.fail("ReplicationGroupNotFoundFault")

    def describe_table(self):
        ledger = self.state["ledger"]
        if self.options["region"] not in ledger["replicas"]:
            self.fail("ResourceNotFoundException")
        found = {"TableStatus": "ACTIVE", "Replicas[].RegionName": "\t".join(ledger["replicas"]), "GlobalTableWitnesses[].RegionName": ledger["witness"]}
        print(found[self.options["query"].removeprefix("Table.")])

    def update_table(self):
        ledger, region = self.state["ledger"], self.options["region"]
        if "no-deletion-protection-enabled" in self.options:
            ledger["replicas"][region] = "unprotected"
            return
        leaving = [u["Delete"]["RegionName"] for u in json.loads(self.options["replica-updates"])]
        witness = [u["Delete"]["RegionName"] for u in json.loads(self.options["global-table-witness-updates"])]
        # with strong consistency: all but one and the witness, at once, and none of them protected
        if {*leaving, region} != ledger["replicas"].keys() or witness != [ledger["witness"]] or set(ledger["replicas"].values()) != {"unprotected"}:
            self.fail("ValidationException")
        self.state["ledger"] = {"replicas": {region: "unprotected"}, "witness": None}

    def delete_table(self):
        if self.state["ledger"] != {"replicas": {self.options["region"]: "unprotected"}, "witness": None}:
            self.fail("ResourceInUseException")
        self.state["ledger"] = {"replicas": {}, "witness": None}

    def delete_user_group(self):
        groups = self.state["user groups"]
        groups.remove(self.options["region"]) if self.options["region"] in groups else self.fail("UserGroupNotFound")

    def describe_user_groups(self):
        print("active") if self.options["region"] in self.state["user groups"] else self.fail("UserGroupNotFound")

    def delete_cache_subnet_group(self):
        pass


if pathlib.Path(sys.argv[0]).name == "aws":
    Stub(sys.argv[1:]).run()
    sys.exit()

import contextlib  # noqa: E402
import shutil  # noqa: E402
import subprocess  # noqa: E402
import tempfile  # noqa: E402
import time  # noqa: E402

import boto3  # noqa: E402
import cfn  # noqa: E402
from resident import Resident  # noqa: E402

sys.path.insert(0, str(cfn.ROOT / "scripts/lib"))
import regions  # noqa: E402
import stacks  # noqa: E402

checks = cfn.Checks()
GONE = "eu-west-1"
HOME = "us-east-1"
LEDGER = "us-east-2"


class Place:
    """A copy of the project, and an emulator with all its stacks."""

    def __init__(self, folder, server):
        self.folder = pathlib.Path(folder)
        self.project = self.folder / "project"
        self.environment = {
            **os.environ, "AWS_ENDPOINT_URL": server, "AWS_ACCESS_KEY_ID": "emulated", "AWS_SECRET_ACCESS_KEY": "emulated",
            "REGIONS_SCRIPTS": str(self.folder), "REGIONS_CHECKS": str(self.project / "scripts/deploy-checks"), "PATH": f"{self.folder / 'bin'}:{os.environ['PATH']}",
            "PYTHONDONTWRITEBYTECODE": "1",
        }  # fmt: skip
        (self.folder / "bin").mkdir()
        stub = self.folder / "bin/aws"
        stub.write_text(f"#!{sys.executable} -IS\n" + pathlib.Path(__file__).read_text(encoding="utf-8"), encoding="utf-8")
        stub.chmod(0o755)
        for name in ("infra", "scripts"):
            shutil.copytree(cfn.ROOT / name, self.project / name, ignore=shutil.ignore_patterns("__pycache__"))
        for name in ("template.yaml", ".cfnlintrc.yaml", "samconfig.toml"):
            shutil.copy(cfn.ROOT / name, self.project / name)
        self.script("deploy", 'echo "deploy $*" >>"$REGIONS_SCRIPTS/stubs"')
        # fails when its turn comes: a line of "smoke" for each run
        self.script("smoke", 'echo "smoke $1" >>"$REGIONS_SCRIPTS/stubs"; r=$(head -1 "$REGIONS_SCRIPTS/smoke"); sed -i 1d "$REGIONS_SCRIPTS/smoke"; exit "${r:-0}"')
        (self.folder / "smoke").touch()

    def script(self, name, body):
        file = self.project / "scripts" / name
        file.write_text(f"#!/usr/bin/env bash\n{body}\n", encoding="utf-8")
        file.chmod(0o755)

    def client(self, service, region):
        return boto3.client(service, region_name=region, endpoint_url=self.environment["AWS_ENDPOINT_URL"], aws_access_key_id="emulated", aws_secret_access_key="emulated")

    def configure(self, document):
        """Writes regions.json and what goes with it, and empties the notes."""
        regions.store(self.project, document)
        self.state(home=HOME, members={r: "PRIMARY" if r == HOME else "SECONDARY" for r in regions.served(document)}, groups=regions.served(document))

    def state(self, home, members, groups):
        for name in ("calls", "stubs"):
            (self.folder / name).write_text("", encoding="utf-8")
        ledger = {"replicas": {HOME: "protected", LEDGER: "protected"}, "witness": "us-west-2"}
        (self.folder / "state.json").write_text(json.dumps({"ledger": ledger, "home": home, "members": members, "user groups": groups, "clusters": groups}), encoding="utf-8")

    def config(self):
        return stacks.load(self.project / "infra/regions.json")

    def make(self):
        """A stand-in for each stack, and by API what the templates retain."""
        config = self.config()
        outputs = {"release": {"Release": "0" * 40}}
        for step in stacks.plan(config):
            if step.kind != "stack":
                continue
            template = cfn.load(cfn.ROOT / step.template)
            names = template.get("Outputs", {})
            outputs[step.id] = {n: f"https://{step.region}.example.com" if n.endswith("Url") else f"{n}.{step.region}" for n in names}
            resources = {"StandIn": {"Type": "AWS::SNS::Topic"}}
            if step.template == "template.yaml":
                resources["Logs"] = {"Type": "AWS::Logs::LogGroup", "Properties": {"LogGroupName": "/aws/lambda/burgee-read-flag"}}
            body = {
                "Parameters": {p: {"Type": "String", "Default": ""} for p in step.parameters},
                "Resources": resources,
                "Outputs": {n: {"Value": v} for n, v in outputs[step.id].items()},
            }
            given = [{"ParameterKey": k, "ParameterValue": v} for k, v in stacks.resolve(step, outputs).items()]
            self.client("cloudformation", step.region).create_stack(StackName=step.stack, TemplateBody=json.dumps(body), Parameters=given)
        for region in config.served:
            client = self.client("elasticache", region)
            for user in ("burgee-prod", "burgee-prod-nobody"):
                client.create_user(UserId=user, UserName=user, Engine="redis", AccessString="on ~* +@all", NoPasswordRequired=True)
            self.client("ssm", region).put_parameter(Name="/burgee/prod/home", Value="{}", Type="String")
            logs = self.client("logs", region)
            logs.create_log_stream(logGroupName="/aws/lambda/burgee-read-flag", logStreamName="s")
            logs.put_log_events(logGroupName="/aws/lambda/burgee-read-flag", logStreamName="s", logEvents=[{"timestamp": int(time.time() * 1000), "message": "served"}])
        secrets = self.client("secretsmanager", config.primary)
        others = [{"Region": r} for r in config.served if r != config.primary]
        topology = json.dumps(stacks.topology(config, outputs, {"username": "burgee", "password": "x"}))
        values = {"topology": topology, "keys": "{}", "cache-user": '{"username": "burgee", "password": "x"}', "replication-user": "{}"}
        for name, value in values.items():
            secrets.create_secret(Name=f"burgee/prod/{name}", SecretString=value, AddReplicaRegions=others)
        zone = self.client("route53", config.primary).create_hosted_zone(
            Name=config.zone, CallerReference="x", HostedZoneConfig={"PrivateZone": True}, VPC={"VPCRegion": config.primary, "VPCId": "vpc-1"}
        )["HostedZone"]["Id"]
        self.client("route53", config.primary).change_resource_record_sets(
            HostedZoneId=zone,
            ChangeBatch={"Changes": [{"Action": "CREATE", "ResourceRecordSet": {"Name": f"primary.{config.zone}", "Type": "CNAME", "TTL": 10, "ResourceRecords": [{"Value": "x"}]}}]},
        )

    def run(self, script, *arguments):
        """What a script did: its status, text, the calls that change something, the stubs that it ran, and the files then."""
        for name in ("calls", "stubs"):
            (self.folder / name).write_text("", encoding="utf-8")
        with (self.folder / "said").open("w+", encoding="utf-8") as said:
            command = [self.project / "scripts" / script, *arguments]
            done = subprocess.Popen(command, env=self.environment, stdout=said, stderr=said, stdin=subprocess.DEVNULL, start_new_session=True)
            try:
                done.wait(timeout=300)
            except subprocess.TimeoutExpired:
                os.killpg(done.pid, 9)
                said.seek(0)
                raise SystemExit(f"{script} {' '.join(arguments)} does not end:\n{said.read()}") from None
            said.seek(0)
            text = said.read()
        calls = [json.loads(line) for line in (self.folder / "calls").read_text(encoding="utf-8").splitlines()]
        return {
            "status": done.returncode,
            "text": text,
            "calls": [named(*call) for call in calls],
            "stubs": (self.folder / "stubs").read_text(encoding="utf-8").splitlines(),
            "regions": json.loads((self.project / "infra/regions.json").read_text(encoding="utf-8"))["regions"],
            "lists": {name: (self.project / name).read_text(encoding="utf-8") for name in (".cfnlintrc.yaml", "samconfig.toml")},
        }

    def stacks(self):
        """Every stack that is there: id to parameters."""
        found = {}
        for region in (HOME, GONE, LEDGER, "ap-southeast-1"):
            for stack in self.client("cloudformation", region).describe_stacks()["Stacks"]:
                name = stack["StackName"].removeprefix("burgee-prod-")
                found[f"{name}@{region}"] = {p["ParameterKey"]: p["ParameterValue"] for p in stack.get("Parameters", [])}
        return found

    def has_group(self, region):
        return region in self.read_state()["clusters"]

    def read_state(self):
        return json.loads((self.folder / "state.json").read_text(encoding="utf-8"))

    def topology(self):
        return json.loads(self.client("secretsmanager", HOME).get_secret_value(SecretId="burgee/prod/topology")["SecretString"])


def named(service, operation, options):
    """A call in few words: what is done to what, where."""
    keys = ("stack-name", "replication-group-id", "user-group-id", "user-id", "cache-subnet-group-name", "secret-id", "table-name", "global-replication-group-id", "name", "id", "hosted-zone-id")
    what = next((options[k] for k in keys if k in options), "")
    if "replica-updates" in options:
        operation = "leave-replica"
    if operation == "delete-hosted-zone":
        what = "it"
    what = what.removeprefix("burgee-prod-") if service == "cloudformation" else what
    return f"{operation} {what}@{options.get('replication-group-region', options.get('region'))}"


def tested(profile="global-datastore", **more):
    """A small stage: two regions with functions, and one that holds the ledger only."""
    document = json.loads((cfn.ROOT / "infra/regions.json").read_text(encoding="utf-8"))
    places = {HOME: ("10.80.0.0/20", True), GONE: ("10.80.16.0/20", True), LEDGER: ("10.80.240.0/24", False)}
    entries = {name: {"cidr": cidr, "functions": functions} for name, (cidr, functions) in places.items()}
    return {**document, "profile": profile, "primary": HOME, "canary": GONE, "regions": entries, "api": {"zone": "Z1", "name": "flags.example.com"}, **more}


def rehearse(place):
    """Runs everything once: what each run did, by a name."""
    document = tested()
    place.configure(document)
    place.make()
    runs = {}

    def run(name, script, *arguments):
        runs[name] = {**place.run(script, *arguments), "stacks": place.stacks()}

    # adding: refusals first
    run("overlap", "add-region", "eu-central-1", "--cidr", "10.80.16.0/21", "--yes")
    run("no such region", "add-region", "xx-nowhere-1", "--cidr", "10.80.32.0/20", "--yes")
    run("unasked", "add-region", "eu-central-1", "--cidr", "10.80.32.0/20")
    run("add, dry", "add-region", "eu-central-1", "--cidr", "10.80.32.0/20", "--dry-run")
    run("add", "add-region", "eu-central-1", "--cidr", "10.80.32.0/20", "--yes", "--", "--soak", "15m")
    runs["one too many"] = place.run("add-region", "eu-west-2", "--cidr", "10.80.48.0/20", "--yes")
    regions.store(place.project, {**document, "regions": {**document["regions"], GONE: {**document["regions"][GONE], "traffic": 0}}})
    step = ("add-region", GONE, "--traffic", "next", "--wait", "0", "--yes")
    run("step", *step)
    (place.folder / "smoke").write_text("0\n1\n", encoding="utf-8")
    run("step that fails", *step)
    run("step again", *step)
    (place.folder / "smoke").write_text("2\n", encoding="utf-8")
    run("step without keys", *step)
    # removing
    archive = place.folder / "archive"
    remove = ("remove-region", GONE, "--archive", str(archive), "--wait", "0", "--yes")
    run("of the primary", "remove-region", HOME, "--no-archive", "--yes")
    run("of the ledger", "remove-region", LEDGER, "--no-archive", "--yes")
    run("of the canary", *remove)
    move = {"home": GONE, "members": {HOME: "SECONDARY", GONE: "PRIMARY"}, "groups": [HOME, GONE]}
    place.state(**move)
    run("of the home", *remove, "--canary", HOME)
    place.state(**{**move, "home": HOME})
    run("of the datastore's primary", *remove, "--canary", HOME)
    place.state(**{**move, "home": None})
    run("of nobody knows", *remove, "--canary", HOME)
    place.state(home=HOME, members={HOME: "PRIMARY", GONE: "SECONDARY"}, groups=[HOME, GONE])
    run("remove, dry", "remove-region", GONE, "--canary", HOME, "--dry-run")
    run("remove", *remove, "--canary", HOME)
    runs["remove"] |= {
        "archive": {str(f.relative_to(archive)): f.stat().st_size for f in archive.rglob("*") if f.is_file()},
        "archived": "".join(f.read_text(encoding="utf-8") for f in archive.rglob("*.json")),
        "group": place.has_group(GONE),
        "topology": place.topology(),
    }
    # tearing down
    run("of another stage", "teardown", "test", "--yes")
    run("with a wrong word", "teardown", "prod", "--delete-data", "yes", "--yes")
    run("teardown, unasked", "teardown", "prod")
    run("teardown, dry", "teardown", "prod", "--dry-run")
    run("teardown", "teardown", "prod", "--yes")
    runs["teardown"] |= {"group": place.has_group(HOME)}
    run("teardown of data", "teardown", "prod", "--delete-data", "prod", "--yes")
    runs["teardown of data"] |= {
        "group": place.has_group(HOME),
        "ledger": list(place.read_state()["ledger"]["replicas"]),
        "zones": [z["Name"] for z in place.client("route53", HOME).list_hosted_zones()["HostedZones"]],
        "secrets": [s["Name"] for s in place.client("secretsmanager", HOME).list_secrets()["SecretList"]],
    }
    return runs


def order(calls, *wanted):
    """What is wrong with the order: each of these calls must be there, after the one before it."""
    at = -1
    for call in wanted:
        if call not in calls:
            yield f"no {call}"
        elif calls.index(call) < at:
            yield f"too early: {call}"
        else:
            at = calls.index(call)


def swapped(calls, one, other):
    a, b = calls.index(one), calls.index(other)
    calls[a], calls[b] = calls[b], calls[a]


def of(world, name):
    return world.other["runs"][name]


@checks.check
def what_does_not_fit_is_refused_and_changes_nothing(world):
    expected = {
        "overlap": (3, "overlaps 10.80.16.0/20 of eu-west-1"),
        "no such region": (2, "AWS knows no region"),
        "unasked": (3, "no terminal"),
        "add, dry": (0, "dry run: nothing was changed"),
        "one too many": (3, "room for 3"),
        "step without keys": (2, "could not look"),
        "of the primary": (3, "is 'primary'"),
        "of the ledger": (3, "holds the ledger"),
        "of the canary": (3, "is the canary"),
        "of the home": (3, "eu-west-1 is the home"),
        "of the datastore's primary": (3, "is the primary of ldgnf-burgee-prod"),
        "of nobody knows": (3, "no pulse says"),
        "remove, dry": (0, "dry run: nothing was changed"),
        "of another stage": (2, "is of stage 'prod'"),
        "with a wrong word": (2, "must be the stage's name"),
        "teardown, unasked": (3, "no terminal"),
        "teardown, dry": (0, "stays, and is billed"),
    }
    before = None
    for name, (status, words) in expected.items():
        run = of(world, name)
        if run["status"] != status or words not in run["text"]:
            yield f"{name}: status {run['status']}, expected {status} and '{words}': {run['text'][-400:]}"
        if run["calls"]:
            yield f"{name}: called {run['calls']}"
        if before and name not in ("one too many", "step without keys", "of the primary", "of another stage") and run["regions"] != before:
            yield f"{name}: changed regions.json"
        before = run["regions"]


@checks.broken_by(what_does_not_fit_is_refused_and_changes_nothing)
def the_home_was_removed(world):
    of(world, "of the home")["status"] = 0


@checks.broken_by(what_does_not_fit_is_refused_and_changes_nothing)
def a_dry_run_that_calls(world):
    of(world, "remove, dry")["calls"].append("delete-stack network@eu-west-1")


@checks.broken_by(what_does_not_fit_is_refused_and_changes_nothing)
def a_dry_run_that_writes(world):
    del of(world, "remove, dry")["regions"][GONE]


@checks.check
def a_region_is_added_in_every_file_and_deployed_in_order(world):
    run = of(world, "add")
    if run["status"] != 0:
        yield f"status {run['status']}: {run['text'][-600:]}"
    if run["regions"].get("eu-central-1") != {"cidr": "10.80.32.0/20", "functions": True, "traffic": 0}:
        yield f"regions.json has {run['regions'].get('eu-central-1')}"
    for name, text in run["lists"].items():
        if "eu-central-1" not in text:
            yield f"{name} lacks it"
    expected = [f"deploy --ground-only {DEPLOYED}", f"deploy --region eu-central-1 {DEPLOYED}", f"deploy --after-only {DEPLOYED}", "smoke eu-central-1"]
    if run["stubs"] != expected:
        yield f"ran {run['stubs']}, expected {expected}"
    lines = [line.split() for line in run["text"].splitlines()]
    shown = [f"{words[0]} {words[3]}@{words[2]}" for words in lines if len(words) == 4 and words[0] in ("create", "update")]
    yield from order(
        shown, "create burgee-prod-network@eu-central-1", "create burgee-prod-peering-us-east-2@eu-central-1", "update burgee-prod-secrets@us-east-1",
        "create burgee-prod-cache-secondary@eu-central-1", "update burgee-prod-dns@us-east-1", "create burgee-prod-functions@eu-central-1",
        "create burgee-prod-dns-api@eu-central-1", "update burgee-prod-dashboard@us-east-1",
    )  # fmt: skip


DEPLOYED = "--allow-dirty --yes --soak 15m"


@checks.broken_by(a_region_is_added_in_every_file_and_deployed_in_order)
def traffic_at_once(world):
    of(world, "add")["regions"]["eu-central-1"].pop("traffic")


@checks.broken_by(a_region_is_added_in_every_file_and_deployed_in_order)
def a_file_forgotten(world):
    of(world, "add")["lists"][".cfnlintrc.yaml"] = ""


@checks.broken_by(a_region_is_added_in_every_file_and_deployed_in_order)
def nobody_looked(world):
    of(world, "add")["stubs"].pop()


@checks.broken_by(a_region_is_added_in_every_file_and_deployed_in_order)
def functions_before_their_network(world):
    run = of(world, "add")
    run["text"] = run["text"].replace("burgee-prod-network", "burgee-prod-x").replace("burgee-prod-functions", "burgee-prod-network").replace("burgee-prod-x", "burgee-prod-functions")


@checks.check
def traffic_rises_by_ten_and_falls_to_none(world):
    for name, share, status, looks in (("step", 10, 0, 2), ("step that fails", 0, 1, 2), ("step again", 10, 0, 2)):
        run = of(world, name)
        if run["status"] != status:
            yield f"{name}: status {run['status']}: {run['text'][-400:]}"
        given = run["stacks"][f"dns-api@{GONE}"]
        found = given["TrafficPercent"], given["FallbackPercent"], given["FallbackDomain"], given["FallbackHealthCheckId"]
        if found != (str(share), str(100 - share), f"RegionalDomainName.{HOME}", f"HealthCheckId.{HOME}"):
            yield f"{name}: the stack has {found}"
        if run["regions"][GONE].get("traffic", 100) != share:
            yield f"{name}: regions.json has {run['regions'][GONE]}"
        if run["stubs"] != [f"smoke {GONE}"] * looks:
            yield f"{name}: looked {run['stubs']}"
        if set(run["calls"]) != {f"update-stack dns-api@{GONE}"}:
            yield f"{name}: called {run['calls']}"


@checks.broken_by(traffic_rises_by_ten_and_falls_to_none)
def callers_stay_with_a_sick_region(world):
    of(world, "step that fails")["stacks"][f"dns-api@{GONE}"]["TrafficPercent"] = "20"


@checks.broken_by(traffic_rises_by_ten_and_falls_to_none)
def the_file_says_otherwise(world):
    of(world, "step that fails")["regions"][GONE]["traffic"] = 20


@checks.broken_by(traffic_rises_by_ten_and_falls_to_none)
def a_step_without_a_look(world):
    of(world, "step")["stubs"].pop()


@checks.check
def a_region_is_drained_archived_and_deleted_in_reverse(world):
    run = of(world, "remove")
    calls = run["calls"]
    if run["status"] != 0:
        yield f"status {run['status']}: {run['text'][-800:]}"
    group = f"burgee-prod-{GONE}@{GONE}"
    yield from order(
        calls, f"update-stack dns-api@{GONE}", f"update-stack dashboard@{HOME}", f"delete-stack dns-api@{GONE}", f"delete-stack monitoring@{GONE}", f"delete-stack functions@{GONE}",
        f"put-secret-value burgee/prod/topology@{HOME}", f"update-stack dns@{HOME}", f"disassociate-global-replication-group {group}", f"delete-replication-group {group}",
        f"delete-stack cache-secondary@{GONE}", f"delete-user-group burgee-prod@{GONE}", f"delete-user burgee-prod@{GONE}", f"delete-cache-subnet-group burgee-prod@{GONE}",
        f"delete-stack cache-access@{GONE}", f"delete-stack settings@{GONE}", f"delete-stack operations@{GONE}", f"update-stack secrets@{HOME}",
        f"delete-stack peering-{GONE}@{LEDGER}", f"delete-stack peering-{HOME}@{GONE}", f"delete-stack peering-{GONE}@{HOME}", f"delete-stack network@{GONE}",
    )  # fmt: skip
    text = run["text"]
    if not 0 < text.find("archiving into") < text.find("delete-stack"):
        yield "archived after the first deletion, or never"
    if not text.find("is updated") < text.find("archiving into"):
        yield "not drained first"


@checks.broken_by(a_region_is_drained_archived_and_deleted_in_reverse)
def network_before_cache(world):
    swapped(of(world, "remove")["calls"], f"delete-stack network@{GONE}", f"delete-stack cache-secondary@{GONE}")


@checks.broken_by(a_region_is_drained_archived_and_deleted_in_reverse)
def topology_before_functions(world):
    swapped(of(world, "remove")["calls"], f"delete-stack functions@{GONE}", f"put-secret-value burgee/prod/topology@{HOME}")


@checks.broken_by(a_region_is_drained_archived_and_deleted_in_reverse)
def not_drained(world):
    of(world, "remove")["calls"].pop(0)


@checks.broken_by(a_region_is_drained_archived_and_deleted_in_reverse)
def no_archive(world):
    of(world, "remove")["text"] = of(world, "remove")["text"].replace("archiving into", "")


@checks.check
def nothing_of_a_removed_region_is_left(world):
    run = of(world, "remove")
    left = sorted(id for id in run["stacks"] if GONE in id)
    if left:
        yield f"stacks are left: {left}"
    for id, given in run["stacks"].items():
        named = [key for key, value in given.items() if GONE in value]
        if named:
            yield f"{id} still names it: {named}"
    if run["group"]:
        yield "its cluster is left"
    if GONE in json.dumps(run["topology"]) or HOME not in run["topology"]["regions"] or run["topology"]["password"] != "x":
        yield f"the topology is {run['topology']}"
    if GONE in run["regions"] or any(f"{mark}{GONE}" in text for text in run["lists"].values() for mark in ("- ", "[", '"')):
        yield "a file still names it"
    needed = {"last-report.json", "topology-entry.json", "stacks.json", "alarms.json", "parameters.json", "regions.json", "plan.txt", "logs/aws_lambda_burgee-read-flag.json.gz"}
    empty = {name for name, size in run["archive"].items() if size < 3}
    if run["archive"].keys() != needed or empty:
        yield f"archived {run['archive']}"
    if '"password"' in run["archived"]:
        yield "a password is in the archive"
    if f"the snapshot burgee-prod-{GONE}-final-" not in run["text"]:
        yield "does not say what stays"


@checks.broken_by(nothing_of_a_removed_region_is_left)
def a_stack_left_behind(world):
    of(world, "remove")["stacks"][f"peering-{GONE}@{HOME}"] = {}


@checks.broken_by(nothing_of_a_removed_region_is_left)
def a_zone_that_names_it(world):
    of(world, "remove")["stacks"][f"dns@{HOME}"]["Vpc2"] = f"{GONE}/vpc-1"


@checks.broken_by(nothing_of_a_removed_region_is_left)
def a_topology_that_names_it(world):
    of(world, "remove")["topology"]["regions"][GONE] = {"cache": "x"}


@checks.broken_by(nothing_of_a_removed_region_is_left)
def a_password_in_the_archive(world):
    of(world, "remove")["archived"] += '{"password": "x"}'


@checks.broken_by(nothing_of_a_removed_region_is_left)
def logs_not_kept(world):
    of(world, "remove")["archive"].pop("logs/aws_lambda_burgee-read-flag.json.gz")


@checks.check
def a_teardown_keeps_the_data_unless_told(world):
    run = of(world, "teardown")
    if run["status"] != 0:
        yield f"status {run['status']}: {run['text'][-800:]}"
    yield from order(
        run["calls"], "delete-stack budget@us-east-1", f"delete-stack dashboard@{HOME}", f"delete-stack functions@{HOME}", f"delete-stack dns@{HOME}", f"delete-stack cache-datastore@{HOME}",
        f"delete-stack cache-primary@{HOME}", f"delete-stack cache-access@{HOME}", f"delete-stack secrets@{HOME}", f"delete-stack ledger@{HOME}", f"delete-stack network@{LEDGER}",
    )  # fmt: skip
    allowed = ("delete-stack ", "delete-parameter /burgee/prod/home@")
    more = [call for call in run["calls"] if not call.startswith(allowed)]
    if more or not run["group"]:
        yield f"touched data: {more}"
    if run["stacks"].keys() != {f"network@{HOME}"}:
        yield f"left {sorted(run['stacks'])}; expected the network that the cluster is in"
    for words in ("delete-table", "delete-secret", "delete-replication-group", "delete-hosted-zone", "no-deletion-protection-enabled", f"and then: the stack burgee-prod-network in {HOME}"):
        if words not in run["text"]:
            yield f"does not tell how to delete: {words}"


@checks.broken_by(a_teardown_keeps_the_data_unless_told)
def the_ledger_deleted_unasked(world):
    of(world, "teardown")["calls"].append(f"delete-table burgee-prod-ledger@{HOME}")


@checks.broken_by(a_teardown_keeps_the_data_unless_told)
def the_ground_first(world):
    swapped(of(world, "teardown")["calls"], f"delete-stack functions@{HOME}", f"delete-stack secrets@{HOME}")


@checks.broken_by(a_teardown_keeps_the_data_unless_told)
def silent_about_what_stays(world):
    of(world, "teardown")["text"] = ""


@checks.check
def a_teardown_of_data_leaves_nothing(world):
    run = of(world, "teardown of data")
    if run["status"] != 0:
        yield f"status {run['status']}: {run['text'][-800:]}"
    group = f"burgee-prod-{HOME}@{HOME}"
    yield from order(
        run["calls"], f"delete-hosted-zone it@{HOME}", f"delete-global-replication-group ldgnf-burgee-prod@{HOME}", f"delete-replication-group {group}",
        f"remove-regions-from-replication burgee/prod/topology@{HOME}", f"delete-secret burgee/prod/topology@{HOME}",
        f"update-table burgee-prod-ledger@{HOME}", f"update-table burgee-prod-ledger@{LEDGER}", f"leave-replica burgee-prod-ledger@{HOME}", f"delete-table burgee-prod-ledger@{HOME}", f"delete-stack network@{HOME}",
    )  # fmt: skip
    left = [*run["stacks"], *run["ledger"], *run["zones"], *run["secrets"], *(["the cluster"] if run["group"] else [])]
    if left:
        yield f"left {left}"


@checks.broken_by(a_teardown_of_data_leaves_nothing)
def a_ledger_left(world):
    of(world, "teardown of data")["ledger"].append(LEDGER)


@checks.broken_by(a_teardown_of_data_leaves_nothing)
def a_protected_ledger(world):
    of(world, "teardown of data")["calls"].remove(f"update-table burgee-prod-ledger@{HOME}")


@checks.broken_by(a_teardown_of_data_leaves_nothing)
def a_network_with_a_cluster_in_it(world):
    swapped(of(world, "teardown of data")["calls"], f"delete-stack network@{HOME}", f"delete-replication-group burgee-prod-{HOME}@{HOME}")


@checks.check
def what_the_templates_retain_is_known(world):
    for file, template in world.templates.items():
        there = {name for name, resource in cfn.resources(template) if resource.get("DeletionPolicy") == "Retain"}
        known = regions.RETAINED.get(file.removesuffix(".yaml"), {}).keys()
        if there != known:
            yield f"{file} retains {sorted(there)}, regions.py knows {sorted(known)}"


@checks.broken_by(what_the_templates_retain_is_known)
def something_more_is_retained(world):
    world.templates["network.yaml"]["Resources"]["Vpc"]["DeletionPolicy"] = "Retain"


@checks.check
def regions_are_edited_without_a_trace(world):
    """Adding and removing a region gives back the same files, byte for byte."""
    texts = world.other["texts"]
    document = {**json.loads(texts["infra/regions.json"]), "profile": "self-managed"}
    more = regions.with_region(document, "eu-central-1", regions.free(document))
    if regions.written(json.loads(texts["infra/regions.json"])) != texts["infra/regions.json"]:
        yield "infra/regions.json is not written as regions.py writes it"
    if regions.without_region(more, "eu-central-1") != document:
        yield "regions.json differs"
    for name, edit in ((".cfnlintrc.yaml", regions.linted), ("samconfig.toml", regions.sam_configured)):
        if edit(edit(texts[name], more), document) != texts[name]:
            yield f"{name} differs"


@checks.broken_by(regions_are_edited_without_a_trace)
def a_file_written_otherwise(world):
    world.other["texts"]["infra/regions.json"] = json.dumps(json.loads(world.other["texts"]["infra/regions.json"]))


@checks.broken_by(regions_are_edited_without_a_trace)
def a_block_that_would_be_lost(world):
    world.other["texts"]["samconfig.toml"] += "\n[eu-north-1.deploy.parameters]\nregion = 1\n"


@contextlib.contextmanager
def emulated():
    from moto.server import ThreadedMotoServer

    server = ThreadedMotoServer(ip_address="127.0.0.1", port=0)
    server.start()
    try:
        host, port = server.get_host_and_port()
        yield f"http://{host}:{port}"
    finally:
        server.stop()


def main():
    import logging

    logging.getLogger("werkzeug").setLevel(logging.ERROR)
    with tempfile.TemporaryDirectory() as folder, emulated() as server:
        place = Place(folder, server)
        aws = place.project / "scripts/deploy-checks/resident_aws.py"
        with Resident(str(place.folder / "resident"), sys.argv[1], str(aws), environment=place.environment):
            runs = rehearse(place)
    texts = {name: (cfn.ROOT / name).read_text(encoding="utf-8") for name in ("infra/regions.json", ".cfnlintrc.yaml", "samconfig.toml")}
    return 1 if checks.run(cfn.World(templates=cfn.templates("infra"), other={"runs": runs, "texts": texts})) else 0


if __name__ == "__main__":
    sys.exit(main())
