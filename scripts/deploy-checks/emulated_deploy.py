"""Deploys infra/ into the emulator's CloudFormation (moto) in every region of regions.json, in the order of
scripts/lib/stacks.py, in both profiles. Run by scripts/check-deploy with the emulator's Python; with AWS_ENDPOINT_URL set, into that server instead, where
everything stays to be looked at.

Parameters come from that plan, that is from regions.json and other stacks' outputs only: a hand-over that is missing, misspelt or refused by
a rule or pattern fails here. What the emulator cannot make (NOT_EMULATED, looked at by infra_checks.py) is left out, and
its outputs are stood in for; secrets, the ledger, peerings and the zone are made by their APIs from the template's values. template.yaml's
outputs are stood in for: emulated_functions.py deploys that, on top of this.
"""

import contextlib
import json
import os
import re
import sys

import boto3
import cfn

sys.path.insert(0, str(cfn.ROOT / "scripts/lib"))
import stacks  # noqa: E402 (lies in another folder)
from evaluate import Evaluation, Refused

NOT_EMULATED = {
    "AWS::ApiGatewayV2::ApiMapping", "AWS::ApiGatewayV2::DomainName", "AWS::Budgets::Budget",
    "AWS::CertificateManager::Certificate", "AWS::CloudWatch::Alarm", "AWS::DynamoDB::GlobalTable",
    "AWS::EC2::SecurityGroupEgress", "AWS::EC2::VPCPeeringConnection", "AWS::ElastiCache::GlobalReplicationGroup", "AWS::ElastiCache::ReplicationGroup",
    "AWS::ElastiCache::SubnetGroup", "AWS::ElastiCache::User", "AWS::ElastiCache::UserGroup", "AWS::Route53::HostedZone", "AWS::SNS::Subscription",
    "AWS::SNS::TopicPolicy", "AWS::SecretsManager::Secret",
}  # fmt: skip


class Deployment:
    """The stacks of one profile."""

    def __init__(self, config, visible=False):
        self.config = config
        self.stage = config.stage
        # whether the emulator's stacks show all outputs and parameters, for who asks it rather than this
        self.visible = visible
        self.stacks = 0
        self.left_out = set()

    def client(self, service, region):
        return boto3.client(service, region_name=region)

    def deploy(self, file, region, stack, given):
        """Creates a stack; returns its outputs."""
        template = cfn.load(cfn.ROOT / file)
        try:
            evaluation = Evaluation(template, region, given)
            whole = evaluation.whole()
        except Refused as e:
            raise SystemExit(f"{file} in {region}: {e}") from e
        outputs = whole.pop("Outputs")
        missing = {n: r for n, r in whole["Resources"].items() if r["Type"] in NOT_EMULATED}
        self.left_out |= {r["Type"] for r in missing.values()}
        self.make_by_api(region, missing)
        made = {n: r for n, r in whole["Resources"].items() if n not in missing}
        made = json.loads(json.dumps(made), object_hook=lambda o: self.stand_in(o, missing, region))
        for resource in made.values():
            if resource["Type"] in ("AWS::KMS::Key", "AWS::SSM::Parameter"):
                # the emulator wants them written in another way
                del resource["Properties"]["Tags"]
        outputs = evaluation.resolve(json.loads(json.dumps(outputs), object_hook=lambda o: self.stand_in(o, missing, region)))
        known = {n: o["Value"] for n, o in outputs.items() if isinstance(o["Value"], str)}
        self.stacks += 1
        asked = {n: o for n, o in outputs.items() if n not in known}
        shown = {}
        if self.visible:
            made = made or {"StandIn": {"Type": "AWS::SSM::Parameter", "Properties": {"Name": f"/stand-in/{stack}", "Type": "String", "Value": "-"}}}
            known, asked = {}, outputs
            whole["Parameters"] = {n: {"Type": "String"} for n in given}
            shown = {"Parameters": [{"ParameterKey": n, "ParameterValue": v} for n, v in given.items()]}
        if not made:
            return known
        client = self.client("cloudformation", region)
        body = {**whole, "Resources": made, **({"Outputs": asked} if asked else {})}
        client.create_stack(StackName=stack, TemplateBody=json.dumps(body), Capabilities=["CAPABILITY_IAM"], **shown)
        described = client.describe_stacks(StackName=stack)["Stacks"][0]
        if described["StackStatus"] != "CREATE_COMPLETE":
            raise SystemExit(f"{stack} in {region}: {described['StackStatus']} {described.get('StackStatusReason')}")
        answered = {o["OutputKey"]: o["OutputValue"] for o in described.get("Outputs", [])}
        if answered.keys() != asked.keys():
            raise SystemExit(f"{stack} in {region}: outputs {sorted(answered)}, expected {sorted(asked)}")
        return {**known, **answered}

    def make_by_api(self, region, missing):
        for resource in missing.values():
            p = resource.get("Properties", {})
            if resource["Type"] == "AWS::SecretsManager::Secret":
                secret = p.get("SecretString")
                if secret is None:
                    generated = p["GenerateSecretString"]
                    secret = json.dumps({**json.loads(generated["SecretStringTemplate"]), generated["GenerateStringKey"]: "x" * generated["PasswordLength"]})
                replicas = [{"Region": r["Region"]} for r in p.get("ReplicaRegions", [])]
                self.client("secretsmanager", region).create_secret(Name=p["Name"], SecretString=secret, **({"AddReplicaRegions": replicas} if replicas else {}))
            elif resource["Type"] == "AWS::EC2::VPCPeeringConnection":
                # the emulator's stacks make none across regions
                peer = p.pop("PeerRegion")
                p.pop("Tags")
                made = self.client("ec2", region).create_vpc_peering_connection(PeerRegion=peer, **p)["VpcPeeringConnection"]["VpcPeeringConnectionId"]
                self.client("ec2", peer).accept_vpc_peering_connection(VpcPeeringConnectionId=made)
                resource["Made"] = made
            elif resource["Type"] == "AWS::Route53::HostedZone":
                # the emulator's stacks make it public and under another name
                route53 = self.client("route53", region)
                made = route53.create_hosted_zone(Name=p["Name"], VPC=p["VPCs"][0], HostedZoneConfig={**p["HostedZoneConfig"], "PrivateZone": True}, CallerReference=p["Name"])
                resource["Made"] = made["HostedZone"]["Id"].split("/")[-1]
                for vpc in p["VPCs"][1:]:
                    route53.associate_vpc_with_hosted_zone(HostedZoneId=resource["Made"], VPC=vpc)
            elif resource["Type"] == "AWS::DynamoDB::GlobalTable":
                for replica in p["Replicas"]:
                    self.client("dynamodb", replica["Region"]).create_table(
                        TableName=p["TableName"], KeySchema=p["KeySchema"], AttributeDefinitions=p["AttributeDefinitions"], BillingMode=p["BillingMode"]
                    )

    @staticmethod
    def stand_in(value, missing, region):
        """What a reference to something left out would answer, and to the one attribute that the emulator does not have."""
        if value == {"Fn::GetAtt": ["LedgerEndpoint", "DnsEntries"]}:
            return [f"Z1:vpce-0a1b2c-3d.dynamodb.{region}.vpce.amazonaws.com", f"Z1:vpce-0a1b2c-3d-{region}a.dynamodb.{region}.vpce.amazonaws.com"]
        if value.keys() == {"Ref"} and value["Ref"] in missing:
            if "Made" in missing[value["Ref"]]:
                return missing[value["Ref"]]["Made"]
            p = missing[value["Ref"]].get("Properties", {})
            names = ("ReplicationGroupId", "UserGroupId", "UserId", "CacheSubnetGroupName", "TableName", "DomainName", "Name")
            return next(p[n] for n in names if n in p)
        if value.keys() == {"Fn::GetAtt"} and value["Fn::GetAtt"][0] in missing:
            name, attribute = value["Fn::GetAtt"]
            known = {
                "GlobalReplicationGroupId": "ldgnf-burgee-prod",
                "PrimaryEndPoint.Address": f"master.burgee-prod-{region}.abc123.cache.amazonaws.com",
                "RegionalDomainName": f"d-1.execute-api.{region}.amazonaws.com",
                "RegionalHostedZoneId": "Z1REGIONAL",
            }
            return known.get(attribute, f"arn:aws:x:{region}:123456789012:{name}")
        if value.keys() == {"Fn::Sub"} and isinstance(value["Fn::Sub"], str):
            found = re.findall(r"\$\{([^!}]+)\}", value["Fn::Sub"])
            if found and all(f.split(".")[0] in missing for f in found):
                host = f"master.burgee-prod-{region}.abc123.cache.amazonaws.com"
                return re.sub(r"\$\{[^}]+\.Address\}", host, value["Fn::Sub"]).replace("${Group.PrimaryEndPoint.Port}", "6379")
        return value

    def everything(self):
        primary = self.config.primary
        public = self.client("route53", primary).create_hosted_zone(Name="example.com", CallerReference=self.config.profile)["HostedZone"]["Id"].split("/")[-1]
        self.config.api = {"zone": public, "name": "flags.example.com"}
        outputs = {}
        topology = None
        for step in stacks.plan(self.config):
            if step.template == "template.yaml":
                outputs[step.id] = self.functions(step, outputs)
            elif step.kind == "stack":
                outputs[step.id] = self.deploy(step.template, step.region, step.stack, stacks.resolve(step, outputs))
            elif step.kind == "image":
                outputs[step.id] = {"ImageId": self.client("ec2", step.region).describe_images(Owners=["amazon"])["Images"][0]["ImageId"]}
            elif step.kind == "topology":
                topology = self.topology(outputs)
        net = {r: outputs[f"network@{r}"] for r in self.config.regions}
        self.look(net, self.config.served, outputs[f"dns@{primary}"], topology)

    def functions(self, step, outputs):
        """Stands in for template.yaml, which emulated_functions.py deploys; returns outputs as its stack would."""
        url = f"https://abc123.execute-api.{step.region}.amazonaws.com"
        return {"ApiId": "abc123", "ApiUrl": url, "FailoverQueueName": "failover-dlq", "PulseQueueName": "pulse-dlq"}

    def topology(self, outputs):
        """Completes the secret as scripts/deploy does; returns what it put in."""
        primary, names = self.config.primary, outputs[f"secrets@{self.config.primary}"]
        secrets = self.client("secretsmanager", primary)
        user = json.loads(secrets.get_secret_value(SecretId=names["CacheUserSecretName"])["SecretString"])
        whole = stacks.topology(self.config, outputs, user)
        secrets.put_secret_value(SecretId=names["TopologySecretName"], SecretString=json.dumps(whole))
        return whole

    def look(self, net, served, dns, topology):
        """What must be there now, asked of the APIs."""
        wrong = []
        for region, here in net.items():
            routes = self.client("ec2", region).describe_route_tables(RouteTableIds=[here["RouteTableId"]])["RouteTables"][0]["Routes"]
            reached = {r["DestinationCidrBlock"] for r in routes if "VpcPeeringConnectionId" in r}
            due = {net[r]["VpcCidr"] for r in net if r != region and (r in served or region in served)}
            if reached != due:
                wrong.append(f"{region} has routes to {sorted(reached)}, expected {sorted(due)}")
        zone = self.client("route53", self.config.primary).get_hosted_zone(Id=dns["HostedZoneId"])
        if {v["VPCId"] for v in zone["VPCs"]} != {n["VpcId"] for n in net.values()}:
            wrong.append("the private zone is not in every VPC")
        for region in served:
            found = json.loads(self.client("secretsmanager", region).get_secret_value(SecretId=f"burgee/{self.stage}/topology")["SecretString"])
            if found != topology:
                wrong.append(f"{region} reads another topology: {found}")
        for cache in topology["regions"].values():
            if not re.fullmatch(r"rediss://[a-z0-9.-]+:6379", cache["cache"]):
                wrong.append(f"no address of a cache: {cache}")
        for endpoint in topology["ledger"]["regions"].values():
            if not endpoint["endpoint"].startswith("https://"):
                wrong.append(f"no address of the ledger: {endpoint}")
        if wrong:
            raise SystemExit("\n".join(wrong))


def main():
    os.environ.setdefault("AWS_ACCESS_KEY_ID", "emulated")
    os.environ.setdefault("AWS_SECRET_ACCESS_KEY", "emulated")
    own = stacks.load().profile
    profiles = [own] if "AWS_ENDPOINT_URL" in os.environ else stacks.PROFILES
    left_out = set()
    for profile in profiles:
        world = contextlib.nullcontext()
        if "AWS_ENDPOINT_URL" not in os.environ:
            from moto import mock_aws

            world = mock_aws()
        with world:
            config = stacks.load(profile=profile)
            # what is optional, in both; the newest region serves a tenth of its callers
            config.encryption = True
            config.whole["parameters"] = {"operations": {"Email": "ops@example.com"}}
            config.regions[config.canary]["traffic"] = 10
            deployment = Deployment(config)
            deployment.everything()
            left_out |= deployment.left_out
        print(f"{profile}: {deployment.stacks} stacks in {len(config.regions)} regions")
    if left_out != NOT_EMULATED:
        raise SystemExit(f"NOT_EMULATED is not what was left out: {sorted(left_out ^ NOT_EMULATED)}")
    print(f"not emulated: {', '.join(sorted(left_out))}")


if __name__ == "__main__":
    sys.exit(main())
