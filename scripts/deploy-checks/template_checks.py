#!/usr/bin/env python3
"""What must hold for template.yaml once SAM has transformed it, against the code, docs and infra that it names."""

import copy
import json
import logging
import os
import re
import sys
import tomllib

import cfn

os.environ.setdefault("AWS_DEFAULT_REGION", "us-east-1")
logging.disable(logging.WARNING)  # SAM's own
from samtranslator.translator.transform import transform  # noqa: E402 (reads the region when it is imported)

checks = cfn.Checks()
check, broken_by = checks.check, checks.broken_by

FILE = "template.yaml"

# function name: (module's package folder, time-out of design section 8, in the VPC)
FUNCTIONS = {
    "ReadFlagFunction": ("read-flag", 5, True),
    "WriteFlagFunction": ("write-flag", 15, True),
    "RegionPulseFunction": ("region-pulse", 300, True),
    "FailoverDnsUpdateFunction": ("failover-dns-update", 120, False),
}

# "*" as a resource: the statement, and why AWS takes no other
WILDCARD_RESOURCES = {
    "LambdaAttachesItToTheVpc": "Lambda checks the role for these on all network interfaces before it attaches a function",
    "ReadsItsReplicationLag": "GetMetricData knows no resources; it reads figures",
    "TheCodeItselfDoesNot": "a Deny of the same",
}
# a part of a resource that is a wildcard, and why
PARTIAL_WILDCARDS = {
    "arn:${AWS::Partition}:route53:::change/*": "a change's id is made by the call that makes the change",
}
VPC_ACTIONS = {
    "ec2:CreateNetworkInterface",
    "ec2:DescribeNetworkInterfaces",
    "ec2:DescribeSubnets",
    "ec2:DeleteNetworkInterface",
    "ec2:AssignPrivateIpAddresses",
    "ec2:UnassignPrivateIpAddresses",
}

# variables that the settings know and no function is given, and why
LEFT_OUT = {
    "BURGEE_PRIMARY_REGION": "one of the simple variables, which the topology secret excludes",
    "BURGEE_LEDGER_TABLE": "as above",
    "BURGEE_LEDGER_REGIONS": "as above",
    "BURGEE_LEDGER_ENDPOINT": "as above; for DynamoDB Local",
}
OTHER_VARIABLES = {"JAVA_TOOL_OPTIONS"}

# metrics of AWS: (namespace, name) to the set of dimensions that is used
AWS_METRICS = {
    ("AWS/Lambda", "Errors"): [{"FunctionName", "Resource"}, {"FunctionName", "Resource", "ExecutedVersion"}],
    ("AWS/Lambda", "Duration"): [{"FunctionName", "Resource"}, {"FunctionName", "Resource", "ExecutedVersion"}],
    ("AWS/ApiGateway", "Count"): [{"ApiId", "Stage"}],
    ("AWS/ApiGateway", "4xx"): [{"ApiId", "Stage"}],
    ("AWS/ApiGateway", "5xx"): [{"ApiId", "Stage"}],
    ("AWS/SQS", "ApproximateNumberOfMessagesVisible"): [{"QueueName"}],
    ("AWS/ElastiCache", "CurrConnections"): [{"CacheClusterId"}],
}

# routes that nobody needs a key for, and why
OPEN_ROUTES = {
    "GET /api/health/live": "health checkers cannot send keys; it says that the process runs",
    "GET /api/health/ready": "health checkers cannot send keys; it says ready or not",
    "OPTIONS /api/config/{proxy+}": "preflights carry no key; the answer names methods and headers",
    "OPTIONS /api/health": "as above",
    "OPTIONS /api/admin/{proxy+}": "as above",
}

LOGGED = {
    "requestId",
    "requestTimeEpoch",
    "identity.sourceIp",
    "routeKey",
    "status",
    "responseLatency",
    "integrationLatency",
    "responseLength",
    "authorizer.error",
    "integrationErrorMessage",
    "error.messageString",
}


# ------------------------------------------------------------------------------------------------ reading the tree


class _Policies:
    """What SAM would ask IAM for: the ARN of the one managed policy that it uses itself."""

    def load(self):
        name = "service-role/AWSCodeDeployRoleForLambda"
        return {"AWSCodeDeployRoleForLambda": "arn:aws:iam::aws:policy/" + name}


def transformed(template, **parameters):
    """The template as CloudFormation sees it. The zips are named as `sam package` would after an upload."""
    packaged = copy.deepcopy(template)
    for name, function in cfn.resources(packaged, "AWS::Serverless::Function"):
        properties = function["Properties"]
        properties["CodeUri"] = "s3://bucket/" + properties["CodeUri"]
    return transform(packaged, parameters, _Policies())


def source(path):
    return (cfn.ROOT / path).read_text(encoding="utf-8")


def sources(*folders):
    return "\n".join(
        path.read_text(encoding="utf-8") for folder in folders for path in sorted((cfn.ROOT / folder).rglob("*.java"))
    )


def known_variables():
    text = source("shared/src/main/java/dev/burgee/settings/Environment.java")
    known = re.findall(r'"(BURGEE_[A-Z_]+)"', text.split("KNOWN = Set.of(", 1)[1].split(");", 1)[0])
    assert len(known) > 10, "Environment.java is not written as this script reads it"
    return set(known)


def documented_limits():
    """Variable to default in milliseconds, from docs/settings.md."""
    rows = re.findall(r"^\| `(BURGEE_[A-Z_]+_MS)` \| (\d+) \|", source("docs/settings.md"), re.MULTILINE)
    assert len(rows) > 10, "docs/settings.md is not written as this script reads it"
    return {name: int(default) for name, default in rows}


def documented_routes():
    """Route key to operation id, from docs/openapi.yaml."""
    routes = {}
    path = None
    for line in source("docs/openapi.yaml").splitlines():
        if match := re.fullmatch(r"  (/\S+):", line):
            path = match[1]
        elif match := re.fullmatch(r"    (get|put|post|patch|delete):", line):
            routes[f"{match[1].upper()} {path}"] = path
    assert len(routes) > 10, "docs/openapi.yaml is not written as this script reads it"
    return set(routes)


def served_routes():
    """Route key to (function, scope), from the functions' composition roots."""
    served = {}
    for function, file in (
        ("ReadFlagFunction", "functions/read-flag/src/main/java/dev/burgee/read/ReadFlagWiring.java"),
        ("WriteFlagFunction", "functions/write-flag/src/main/java/dev/burgee/write/WriteFlagWiring.java"),
    ):
        text = source(file)
        flag = re.search(r'String FLAG = "([^"]+)"', text)
        for method, path, scope in re.findall(r'new Route\("([A-Z]+)", ([^,]+), Scope\.([A-Z]+)', text):
            path = path.replace("FLAG", f'"{flag[1]}"' if flag else "")
            served[f"{method} {_joined(path)}"] = (function, scope)
    assert len(served) > 10, "the wirings are not written as this script reads them"
    return served


def _joined(expression):
    return "".join(re.findall('"([^"]*)"', expression))


def calls(text, service_calls):
    """The actions of those SDK calls that a text makes."""
    return {action for call, action in service_calls.items() if re.search(rf"\.{call}\(", text)}


DYNAMODB_CALLS = {
    name: "dynamodb:" + name[0].upper() + name[1:]
    for name in (
        "getItem putItem updateItem deleteItem query scan batchGetItem batchWriteItem describeTable transactWriteItems"
    ).split()
}
FAILOVER_CALLS = {
    "changeResourceRecordSets": "route53:ChangeResourceRecordSets",
    "listResourceRecordSets": "route53:ListResourceRecordSets",
    "getChange": "route53:GetChange",
    "getHostedZone": "route53:GetHostedZone",
    "describeGlobalReplicationGroups": "elasticache:DescribeGlobalReplicationGroups",
    "describeReplicationGroups": "elasticache:DescribeReplicationGroups",
    "failoverGlobalReplicationGroup": "elasticache:FailoverGlobalReplicationGroup",
    "disassociateGlobalReplicationGroup": "elasticache:DisassociateGlobalReplicationGroup",
    "invoke": "lambda:InvokeFunction",
    "getMetricData": "cloudwatch:GetMetricData",
}
SSM_CALLS = {"getParameter": "ssm:GetParameter", "putParameter": "ssm:PutParameter"}


def world():
    raw = cfn.load(cfn.ROOT / FILE)
    return cfn.World(
        templates={FILE: transformed(raw, Release=""), "raw": raw, "settings": cfn.load(cfn.ROOT / "infra/settings.yaml")},
        regions=json.loads(source("infra/regions.json")),
        metrics=cfn.metrics(),
        other={
            "known": known_variables(),
            "limits": documented_limits(),
            "documented": documented_routes(),
            "served": served_routes(),
            "samconfig": source("samconfig.toml"),
            "ledger calls": calls(sources("shared/src/main/java/dev/burgee/ledger"), DYNAMODB_CALLS),
            "failover calls": calls(sources("functions/failover-dns-update/src/main/java"), FAILOVER_CALLS),
            "hint calls": calls(sources("shared/src/main/java/dev/burgee/hint"), SSM_CALLS),
        },
    )


def all_of(w):
    return w.templates[FILE]["Resources"]


def one(w, name):
    return all_of(w)[name]["Properties"]


def of_type(w, kind):
    return [(name, r["Properties"]) for name, r in all_of(w).items() if r["Type"] == kind]


def alias(function):
    return {"Ref": function + "Aliaslive"}


def version(w, function):
    return next(name for name, r in all_of(w).items() if name.startswith(function + "Version"))


def role_statements(w, role):
    return list(cfn.statements(all_of(w)[role]))


def allowed_actions(w, role):
    return {
        action
        for statement in role_statements(w, role)
        if statement["Effect"] == "Allow" and "Principal" not in statement
        for action in cfn.listed(statement["Action"])
    }


def statement(w, resource, sid):
    return next(s for s in cfn.statements(all_of(w)[resource]) if s.get("Sid") == sid)


# ------------------------------------------------------------------------------------------------ what is allowed


@check
def no_action_is_a_wildcard(w):
    return [
        f"{name}: {action}"
        for name, resource in all_of(w).items()
        for s in cfn.statements(resource)
        for action in cfn.listed(s.get("Action", "NotAction"))
        if "*" in action or action == "NotAction"
    ]


@broken_by(no_action_is_a_wildcard)
def reads_with_any_action(w):
    statement(w, "ReadFlagRole", "ReadsTheLedger")["Action"] = ["dynamodb:*"]


@check
def resources_are_named(w):
    problems = []
    for name, resource in all_of(w).items():
        for s in cfn.statements(resource):
            if "Principal" in s and "Resource" not in s:
                continue  # a role's own trust
            for target in cfn.listed(s.get("Resource", "NotResource")):
                text = cfn.text(target)
                if text == "*" and s.get("Sid") in WILDCARD_RESOURCES:
                    continue
                if ("*" in text and text not in PARTIAL_WILDCARDS) or text == "NotResource":
                    problems.append(f"{name}: {s.get('Sid')}: {text}")
    return problems


@broken_by(resources_are_named)
def reads_any_secret(w):
    statement(w, "ReadFlagRole", "ReadsItsSecrets")["Resource"] = "*"


@broken_by(resources_are_named)
def reads_secrets_by_prefix(w):
    target = "arn:${AWS::Partition}:secretsmanager:${AWS::Region}:${AWS::AccountId}:secret:burgee/*"
    statement(w, "ReadFlagRole", "ReadsItsSecrets")["Resource"] = [{"Fn::Sub": target}]


@check
def network_interfaces_are_for_lambda_alone(w):
    problems = []
    for name, _ in of_type(w, "AWS::IAM::Role"):
        by_sid = {s.get("Sid"): s for s in role_statements(w, name)}
        attach, deny = by_sid.get("LambdaAttachesItToTheVpc"), by_sid.get("TheCodeItselfDoesNot")
        if attach is None:
            continue
        if set(attach["Action"]) != VPC_ACTIONS:
            problems.append(f"{name}: more or less than Lambda needs: {attach['Action']}")
        condition = (deny or {}).get("Condition", {}).get("ArnEquals", {}).get("lambda:SourceFunctionArn", "")
        module = FUNCTIONS[name.replace("Role", "Function")][0]
        if not deny or set(deny["Action"]) != VPC_ACTIONS or not cfn.text(condition).endswith("-" + module):
            problems.append(f"{name}: its own code could do what Lambda does for the VPC")
    return problems


@broken_by(network_interfaces_are_for_lambda_alone)
def code_makes_interfaces(w):
    statement(w, "ReadFlagRole", "TheCodeItselfDoesNot")["Action"].remove("ec2:CreateNetworkInterface")


@broken_by(network_interfaces_are_for_lambda_alone)
def denies_another_function(w):
    condition = statement(w, "ReadFlagRole", "TheCodeItselfDoesNot")["Condition"]
    condition["ArnEquals"]["lambda:SourceFunctionArn"] = {"Fn::Sub": "arn:function:burgee-write-flag"}


@check
def roles_allow_what_the_code_calls(w):
    problems = []
    wanted = {
        "ReadFlagRole": {a for a in w.other["ledger calls"] if not re.search("Put|Write|Update|Delete|BatchGet", a)},
        "WriteFlagRole": w.other["ledger calls"],
        "RegionPulseRole": w.other["ledger calls"] | w.other["hint calls"],
        "FailoverDnsUpdateRole": w.other["failover calls"] | w.other["hint calls"],
    }
    services = ("dynamodb:", "ssm:", "route53:", "elasticache:", "lambda:", "cloudwatch:")
    for role, actions in wanted.items():
        granted = {action for action in allowed_actions(w, role) if action.startswith(services)}
        problems += [f"{role}: the code calls {action}" for action in sorted(actions - granted)]
        problems += [f"{role}: nothing calls {action}" for action in sorted(granted - actions)]
    return problems


@broken_by(roles_allow_what_the_code_calls)
def reads_may_write(w):
    statement(w, "ReadFlagRole", "ReadsTheLedger")["Action"].append("dynamodb:PutItem")


@broken_by(roles_allow_what_the_code_calls)
def writes_may_not(w):
    statement(w, "WriteFlagRole", "AppendsToTheLedger")["Action"].remove("dynamodb:PutItem")


@check
def the_record_is_all_that_dns_lets_change(w):
    s = statement(w, "FailoverDnsUpdateRole", "RepointsOneRecordAndNothingElse")
    prefix = "route53:ChangeResourceRecordSets"
    expected = {
        prefix + "NormalizedRecordNames": [{"Ref": "PrimaryRecord"}],
        prefix + "RecordTypes": ["CNAME"],
        prefix + "Actions": ["UPSERT"],
    }
    problems = []
    if s["Condition"].get("ForAllValues:StringEquals") != expected:
        problems.append("other records, types or actions are allowed")
    if s["Condition"].get("Null") != dict.fromkeys(expected, "false"):
        problems.append("a request without these keys would be allowed")
    if cfn.text(s["Resource"]) != "arn:${AWS::Partition}:route53:::hostedzone/${HostedZone}":
        problems.append("another zone is allowed")
    return problems


@broken_by(the_record_is_all_that_dns_lets_change)
def deletes_records(w):
    condition = statement(w, "FailoverDnsUpdateRole", "RepointsOneRecordAndNothingElse")["Condition"]
    condition["ForAllValues:StringEquals"]["route53:ChangeResourceRecordSetsActions"].append("DELETE")


@broken_by(the_record_is_all_that_dns_lets_change)
def no_keys_no_rule(w):
    del statement(w, "FailoverDnsUpdateRole", "RepointsOneRecordAndNothingElse")["Condition"]["Null"]


@check
def promoting_is_opt_in(w):
    problems = []
    for policy in one(w, "FailoverDnsUpdateRole")["Policies"]:
        promotes = "elasticache:FailoverGlobalReplicationGroup" in json.dumps(policy)
        if promotes and policy.get("Fn::If", [None])[0] != "PromotesGlobalDatastore":
            problems.append("a region may promote itself although AutoPromote is false")
    if w.templates["raw"]["Parameters"]["AutoPromote"]["Default"] != "false":
        problems.append("AutoPromote is not false by default")
    return problems


@broken_by(promoting_is_opt_in)
def promotes_always(w):
    policies = one(w, "FailoverDnsUpdateRole")["Policies"]
    policies[:] = [policy["Fn::If"][1] if "Fn::If" in policy else policy for policy in policies]


@check
def nobody_is_let_in_by_a_wildcard(w):
    problems = [
        f"{name}: {s.get('Sid')}"
        for name, resource in all_of(w).items()
        for s in cfn.statements(resource)
        if s["Effect"] == "Allow" and "*" in json.dumps(s.get("Principal", {}))
    ]
    for name, permission in of_type(w, "AWS::Lambda::Permission"):
        if "SourceArn" not in permission:
            problems.append(f"{name}: no SourceArn")
    return problems


@broken_by(nobody_is_let_in_by_a_wildcard)
def any_topic_invokes(w):
    del one(w, "CacheEventsPermission")["SourceArn"]


@broken_by(nobody_is_let_in_by_a_wildcard)
def anybody_sends(w):
    statement(w, "RegionPulseDeadLettersPolicy", "FromTheSchedule")["Principal"] = "*"


# ------------------------------------------------------------------------------------------------ functions


@check
def functions_are_as_designed(w):
    problems = []
    found = {name for name, _ in of_type(w, "AWS::Lambda::Function")}
    if found != set(FUNCTIONS):
        problems.append(f"functions are {sorted(found)}")
    for name, (module, timeout, in_vpc) in FUNCTIONS.items():
        p = one(w, name)
        expected = {"Runtime": "java25", "Architectures": ["arm64"], "MemorySize": 1769, "Timeout": timeout}
        problems += [f"{name}: {key} is {p.get(key)}" for key, value in expected.items() if p.get(key) != value]
        if ("VpcConfig" in p) != in_vpc:
            problems.append(f"{name}: in the VPC or not, it should be the other")
        logging = p.get("LoggingConfig", {})
        if logging != {"LogFormat": "Text", "LogGroup": {"Ref": name.replace("Function", "Logs")}}:
            problems.append(f"{name}: LoggingConfig is {logging}")
        if "TieredStopAtLevel" in p["Environment"]["Variables"].get("JAVA_TOOL_OPTIONS", ""):
            problems.append(f"{name}: SnapStart has the full JIT")
        if "-Dsun.net.inetaddr.ttl=5" not in p["Environment"]["Variables"].get("JAVA_TOOL_OPTIONS", ""):
            problems.append(f"{name}: keeps DNS answers for 30 s")
    return problems


@broken_by(functions_are_as_designed)
def less_memory(w):
    one(w, "ReadFlagFunction")["MemorySize"] = 512


@broken_by(functions_are_as_designed)
def failover_in_the_vpc(w):
    one(w, "FailoverDnsUpdateFunction")["VpcConfig"] = {}


@broken_by(functions_are_as_designed)
def json_format(w):
    one(w, "ReadFlagFunction")["LoggingConfig"]["LogFormat"] = "JSON"


@broken_by(functions_are_as_designed)
def dns_answers_kept(w):
    one(w, "WriteFlagFunction")["Environment"]["Variables"]["JAVA_TOOL_OPTIONS"] = ""


@check
def handlers_are_classes_of_what_is_packed(w):
    problems = []
    raw = w.templates["raw"]["Resources"]
    for name, (module, _, _) in FUNCTIONS.items():
        p = raw[name]["Properties"]
        if p["CodeUri"] != f"functions/{module}/target/burgee-{module}.zip":
            problems.append(f"{name}: CodeUri is {p['CodeUri']}")
        pom = source(f"functions/{module}/pom.xml")
        if f"<artifactId>burgee-{module}</artifactId>" not in pom or "maven-assembly-plugin" not in pom:
            problems.append(f"{name}: functions/{module} does not make burgee-{module}.zip")
        handler, _, method = p["Handler"].partition("::")
        path = cfn.ROOT / f"functions/{module}/src/main/java" / (handler.replace(".", "/") + ".java")
        text = path.read_text(encoding="utf-8") if path.is_file() else ""
        if not re.search(rf"public \w+ {method or 'none'}\(", text):
            problems.append(f"{name}: {p['Handler']} is no method in functions/{module}")
        elif f"public {path.stem}() {{" not in text:
            problems.append(f"{name}: {handler} has no constructor that Lambda can call")
    return problems


@broken_by(handlers_are_classes_of_what_is_packed)
def no_such_class(w):
    w.templates["raw"]["Resources"]["ReadFlagFunction"]["Properties"]["Handler"] = "dev.burgee.Read::handleRequest"


@broken_by(handlers_are_classes_of_what_is_packed)
def no_such_method(w):
    w.templates["raw"]["Resources"]["ReadFlagFunction"]["Properties"]["Handler"] += "s"


@broken_by(handlers_are_classes_of_what_is_packed)
def another_modules_zip(w):
    raw = w.templates["raw"]["Resources"]
    raw["ReadFlagFunction"]["Properties"]["CodeUri"] = raw["WriteFlagFunction"]["Properties"]["CodeUri"]


@check
def variables_are_known(w):
    problems = []
    given = set()
    for name in FUNCTIONS:
        variables = set(one(w, name)["Environment"]["Variables"])
        given |= variables
        problems += [
            f"{name}: the settings do not know {variable}"
            for variable in sorted(variables - w.other["known"] - OTHER_VARIABLES)
        ]
    problems += [f"no function is given {v}" for v in sorted(w.other["known"] - given - set(LEFT_OUT))]
    problems += [f"{v} is left out, but given or not known" for v in LEFT_OUT if v in given or v not in w.other["known"]]
    return problems


@broken_by(variables_are_known)
def misspelt(w):
    one(w, "ReadFlagFunction")["Environment"]["Variables"]["BURGEE_TOPOLGY_SECRET"] = ""


@broken_by(variables_are_known)
def an_emulator(w):
    one(w, "ReadFlagFunction")["Environment"]["Variables"]["AWS_ENDPOINT_URL"] = "http://localhost"


@broken_by(variables_are_known)
def forgotten(w):
    w.other["known"].add("BURGEE_NEW")


@broken_by(variables_are_known)
def not_known_any_more(w):
    w.other["known"].remove("BURGEE_LEDGER_TABLE")


@check
def limits_come_from_ssm_with_the_documented_defaults(w):
    problems = []
    settings = w.templates["settings"]
    stored = {
        cfn.text(p["Name"]).replace("${Stage}", "STAGE"): settings["Parameters"][p["Value"]["Ref"]]["Default"]
        for p in (cfn.properties(r) for _, r in cfn.resources(settings, "AWS::SSM::Parameter"))
    }
    used = set()
    for variable, value in one(w, "ReadFlagFunction")["Environment"]["Variables"].items():
        if not variable.endswith("_MS"):
            continue
        match = re.fullmatch(r"\{\{resolve:ssm:(/burgee/\$\{Stage\}/limits/([a-z-]+))\}\}", cfn.text(value))
        if not match or "BURGEE_" + match[2].replace("-", "_").upper() != variable:
            problems.append(f"{variable} is {cfn.text(value)}")
            continue
        path = match[1].replace("${Stage}", "STAGE")
        used.add(path)
        if stored.get(path) != w.other["limits"].get(variable):
            problems.append(f"{path} is {stored.get(path)}, but docs/settings.md has {w.other['limits'].get(variable)}")
    return problems + [f"nothing uses {path}" for path in sorted(set(stored) - used)]


@broken_by(limits_come_from_ssm_with_the_documented_defaults)
def another_default(w):
    w.templates["settings"]["Parameters"]["LocalReadMs"]["Default"] = 51


@broken_by(limits_come_from_ssm_with_the_documented_defaults)
def a_literal(w):
    one(w, "ReadFlagFunction")["Environment"]["Variables"]["BURGEE_LOCAL_READ_MS"] = "50"


@check
def the_home_hint_is_not_owned(w):
    return [
        f"{name} would set the home hint back at each deployment"
        for name, p in of_type(w, "AWS::SSM::Parameter")
        if "home" in cfn.text(p.get("Name", ""))
    ]


@broken_by(the_home_hint_is_not_owned)
def owns_the_hint(w):
    all_of(w)["Home"] = {"Type": "AWS::SSM::Parameter", "Properties": {"Name": {"Fn::Sub": "/burgee/${Stage}/home"}}}


# ------------------------------------------------------------------------------------------------ versions


@check
def snapshots_are_what_is_called(w):
    problems = []
    for name in FUNCTIONS:
        if one(w, name).get("SnapStart") != {"ApplyOn": "PublishedVersions"}:
            problems.append(f"{name}: no SnapStart")
        live = one(w, name + "Aliaslive")
        expected = {"Fn::GetAtt": [version(w, name), "Version"]}
        if live["FunctionName"] != {"Ref": name} or live["FunctionVersion"] != expected or live["Name"] != "live":
            problems.append(f"{name}: the alias live is {live}")
    aliases = [alias(name) for name in FUNCTIONS]
    invoked = [(name, p["IntegrationUri"]["Fn::Sub"][1]["Alias"]) for name, p in of_type(w, "AWS::ApiGatewayV2::Integration")]
    invoked += [(name, p["FunctionName"]) for name, p in of_type(w, "AWS::Lambda::Permission")]
    invoked += [(name, target["Arn"]) for name, p in of_type(w, "AWS::Events::Rule") for target in p["Targets"]]
    invoked += [(name, p["Endpoint"]) for name, p in of_type(w, "AWS::SNS::Subscription")]
    invoked.append(("wake", one(w, "FailoverDnsUpdateFunction")["Environment"]["Variables"]["BURGEE_PULSE_FUNCTION"]))
    invoked.append(("wake", statement(w, "FailoverDnsUpdateRole", "WakesItsRegionsPulse")["Resource"]))
    return problems + [f"{name} invokes {target}, which has no snapshot" for name, target in invoked if target not in aliases]


@broken_by(snapshots_are_what_is_called)
def api_calls_latest(w):
    one(w, "ReadIntegration")["IntegrationUri"]["Fn::Sub"][1]["Alias"] = {"Fn::GetAtt": ["ReadFlagFunction", "Arn"]}


@broken_by(snapshots_are_what_is_called)
def rule_calls_latest(w):
    one(w, "RegionPulseSchedule")["Targets"][0]["Arn"] = {"Fn::GetAtt": ["RegionPulseFunction", "Arn"]}


@broken_by(snapshots_are_what_is_called)
def no_snapshot(w):
    del one(w, "ReadFlagFunction")["SnapStart"]


@broken_by(snapshots_are_what_is_called)
def alias_of_latest(w):
    one(w, "ReadFlagFunctionAliaslive")["FunctionVersion"] = "$LATEST"


@check
def what_changes_is_published(w):
    """SAM makes a new version when its logical name changes."""
    raw = w.templates["raw"]

    def versions(template, release):
        return {name for name in transformed(template, Release=release)["Resources"] if re.search("FunctionVersion", name)}

    problems = []
    if versions(raw, "0123456789ab") & versions(raw, "ba9876543210"):
        problems.append("another Release publishes no new version of every function")
    changed = copy.deepcopy(raw)
    changed["Globals"]["Function"]["Environment"]["Variables"]["BURGEE_LOCAL_READ_MS"] = "1"
    for function in FUNCTIONS:
        changed["Resources"][function]["Properties"]["CodeUri"] += ".new"
    if versions(raw, "") & versions(changed, ""):
        problems.append("without a Release, new code publishes no new version of every function")
    changed = copy.deepcopy(raw)
    for function in FUNCTIONS:
        changed["Resources"][function]["Properties"]["Timeout"] += 1
    if versions(raw, "") & versions(changed, ""):
        problems.append("without a Release, a new time-out publishes no new version of every function")
    return problems


@broken_by(what_changes_is_published)
def releases_do_not_count(w):
    del w.templates["raw"]["Resources"]["ReadFlagFunction"]["Properties"]["AutoPublishCodeSha256"]


@broken_by(what_changes_is_published)
def properties_do_not_count(w):
    del w.templates["raw"]["Resources"]["ReadFlagFunction"]["Properties"]["AutoPublishAliasAllProperties"]


@check
def canaries_are_judged_by_themselves(w):
    problems = []
    for function in ("ReadFlagFunction", "WriteFlagFunction"):
        group = all_of(w).get(function + "DeploymentGroup", {}).get("Properties", {})
        if "Canary10Percent5Minutes" not in json.dumps(group.get("DeploymentConfigName", "")):
            problems.append(f"{function}: no canary")
            continue
        if "DEPLOYMENT_STOP_ON_ALARM" not in group.get("AutoRollbackConfiguration", {}).get("Events", []):
            problems.append(f"{function}: an alarm does not roll back")
        kinds = set()
        for entry in group.get("AlarmConfiguration", {}).get("Alarms", []):
            alarm = one(w, entry["Name"]["Ref"])
            for metric, dimensions, _ in alarm_metrics(alarm):
                own = dimensions.get("Version", dimensions.get("ExecutedVersion"))
                if own != {"Fn::GetAtt": [version(w, function), "Version"]}:
                    problems.append(f"{entry['Name']['Ref']}: {metric[1]} is not of the new version alone")
                kinds.add(metric[1])
        missing = {"ServerErrors", "Requests", "Errors"} - kinds
        if missing or not kinds & {"ReadLatency", "Duration"}:
            problems.append(f"{function}: a canary is judged by {sorted(kinds)} only")
    limits = {"ReadCanaryErrors": 1, "WriteCanaryErrors": 1, "ReadCanaryLatency": 500}
    problems += [f"{name}: the limit is not {limit}" for name, limit in limits.items() if one(w, name)["Threshold"] != limit]
    return problems


def alarm_metrics(alarm):
    """((namespace, name), dimensions, statistic) of each metric of an alarm."""
    if "Metrics" not in alarm:
        given = {d["Name"]: d["Value"] for d in alarm["Dimensions"]}
        yield (alarm["Namespace"], alarm["MetricName"]), given, alarm.get("Statistic", alarm.get("ExtendedStatistic"))
    for entry in alarm.get("Metrics", []):
        if "MetricStat" in entry:
            metric = entry["MetricStat"]["Metric"]
            given = {d["Name"]: d["Value"] for d in metric["Dimensions"]}
            yield (metric["Namespace"], metric["MetricName"]), given, entry["MetricStat"]["Stat"]


@broken_by(canaries_are_judged_by_themselves)
def judged_by_all_versions(w):
    one(w, "ReadCanaryLatency")["Dimensions"].pop()


@broken_by(canaries_are_judged_by_themselves)
def crashes_not_judged(w):
    one(w, "ReadFlagFunctionDeploymentGroup")["AlarmConfiguration"]["Alarms"].pop()


@broken_by(canaries_are_judged_by_themselves)
def all_at_once(w):
    one(w, "WriteFlagFunctionDeploymentGroup")["DeploymentConfigName"] = "CodeDeployDefault.LambdaAllAtOnce"


# ------------------------------------------------------------------------------------------------ alarms, dashboard


def metric_problem(w, metric, dimensions, statistic):
    namespace, name = metric
    if namespace != "Burgee":
        if set(dimensions) not in AWS_METRICS.get(metric, []):
            return f"{namespace} {name} by {sorted(dimensions)} is not in the list of AWS metrics"
        return None
    if name not in w.metrics:
        return f"Metric.java has no {name}"
    unit, further = w.metrics[name]
    usual = {"Region", "Function"}
    sets = [usual] if further is None else [usual, usual | {further}] if further == "Version" else [usual | {further}]
    if set(dimensions) not in sets:
        return f"{name} is not written by {sorted(dimensions)}"
    if dimensions["Function"] not in [module for module, _, _ in FUNCTIONS.values()]:
        return f"{name}: no function is called {dimensions['Function']}"
    if statistic.startswith("p") and unit != "MILLISECONDS":
        return f"{name}: {statistic} of a {unit}"
    return None


@check
def alarms_are_on_metrics_that_exist(w):
    return [
        f"{name}: {problem}"
        for name, alarm in of_type(w, "AWS::CloudWatch::Alarm")
        for metric, dimensions, statistic in alarm_metrics(alarm)
        if (problem := metric_problem(w, metric, dimensions, statistic))
    ]


@broken_by(alarms_are_on_metrics_that_exist)
def no_such_metric(w):
    del w.metrics["ServerErrors"]


@broken_by(alarms_are_on_metrics_that_exist)
def without_the_region(w):
    one(w, "ReadLatencyHigh")["Dimensions"].pop(0)


@broken_by(alarms_are_on_metrics_that_exist)
def versions_not_told_apart(w):
    w.metrics["ReadLatency"] = ("MILLISECONDS", None)


@broken_by(alarms_are_on_metrics_that_exist)
def no_metric_of_aws(w):
    one(w, "ReadFlagCrashes")["MetricName"] = "Failures"


@broken_by(alarms_are_on_metrics_that_exist)
def percentile_of_a_count(w):
    alarm = one(w, "ReadLatencyHigh")
    alarm["MetricName"] = "Requests"


def widgets(w):
    body = re.sub(r"\$\{[^}]*\}", "x", cfn.text(one(w, "Dashboard")["DashboardBody"]))
    return json.loads(body)["widgets"]


@check
def the_dashboard_shows_metrics_that_exist(w):
    problems = []
    for widget in widgets(w):
        p = widget["properties"]
        for row in p["metrics"]:
            if isinstance(row[0], dict):
                continue
            options = row.pop() if isinstance(row[-1], dict) else {}
            dimensions = dict(zip(row[2::2], row[3::2]))
            statistic = options.get("stat", p.get("stat", ""))
            problem = metric_problem(w, (row[0], row[1]), dimensions, statistic) if statistic else "no statistic"
            if problem:
                problems.append(f"{p['title']}: {problem}")
    return problems


@broken_by(the_dashboard_shows_metrics_that_exist)
def fallbacks_not_told_apart(w):
    w.metrics["DegradedRead"] = ("COUNT", None)


@broken_by(the_dashboard_shows_metrics_that_exist)
def renamed(w):
    w.metrics["CacheHits"] = w.metrics.pop("CacheHit")


@check
def alarms_reach_somebody(w):
    problems = []
    judges = {
        entry["Name"]["Ref"]
        for _, group in of_type(w, "AWS::CodeDeploy::DeploymentGroup")
        for entry in group["AlarmConfiguration"]["Alarms"]
    }
    for name, alarm in of_type(w, "AWS::CloudWatch::Alarm"):
        if name not in judges and "OperationsTopicArn" not in json.dumps(alarm.get("AlarmActions", [])):
            problems.append(f"{name} tells nobody")
        if "TreatMissingData" not in alarm:
            problems.append(f"{name} does not say what missing data means")
    return problems


@broken_by(alarms_reach_somebody)
def silent(w):
    del one(w, "ApiErrors")["AlarmActions"]


@broken_by(alarms_reach_somebody)
def no_judge(w):
    one(w, "ReadFlagFunctionDeploymentGroup")["AlarmConfiguration"]["Alarms"].clear()


# ------------------------------------------------------------------------------------------------ the API


def routes(w):
    """Route key to (logical name, properties)."""
    return {p["RouteKey"]: (name, p) for name, p in of_type(w, "AWS::ApiGatewayV2::Route")}


@check
def routes_are_those_of_the_contract(w):
    served = w.other["served"]
    problems = []
    for key, (name, p) in routes(w).items():
        if key not in w.other["documented"] and not key.startswith("OPTIONS "):
            problems.append(f"docs/openapi.yaml has no {key}")
        if key.startswith("OPTIONS "):
            function = "WriteFlagFunction" if "/admin/" in key else "ReadFlagFunction"
        else:
            function = served.get(key, (None,))[0]
        integration = cfn.text(p["Target"]).removeprefix("integrations/${").removesuffix("}")
        target = one(w, integration)["IntegrationUri"]["Fn::Sub"][1]["Alias"]
        if function is None or target != alias(function):
            problems.append(f"{key} goes to {target}, but is served by {function}")
    return problems + [f"no route for {key}" for key in sorted(w.other["documented"] - set(routes(w)))]


@broken_by(routes_are_those_of_the_contract)
def a_route_is_missing(w):
    del all_of(w)["ExportFlagsRoute"]


@broken_by(routes_are_those_of_the_contract)
def a_route_too_many(w):
    w.other["documented"].remove("GET /api/admin/export")


@broken_by(routes_are_those_of_the_contract)
def to_the_wrong_function(w):
    one(w, "GetHistoryRoute")["Target"] = {"Fn::Sub": "integrations/${ReadIntegration}"}


@check
def every_route_has_an_authorisation(w):
    problems = []
    for key, (name, p) in routes(w).items():
        scope = w.other["served"].get(key, (None, "OPEN"))[1]
        if scope == "OPEN" and key not in OPEN_ROUTES:
            problems.append(f"{key} is open")
        if "/admin/" in key and not key.startswith("OPTIONS "):
            token = (p.get("AuthorizationType"), p.get("AuthorizerId"), p.get("AuthorizationScopes"))
            none = {"Ref": "AWS::NoValue"}
            expected = (
                {"Fn::If": ["HasJwt", "JWT", "NONE"]},
                {"Fn::If": ["HasJwt", {"Ref": "JwtAuthorizer"}, none]},
                {"Fn::If": ["HasJwt", [{"Ref": "JwtScope"}], none]},
            )
            if scope != "ADMIN":
                problems.append(f"{key}: the function asks for scope {scope}")
            if token != expected:
                problems.append(f"{key}: takes a request without a token, or without the scope, where there is an issuer")
        elif p.get("AuthorizationType") != "NONE":
            problems.append(f"{key}: AuthorizationType is {p.get('AuthorizationType')}")
    tokens = one(w, "WriteFlagFunction")["Environment"]["Variables"].get("BURGEE_ADMIN_TOKENS")
    if tokens != {"Fn::If": ["HasJwt", "true", "false"]}:
        problems.append("write-flag does not know whether the API checks tokens")
    return problems


@broken_by(every_route_has_an_authorisation)
def no_scope(w):
    del one(w, "PutFlagRoute")["AuthorizationScopes"]


@broken_by(every_route_has_an_authorisation)
def no_authorizer(w):
    one(w, "ImportFlagsRoute")["AuthorizationType"] = "NONE"


@broken_by(every_route_has_an_authorisation)
def a_read_is_open(w):
    w.other["served"]["GET /api/config/flags"] = ("ReadFlagFunction", "OPEN")


@broken_by(every_route_has_an_authorisation)
def an_admin_route_takes_read_keys(w):
    w.other["served"]["GET /api/admin/export"] = ("WriteFlagFunction", "READ")


@check
def open_and_admin_routes_are_throttled(w):
    stage = all_of(w)["HttpStage"]
    problems = []
    settings = stage["Properties"].get("RouteSettings", {})
    for key, (name, _) in routes(w).items():
        if key in OPEN_ROUTES or "/admin/" in key:
            if not settings.get(key, {}).get("ThrottlingRateLimit"):
                problems.append(f"{key} is not throttled by itself")
            if name not in stage.get("DependsOn", []):
                problems.append(f"HttpStage could be made before {name}, whose settings it has")
    problems += [f"settings for {key}, which is no route" for key in settings if key not in routes(w)]
    usual = stage["Properties"].get("DefaultRouteSettings", {})
    if not usual.get("ThrottlingRateLimit") or not usual.get("ThrottlingBurstLimit"):
        problems.append("no throttling of the others")
    return problems


@broken_by(open_and_admin_routes_are_throttled)
def live_is_not_throttled(w):
    del one(w, "HttpStage")["RouteSettings"]["GET /api/health/live"]


@broken_by(open_and_admin_routes_are_throttled)
def reads_are_not_throttled(w):
    del one(w, "HttpStage")["DefaultRouteSettings"]


@broken_by(open_and_admin_routes_are_throttled)
def stage_before_route(w):
    all_of(w)["HttpStage"]["DependsOn"].remove("PutFlagRoute")


@check
def access_logs_have_no_keys(w):
    access = one(w, "HttpStage").get("AccessLogSettings", {})
    line = access.get("Format", "")
    used = set(re.findall(r"\$context\.([A-Za-z.]+)", line))
    problems = [f"$context.{name}" for name in sorted(used - LOGGED)]
    if len(used) != line.count("$") or not used:
        problems.append("something else than $context is logged, or nothing")
    if access.get("DestinationArn") != {"Fn::GetAtt": ["HttpLogs", "Arn"]}:
        problems.append("not to HttpLogs")
    json.loads(line or "null")
    return problems


@broken_by(access_logs_have_no_keys)
def logs_the_path(w):
    settings = one(w, "HttpStage")["AccessLogSettings"]
    settings["Format"] = settings["Format"].replace("$context.routeKey", "$context.path")


@broken_by(access_logs_have_no_keys)
def logs_nothing(w):
    del one(w, "HttpStage")["AccessLogSettings"]


@check
def functions_answer_before_the_api_gives_up(w):
    problems = []
    for name, p in of_type(w, "AWS::ApiGatewayV2::Integration"):
        function = p["IntegrationUri"]["Fn::Sub"][1]["Alias"]["Ref"].removesuffix("Aliaslive")
        if not FUNCTIONS[function][1] * 1000 < p["TimeoutInMillis"] <= 30000 or p["PayloadFormatVersion"] != "2.0":
            problems.append(f"{name}: {p['TimeoutInMillis']} ms, payload {p['PayloadFormatVersion']}")
    return problems


@broken_by(functions_answer_before_the_api_gives_up)
def gives_up_early(w):
    one(w, "WriteIntegration")["TimeoutInMillis"] = 15000


@check
def browsers_are_answered_by_one_place(w):
    return [f"{name}: the API would overwrite the functions' CORS headers" for name, p in of_type(w, "AWS::ApiGatewayV2::Api")
            if "CorsConfiguration" in p]


@broken_by(browsers_are_answered_by_one_place)
def two_places(w):
    one(w, "HttpApi")["CorsConfiguration"] = {"AllowOrigins": ["*"]}


# ------------------------------------------------------------------------------------------------ events, logs, tags


@check
def lost_events_are_kept(w):
    problems = []
    for function in ("RegionPulse", "FailoverDnsUpdate"):
        queue = {"Fn::GetAtt": [function + "DeadLetters", "Arn"]}
        if one(w, function + "Function").get("DeadLetterConfig", {}).get("TargetArn") != queue:
            problems.append(f"{function}: no dead-letter queue")
        if "sqs:SendMessage" not in allowed_actions(w, function + "Role"):
            problems.append(f"{function}: may not send to its dead-letter queue")
        for target in one(w, function + "Schedule")["Targets"]:
            if target.get("DeadLetterConfig", {}).get("Arn") != queue:
                problems.append(f"{function}: its schedule has no dead-letter queue")
        if one(w, function + "Schedule")["ScheduleExpression"] != "rate(1 minute)":
            problems.append(f"{function}: not each minute")
    redrive = one(w, "CacheEvents").get("RedrivePolicy", {})
    if redrive.get("deadLetterTargetArn") != {"Fn::GetAtt": ["FailoverDnsUpdateDeadLetters", "Arn"]}:
        problems.append("events of the cache that cannot be delivered are lost")
    problems += [f"{n}: not encrypted" for n, p in of_type(w, "AWS::SQS::Queue") if p.get("SqsManagedSseEnabled") is not True]
    pulse = one(w, "RegionPulseFunction")["Environment"]["Variables"]["BURGEE_PULSE_MS"]
    return problems + ([] if pulse == "60000" else [f"BURGEE_PULSE_MS is {pulse}, the schedule a minute"])


@broken_by(lost_events_are_kept)
def no_redrive(w):
    del one(w, "CacheEvents")["RedrivePolicy"]


@broken_by(lost_events_are_kept)
def no_queue(w):
    del one(w, "RegionPulseFunction")["DeadLetterConfig"]


@broken_by(lost_events_are_kept)
def in_the_clear(w):
    one(w, "RegionPulseDeadLetters")["SqsManagedSseEnabled"] = False


@broken_by(lost_events_are_kept)
def may_not_send(w):
    statement(w, "FailoverDnsUpdateRole", "DeadLetters")["Action"] = "sqs:ReceiveMessage"


@check
def logs_end(w):
    return [f"{name}: kept for ever" for name, p in of_type(w, "AWS::Logs::LogGroup") if "RetentionInDays" not in p]


@broken_by(logs_end)
def for_ever(w):
    del one(w, "HttpLogs")["RetentionInDays"]


TAGGED = (
    "AWS::Lambda::Function AWS::Logs::LogGroup AWS::SQS::Queue AWS::CloudWatch::Alarm AWS::ApiGatewayV2::Api"
    " AWS::ApiGatewayV2::Stage AWS::IAM::Role"
).split()


@check
def costs_are_tagged(w):
    problems = []
    for kind in TAGGED:
        for name, p in of_type(w, kind):
            tags = p.get("Tags", [])
            keys = set(tags) if isinstance(tags, dict) else {tag["Key"] for tag in tags}
            # SAM's own role takes the stack's tags
            if not {"Service", "Region", "Stage"} <= keys and name != "CodeDeployServiceRole":
                problems.append(f"{name}: tags are {sorted(keys)}")
    return problems


@broken_by(costs_are_tagged)
def untagged(w):
    del one(w, "HttpApi")["Tags"]


@check
def each_region_has_an_entry(w):
    config = {name: entry for name, entry in tomllib.loads(w.other["samconfig"]).items() if name != "version"}
    wanted = {region for region, about in w.regions["regions"].items() if about["functions"]}
    entries = {name: entry["deploy"]["parameters"] for name, entry in config.items() if "deploy" in entry}
    problems = [f"samconfig.toml has no {region}" for region in sorted(wanted - set(entries))]
    problems += [f"samconfig.toml has {region}, infra/regions.json has not" for region in sorted(set(entries) - wanted)]
    for region, p in entries.items():
        tags = f"Service=burgee Region={region} Stage={w.regions['stage']}"
        if p.get("region") != region or p.get("tags") != tags or p.get("capabilities") != "CAPABILITY_IAM":
            problems.append(f"samconfig.toml: {region}: {p}")
    return problems


@broken_by(each_region_has_an_entry)
def a_region_more(w):
    w.regions["regions"]["eu-central-1"] = {"functions": True}


@broken_by(each_region_has_an_entry)
def copied_without_care(w):
    w.other["samconfig"] = w.other["samconfig"].replace('region = "eu-west-1"', 'region = "us-east-1"')


@check
def defaults_suit_a_new_account(w):
    parameters = w.templates["raw"]["Parameters"]
    problems = [
        f"{name} is {parameters[name]['Default']!r} by default"
        for name, default in {"ReadConcurrency": 0, "WriteConcurrency": 0, "OpenReads": "false", "CorsOrigins": "", "JwtIssuer": ""}.items()
        if parameters[name]["Default"] != default
    ]
    for function in ("ReadFlagFunction", "WriteFlagFunction"):
        reserved = one(w, function).get("ReservedConcurrentExecutions", {})
        if reserved.get("Fn::If", [0, 0, 0])[2] != {"Ref": "AWS::NoValue"}:
            problems.append(f"{function} reserves concurrency that a new account has not")
    return problems


@check
def dynamic_references_fit(w):
    """CloudFormation resolves 60 in a template; each limit counts once for each function."""
    count = json.dumps(all_of(w)).count("{{resolve:")
    return [f"{count} dynamic references, but CloudFormation takes 60"] if count > 60 else []


@broken_by(dynamic_references_fit)
def four_more_limits(w):
    one(w, "ReadFlagFunction")["Description"] = "{{resolve:ssm:/more}}" * 16


@broken_by(defaults_suit_a_new_account)
def opens_reads(w):
    w.templates["raw"]["Parameters"]["OpenReads"]["Default"] = "true"


@broken_by(defaults_suit_a_new_account)
def reserves(w):
    one(w, "ReadFlagFunction")["ReservedConcurrentExecutions"] = {"Ref": "ReadConcurrency"}


if __name__ == "__main__":
    sys.exit(1 if checks.run(world()) else 0)
