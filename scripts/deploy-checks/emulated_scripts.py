"""Runs scripts/deploy and scripts/rollback, as they are, against the emulator (moto), with the real AWS CLI; usage:
emulated_scripts.py PYTHON, one that has awscli. Run by scripts/check-deploy with the emulator's Python.

In a copy of the tree with two regions and stand-ins for the functions' zips; emulated_aws.py says what stands in for
`aws cloudformation deploy`. scripts/smoke is a stand-in that notes who called it: the emulator has no API to ask. First a
story is played, then checks look at what was recorded; each check has changes to the record that it must find.
"""

import json
import os
import pathlib
import shutil
import socket
import subprocess
import sys
import tempfile
import time
import urllib.request
import zipfile

import boto3
import cfn
from resident import Resident

FUNCTIONS = ("read-flag", "write-flag", "region-pulse", "failover-dns-update")
CANARY, PRIMARY = "us-east-2", "us-east-1"
ALARM = "burgee-prod-read-error-rate"
ADMIN_KEY = "0123456789abcdef-admin"
SECONDS_MAX = 600

CONFIG = {
    "stage": "prod",
    "profile": "global-datastore",
    "primary": PRIMARY,
    "canary": CANARY,
    "zone": "prod.burgee.internal",
    "ledger": {"table": "burgee-prod-ledger", "replicas": [PRIMARY, CANARY], "witness": "us-west-2"},
    "regions": {
        PRIMARY: {"cidr": "10.80.0.0/20", "functions": True},
        CANARY: {"cidr": "10.80.16.0/20", "functions": True},
    },
}

# notes each call; only the one that moto cannot take goes to the stand-in.
SHIM = """#!%s -IS
import os, sys
sys.path.insert(0, %r)
from resident import call
with open(os.environ["EMULATED_CALLS"], "a") as calls:
    calls.write(" ".join(sys.argv[1:]) + "\\n")
deploys = "cloudformation deploy" in " ".join(sys.argv)
sys.exit(call(os.environ["EMULATED_AWS" if deploys else "REAL_AWS"], sys.argv[1:]))
"""
SMOKE = """#!/usr/bin/env bash
echo "smoke $*" >>"$EMULATED_CALLS"
[ ! -e "$EMULATED_FAIL.smoke" ] || { echo "FAIL reads"; exit 1; }
"""


class Story:
    """A copy of the tree, an emulator, and what the scripts did there."""

    def __init__(self, folder):
        self.tree = folder / "tree"
        self.checks = self.tree / "scripts/deploy-checks"
        self.calls = folder / "calls"
        self.fail = folder / "fail"
        self.runs = {}
        self.port = free_port()
        shims = folder / "bin"
        shims.mkdir()
        self.write(shims / "aws", SHIM % (sys.executable, str(self.checks)))
        self.environment = {
            "PATH": f"{shims}:{os.environ['PATH']}", "HOME": str(folder), "LANG": "C.UTF-8",
            "AWS_ENDPOINT_URL": f"http://127.0.0.1:{self.port}", "AWS_ACCESS_KEY_ID": "emulated", "AWS_SECRET_ACCESS_KEY": "emulated",
            "AWS_DEFAULT_REGION": PRIMARY, "REAL_AWS": str(folder / "real-aws"), "EMULATED_AWS": str(folder / "emulated-aws"), "EMULATED_CALLS": str(self.calls), "EMULATED_FAIL": str(self.fail),
            "EMULATED_CONFIG": str(self.tree / "infra/regions.json"), "BURGEE_ADMIN_KEY": ADMIN_KEY,
        }  # fmt: skip
        os.environ.update({k: v for k, v in self.environment.items() if k.startswith("AWS_")})

    @staticmethod
    def write(path, text):
        path.write_text(text, encoding="utf-8")
        path.chmod(0o755)

    def resident(self, name, python, file):
        """What the shim calls at the socket of this name."""
        return Resident(self.environment[name], python, "-B", str(self.checks / file), environment=self.environment)

    def client(self, service, region):
        return boto3.client(service, region_name=region)

    def git(self, *arguments):
        subprocess.run(["git", "-C", self.tree, "-c", "user.name=b", "-c", "user.email=b@example.com", *arguments], check=True, capture_output=True, timeout=30)

    def commit(self, text):
        (self.tree / "CHANGE").write_text(text, encoding="utf-8")
        self.git("add", "-A")
        self.git("commit", "-qm", text)

    def run(self, name, *command, meanwhile=None, environment=None):
        """Runs a script and records it; `meanwhile` is a word of its output, and what to do when it comes."""
        self.calls.write_text("", encoding="utf-8")
        started = time.monotonic()
        process = subprocess.Popen(
            [f"scripts/{command[0]}", *command[1:]], cwd=self.tree, env=self.environment | (environment or {}), stdin=subprocess.DEVNULL,
            stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True,
        )  # fmt: skip
        lines = []
        try:
            for line in process.stdout:
                lines.append(line)
                if meanwhile and meanwhile[0] in line:
                    meanwhile[1]()
                    meanwhile = None
                if time.monotonic() - started > SECONDS_MAX:
                    raise SystemExit(f"{name} takes more than {SECONDS_MAX} s:\n{''.join(lines)}")
            status = process.wait(timeout=30)
        finally:
            if process.poll() is None:
                process.kill()
                process.wait()
        print(f"  {name}: status {status} in {time.monotonic() - started:.0f} s", flush=True)
        if os.environ.get("BURGEE_SHOW"):
            print("".join(lines), flush=True)
        self.runs[name] = {"status": status, "output": "".join(lines), "calls": self.calls.read_text(encoding="utf-8").splitlines(), "state": self.state()}

    def state(self):
        """Per region: the release that each alias serves, and the stack's."""
        found = {}
        for region in (CANARY, PRIMARY):
            stacks = {s["StackName"]: s for s in self.client("cloudformation", region).describe_stacks()["Stacks"]}
            stack = stacks.get("burgee-prod-functions", {})
            release = next((p["ParameterValue"] for p in stack.get("Parameters", []) if p["ParameterKey"] == "Release"), "")
            served = {}
            for function in FUNCTIONS if release else ():
                client = self.client("lambda", region)
                version = client.get_alias(FunctionName=f"burgee-{function}", Name="live")["FunctionVersion"]
                described = client.get_function_configuration(FunctionName=f"burgee-{function}", Qualifier=version)["Description"]
                served[function] = described.split("Release ")[-1]
            found[region] = {"stacks": sorted(stacks), "release": release, "served": served}
        return found

    def alarm(self, region, state):
        self.client("cloudwatch", region).set_alarm_state(AlarmName=ALARM, StateValue=state, StateReason="played")

    def secret(self, name):
        return json.loads(self.client("secretsmanager", PRIMARY).get_secret_value(SecretId=f"burgee/prod/{name}")["SecretString"])


def free_port():
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return probe.getsockname()[1]


def play(story):
    deploy = ("deploy", "--no-build", "--yes")
    story.run("plan", "deploy", "--dry-run", environment={"AWS_ACCESS_KEY_ID": "", "BURGEE_ADMIN_KEY": ""})
    # the ground breaks in the middle
    story.fail.write_text("burgee-prod-network@us-east-2", encoding="utf-8")
    story.run("broken", *deploy, "--soak", "1")
    story.fail.unlink()
    story.run("first", *deploy, "--soak", "1")
    story.run("first, nothing before it", "rollback", CANARY, "--yes")
    story.run("again", *deploy, "--region", CANARY, "--soak", "1")
    # refusals
    story.commit("second")
    (story.tree / "CHANGE").write_text("not committed", encoding="utf-8")
    story.run("dirty", *deploy)
    story.git("checkout", "-q", "CHANGE")
    story.run("keyless", *deploy, environment={"BURGEE_ADMIN_KEY": ""})
    story.run("unasked", "deploy", "--no-build", "--functions-only")
    for number, wrong in enumerate((["--soak", "1x"], ["--batch", "0"], ["--region", "eu-west-1"], ["--what"], ["--config", "/none"])):
        story.run(f"wrong {number}", *deploy, *wrong)
    for number, wrong in enumerate(([], ["europe"], ["--all", CANARY])):
        story.run(f"wrong rollback {number}", "rollback", *wrong)
    story.alarm(CANARY, "ALARM")
    story.run("into an alarm", *deploy, "--functions-only", "--soak", "1")
    story.alarm(CANARY, "OK")
    # the second release alarms while the canary soaks; only there it is, and only there it is undone
    story.run("alarmed", *deploy, "--functions-only", "--soak", "300", meanwhile=("soaking", lambda: story.alarm(CANARY, "ALARM")))
    story.alarm(CANARY, "OK")
    # the third fails its smoke
    story.commit("third")
    pathlib.Path(f"{story.fail}.smoke").touch()
    story.run("unsmoked", *deploy, "--functions-only", "--soak", "0")
    pathlib.Path(f"{story.fail}.smoke").unlink()
    # the fourth is well; somebody takes it back all the same, first only the aliases
    story.commit("fourth")
    story.run("fourth", *deploy, "--functions-only", "--batch", "2", "--soak", "0")
    story.run("rollback, dry", "rollback", "--all", "--dry-run")
    story.run("rollback, aliases", "rollback", CANARY, "--yes", "--alias-only")
    story.run("half rolled back", *deploy, "--region", CANARY, "--soak", "0")
    story.run("rollback, all", "rollback", "--all", "--yes")
    story.saved = sorted(p.name for p in (story.tree / "target/rollback").rglob("*.json"))


checks = cfn.Checks()


def deployed(run):
    """STACK@REGION of each stack that was put, in order."""
    found = []
    for call in run["calls"]:
        words = call.split()
        if "cloudformation deploy" in call:
            found.append(f"{words[words.index('--stack-name') + 1]}@{words[words.index('--region') + 1]}")
    return found


STATUS = {
    "plan": 0, "broken": 1, "first": 0, "first, nothing before it": 3, "again": 0, "dirty": 3, "keyless": 2, "unasked": 3, "into an alarm": 3,
    "alarmed": 4, "unsmoked": 4, "fourth": 0, "rollback, dry": 0, "rollback, aliases": 0, "half rolled back": 3, "rollback, all": 0,
}  # fmt: skip
SAID = {
    "plan": "AWS was not asked", "broken": "burgee-prod-network in us-east-2", "first, nothing before it": "nothing to go back to", "again": "already",
    "dirty": "not committed", "keyless": "BURGEE_ADMIN_KEY", "unasked": "--yes", "into an alarm": ALARM, "alarmed": f"ALARM in {CANARY}: {ALARM}",
    "unsmoked": "scripts/smoke failed", "half rolled back": "finish the rollback", "wrong 0": "--soak", "wrong 1": "--batch", "wrong 2": "eu-west-1 has no functions",
    "wrong 3": "--what", "wrong 4": "/none", "wrong rollback 0": "which region", "wrong rollback 1": "europe", "wrong rollback 2": "not both",
}  # fmt: skip


@checks.check
def runs_end_as_they_should(world):
    for name, run in world.other["runs"].items():
        due = STATUS.get(name, 2)
        if run["status"] != due:
            yield f"{name}: status {run['status']} instead of {due}: {run['output'][-1500:]}"
        if SAID.get(name, "") not in run["output"]:
            yield f"{name}: does not say {SAID[name]!r}: {run['output'][-500:]}"
    yield from (f"{name}: was not run" for name in STATUS.keys() - world.other["runs"].keys())


@checks.broken_by(runs_end_as_they_should)
def an_alarm_that_ends_well(world):
    world.other["runs"]["alarmed"]["status"] = 0


@checks.broken_by(runs_end_as_they_should)
def a_reason_that_is_kept(world):
    world.other["runs"]["dirty"]["output"] = "no"


@checks.check
def the_plan_is_followed(world):
    """Every stack of the plan, once and in its order; after the break what was there is only looked through."""
    due = [f"{s.stack}@{s.region}" for s in world.other["plan"] if s.kind == "stack"]
    if deployed(world.other["runs"]["first"]) != due:
        yield f"put {deployed(world.other['runs']['first'])} instead of {due}"
    broken = deployed(world.other["runs"]["broken"])
    if broken != due[: due.index("burgee-prod-network@us-east-2") + 1]:
        yield f"went on after a stack that failed: {broken}"
    if world.other["runs"]["plan"]["calls"]:
        yield "a dry run asked AWS"


@checks.broken_by(the_plan_is_followed)
def a_stack_forgotten(world):
    calls = world.other["runs"]["first"]["calls"]
    calls.remove(next(c for c in calls if "cloudformation deploy" in c and "burgee-prod-dns" in c))


@checks.broken_by(the_plan_is_followed)
def two_in_another_order(world):
    calls = world.other["runs"]["first"]["calls"]
    one, other = (next(i for i, c in enumerate(calls) if f"--stack-name burgee-prod-{name} " in c and " deploy " in c) for name in ("network", "secrets"))
    calls[one], calls[other] = calls[other], calls[one]


@checks.broken_by(the_plan_is_followed)
def a_dry_run_that_asks(world):
    world.other["runs"]["plan"]["calls"] = ["sts get-caller-identity"]


@checks.check
def caches_get_their_policy(world):
    calls = world.other["runs"]["first"]["calls"]
    for step in world.other["plan"]:
        held = any("set-stack-policy" in c and f"--region {step.region} " in c and f"--stack-name {step.stack} " in c and "cache-stack-policy.json" in c for c in calls)
        if held != bool(step.policy):
            yield f"{step.id}: {'no' if step.policy else 'a'} stack policy"


@checks.broken_by(caches_get_their_policy)
def no_policies(world):
    world.other["runs"]["first"]["calls"] = [c for c in world.other["runs"]["first"]["calls"] if "set-stack-policy" not in c]


@checks.check
def secrets_are_completed_and_not_told(world):
    topology, keys, password = (world.other[n] for n in ("topology", "keys", "password"))
    if set(topology.get("regions", {})) != {CANARY, PRIMARY} or topology["password"] != password or set(topology["ledger"]["regions"]) != {PRIMARY, CANARY}:
        yield f"the topology is {sorted(topology)}"
    if [k["name"] for k in keys["keys"]] != ["admin"] or keys["keys"][0]["sha256"] == ADMIN_KEY:
        yield "the keys secret has not the digest of the admin key alone"
    for name, run in world.other["runs"].items():
        for secret in (password, ADMIN_KEY):
            if secret in run["output"] or any(secret in c for c in run["calls"]):
                yield f"{name}: tells a secret"


@checks.broken_by(secrets_are_completed_and_not_told)
def an_unfinished_topology(world):
    world.other["topology"] = {"unfinished": ""}


@checks.broken_by(secrets_are_completed_and_not_told)
def a_key_on_a_command_line(world):
    world.other["runs"]["first"]["calls"].append(f"put-secret-value --secret-string {ADMIN_KEY}")


@checks.broken_by(secrets_are_completed_and_not_told)
def no_keys(world):
    world.other["keys"]["keys"] = []


@checks.check
def buckets_are_closed(world):
    for region in (CANARY, PRIMARY):
        bucket = world.other["buckets"].get(region, {})
        if bucket.get("blocked") != {"BlockPublicAcls": True, "IgnorePublicAcls": True, "BlockPublicPolicy": True, "RestrictPublicBuckets": True}:
            yield f"{region}: the bucket is not closed to the public"
        if "AES256" not in str(bucket.get("encrypted")):
            yield f"{region}: the bucket is not encrypted"


@checks.broken_by(buckets_are_closed)
def an_open_bucket(world):
    world.other["buckets"][CANARY]["blocked"]["BlockPublicAcls"] = False


@checks.broken_by(buckets_are_closed)
def a_plain_bucket(world):
    world.other["buckets"][PRIMARY]["encrypted"] = {}


@checks.check
def regions_go_one_after_the_other(world):
    """The canary's smoke before the primary's stack; nothing is put where the release is."""
    for name in ("first", "fourth"):
        calls = world.other["runs"][name]["calls"]
        order = [c.split()[1] if c.startswith("smoke ") else "stack " + c.split("--region ")[1].split()[0] for c in calls if c.startswith("smoke ") or ("burgee-prod-functions" in c and "cloudformation deploy" in c)]
        if order != [f"stack {CANARY}", CANARY, f"stack {PRIMARY}", PRIMARY]:
            yield f"{name}: {order}"
    if any("burgee-prod-functions" in d for d in deployed(world.other["runs"]["again"])):
        yield "the same release was put again"


@checks.broken_by(regions_go_one_after_the_other)
def all_at_once(world):
    calls = world.other["runs"]["first"]["calls"]
    calls.remove(f"smoke {CANARY} --stage prod")


@checks.broken_by(regions_go_one_after_the_other)
def the_same_again(world):
    world.other["runs"]["again"]["calls"] += ["cloudformation deploy --stack-name burgee-prod-functions --region us-east-1"]


@checks.check
def the_rollback_rolls_back(world):
    """Stack and every alias serve the release of before; regions that were not in the step keep what they have."""
    runs = world.other["runs"]
    first = runs["first"]["state"]
    # after the run: what each region must have, as a run that had it
    due = {"alarmed": {CANARY: "first", PRIMARY: "first"}, "unsmoked": {CANARY: "first", PRIMARY: "first"}, "rollback, dry": {CANARY: "fourth", PRIMARY: "fourth"}, "rollback, all": {CANARY: "first", PRIMARY: "first"}}
    for name, regions in due.items():
        for region, source in regions.items():
            now, then = runs[name]["state"][region], runs[source]["state"][region]
            if now["release"] != then["release"]:
                yield f"{name}: the stack in {region} has {now['release'][:10]} instead of {then['release'][:10]}"
            if set(now["served"].values()) != {then["release"]}:
                yield f"{name}: {region} serves {now['served']} instead of {then['release'][:10]}"
    if runs["fourth"]["state"][CANARY]["release"] == first[CANARY]["release"]:
        yield "the fourth release is the first"
    half = runs["rollback, aliases"]["state"][CANARY]
    if half["release"] != runs["fourth"]["state"][CANARY]["release"] or set(half["served"].values()) != {first[CANARY]["release"]}:
        yield f"--alias-only left {half}"
    if any(f"burgee-prod-functions@{PRIMARY}" in deployed(runs[n]) for n in ("alarmed", "unsmoked")):
        yield "a release that failed in the canary was put into the primary's region"


@checks.broken_by(the_rollback_rolls_back)
def an_alias_that_stays(world):
    world.other["runs"]["alarmed"]["state"][CANARY]["served"]["write-flag"] = "x"


@checks.broken_by(the_rollback_rolls_back)
def a_stack_that_stays(world):
    world.other["runs"]["rollback, all"]["state"][PRIMARY]["release"] = "x"


@checks.broken_by(the_rollback_rolls_back)
def a_dry_run_that_rolls_back(world):
    world.other["runs"]["rollback, dry"]["state"] = world.other["runs"]["first"]["state"]


@checks.broken_by(the_rollback_rolls_back)
def an_alarm_that_goes_on(world):
    world.other["runs"]["alarmed"]["calls"].append(f"cloudformation deploy --stack-name burgee-prod-functions --region {PRIMARY}")


@checks.check
def the_rollback_saves_what_it_saw(world):
    due = {"alarms.json", "stack-events.json", *(f"burgee-{f}-{what}.json" for f in FUNCTIONS for what in ("alias", "versions", "log"))}
    yield from (f"{name} was not saved" for name in sorted(due - set(world.other["saved"])))


@checks.broken_by(the_rollback_saves_what_it_saw)
def nothing_saved(world):
    world.other["saved"] = []


@checks.check
def a_rollback_has_no_canary(world):
    """What is known to be good is not tried on a tenth of the requests; a release is."""
    for name, template in world.other["templates"].items():
        if ("DeploymentPreference" in template) == (name == "plain"):
            yield f"the {name} template has {'a' if name == 'plain' else 'no'} DeploymentPreference"
    if cfn_names(world.other["templates"]["plain"]) != cfn_names(world.other["templates"]["whole"]):
        yield "more was taken out than the canaries"


def cfn_names(text):
    with tempfile.NamedTemporaryFile("w", suffix=".yaml", encoding="utf-8") as file:
        file.write(text)
        file.flush()
        template = cfn.load(file.name)
    return {n: sorted(r.get("Properties", {}).keys() - {"DeploymentPreference"}) for n, r in template["Resources"].items()}


@checks.broken_by(a_rollback_has_no_canary)
def a_canary_that_stays(world):
    world.other["templates"]["plain"] = world.other["templates"]["whole"]


@checks.broken_by(a_rollback_has_no_canary)
def a_function_that_is_gone(world):
    world.other["templates"]["plain"] = "Resources: {}"


def prepare(story):
    for part in ("scripts", "infra"):
        shutil.copytree(cfn.ROOT / part, story.tree / part, ignore=shutil.ignore_patterns("__pycache__"))
    for part in ("template.yaml", ".gitignore"):
        shutil.copy(cfn.ROOT / part, story.tree / part)
    (story.tree / "infra/regions.json").write_text(json.dumps(CONFIG), encoding="utf-8")
    story.write(story.tree / "scripts/smoke", SMOKE)
    for function in FUNCTIONS:
        zip_file = story.tree / f"functions/{function}/target/burgee-{function}.zip"
        zip_file.parent.mkdir(parents=True)
        with zipfile.ZipFile(zip_file, "w") as packed:
            packed.writestr("function", function)
    story.git("init", "-q")
    story.commit("first")


def serve(story):
    """Starts the emulator; a server, because the CLI is another process each time."""
    server = subprocess.Popen(
        [pathlib.Path(sys.executable).parent / "moto_server", "-H", "127.0.0.1", "-p", str(story.port)], stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL
    )
    for _ in range(120):
        try:
            urllib.request.urlopen(f"http://127.0.0.1:{story.port}/moto-api/", timeout=2).close()
            return server
        except OSError:
            time.sleep(0.5)
    server.kill()
    raise SystemExit("the emulator does not start")


def buckets(story):
    found = {}
    for region in (CANARY, PRIMARY):
        s3, name = story.client("s3", region), f"burgee-prod-artefacts-123456789012-{region}"
        found[region] = {
            "blocked": s3.get_public_access_block(Bucket=name)["PublicAccessBlockConfiguration"],
            "encrypted": s3.get_bucket_encryption(Bucket=name)["ServerSideEncryptionConfiguration"],
        }
    return found


def main():
    sys.path.insert(0, str(cfn.ROOT / "scripts/lib"))
    import stacks

    with tempfile.TemporaryDirectory() as folder:
        story = Story(pathlib.Path(folder))
        prepare(story)
        server = serve(story)
        try:
            with story.resident("REAL_AWS", sys.argv[1], "resident_aws.py"), story.resident("EMULATED_AWS", sys.executable, "emulated_aws.py"):
                play(story)
            whole = (story.tree / "template.yaml").read_text(encoding="utf-8")
            world = cfn.World(
                templates={},
                other={
                    "runs": story.runs,
                    "plan": stacks.plan(stacks.load(story.tree / "infra/regions.json")),
                    "topology": story.secret("topology"),
                    "keys": story.secret("keys"),
                    "password": story.secret("cache-user")["password"],
                    "buckets": buckets(story),
                    "saved": story.saved,
                    "templates": {"whole": whole, "plain": stacks.without_canaries(whole)},
                },
            )
        finally:
            server.terminate()
            server.wait(timeout=30)
    return 1 if checks.run(world) else 0


if __name__ == "__main__":
    sys.exit(main())
