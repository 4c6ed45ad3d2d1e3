"""Deploys infra/ as emulated_deploy.py does and, in every region with functions, template.yaml as SAM transforms it with the
zips, into the emulator at AWS_ENDPOINT_URL. Run by scripts/check-deploy with the Python of the deploy tools.

usage: emulated_functions.py FILE   FILE gets what EmulatedResources (a test in local/) starts the functions with: of
each region what the emulator's Lambda now says of them.

What the emulator's CloudFormation cannot make of template.yaml is in NOT_EMULATED, each with what is done instead.
"""

import base64
import hashlib
import json
import os
import pathlib
import re
import sys

import botocore.exceptions
import cfn
from emulated_deploy import Deployment, stacks
from evaluate import Evaluation, Refused
from template_checks import transformed

ACCOUNT = "123456789012"
# where template_checks.transformed() says that `sam package` put the zips
BUCKET = "bucket"
RELEASE = hashlib.sha256(b"emulated").hexdigest()

FAILOVER = "burgee-failover-dns-update"

BY_TEMPLATE_CHECKS = "looked at by template_checks.py only: the emulator's CloudFormation does not know it"
BY_API = "made by its API from the template's values: the emulator's CloudFormation does not know it"
NOT_EMULATED = {
    "AWS::ApiGatewayV2::Api": BY_TEMPLATE_CHECKS,
    "AWS::ApiGatewayV2::Integration": BY_TEMPLATE_CHECKS,
    "AWS::ApiGatewayV2::Route": BY_TEMPLATE_CHECKS,
    "AWS::ApiGatewayV2::Stage": BY_TEMPLATE_CHECKS,
    "AWS::CloudWatch::Alarm": BY_API,
    "AWS::CodeDeploy::Application": BY_TEMPLATE_CHECKS,
    "AWS::CodeDeploy::DeploymentGroup": BY_TEMPLATE_CHECKS,
    "AWS::Lambda::Alias": BY_API,
    "AWS::Lambda::EventInvokeConfig": BY_API,
    "AWS::Lambda::Permission": BY_API + " with an alias",
    "AWS::SNS::Subscription": BY_API,
    "AWS::SQS::QueuePolicy": BY_API,
}
# what is done to what it makes
ADAPTED = [
    "values out of SSM ({{resolve:ssm:…}}) are put in before: the emulator does not resolve them",
    "conditions (Fn::If, AWS::NoValue) are resolved before, by evaluate.py: the emulator fails on them inside of policies",
    "the pattern of HostedZone is left out: the emulator's zones do not begin with Z",
    "references to an alias or to the API are put in before, as those are not made by the stack",
    "the ledger's endpoints in the topology secret are the emulator's own address: there is no VPC endpoint",
]


class FunctionsDeployment(Deployment):
    """infra/ and the functions on it."""

    def __init__(self, config, endpoint):
        super().__init__(config)
        self.endpoint = endpoint
        self.deployed = {}
        self.stripped = set()

    def functions(self, step, outputs):
        region = step.region
        given = stacks.resolve(step, {**outputs, "release": {"Release": RELEASE}})
        template = transformed(cfn.load(cfn.ROOT / "template.yaml"), Release=RELEASE)
        # the emulator's zones are named otherwise
        template["Parameters"]["HostedZone"].pop("AllowedPattern")
        try:
            whole = Evaluation(template, region, given, ACCOUNT).whole()
        except Refused as e:
            raise SystemExit(f"template.yaml in {region}: {e}") from e
        whole = json.loads(self.with_parameters(region, json.dumps(whole)))
        outputs_asked = whole.pop("Outputs")
        left_out = {n: r for n, r in whole["Resources"].items() if r["Type"] in NOT_EMULATED}
        self.stripped |= {r["Type"] for r in left_out.values()}
        known = {}
        for name, resource in left_out.items():
            if resource["Type"] == "AWS::Lambda::Alias":
                function = whole["Resources"][resource["Properties"]["FunctionName"]["Ref"]]["Properties"]["FunctionName"]
                known[name] = f"arn:aws:lambda:{region}:{ACCOUNT}:function:{function}:{resource['Properties']['Name']}"
            elif resource["Type"] == "AWS::ApiGatewayV2::Api":
                known[name] = "abc123"
        made = {n: r for n, r in whole["Resources"].items() if n not in left_out}
        for resource in made.values():
            resource.pop("DependsOn", None)
        made = resolved(made, known)
        self.upload(made)
        client = self.client("cloudformation", region)
        body = {**whole, "Resources": made}
        client.create_stack(StackName=step.stack, TemplateBody=json.dumps(body), Capabilities=["CAPABILITY_IAM"])
        described = client.describe_stacks(StackName=step.stack)["Stacks"][0]
        if described["StackStatus"] != "CREATE_COMPLETE":
            raise SystemExit(f"{step.stack} in {region}: {described['StackStatus']} {described.get('StackStatusReason')}")
        self.stacks += 1
        ids = {r["LogicalResourceId"]: r.get("PhysicalResourceId") for r in client.describe_stack_resources(StackName=step.stack)["StackResources"]}
        if ids.keys() != made.keys():
            raise SystemExit(f"{step.stack} in {region} lacks {sorted(made.keys() - ids.keys())}")
        known |= self.answers(region, made, ids)
        for name, resource in sorted(left_out.items(), key=lambda item: item[1]["Type"] != "AWS::Lambda::Alias"):
            self.by_api(region, resource["Type"], resolved(resource.get("Properties", {}), known))
        self.deployed[region] = self.look_at_functions(region, whole["Resources"], known)
        answered = {n: resolved(o["Value"], known | {"HttpApi.ApiEndpoint": f"https://abc123.execute-api.{region}.amazonaws.com"}) for n, o in outputs_asked.items()}
        left = [n for n, value in answered.items() if not isinstance(value, str)]
        if left:
            raise SystemExit(f"{step.stack} in {region}: no value for outputs {left}")
        return answered

    def with_parameters(self, region, text):
        """The text with values out of SSM, which are in the emulator by then."""
        ssm = self.client("ssm", region)

        def value(match):
            try:
                return ssm.get_parameter(Name=match[1])["Parameter"]["Value"]
            except botocore.exceptions.ClientError as e:
                raise SystemExit(f"template.yaml in {region} reads {match[1]}: {e}") from e

        return re.sub(r"\{\{resolve:ssm:([^}]+)\}\}", value, text)

    def upload(self, resources):
        s3 = self.client("s3", "us-east-1")
        s3.create_bucket(Bucket=BUCKET)
        for resource in resources.values():
            if resource["Type"] == "AWS::Lambda::Function":
                key = resource["Properties"]["Code"]["S3Key"]
                s3.upload_file(str(cfn.ROOT / key), BUCKET, key)

    def answers(self, region, made, ids):
        """What Ref and Fn::GetAtt answer: by name, and by name.attribute."""
        known = {}
        for name, resource in made.items():
            known[name] = ids[name]
            kind, p = resource["Type"], resource["Properties"]
            if kind == "AWS::Lambda::Version":
                # the emulator does not say which it made
                listed = self.client("lambda", region).list_versions_by_function(FunctionName=ids[p["FunctionName"]["Ref"]])["Versions"]
                known[f"{name}.Version"] = listed[-1]["Version"]
            elif kind == "AWS::SQS::Queue":
                known |= {f"{name}.QueueName": p["QueueName"], f"{name}.Arn": f"arn:aws:sqs:{region}:{ACCOUNT}:{p['QueueName']}"}
            elif kind == "AWS::Events::Rule":
                known[f"{name}.Arn"] = f"arn:aws:events:{region}:{ACCOUNT}:rule/{p['Name']}"
        return known

    def by_api(self, region, kind, p):
        if kind == "AWS::Lambda::Alias":
            self.client("lambda", region).create_alias(**p)
        elif kind == "AWS::Lambda::Permission":
            function, _, alias = p["FunctionName"].rpartition(":")
            statement = hashlib.sha256(json.dumps(p).encode()).hexdigest()[:20]
            self.client("lambda", region).add_permission(**{**p, "FunctionName": function}, Qualifier=alias, StatementId=statement)
        elif kind == "AWS::Lambda::EventInvokeConfig":
            self.client("lambda", region).put_function_event_invoke_config(**p)
        elif kind == "AWS::CloudWatch::Alarm":
            self.client("cloudwatch", region).put_metric_alarm(**p)
        elif kind == "AWS::SNS::Subscription":
            attributes = {"RedrivePolicy": json.dumps(p["RedrivePolicy"])}
            self.client("sns", region).subscribe(TopicArn=p["TopicArn"], Protocol=p["Protocol"], Endpoint=p["Endpoint"], Attributes=attributes)
        elif kind == "AWS::SQS::QueuePolicy":
            for queue in p["Queues"]:
                self.client("sqs", region).set_queue_attributes(QueueUrl=queue, Attributes={"Policy": json.dumps(p["PolicyDocument"])})

    def look_at_functions(self, region, resources, known):
        """What the aliases of the template lead to, asked of Lambda: name to handler, variables and the rest."""
        client, found, wrong = self.client("lambda", region), {}, []
        for resource in resources.values():
            if resource["Type"] != "AWS::Lambda::Function":
                continue
            p = resolved(resource["Properties"], known)
            name = p["FunctionName"]
            deployed = client.get_function(FunctionName=name, Qualifier="live")["Configuration"]
            zipped = (cfn.ROOT / p["Code"]["S3Key"]).read_bytes()
            due = {
                "Handler": p["Handler"], "Runtime": p["Runtime"], "Timeout": p["Timeout"], "MemorySize": p["MemorySize"],
                "Environment": p["Environment"], "CodeSha256": base64.b64encode(hashlib.sha256(zipped).digest()).decode(),
            }  # fmt: skip
            wrong += [f"{region}: {name}: {k} is {deployed.get(k)}, expected {v}" for k, v in due.items() if deployed.get(k) != v]
            found[name] = {
                "handler": deployed["Handler"], "zip": p["Code"]["S3Key"], "timeout": deployed["Timeout"], "memory": deployed["MemorySize"],
                "variables": deployed["Environment"]["Variables"],
            }  # fmt: skip
            alias = client.get_alias(FunctionName=name, Name="live")
            if not alias["FunctionVersion"].isdigit():
                wrong.append(f"{region}: {name}: the alias is of {alias['FunctionVersion']}, expected a version")
        rules = self.client("events", region)
        for name in ("burgee-region-pulse", "burgee-failover-dns-update"):
            targets = [t["Arn"] for t in rules.list_targets_by_rule(Rule=name)["Targets"]]
            if targets != [f"arn:aws:lambda:{region}:{ACCOUNT}:function:{name}:live"]:
                wrong.append(f"{region}: the schedule {name} invokes {targets}")
        subscribed = self.client("sns", region).list_subscriptions_by_topic(TopicArn=topic_of(found))["Subscriptions"]
        if [s["Endpoint"] for s in subscribed] != [f"arn:aws:lambda:{region}:{ACCOUNT}:function:burgee-failover-dns-update:live"]:
            wrong.append(f"{region}: the cache's topic has the subscriptions {subscribed}")
        due = {r["Properties"]["AlarmName"] for r in resources.values() if r["Type"] == "AWS::CloudWatch::Alarm"}
        alarms = {a["AlarmName"] for a in self.client("cloudwatch", region).describe_alarms()["MetricAlarms"]}
        if not due <= alarms:
            wrong.append(f"{region}: no alarms {sorted(due - alarms)}")
        if wrong:
            raise SystemExit("\n".join(wrong))
        return found

    def promotion_event(self, region):
        """What SNS makes of ElastiCache's message on the created topic: as a queue that is subscribed gets it."""
        functions, sns, sqs = self.deployed[region], self.client("sns", region), self.client("sqs", region)
        topic = topic_of(functions)
        # it would run the function in Docker
        for subscribed in sns.list_subscriptions_by_topic(TopicArn=topic)["Subscriptions"]:
            sns.unsubscribe(SubscriptionArn=subscribed["SubscriptionArn"])
        queue = sqs.create_queue(QueueName="listener")["QueueUrl"]
        sns.subscribe(TopicArn=topic, Protocol="sqs", Endpoint=f"arn:aws:sqs:{region}:{ACCOUNT}:listener")
        group = functions[FAILOVER]["variables"]["BURGEE_REPLICATION_GROUP"]
        sns.publish(TopicArn=topic, Subject="ElastiCache Notification", Message=json.dumps({"ElastiCache:ReplicationGroupPromotedAsPrimary": group}))
        return json.loads(sqs.receive_message(QueueUrl=queue, WaitTimeSeconds=5)["Messages"][0]["Body"])

    def point_ledger_here(self):
        """In the topology secret, after everything else was looked at."""
        secrets, name = self.client("secretsmanager", self.config.primary), f"burgee/{self.stage}/topology"
        whole = json.loads(secrets.get_secret_value(SecretId=name)["SecretString"])
        for entry in whole["ledger"]["regions"].values():
            entry["endpoint"] = self.endpoint
        secrets.put_secret_value(SecretId=name, SecretString=json.dumps(whole))


def topic_of(functions):
    """ARN of a region's topic of cache events, as failover-dns-update was told it."""
    return functions[FAILOVER]["variables"]["BURGEE_FAILOVER_TOPIC"]


def resolved(value, known):
    """The value with Ref, Fn::GetAtt, Fn::Sub and Fn::Join resolved as far as they are known."""
    if isinstance(value, list):
        return [resolved(v, known) for v in value]
    if not isinstance(value, dict):
        return value
    if len(value) == 1:
        (function, argument), = value.items()
        if function == "Ref":
            return known.get(argument, value)
        if function == "Fn::GetAtt":
            return known.get(".".join(argument), value)
        if function == "Fn::Sub":
            pattern, further = (argument, {}) if isinstance(argument, str) else argument
            names = {**known, **resolved(further, known)}
            done = re.sub(r"\$\{([^!}]+)\}", lambda m: names[m[1]] if isinstance(names.get(m[1]), str) else m[0], pattern)
            return {"Fn::Sub": done} if re.search(r"\$\{[^!}]+\}", done) else done
        if function == "Fn::Join":
            parts = resolved(argument[1], known)
            return argument[0].join(parts) if all(isinstance(p, str) for p in parts) else {function: [argument[0], parts]}
    return {k: resolved(v, known) for k, v in value.items()}


def main():
    endpoint = os.environ["AWS_ENDPOINT_URL"]
    os.environ.setdefault("AWS_ACCESS_KEY_ID", "emulated")
    os.environ.setdefault("AWS_SECRET_ACCESS_KEY", "emulated")
    config = stacks.load(profile="global-datastore")
    deployment = FunctionsDeployment(config, endpoint)
    deployment.everything()
    deployment.point_ledger_here()
    if deployment.stripped != NOT_EMULATED.keys():
        raise SystemExit(f"NOT_EMULATED is not what was left out: {sorted(deployment.stripped ^ NOT_EMULATED.keys())}")
    whole = {
        "endpoint": endpoint,
        "primary": config.primary,
        "regions": {r: {"functions": found, "promotion": deployment.promotion_event(r)} for r, found in deployment.deployed.items()},
    }
    pathlib.Path(sys.argv[1]).write_text(json.dumps(whole, indent=1), encoding="utf-8")
    for kind, instead in NOT_EMULATED.items():
        print(f"not in the stack: {kind}, {instead}")
    for change in ADAPTED:
        print(f"changed: {change}")
    print(f"{deployment.stacks} stacks in {len(config.regions)} regions, template.yaml in {len(deployment.deployed)} of them")


if __name__ == "__main__":
    sys.exit(main())
