"""What must be true of infra/: run by scripts/check-deploy."""

import ipaddress
import json
import re
import subprocess
import sys

import cfn
from evaluate import Evaluation, Refused
from cfn import Checks, World, every, listed, properties, resources, statements, text, walk

checks = Checks()

# ---- IAM ----------------------------------------------------------------------------------------------------------

# Allow statements on every resource, with the reason why no narrower one exists: (file, resource, Sid).
RESOURCE_STAR = {
    ("encryption.yaml", "Key", "TheAccountGovernsItByIam"): "in a key's policy it means this key",
    ("operations.yaml", "Key", "TheAccountGovernsItByIam"): "in a key's policy it means this key",
    ("operations.yaml", "Key", "AlarmsAndBudgetsPublishEncrypted"): "in a key's policy it means this key",
    ("cache-self-managed.yaml", "Role", "AgentTakesNoResource"): "ssmmessages and UpdateInstanceInformation take none",
    ("network.yaml", "SsmEndpoint", "AgentOfTheInstance"): "the agent's calls take none; this account's principals only",
}


@checks.check
def no_wildcard_action(world):
    for where, resource in every(world):
        for statement in statements(resource):
            if statement["Effect"] == "Allow":
                if "NotAction" in statement or "NotResource" in statement:
                    yield f"{where}: allows by exception"
                for action in listed(statement.get("Action", [])):
                    if "*" in action:
                        yield f"{where}: allows {action}"


@checks.broken_by(no_wildcard_action)
def an_action_with_a_star(world):
    next(statements(world.templates["network.yaml"]["Resources"]["LedgerEndpoint"]))["Action"].append("dynamodb:*")


@checks.broken_by(no_wildcard_action)
def an_allowance_by_exception(world):
    statement = next(statements(world.templates["cache-self-managed.yaml"]["Resources"]["Role"]))
    statement["NotAction"] = statement.pop("Action")


@checks.check
def no_wildcard_resource(world):
    seen = set()
    for file, template in world.templates.items():
        for name, resource in resources(template):
            for statement in statements(resource):
                if statement["Effect"] == "Allow" and "*" in [text(r) for r in listed(statement.get("Resource", []))]:
                    key = (file, name, statement.get("Sid"))
                    seen.add(key)
                    if key not in RESOURCE_STAR:
                        yield f"{file}: {name}: {statement.get('Sid')} is allowed on every resource"
    for key in RESOURCE_STAR.keys() - seen:
        yield f"{key} is excused and not there"


@checks.broken_by(no_wildcard_resource)
def a_secret_of_anybody(world):
    policies = world.templates["cache-self-managed.yaml"]["Resources"]["Role"]["Properties"]["Policies"]
    policies[0]["PolicyDocument"]["Statement"][0]["Resource"] = "*"


@checks.broken_by(no_wildcard_resource)
def an_excuse_left_behind(world):
    del world.templates["encryption.yaml"]["Resources"]["Key"]


@checks.check
def everybody_only_under_a_condition(world):
    """A principal of * in a resource's own policy needs a condition; an endpoint's policy only narrows."""
    for where, resource in every(world):
        if resource["Type"] == "AWS::EC2::VPCEndpoint":
            continue
        for statement in statements(resource):
            if statement["Effect"] == "Allow" and statement.get("Principal") in ("*", {"AWS": "*"}) and not statement.get("Condition"):
                yield f"{where}: allows everybody"


@checks.broken_by(everybody_only_under_a_condition)
def an_open_topic(world):
    del event_policy(world)["Condition"]


# ---- topics -------------------------------------------------------------------------------------------------------


def event_policy(world):
    return properties(world.templates["cache-access.yaml"]["Resources"]["EventsPolicy"])["PolicyDocument"]["Statement"][0]


@checks.check
def event_topics_let_elasticache_publish(world):
    found = False
    for where, topic in every(world, "AWS::SNS::Topic"):
        if "cache-events" in text(properties(topic).get("TopicName", "")):
            found = True
            if "KmsMasterKeyId" in properties(topic):
                yield f"{where}: encrypted; ElastiCache's events would be lost"
    if not found:
        yield "there is no topic of the cache's events"
    policy = event_policy(world)
    if policy.get("Condition", {}).get("StringEquals") != {"aws:SourceOwner": {"Ref": "AWS::AccountId"}}:
        yield "cache-access.yaml: the topic's policy must be by aws:SourceOwner"
    if "SourceAccount" in json.dumps(policy):
        yield "cache-access.yaml: with aws:SourceAccount ElastiCache cannot publish"
    for where, group in every(world, "AWS::ElastiCache::ReplicationGroup"):
        if properties(group).get("NotificationTopicArn") != {"Ref": "EventTopicArn"}:
            yield f"{where}: has no event topic"


@checks.broken_by(event_topics_let_elasticache_publish)
def an_encrypted_event_topic(world):
    world.templates["cache-access.yaml"]["Resources"]["Events"]["Properties"]["KmsMasterKeyId"] = "alias/aws/sns"


@checks.broken_by(event_topics_let_elasticache_publish)
def a_source_account(world):
    event_policy(world)["Condition"] = {"StringEquals": {"aws:SourceAccount": {"Ref": "AWS::AccountId"}}}


@checks.broken_by(event_topics_let_elasticache_publish)
def a_group_without_a_topic(world):
    del world.templates["cache-secondary.yaml"]["Resources"]["Group"]["Properties"]["NotificationTopicArn"]


@checks.check
def the_operations_topic_has_a_key_that_lets_alarms_in(world):
    there = world.templates["operations.yaml"]["Resources"]
    if properties(there["Topic"]).get("KmsMasterKeyId") != {"Fn::GetAtt": ["Key", "Arn"]}:
        yield "operations.yaml: the topic is not under its own key"
    for name, actions in (("Key", {"kms:Decrypt", "kms:GenerateDataKey"}), ("TopicPolicy", {"sns:Publish"})):
        for service in ("cloudwatch.amazonaws.com", "budgets.amazonaws.com"):
            allowed = set()
            for statement in statements(there[name]):
                principal = statement.get("Principal")
                if statement["Effect"] == "Allow" and isinstance(principal, dict) and service in listed(principal.get("Service", [])):
                    allowed |= set(listed(statement["Action"]))
            if not actions <= allowed:
                yield f"operations.yaml: {name} does not let {service} in"


@checks.check
def a_key_with_an_alias_consents_to_it(world):
    """IAM alone is not enough for an alias: the key's policy must hand the right on."""
    for file, template in world.templates.items():
        for alias in (r for r in template["Resources"].values() if r["Type"] == "AWS::KMS::Alias"):
            key = template["Resources"][properties(alias)["TargetKeyId"]["Ref"]]
            allowed = {a for s in statements(key) if s["Effect"] == "Allow" for a in listed(s["Action"])}
            for action in {"kms:CreateAlias", "kms:UpdateAlias", "kms:DeleteAlias"} - allowed:
                yield f"{file}: {action} is not handed on"


@checks.broken_by(a_key_with_an_alias_consents_to_it)
def an_alias_without_consent(world):
    properties(world.templates["encryption.yaml"]["Resources"]["Key"])["KeyPolicy"]["Statement"][0]["Action"].remove("kms:CreateAlias")


@checks.broken_by(the_operations_topic_has_a_key_that_lets_alarms_in)
def the_key_of_aws(world):
    world.templates["operations.yaml"]["Resources"]["Topic"]["Properties"]["KmsMasterKeyId"] = "alias/aws/sns"


@checks.broken_by(the_operations_topic_has_a_key_that_lets_alarms_in)
def no_budgets(world):
    for statement in statements(world.templates["operations.yaml"]["Resources"]["Key"]):
        if "Service" in statement["Principal"]:
            statement["Principal"]["Service"].remove("budgets.amazonaws.com")


# ---- ledger -------------------------------------------------------------------------------------------------------


def ledger(world):
    return world.templates["ledger.yaml"]["Resources"]["Ledger"]


@checks.check
def the_ledger_is_strongly_consistent(world):
    table = properties(ledger(world))
    if table.get("MultiRegionConsistency") != "STRONG":
        yield "not MultiRegionConsistency: STRONG"
    witness = table.get("GlobalTableWitnesses", {}).get("Fn::If", [])
    if witness[:2] != ["HasWitness", [{"Region": {"Ref": "Witness"}}]]:
        yield "no witness"
    for refused in ("TimeToLiveSpecification", "LocalSecondaryIndexes", "GlobalTableSourceArn"):
        if refused in table:
            yield f"MRSC knows no {refused}"
    parameters = world.templates["ledger.yaml"]["Parameters"]
    defaults = [parameters[p]["Default"] for p in ("ReplicaA", "ReplicaB", "Witness")]
    if defaults != ["us-east-1", "us-east-2", "us-west-2"] or parameters["ReplicaC"]["Default"]:
        yield f"by default not two replicas and a witness of the US set: {defaults}"
    keys = [{"AttributeName": world.other["pk"], "KeyType": "HASH"}, {"AttributeName": world.other["sk"], "KeyType": "RANGE"}]
    if table["KeySchema"] != keys or {a["AttributeType"] for a in table["AttributeDefinitions"]} != {"S"}:
        yield "the keys are not those of LedgerTable.java"
    if table.get("BillingMode") != "PAY_PER_REQUEST":
        yield "not paid by request"


@checks.broken_by(the_ledger_is_strongly_consistent)
def eventual(world):
    ledger(world)["Properties"]["MultiRegionConsistency"] = "EVENTUAL"


@checks.broken_by(the_ledger_is_strongly_consistent)
def another_key(world):
    ledger(world)["Properties"]["KeySchema"][1]["AttributeName"] = "sort"


@checks.broken_by(the_ledger_is_strongly_consistent)
def a_ttl(world):
    ledger(world)["Properties"]["TimeToLiveSpecification"] = {"AttributeName": "ttl", "Enabled": True}


@checks.check
def the_ledger_is_protected(world):
    table = properties(ledger(world))
    if not table.get("SSESpecification", {}).get("SSEEnabled"):
        yield "not encrypted"
    replicas = [r["Fn::If"][1] if "Fn::If" in r else r for r in table["Replicas"]]
    if len(replicas) != 3:
        yield f"{len(replicas)} replicas, one of them optional, should be 3"
    for replica in replicas:
        if not replica.get("PointInTimeRecoverySpecification", {}).get("PointInTimeRecoveryEnabled"):
            yield f"{replica['Region']}: no point-in-time recovery"
        if replica.get("DeletionProtectionEnabled") is not True:
            yield f"{replica['Region']}: no deletion protection"


@checks.broken_by(the_ledger_is_protected)
def an_unprotected_replica(world):
    del ledger(world)["Properties"]["Replicas"][1]["DeletionProtectionEnabled"]


@checks.broken_by(the_ledger_is_protected)
def no_recovery(world):
    ledger(world)["Properties"]["Replicas"][2]["Fn::If"][1]["PointInTimeRecoverySpecification"]["PointInTimeRecoveryEnabled"] = False


# ---- what must outlive its stack ----------------------------------------------------------------------------------

RETAINED = (
    "AWS::DynamoDB::GlobalTable",
    "AWS::ElastiCache::GlobalReplicationGroup",
    "AWS::ElastiCache::ReplicationGroup",
    "AWS::ElastiCache::SubnetGroup",
    "AWS::ElastiCache::User",
    "AWS::ElastiCache::UserGroup",
    "AWS::Route53::HostedZone",
    "AWS::SecretsManager::Secret",
)


@checks.check
def what_holds_something_is_retained(world):
    held = list(every(world, *RETAINED))
    held.append(("encryption.yaml: Key", world.templates["encryption.yaml"]["Resources"]["Key"]))
    for where, resource in held:
        for policy in ("DeletionPolicy", "UpdateReplacePolicy"):
            if resource.get(policy) != "Retain":
                yield f"{where}: {policy} is not Retain"
    for where, instance in every(world, "AWS::EC2::Instance"):
        if properties(instance).get("DisableApiTermination") is not True:
            yield f"{where}: can be terminated by a slip"


@checks.broken_by(what_holds_something_is_retained)
def a_ledger_that_goes_with_its_stack(world):
    ledger(world)["DeletionPolicy"] = "Delete"


@checks.broken_by(what_holds_something_is_retained)
def a_cache_that_goes_when_replaced(world):
    del world.templates["cache-secondary.yaml"]["Resources"]["Group"]["UpdateReplacePolicy"]


# ---- the cache ----------------------------------------------------------------------------------------------------

CACHE_STACKS = ("cache-primary.yaml", "cache-secondary.yaml", "cache-datastore.yaml", "cache-self-managed.yaml")

# "Update requires: Replacement" in CloudFormation's reference, and AtRest/Transit, which some engines replace for.
REPLACES = {
    "AtRestEncryptionEnabled", "AuthToken", "CacheSubnetGroupName", "DataTieringEnabled", "Engine", "GlobalReplicationGroupId",
    "GlobalReplicationGroupIdSuffix", "KmsKeyId", "NetworkType", "Port", "PreferredCacheClusterAZs", "PrimaryClusterId",
    "ReplicasPerNodeGroup", "ReplicationGroupId", "SnapshotArns", "SnapshotName", "TransitEncryptionEnabled", "SubnetId", "ImageId",
    "AvailabilityZone", "KeyName", "NetworkInterfaces",
}  # fmt: skip
# Parameters that may stand there: their description says that a change replaces.
INHERITED = {"Stage", "AWS::Region"}


@checks.check
def no_replacement_is_left_to_chance(world):
    for file in CACHE_STACKS:
        template = world.templates[file]
        for name, resource in resources(template, "AWS::ElastiCache::ReplicationGroup", "AWS::ElastiCache::GlobalReplicationGroup", "AWS::EC2::Instance"):
            for key in REPLACES & properties(resource).keys():
                value = properties(resource)[key]
                used = {v["Ref"] for _, v in walk(value) if isinstance(v, dict) and "Ref" in v}
                used |= set(re.findall(r"\$\{([^!}]+)\}", text(value)) if isinstance(value, dict) and "Fn::Sub" in value else [])
                for parameter in used - INHERITED - template["Resources"].keys():
                    if "replaces" not in template["Parameters"][parameter]["Description"]:
                        yield f"{file}: {name}: {key} comes from {parameter}, whose description does not say that it replaces the cache"
                if "Fn::If" in json.dumps(value):
                    yield f"{file}: {name}: {key} depends on a condition"
    deny = [s for s in world.other["stack policy"]["Statement"] if s["Effect"] == "Deny" and s["Resource"] == s["Principal"] == "*"]
    if not any({"Update:Replace", "Update:Delete"} <= set(listed(s["Action"])) for s in deny):
        yield "cache-stack-policy.json does not deny replacement and deletion"
    for file in CACHE_STACKS:
        if "cache-stack-policy.json" not in world.other["texts"][file]:
            yield f"{file}: does not say that it goes with cache-stack-policy.json"


@checks.broken_by(no_replacement_is_left_to_chance)
def a_port_by_parameter(world):
    template = world.templates["cache-primary.yaml"]
    template["Parameters"]["Port"] = {"Type": "Number", "Description": "The port"}
    template["Resources"]["Group"]["Properties"]["Port"] = {"Ref": "Port"}


@checks.broken_by(no_replacement_is_left_to_chance)
def a_key_by_parameter(world):
    template = world.templates["cache-secondary.yaml"]
    template["Parameters"]["KeyArn"] = {"Type": "String", "Description": "The key"}
    template["Resources"]["Group"]["Properties"]["KmsKeyId"] = {"Ref": "KeyArn"}


@checks.broken_by(no_replacement_is_left_to_chance)
def a_policy_that_allows_replacement(world):
    world.other["stack policy"]["Statement"][1]["Action"] = ["Update:Delete"]


# What a secondary may name; the rest comes from the datastore, and naming it is refused.
SECONDARY = {
    "CacheSubnetGroupName", "GlobalReplicationGroupId", "MultiAZEnabled", "NotificationTopicArn", "NumCacheClusters", "Port",
    "PreferredMaintenanceWindow", "ReplicationGroupDescription", "ReplicationGroupId", "SecurityGroupIds", "SnapshotRetentionLimit",
    "Tags", "UserGroupIds",
}  # fmt: skip


@checks.check
def the_datastore_is_built_as_elasticache_wants_it(world):
    primary = properties(world.templates["cache-primary.yaml"]["Resources"]["Group"])
    for key, value in {"Engine": "valkey", "TransitEncryptionEnabled": True, "AtRestEncryptionEnabled": True, "ClusterMode": "disabled"}.items():
        if primary.get(key) != value:
            yield f"cache-primary.yaml: {key} is not {value}"
    if "GlobalReplicationGroupId" in primary:
        yield "cache-primary.yaml: the first group cannot join what does not exist yet"
    pattern = world.templates["cache-primary.yaml"]["Parameters"]["NodeType"]["AllowedPattern"]
    for node, fits in {"cache.m6g.large": True, "cache.r7g.xlarge": True, "cache.t4g.micro": False, "cache.m6g.medium": False}.items():
        if bool(re.search(pattern, node)) != fits:
            yield f"cache-primary.yaml: NodeType {'refuses' if fits else 'takes'} {node}"
    secondary = properties(world.templates["cache-secondary.yaml"]["Resources"]["Group"])
    for key in secondary.keys() - SECONDARY:
        yield f"cache-secondary.yaml: {key} is inherited; ElastiCache refuses it here"
    if secondary.get("GlobalReplicationGroupId") != {"Ref": "GlobalReplicationGroupId"}:
        yield "cache-secondary.yaml: does not join the datastore by the id that was handed on"
    for where, group in every(world, "AWS::ElastiCache::ReplicationGroup"):
        if properties(group).get("UserGroupIds") != [{"Ref": "UserGroupId"}]:
            yield f"{where}: nobody has to log in"
    for where, user in every(world, "AWS::ElastiCache::User"):
        if properties(user)["UserName"] == "default" and not properties(user)["AccessString"].startswith("off "):
            yield f"{where}: the default user can log in"


@checks.broken_by(the_datastore_is_built_as_elasticache_wants_it)
def a_secondary_that_names_its_node_type(world):
    world.templates["cache-secondary.yaml"]["Resources"]["Group"]["Properties"]["CacheNodeType"] = "cache.m6g.large"


@checks.broken_by(the_datastore_is_built_as_elasticache_wants_it)
def no_tls(world):
    del world.templates["cache-primary.yaml"]["Resources"]["Group"]["Properties"]["TransitEncryptionEnabled"]


@checks.broken_by(the_datastore_is_built_as_elasticache_wants_it)
def an_id_built_from_the_suffix(world):
    world.templates["cache-secondary.yaml"]["Resources"]["Group"]["Properties"]["GlobalReplicationGroupId"] = {"Fn::Sub": "ldgnf-burgee-${Stage}"}


@checks.broken_by(the_datastore_is_built_as_elasticache_wants_it)
def an_open_default_user(world):
    world.templates["cache-access.yaml"]["Resources"]["Nobody"]["Properties"]["AccessString"] = "on ~* +@all"


def user_data(world):
    """The instance's script as it arrives there, with parameters left as they stand."""
    parts = properties(world.templates["cache-self-managed.yaml"]["Resources"]["Instance"])["UserData"]["Fn::Base64"]["Fn::Join"][1]
    return "".join(text(part) for part in parts)


@checks.check
def the_instance_is_closed(world):
    template = world.templates["cache-self-managed.yaml"]
    instance = properties(template["Resources"]["Instance"])
    if instance["MetadataOptions"].get("HttpTokens") != "required":
        yield "IMDSv1 is on"
    if "KeyName" in instance or '"FromPort": 22' in json.dumps(world.templates):
        yield "SSH is possible"
    if not all(d["Ebs"].get("Encrypted") is True for d in instance["BlockDeviceMappings"]):
        yield "the disk is not encrypted"
    script = user_data(world)
    for leak in ("resolve:secretsmanager", "PRIVATE KEY", "SecretString}"):
        if leak in script:
            yield f"user data holds a secret ({leak})"
    bash = subprocess.run(["bash", "-n"], input=script, text=True, capture_output=True, timeout=10)
    if bash.returncode:
        yield f"user data is no script: {bash.stderr.strip()}"
    setup = re.search(r"burgee-cache-setup <<'END'\n(.*?)\nEND\n", script, re.S)
    try:
        compile(setup.group(1) if setup else "raise", "burgee-cache-setup", "exec")
    except SyntaxError as e:
        yield f"burgee-cache-setup is no program: {e}"
    for must in ('"port 0"', "tls-port 6379", "tls-replication yes", "user default off", "+replicaof", "aclfile", "masteruser"):
        if must not in script:
            yield f"Valkey's configuration lacks {must}"
    flag_user = re.search(r'"user %s on #%s ~burgee.*"', script)
    if not flag_user or "replicaof" in flag_user.group():
        yield "the functions' user may command replication"


@checks.broken_by(the_instance_is_closed)
def imds_v1(world):
    world.templates["cache-self-managed.yaml"]["Resources"]["Instance"]["Properties"]["MetadataOptions"]["HttpTokens"] = "optional"


@checks.broken_by(the_instance_is_closed)
def a_password_in_user_data(world):
    join = properties(world.templates["cache-self-managed.yaml"]["Resources"]["Instance"])["UserData"]["Fn::Base64"]["Fn::Join"]
    join[1].append("{{resolve:secretsmanager:burgee/prod/cache-user}}\n")


@checks.broken_by(the_instance_is_closed)
def a_broken_script(world):
    properties(world.templates["cache-self-managed.yaml"]["Resources"]["Instance"])["UserData"]["Fn::Base64"]["Fn::Join"][1].append("if true\n")


@checks.broken_by(the_instance_is_closed)
def ssh(world):
    world.templates["cache-self-managed.yaml"]["Resources"]["Instance"]["Properties"]["KeyName"] = "mine"


# ---- network ------------------------------------------------------------------------------------------------------

ENDPOINTS = {"secretsmanager": "Functions", "ssm": "Functions", "dynamodb": "Ledger", "s3": "SelfManaged", "ssmmessages": "Session"}


@checks.check
def the_network_is_private_and_has_just_its_endpoints(world):
    for where, resource in every(world, "AWS::EC2::InternetGateway", "AWS::EC2::NatGateway", "AWS::EC2::EIP", "AWS::EC2::EgressOnlyInternetGateway"):
        yield f"{where}: a way to the internet"
    found = {}
    for name, endpoint in resources(world.templates["network.yaml"], "AWS::EC2::VPCEndpoint"):
        service = text(properties(endpoint)["ServiceName"]).rsplit(".", 1)[1]
        found[service] = endpoint.get("Condition")
        if service == "dynamodb" and properties(endpoint)["VpcEndpointType"] != "Interface":
            yield "network.yaml: a gateway endpoint cannot be reached over peering"
        if "PolicyDocument" not in properties(endpoint) and service != "ssmmessages":
            yield f"network.yaml: {name} lets every call through"
    if found != ENDPOINTS:
        yield f"network.yaml: endpoints {found}, expected {ENDPOINTS}"


@checks.broken_by(the_network_is_private_and_has_just_its_endpoints)
def a_nat_gateway(world):
    world.templates["network.yaml"]["Resources"]["Nat"] = {"Type": "AWS::EC2::NatGateway"}


@checks.broken_by(the_network_is_private_and_has_just_its_endpoints)
def a_gateway_for_the_ledger(world):
    world.templates["network.yaml"]["Resources"]["LedgerEndpoint"]["Properties"]["VpcEndpointType"] = "Gateway"


@checks.broken_by(the_network_is_private_and_has_just_its_endpoints)
def an_endpoint_too_many(world):
    endpoint = world.templates["network.yaml"]["Resources"]["SsmEndpoint"]
    world.templates["network.yaml"]["Resources"]["Logs"] = {
        **endpoint,
        "Properties": {**endpoint["Properties"], "ServiceName": {"Fn::Sub": "com.amazonaws.${AWS::Region}.logs"}},
    }


@checks.check
def peering_goes_both_ways_by_cidr(world):
    template = world.templates["peering.yaml"]
    routes = [properties(r) for _, r in resources(template, "AWS::EC2::Route")]
    if [(r["DestinationCidrBlock"], r.get("VpcPeeringConnectionId")) for r in routes] != [
        ({"Ref": "PeerCidr"}, {"Fn::If": ["Requests", {"Ref": "Connection"}, {"Ref": "ConnectionId"}]})
    ]:
        yield "no route to the peer on either side"
    rules = {(r["Type"].rsplit("::", 1)[1], properties(r)["GroupId"]["Ref"], properties(r)["FromPort"]) for _, r in resources(template, "AWS::EC2::SecurityGroupIngress", "AWS::EC2::SecurityGroupEgress")}
    for rule in (
        ("SecurityGroupEgress", "FunctionSecurityGroupId", 6379),
        ("SecurityGroupEgress", "FunctionSecurityGroupId", 443),
        ("SecurityGroupEgress", "CacheSecurityGroupId", 6379),
        ("SecurityGroupIngress", "CacheSecurityGroupId", 6379),
        ("SecurityGroupIngress", "EndpointSecurityGroupId", 443),
    ):
        if rule not in rules:
            yield f"no rule {rule}"
    for name, rule in resources(template, "AWS::EC2::SecurityGroupIngress", "AWS::EC2::SecurityGroupEgress"):
        if properties(rule).get("CidrIp") != {"Ref": "PeerCidr"}:
            yield f"{name}: not by the peer's CIDR; groups do not cross regions"


@checks.broken_by(peering_goes_both_ways_by_cidr)
def a_group_across_regions(world):
    rule = world.templates["peering.yaml"]["Resources"]["CacheCalledByPeer"]["Properties"]
    del rule["CidrIp"]
    rule["SourceSecurityGroupId"] = "sg-1"


@checks.broken_by(peering_goes_both_ways_by_cidr)
def a_route_on_one_side_only(world):
    world.templates["peering.yaml"]["Resources"]["Route"]["Properties"]["VpcPeeringConnectionId"] = {"Ref": "Connection"}


# ---- regions.json -------------------------------------------------------------------------------------------------

MRSC = (
    {"us-east-1", "us-east-2", "us-west-2"},
    {"eu-west-1", "eu-west-2", "eu-west-3", "eu-central-1"},
    {"ap-northeast-1", "ap-northeast-2", "ap-northeast-3"},
)


@checks.check
def the_regions_fit_together(world):
    regions = world.regions["regions"]
    nets = {name: ipaddress.ip_network(region["cidr"]) for name, region in regions.items()}
    names = sorted(nets)
    for i, one in enumerate(names):
        if not re.search(world.templates["network.yaml"]["Parameters"]["VpcCidr"]["AllowedPattern"], str(nets[one])):
            yield f"{one}: network.yaml refuses {nets[one]}"
        for other in names[i + 1 :]:
            if nets[one].overlaps(nets[other]):
                yield f"{one} and {other} overlap: {nets[one]}, {nets[other]}"
    served = {name for name, region in regions.items() if region["functions"]}
    for role in ("primary", "canary"):
        if world.regions[role] not in served:
            yield f"{role} {world.regions[role]} has no functions"
    if world.regions["canary"] == world.regions["primary"] and len(served) > 1:
        yield "the canary is the home"
    table = world.regions["ledger"]
    together = [*table["replicas"], *([table["witness"]] if table["witness"] else [])]
    if len(together) != 3 or len(set(together)) != 3 or not any(set(together) <= group for group in MRSC):
        yield f"the ledger's regions are no set of MRSC: {together}"
    for region in set(table["replicas"]) - regions.keys():
        yield f"the ledger's replica in {region} cannot be reached: no network there"
    for region in regions.keys() - served - set(table["replicas"]):
        yield f"{region} has neither functions nor a replica"
    if world.regions["profile"] not in ("global-datastore", "self-managed"):
        yield f"profile {world.regions['profile']} is unknown"
    if world.regions["profile"] == "global-datastore" and len(served) > 3:
        yield f"Global Datastore ends at three regions, not {len(served)}"
    if world.regions["ledger"]["table"] != f"burgee-{world.regions['stage']}-ledger":
        yield "the table's name is not the one that ledger.yaml and network.yaml give it"
    if set(world.other["linted regions"]) != regions.keys():
        yield ".cfnlintrc.yaml lists other regions"
    slots = {"dashboard.yaml": ("Region", served), "secrets.yaml": ("Region", served - {world.regions["primary"]}), "dns.yaml": ("Vpc", regions)}
    for file, (prefix, needed) in slots.items():
        room = sum(1 for p in world.templates[file]["Parameters"] if re.fullmatch(prefix + r"\d+", p))
        if room < len(needed):
            yield f"{file} has room for {room} regions, not {len(needed)}"


@checks.broken_by(the_regions_fit_together)
def overlapping_addresses(world):
    world.regions["regions"]["eu-west-1"]["cidr"] = "10.80.8.0/21"


@checks.broken_by(the_regions_fit_together)
def a_witness_of_another_set(world):
    world.regions["ledger"]["witness"] = "eu-west-1"


@checks.broken_by(the_regions_fit_together)
def a_fourth_region(world):
    world.regions["regions"]["us-east-2"]["functions"] = True


@checks.broken_by(the_regions_fit_together)
def a_region_without_a_network(world):
    del world.regions["regions"]["us-east-2"]


# Parameters that must be refused before anything is made: file, region, parameters, a word of the reason.
REFUSED = (
    ("ledger.yaml", "us-east-1", {"ReplicaC": "us-west-2"}, "two and a witness"),
    ("ledger.yaml", "us-east-1", {"Witness": ""}, "two and a witness"),
    ("ledger.yaml", "us-east-1", {"Witness": "eu-west-1"}, "one set"),
    ("ledger.yaml", "us-east-1", {"ReplicaB": "us-east-1"}, "same region"),
    ("ledger.yaml", "us-east-1", {"Witness": "us-east-2"}, "region of a replica"),
    ("ledger.yaml", "us-west-2", {}, "region of a replica"),
    ("network.yaml", "us-east-1", {"VpcCidr": "10.80.0.0/20", "HasFunctions": "false"}, "no use"),
    ("network.yaml", "us-east-1", {"VpcCidr": "192.168.0.0/20"}, "does not match"),
    ("budget.yaml", "eu-west-1", {"TopicArn": "arn:aws:sns:us-east-1:123456789012:x"}, "belongs in us-east-1"),
    ("budget.yaml", "us-east-1", {"TopicArn": "arn:aws:sns:eu-west-1:123456789012:x"}, "does not match"),
    ("dns.yaml", "us-east-1", {"Vpc1": "vpc-1"}, "does not match"),
)
TAKEN = (
    ("ledger.yaml", "us-east-2", {}),
    ("ledger.yaml", "us-east-1", {"ReplicaC": "us-west-2", "Witness": ""}),
    ("ledger.yaml", "eu-west-1", {"ReplicaA": "eu-west-1", "ReplicaB": "eu-central-1", "Witness": "eu-west-3"}),
    ("network.yaml", "us-east-2", {"VpcCidr": "10.80.240.0/24", "SubnetBits": "6", "HasFunctions": "false", "HoldsLedger": "true"}),
)


@checks.check
def wrong_parameters_are_refused(world):
    for file, region, given, reason in REFUSED:
        try:
            Evaluation(world.templates[file], region, given).whole()
            yield f"{file} takes {given} in {region}"
        except Refused as e:
            if reason not in str(e):
                yield f"{file} refuses {given} in {region} for another reason: {e}"
    for file, region, given in TAKEN:
        try:
            Evaluation(world.templates[file], region, given).whole()
        except Refused as e:
            yield f"{file} refuses {given} in {region}: {e}"


@checks.broken_by(wrong_parameters_are_refused)
def no_rules(world):
    del world.templates["ledger.yaml"]["Rules"]["OneSet"]


@checks.broken_by(wrong_parameters_are_refused)
def a_rule_that_refuses_europe(world):
    del world.templates["ledger.yaml"]["Rules"]["OneSet"]["Assertions"][0]["Assert"]["Fn::Or"][1]


# ---- alarms and dashboard -----------------------------------------------------------------------------------------

AWS_METRICS = {
    ("AWS/EC2", "StatusCheckFailed"): {"InstanceId"},
    ("AWS/ElastiCache", "DatabaseMemoryUsagePercentage"): {"CacheClusterId"},
    ("AWS/ElastiCache", "Evictions"): {"CacheClusterId"},
    ("AWS/SQS", "ApproximateNumberOfMessagesVisible"): {"QueueName"},
}


def unknown_metric(world, namespace, name, dimensions):
    """What is wrong with a metric, or None. Dimensions: name to literal value, or None for a reference."""
    if namespace != "Burgee":
        known = AWS_METRICS.get((namespace, name))
        return None if known == dimensions.keys() else f"{namespace} {name} by {sorted(dimensions)} is not among AWS's metrics that we know"
    if name in world.metrics:
        further = world.metrics[name][1]
    else:
        return f"{name} is not in Metric.java"
    usual = {"Region", "Function"}
    fitting = [usual] if further is None else [usual | {further}] + ([usual] if further == "Version" else [])
    if dimensions.keys() not in fitting:
        return f"{name} has the dimensions {fitting}, not {sorted(dimensions)}"
    function = dimensions["Function"]
    if function not in world.other["functions"]:
        return f"{name}: there is no function {function}"
    return None


def alarm_metrics(alarm):
    """(namespace, name, dimensions) of an alarm, metric math included."""
    found = [p for _, p in walk(properties(alarm)) if isinstance(p, dict) and "MetricName" in p]
    for p in found:
        yield p["Namespace"], p["MetricName"], {d["Name"]: d["Value"] for d in p.get("Dimensions", [])}


@checks.check
def every_alarm_watches_a_metric_that_exists(world):
    seen = 0
    for where, alarm in every(world, "AWS::CloudWatch::Alarm"):
        for namespace, name, dimensions in alarm_metrics(alarm):
            seen += 1
            problem = unknown_metric(world, namespace, name, dimensions)
            if problem:
                yield f"{where}: {problem}"
    if seen < 15:
        yield f"only {seen} metrics seen"


def alarm(world, name):
    return world.templates["monitoring.yaml"]["Resources"][name]["Properties"]


@checks.broken_by(every_alarm_watches_a_metric_that_exists)
def a_misspelt_metric(world):
    alarm(world, "WriteErrors")["MetricName"] = "WriteFailures"


@checks.broken_by(every_alarm_watches_a_metric_that_exists)
def a_dimension_too_few(world):
    alarm(world, "WriteErrors")["Dimensions"].pop()


@checks.broken_by(every_alarm_watches_a_metric_that_exists)
def a_metric_that_the_code_dropped(world):
    del world.metrics["SecretStale"]


@checks.broken_by(every_alarm_watches_a_metric_that_exists)
def a_function_that_is_not_there(world):
    alarm(world, "WriteErrors")["Dimensions"][1]["Value"] = "writeflag"


# Acceptance rows A5, A6, B, C, D: alarm, threshold, datapoints of periods, missing data, opens an OpsItem.
REQUIRED = {
    "LagWarning": (1000, 2, 3, "notBreaching", False),
    "Lag": (5000, 2, 2, "notBreaching", True),
    "HeartbeatLost": (30000, 2, 2, "breaching", True),
    "PrimaryUnreachable": (1, 3, 3, "breaching", True),
    "SplitBrain": (0, 1, 1, "notBreaching", True),
    "Evicting": (100, 2, 2, "notBreaching", True),
    "CacheFull": (80, 3, 3, "notBreaching", True),
    "CacheDiffers": (0, 1, 1, "notBreaching", True),
    "WriteErrors": (0, 2, 3, "notBreaching", True),
    "CrossRegionWrites": ({"Ref": "WriteP99Ms"}, 3, 5, "notBreaching", True),
    "FailoverDeadLetters": (0, 1, 1, "notBreaching", True),
    "PulseDeadLetters": (0, 1, 1, "notBreaching", True),
    "Promoted": (0, 1, 1, "notBreaching", False),
}


@checks.check
def the_alarms_that_were_promised_are_there(world):
    there = dict(resources(world.templates["monitoring.yaml"], "AWS::CloudWatch::Alarm"))
    for name, expected in REQUIRED.items():
        if name not in there:
            yield f"no alarm {name}"
            continue
        p = properties(there[name])
        ops_item = any(":opsitem:" in text(a) for a in p["AlarmActions"])
        found = (p["Threshold"], p["DatapointsToAlarm"], p["EvaluationPeriods"], p["TreatMissingData"], ops_item)
        if found != expected:
            yield f"{name}: {found}, expected {expected}"
    for where, one in every(world, "AWS::CloudWatch::Alarm"):
        p = properties(one)
        if {"Ref": "TopicArn"} not in p.get("AlarmActions", []):
            yield f"{where}: tells nobody"
        if not text(p.get("AlarmName", "")).startswith("burgee-${Stage}-"):
            yield f"{where}: not by the prefix that scripts/deploy watches"


@checks.broken_by(the_alarms_that_were_promised_are_there)
def missing_heartbeats_are_fine(world):
    alarm(world, "HeartbeatLost")["TreatMissingData"] = "notBreaching"


@checks.broken_by(the_alarms_that_were_promised_are_there)
def no_incident(world):
    alarm(world, "PrimaryUnreachable")["AlarmActions"].pop()


@checks.broken_by(the_alarms_that_were_promised_are_there)
def a_defect_that_rings_nowhere(world):
    del world.templates["monitoring.yaml"]["Resources"]["CacheDiffers"]


@checks.broken_by(the_alarms_that_were_promised_are_there)
def a_silent_alarm(world):
    alarm(world, "SecretsStale")["AlarmActions"] = []


def dashboard_body(world):
    """The dashboard's JSON with all slots used; references become their names."""
    parts = properties(world.templates["dashboard.yaml"]["Resources"]["Dashboard"])["DashboardBody"]["Fn::Join"][1]
    whole = "".join(text(part["Fn::If"][1] if isinstance(part, dict) and "Fn::If" in part else part) for part in parts)
    return json.loads(re.sub(r"\$\{(\w+)\}", r"\1", whole))


@checks.check
def the_dashboard_shows_metrics_that_exist(world):
    try:
        body = dashboard_body(world)
    except ValueError as e:
        yield f"its body is not JSON: {e}"
        return
    for widget in body["widgets"]:
        for metric in widget["properties"]["metrics"]:
            plain = [m for m in metric if isinstance(m, str)]
            problem = unknown_metric(world, plain[0], plain[1], dict(zip(plain[2::2], plain[3::2])))
            if problem:
                yield f"{widget['properties']['title']}: {problem}"
    shown = {metric[1] for widget in body["widgets"] for metric in widget["properties"]["metrics"]}
    wanted = {"Requests", "ServerErrors", "ReadLatency", "CacheHit", "CacheMiss", "DegradedRead", "ReplicationLag", "CacheMemoryUsed", "Evictions", "Promotion"}
    for metric in wanted - shown:
        yield f"does not show {metric}"


@checks.broken_by(the_dashboard_shows_metrics_that_exist)
def a_comma_too_many(world):
    properties(world.templates["dashboard.yaml"]["Resources"]["Dashboard"])["DashboardBody"]["Fn::Join"][1].insert(2, ",")


@checks.broken_by(the_dashboard_shows_metrics_that_exist)
def a_metric_that_is_gone(world):
    del world.metrics["DegradedRead"]


# ---- budget -------------------------------------------------------------------------------------------------------


@checks.check
def the_budget_rings(world):
    template = world.templates["budget.yaml"]
    budget = properties(template["Resources"]["Budget"])
    if template["Parameters"]["MonthlyUsd"]["Default"] != 150:
        yield "not $150"
    if budget["Budget"].get("CostFilters") != {"TagKeyValue": ["user:Service$burgee"]}:
        yield "not by the tag Service=burgee"
    kinds = {n["Notification"]["NotificationType"] for n in budget["NotificationsWithSubscribers"]}
    heard = all(n["Subscribers"] == [{"SubscriptionType": "SNS", "Address": {"Ref": "TopicArn"}}] for n in budget["NotificationsWithSubscribers"])
    if kinds != {"ACTUAL", "FORECASTED"} or not heard:
        yield "does not tell operations of both actual and forecast"


@checks.broken_by(the_budget_rings)
def a_budget_of_everything(world):
    del world.templates["budget.yaml"]["Resources"]["Budget"]["Properties"]["Budget"]["CostFilters"]


# ---- how a template is written ------------------------------------------------------------------------------------

# take no tags
UNTAGGED = {
    "AWS::ApiGatewayV2::ApiMapping", "AWS::CloudWatch::Dashboard", "AWS::EC2::Route", "AWS::EC2::SecurityGroupEgress",
    "AWS::EC2::SecurityGroupIngress", "AWS::EC2::SubnetRouteTableAssociation", "AWS::IAM::InstanceProfile", "AWS::KMS::Alias",
    "AWS::Route53::RecordSet", "AWS::SNS::Subscription", "AWS::SNS::TopicPolicy",
}  # fmt: skip


@checks.check
def everything_is_tagged(world):
    for where, resource in every(world):
        if resource["Type"] in UNTAGGED:
            continue
        p = properties(resource)
        tags = p.get("Tags") or p.get("HostedZoneTags") or p.get("HealthCheckTags") or p.get("ResourceTags") or {}
        if resource["Type"] == "AWS::DynamoDB::GlobalTable":
            tags = p["Replicas"][0]["Tags"]
        keys = tags if isinstance(tags, dict) else {tag["Key"]: tag["Value"] for tag in tags}
        if keys.get("Service") != "burgee" or "Region" not in keys or "Stage" not in keys:
            yield f"{where}: lacks Service, Region or Stage"


@checks.broken_by(everything_is_tagged)
def an_untagged_topic(world):
    del world.templates["operations.yaml"]["Resources"]["Topic"]["Properties"]["Tags"]


@checks.check
def templates_explain_themselves(world):
    for file, template in world.templates.items():
        head = world.other["texts"][file].split("AWSTemplateFormatVersion")[0]
        for word in ("# What:", "# Order:", "# From:"):
            if word not in head:
                yield f"{file}: its first comment lacks {word}"
        for name, parameter in template.get("Parameters", {}).items():
            if not parameter.get("Description"):
                yield f"{file}: parameter {name} is not described"
            limited = {"AllowedPattern", "AllowedValues", "MinValue"} & parameter.keys() or "AWS::" in parameter["Type"]
            if not limited:
                yield f"{file}: parameter {name} takes anything"
        for name, output in template.get("Outputs", {}).items():
            if not output.get("Description"):
                yield f"{file}: output {name} is not described"
            if "Export" in output:
                yield f"{file}: output {name} is exported; exports end at the region's border"
        if "Fn::ImportValue" in json.dumps(template):
            yield f"{file}: imports from another stack"


@checks.broken_by(templates_explain_themselves)
def a_parameter_without_limits(world):
    world.templates["dns.yaml"]["Parameters"]["ZoneName"].pop("AllowedPattern")


@checks.broken_by(templates_explain_themselves)
def an_export(world):
    world.templates["network.yaml"]["Outputs"]["VpcId"]["Export"] = {"Name": "vpc"}


@checks.check
def the_readme_agrees(world):
    readme = world.other["readme"]
    for file in world.templates:
        if not re.search(rf"^\| \d+[a-d]? \|.*`{re.escape(file)}`", readme, re.M):
            yield f"README's order lacks {file}"
    for file in set(re.findall(r"`([a-z-]+\.yaml)`", readme)) - world.templates.keys() - {"template.yaml"}:
        yield f"README names {file}, which is not there"
    handed_on = readme.split("## What each hands on", 1)[1]
    for row in re.findall(r"^\| ([a-z, -]+) \| (`.*?) \|", handed_on, re.M):
        for stack in row[0].split(", "):
            outputs = world.templates[f"{stack}.yaml"]["Outputs"].keys()
            for name in set(re.findall(r"`([A-Z]\w+)`", row[1])) ^ outputs:
                yield f"README and {stack}.yaml differ about output {name}"


@checks.broken_by(the_readme_agrees)
def an_output_that_nobody_knows(world):
    world.templates["dns.yaml"]["Outputs"]["Zone"] = {"Value": "x"}


@checks.broken_by(the_readme_agrees)
def a_template_that_nobody_knows(world):
    world.templates["extra.yaml"] = world.templates["budget.yaml"]


def world():
    folder = cfn.ROOT / "infra"
    source = (cfn.ROOT / "shared/src/main/java/dev/burgee/ledger/LedgerTable.java").read_text(encoding="utf-8")
    lint = cfn.load(cfn.ROOT / ".cfnlintrc.yaml")
    return World(
        templates=cfn.templates("infra"),
        regions=json.loads((folder / "regions.json").read_text(encoding="utf-8")),
        metrics=cfn.metrics(),
        other={
            "texts": {path.name: path.read_text(encoding="utf-8") for path in folder.glob("*.yaml")},
            "readme": (folder / "README.md").read_text(encoding="utf-8"),
            "stack policy": json.loads((folder / "cache-stack-policy.json").read_text(encoding="utf-8")),
            "functions": {path.parent.name for path in (cfn.ROOT / "functions").glob("*/pom.xml")},
            "linted regions": lint["regions"],
            "pk": re.search(r'String PK = "(\w+)"', source).group(1),
            "sk": re.search(r'String SK = "(\w+)"', source).group(1),
        },
    )


if __name__ == "__main__":
    sys.exit(1 if checks.run(world()) else 0)
