"""What must hold for the estimate of scripts/cost, docs/cost.md and infra/prices.json, and what scripts/cost actual does with
the answers of an emulated Cost Explorer."""

import contextlib
import io
import json
import os
import pathlib
import socket
import subprocess
import sys
import tempfile
import time
import urllib.request

import cfn
import infra_checks

sys.path.insert(0, str(cfn.ROOT / "scripts/lib"))
import cost as command  # noqa: E402 (where the line above finds it)
import cost_estimate as cost  # noqa: E402
import cost_page  # noqa: E402

checks = cfn.Checks()
check, broken_by = checks.check, checks.broken_by
SCRIPT = cfn.ROOT / "scripts/cost"


def problem(do):
    """What cannot be estimated, or None."""
    try:
        do()
    except cost.Unknown as e:
        return str(e)
    return None


@check
def every_resource_is_priced_or_known_to_be_free(inputs):
    for file, template in inputs.templates.items():
        for name, resource in cfn.resources(template):
            if resource["Type"] not in cost.FREE.keys() | cost.PRICED:
                yield f"{file}: {name}: {resource['Type']} is neither priced nor known to be free; say which in scripts/lib/cost_estimate.py"
    for profile, count in cost_page.CASES:
        plan = cost.replace(cost_page.standard(inputs, profile, count), public_name=True)
        found = problem(lambda: cost.total(inputs, plan))  # noqa: B023
        if found:
            yield f"{profile}, {count} regions: {found}"
    planned = set()
    for profile in ("global-datastore", "self-managed"):
        plan = cost.replace(cost_page.standard(inputs, profile, 3), own_key=True, public_name=True)
        planned |= {file for file, _, _ in cost.deployed(inputs, plan)}
    for file in inputs.templates.keys() - planned:
        yield f"{file}: nobody estimates it; scripts/lib/stacks.py says which stacks there are"


@broken_by(every_resource_is_priced_or_known_to_be_free)
def a_gateway_by_the_hour(inputs):
    inputs.templates["network.yaml"]["Resources"]["Nat"] = {"Type": "AWS::EC2::NatGateway", "Properties": {}}


@broken_by(every_resource_is_priced_or_known_to_be_free)
def an_instance_without_a_price(inputs):
    inputs.templates["cache-self-managed.yaml"]["Parameters"]["InstanceType"]["Default"] = "t4g.small"


@broken_by(every_resource_is_priced_or_known_to_be_free)
def a_gateway_load_balancer_endpoint(inputs):
    inputs.templates["network.yaml"]["Resources"]["SsmEndpoint"]["Properties"]["VpcEndpointType"] = "GatewayLoadBalancer"


@broken_by(every_resource_is_priced_or_known_to_be_free)
def a_template_that_nobody_estimates(inputs):
    inputs.templates["more.yaml"] = {"Resources": {}}


@broken_by(every_resource_is_priced_or_known_to_be_free)
def another_schedule(inputs):
    rule = next(r for _, r in cfn.resources(inputs.templates["template.yaml"], "AWS::Events::Rule"))
    rule["Properties"]["ScheduleExpression"] = "rate(5 minutes)"


@check
def every_metric_is_counted(inputs):
    known = inputs.prices["metrics"]
    for name in (inputs.code_metrics.keys() | getattr(infra_checks, "PLANNED", {}).keys()) - known.keys():
        yield f"metric {name} is not in infra/prices.json: say which functions write it always, and which rarely"
    deployed = cfn.resources(inputs.templates["template.yaml"], "AWS::Serverless::Function")
    functions = {r["Properties"]["FunctionName"].removeprefix("burgee-") for _, r in deployed}
    for name, metric in known.items():
        for function in {*metric["always"], *metric["rare"]} - functions:
            yield f"metric {name}: there is no function {function}"


@broken_by(every_metric_is_counted)
def a_metric_more(inputs):
    inputs.code_metrics["Weather"] = ("COUNT", None)


@broken_by(every_metric_is_counted)
def a_metric_of_nobody(inputs):
    inputs.prices["metrics"]["Requests"]["always"].append("read-flags")


@check
def prices_say_where_they_are_from(inputs):
    if inputs.prices["sources"].keys() != {"facts", "list"} or not all(s["taken"] and s["text"] for s in inputs.prices["sources"].values()):
        yield "infra/prices.json: sources are facts and list, each with a date and a text"
    for name, item in inputs.prices["items"].items():
        if name.split(":")[0] not in cost.GROUPS:
            yield f"{name} is in no group of scripts/lib/cost_estimate.py"
        for region in {*item["facts"]} - item["prices"].keys():
            yield f"{name}: {region} has a source and no price"
        for region, price in item["prices"].items():
            if not 0 < price < 1000:
                yield f"{name} in {region} costs {price}"
    for name in inputs.prices["free"].keys() - inputs.prices["items"].keys():
        yield f"{name} is free and not an item"


@broken_by(prices_say_where_they_are_from)
def a_source_without_a_date(inputs):
    inputs.prices["sources"]["list"]["taken"] = ""


@broken_by(prices_say_where_they_are_from)
def a_price_below_nothing(inputs):
    inputs.prices["items"]["alarm"]["prices"]["*"] = -0.1


@check
def the_sums_are_those_made_by_hand(inputs):
    """What a person counts in the templates for three regions, without use."""
    plan = cost.Plan("self-managed", ("us-east-1", "eu-west-1", "ap-southeast-1"), own_key=True, chosen=False)
    found = {}
    for line in cost.lines(inputs, plan):
        found[line.item] = found.get(line.item, 0) + line.quantity
    by_hand = {
        # two services in two zones of three regions, and the ledger's in two
        "endpoint": (2 * 2 * 3 + 2 * 2) * 730,
        "instance:t4g.micro": 3 * 730,
        "disk:gp3": 3 * 8,
        # four in each region, and a certificate
        "secret": 3 * 4 + 3,
        # one for secrets, one for the operations topic
        "key": 3 * 2,
        # one in each region, one over all
        "dashboard": 3 + 1,
        "zone": 1,
        "table-keep": 2 * inputs.usage("ledgerGb"),
    }
    for item, quantity in by_hand.items():
        if abs(found.get(item, 0) - quantity) > 1e-6:
            yield f"{item}: estimated {found.get(item, 0)}, by hand {quantity}"
    datastore = cost.lines(inputs, cost.replace(plan, profile="global-datastore"))
    nodes = sum(x.quantity for x in datastore if x.item.startswith("node:"))
    if nodes != 3 * 2 * 730:
        yield f"nodes: estimated {nodes / 730}, by hand 6"
    # what infra/regions.json chooses counts
    inputs.regions |= {"parameters": {"network": {"EndpointZones": "1"}}, "encryption": False}
    thrifty = cost.lines(inputs, cost.replace(plan, own_key=None, chosen=True))
    for item, quantity in (("endpoint", (2 * 3 + 2) * 730), ("key", 3)):
        if sum(x.quantity for x in thrifty if x.item == item) != quantity:
            yield f"{item}: the choices of infra/regions.json are not estimated"
    if not problem(lambda: cost.total(inputs, cost_page.standard(inputs, "global-datastore", 4))):
        yield "Global Datastore with four regions is estimated"
    # 10 zone-hours at 0.01 are 10 cents, whatever else
    line = cost.Line("us-east-1", "endpoint", 10)
    if abs(cost.usd(inputs, line) - 10 * inputs.prices["items"]["endpoint"]["prices"]["us-east-1"]) > 1e-9:
        yield "a line does not cost its quantity times its price"
    if cost.total(inputs, cost.replace(plan, reads=2e6)) <= cost.total(inputs, cost.replace(plan, reads=1e6)):
        yield "more reads do not cost more"
    if cost.total(inputs, cost.replace(plan, writes=2e6)) <= cost.total(inputs, cost.replace(plan, writes=1e6)):
        yield "more writes do not cost more"


@broken_by(the_sums_are_those_made_by_hand)
def three_zones(inputs):
    inputs.templates["network.yaml"]["Parameters"]["EndpointZones"]["Default"] = "3"


@broken_by(the_sums_are_those_made_by_hand)
def a_secret_more(inputs):
    there = inputs.templates["secrets.yaml"]["Resources"]
    there["More"] = there["Keys"]


@broken_by(the_sums_are_those_made_by_hand)
def one_node(inputs):
    inputs.templates["cache-secondary.yaml"]["Parameters"]["Nodes"]["Default"] = 1


@check
def the_page_has_the_estimate(inputs):
    if cost_page.rendered(inputs, inputs.page) != inputs.page:
        yield "docs/cost.md differs from what scripts/cost finds: scripts/cost doc shows where, scripts/cost doc --write makes it anew"


@broken_by(the_page_has_the_estimate)
def a_dearer_alarm(inputs):
    inputs.prices["items"]["alarm"]["prices"]["*"] = 0.2


@broken_by(the_page_has_the_estimate)
def an_alarm_more(inputs):
    there = inputs.templates["monitoring.yaml"]["Resources"]
    there["More"] = there["Lag"]


@broken_by(the_page_has_the_estimate)
def a_figure_changed_by_hand(inputs):
    inputs.page = inputs.page.replace("| **all** | ", "| **all** | 1", 1)


# ---- the script itself, and Cost Explorer ----------------------------------------------------------------------------


def run(*arguments, **environment):
    done = subprocess.run([SCRIPT, *arguments], capture_output=True, text=True, timeout=60, env={**os.environ, **environment})
    return done.returncode, done.stdout, done.stderr


# arguments, status, what it says
REFUSED = [
    ((), 2, "say estimate, actual or doc"),
    (("guess",), 2, "unknown command guess"),
    (("estimate", "--regions", "10"), 2, "1 to 9"),
    (("estimate", "--regions", "mars-1"), 2, "no prices for 'mars-1'"),
    (("estimate", "--regions", "us-east-1,us-east-1"), 2, "twice"),
    (("estimate", "--profile", "global-datastore", "--regions", "4"), 2, "ends at three regions"),
    (("estimate", "--reads", "-1"), 2, "not a whole number"),
    (("actual", "--month", "2026-13"), 2, "YYYY-MM"),
    (("actual", "--month", "2099-01"), 2, "has not begun"),
    (("actual", "--budget", "much"), 2, "takes US dollars"),
    (("actual", "--months", "2"), 2, "unknown option"),
]


def bad_arguments():
    for arguments, status, words in REFUSED:
        found, _, said = run(*arguments)
        if found != status or words not in said:
            yield f"scripts/cost {' '.join(arguments)}: status {found}, said {said.strip()[-200:]!r}"


def estimates():
    status, out, said = run("estimate", "--profile", "self-managed", "--regions", "2", "--json")
    if status:
        yield f"scripts/cost estimate: {status} {said}"
        return
    answer = json.loads(out)
    if abs(sum(line["usd"] for line in answer["lines"]) - answer["usdPerMonth"]) > 0.02:
        yield "scripts/cost estimate --json: the lines do not add up"
    status, out, _ = run("estimate", "--profile", "self-managed", "--regions", "2")
    if f"{answer['usdPerMonth']:,.2f} US dollars" not in out:
        yield f"scripts/cost estimate: says another sum than with --json: {out[:100]}"


def group(region, service, amount):
    return {"Keys": [f"Region${region}", service], "Metrics": {"UnblendedCost": {"Amount": str(amount), "Unit": "USD"}}}


def page(*groups, token=None):
    return {"ResultsByTime": [{"TimePeriod": {"Start": "2026-10-01", "End": "2026-11-01"}, "Groups": list(groups)}], **({"NextPageToken": token} if token else {})}


# what Cost Explorer answers, page by page; arguments; status; what is said
PAID = [
    ([page(group("us-east-1", "AWS Lambda", "40.10"), group("eu-west-1", "AWS Lambda", "9.9"))], (), 0, ["| AWS Lambda | 9.90 | 40.10 | 50.00 |", "100.00 left"]),
    ([page(group("us-east-1", "Amazon VPC", "149.50"), group("", "AWS KMS", "1"))], (), 3, ["no tag", "EXCEEDED by 0.50"]),
    ([page(group("us-east-1", "Amazon VPC", "10"))], ("--budget", "9.99"), 3, ["EXCEEDED by 0.01"]),
    ([page(group("us-east-1", "Amazon VPC", "10"), token="more"), page(group("us-east-1", "Amazon VPC", "5"))], ("--json",), 0, ['"usd": 15.0', '"regions": {"us-east-1": 15.0}']),
    ([page()], (), 2, ["Are the tags Service and Region active"]),
]  # fmt: skip


@contextlib.contextmanager
def emulator():
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    server = subprocess.Popen([cfn.ROOT / "target/moto/bin/moto_server", "-H", "127.0.0.1", "-p", str(port)], stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
    url = f"http://127.0.0.1:{port}"
    try:
        for _ in range(300):
            with contextlib.suppress(OSError):
                urllib.request.urlopen(f"{url}/moto-api/", timeout=5).close()
                break
            time.sleep(0.2)
        else:
            raise SystemExit("cost_checks.py: moto_server did not start within a minute")
        yield url
    finally:
        server.terminate()
        server.wait(timeout=10)


def post(url, body):
    with urllib.request.urlopen(urllib.request.Request(url, data=json.dumps(body).encode(), headers={"Content-Type": "application/json"}, method="POST"), timeout=10):
        pass


def paid():
    keys = {"AWS_ACCESS_KEY_ID": "emulated", "AWS_SECRET_ACCESS_KEY": "emulated"}
    with emulator() as url:
        for answers, arguments, status, words in PAID:
            post(f"{url}/moto-api/reset", {})
            post(f"{url}/moto-api/static/ce/cost-and-usage-results", {"results": answers})
            found, out, said = run("actual", "--month", "2026-10", *arguments, AWS_ENDPOINT_URL=url, **keys)
            if found != status or any(w not in out + said for w in words):
                yield f"scripts/cost actual {' '.join(arguments)}: status {found}, not {status}; said {(out + said).strip()[-400:]!r}"
    # a month half over: what matters is where it ends
    with tempfile.NamedTemporaryFile("w", suffix=".json") as file:
        json.dump(page(group("us-east-1", "Amazon VPC", "75.01")), file)
        file.flush()
        said = io.StringIO()
        with contextlib.redirect_stdout(said):
            status = command.actual([file.name], "2026-10", 150, 0.5, False)
    if status != 3 or "50 % of the month has passed; at this pace it ends at 150.02" not in said.getvalue():
        yield f"scripts/cost actual, half a month: status {status}, said {said.getvalue()[-200:]!r}"
    found, _, said = run("actual", "--month", "2026-10", AWS_ENDPOINT_URL="http://127.0.0.1:9", **keys)
    if found != 1 or "Cost Explorer: " not in said:
        yield f"scripts/cost actual without Cost Explorer: status {found}, said {said!r}"


if __name__ == "__main__":
    problems = checks.run(cost.Inputs(pathlib.Path(cfn.ROOT)))
    for found in (*bad_arguments(), *estimates(), *paid()):
        problems += 1
        print(found, file=sys.stderr)
    print(f"{len(REFUSED)} refusals, {len(PAID) + 1} answers of Cost Explorer")
    sys.exit(1 if problems else 0)
