"""Stands in for `aws cloudformation deploy`, for emulated_scripts.py: moto's CloudFormation knows neither SAM nor half of the
types. usage: emulated_aws.py SOCKET, at which it is called (resident.py) with the words that aws was given. In the environment
of a call: the real CLI's socket in REAL_AWS, the configuration in EMULATED_CONFIG.

A stack of infra/ is made by emulated_deploy.py's way: what moto lacks is left out or made by its API. For template.yaml the real
CLI asks for a change set, and a stack of the same name, parameters and outputs is made; functions, versions, aliases and alarms are made by API. A
stack named in the file EMULATED_FAIL (STACK@REGION) fails.
"""

import argparse
import contextlib
import io
import json
import os
import pathlib
import sys
import tempfile
import zipfile

import boto3
import cfn
from botocore.exceptions import ClientError
from emulated_deploy import Deployment, stacks
from evaluate import Evaluation, Refused
from resident import call, serve

# of which a call finds the models loaded
SERVICES = ("cloudformation", "cloudwatch", "dynamodb", "ec2", "iam", "lambda", "route53", "secretsmanager")


def exists(stack, region):
    try:
        return boto3.client("cloudformation", region_name=region).describe_stacks(StackName=stack)["Stacks"][0]
    except ClientError:
        return None


def publish(region, function, description):
    """A version of a function under its alias, as CloudFormation makes it."""
    client, iam = boto3.client("lambda", region_name=region), boto3.client("iam", region_name="us-east-1")
    with contextlib.suppress(ClientError):
        iam.create_role(RoleName="burgee", AssumeRolePolicyDocument="{}", Path="/stand-in/")
    code = io.BytesIO()
    with zipfile.ZipFile(code, "w") as packed:
        packed.writestr("code", description)
    try:
        client.update_function_code(FunctionName=function, ZipFile=code.getvalue())
        client.update_function_configuration(FunctionName=function, Description=description)
        version = client.publish_version(FunctionName=function)["Version"]
        client.update_alias(FunctionName=function, Name="live", FunctionVersion=version)
    except client.exceptions.ResourceNotFoundException:
        role = "arn:aws:iam::123456789012:role/stand-in/burgee"
        made = {"Runtime": "java25", "Handler": "H::h", "Role": role, "Code": {"ZipFile": code.getvalue()}}
        client.create_function(FunctionName=function, Description=description, **made)
        version = client.publish_version(FunctionName=function)["Version"]
        client.create_alias(FunctionName=function, Name="live", FunctionVersion=version)


def functions(arguments, region, stack, file, given):
    """template.yaml: the real CLI with a stand-in for the template, then what the template would make."""
    template = cfn.load(file)
    if any("s3://" not in f["Properties"]["CodeUri"] for _, f in cfn.resources(template, "AWS::Serverless::Function")):
        raise SystemExit("the code was not uploaded")
    # the emulator's zones have other ids
    Evaluation({**template, "Rules": {}}, region, {**given, "HostedZone": "Z" + given["HostedZone"]})
    body = {
        "AWSTemplateFormatVersion": "2010-09-09",
        "Parameters": {n: {"Type": "String", "Default": ""} for n in template["Parameters"]},
        "Resources": {"StandIn": {"Type": "AWS::SSM::Parameter", "Properties": {"Name": f"/stand-in/{stack}", "Type": "String", "Value": given["Release"]}}},
        "Outputs": {
            "ApiUrl": {"Value": f"https://abc123.execute-api.{region}.amazonaws.com"}, "ApiId": {"Value": "abc123"},
            "FailoverQueueName": {"Value": "failover-dlq"}, "PulseQueueName": {"Value": "pulse-dlq"},
        },
    }  # fmt: skip
    # too large to be sent as it is; the emulator takes none from its own buckets
    at = arguments.index("--s3-bucket")
    arguments = arguments[:at] + arguments[at + 4 :]
    with tempfile.NamedTemporaryFile("w", suffix=".json", encoding="utf-8") as stand_in:
        json.dump(body, stand_in)
        stand_in.flush()
        # as far as a change set: the emulator's stacks out of one have no outputs
        replaced = {file: stand_in.name, stack: f"{stack}-asked"}
        if call(os.environ["REAL_AWS"], [*(replaced.get(a, a) for a in arguments), "--no-execute-changeset"]):
            raise SystemExit("the CLI asked for no change set")
    cloudformation = boto3.client("cloudformation", region_name=region)
    put = cloudformation.create_stack if exists(stack, region) is None else cloudformation.update_stack
    put(StackName=stack, TemplateBody=json.dumps(body), Parameters=[{"ParameterKey": n, "ParameterValue": v} for n, v in given.items()])
    for _, function in cfn.resources(template, "AWS::Serverless::Function"):
        p = function["Properties"]
        publish(region, p["FunctionName"], p["Description"]["Fn::Sub"].replace("${Release}", given["Release"]))
    cloudwatch = boto3.client("cloudwatch", region_name=region)
    for _, alarm in cfn.resources(template, "AWS::CloudWatch::Alarm"):
        name = alarm["Properties"]["AlarmName"]["Fn::Sub"].replace("${Stage}", given["Stage"])
        if not cloudwatch.describe_alarms(AlarmNames=[name])["MetricAlarms"]:
            cloudwatch.put_metric_alarm(
                AlarmName=name, Namespace="Burgee", MetricName="Requests", Statistic="Sum", Period=60, EvaluationPeriods=1, Threshold=1,
                ComparisonOperator="GreaterThanThreshold",
            )  # fmt: skip
            cloudwatch.set_alarm_state(AlarmName=name, StateValue="OK", StateReason="new")


def deploy(arguments):
    parser = argparse.ArgumentParser()
    for name in ("--region", "--stack-name", "--template-file"):
        parser.add_argument(name, required=True)
    parser.add_argument("--parameter-overrides", nargs="*", default=[])
    asked, _ = parser.parse_known_args(arguments)
    given = dict(word.split("=", 1) for word in asked.parameter_overrides)
    failing = pathlib.Path(os.environ["EMULATED_FAIL"])
    if failing.exists() and failing.read_text(encoding="utf-8").strip() == f"{asked.stack_name}@{asked.region}":
        raise SystemExit(f"Failed to create/update the stack {asked.stack_name}")
    path = pathlib.Path(asked.template_file)
    try:
        if path.parent.name != "infra":
            functions(arguments, asked.region, asked.stack_name, asked.template_file, given)
        elif exists(asked.stack_name, asked.region) is None:
            Deployment(stacks.load(os.environ["EMULATED_CONFIG"]), visible=True).deploy(f"infra/{path.name}", asked.region, asked.stack_name, given)
        else:
            print("No changes to deploy")
    except Refused as e:
        raise SystemExit(f"{asked.stack_name}: {e}") from e


def main():
    for service in SERVICES:
        boto3.client(service, region_name="us-east-1")
    serve(sys.argv[1], deploy)


if __name__ == "__main__":
    main()
