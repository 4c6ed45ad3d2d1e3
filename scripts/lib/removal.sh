# shellcheck shell=bash
# shellcheck disable=SC2154,SC2034 # what aws.sh and stacks.sh set, and what is set for the scripts
# Sourced by scripts/add-region, remove-region and teardown, after aws.sh and stacks.sh: commands that are shown before they run, stacks
# that are changed or deleted and waited for, and what stacks leave behind. A run that was cut off is run again: whatever
# is gone already is passed over.

# seconds that one stack, cluster or table may take. Lambda needs up to 40 minutes to give back a VPC's addresses
patience=3600

error() {
  burgee_line "$work/error"
}

# What regions.json says, and what a change of it means for the plan: see regions.py.
regions() {
  "$burgee_python" -B "$burgee_lib/regions.py" "$@"
}

# Asks, unless this is a dry run. Arguments: as for confirm.
consent() {
  [ "$dry_run" = yes ] || confirm "$@"
}

# Prints a command, and runs it unless this is a dry run. Status 1 when it fails; the reason: error. Arguments: as for aws.
try() {
  local shown
  printf -v shown '%q ' aws "$@"
  say "${shown% }"
  [ "$dry_run" = no ] || return 0
  burgee_aws 60 "$@" >"$work/acted" 2>"$work/error"
}

# The same; ends the script when it fails.
act() {
  try "$@" || burgee_end 1 "$(error). When the cause is gone, run this again"
}

# The same; what is gone already, or on its way, is well.
act_unless_gone() {
  try "$@" && return 0
  case $(error) in
    *NotFound* | *"not found"* | *"does not exist"* | *"can't find"* | *NoSuch* | *"marked for deletion"* | *"pending deletion"* | *PendingDeletion*)
      say "it is gone already"
      return 1
      ;;
    *) burgee_end 1 "$(error). When the cause is gone, run this again" ;;
  esac
}

# Asks something; prints text. Nothing, and status 1, when it does not exist. Ends the script when the answer is another
# failure: so not in a condition's subshell without passing that on. Arguments: as for aws.
ask() {
  if burgee_aws 30 "$@" --output text 2>"$work/error"; then
    return 0
  fi
  case $(error) in
    *NotFound* | *"not found"* | *"does not exist"* | *NoSuch*) return 1 ;;
    *) burgee_end 4 "$(error)" ;;
  esac
}

# Sets $answer to what ask prints, or to - when it does not exist.
asked() {
  local status=0
  answer=$(ask "$@") || status=$?
  [ "$status" != 4 ] || exit 1
  [ "$status" = 0 ] && [ -n "$answer" ] && [ "$answer" != None ] || answer=-
}

# Waits until a look says that it is done. Arguments: what is awaited, then a command: status 0 done, 1 not yet.
await() {
  local what=$1 deadline=$((SECONDS + patience))
  shift
  [ "$dry_run" = no ] || return 0
  until "$@"; do
    [ "$SECONDS" -lt "$deadline" ] || burgee_end 1 "$what: not done after $patience s. Run this again"
    sleep 10
  done
  say "$what"
}

# Waits so long, and says for what. Arguments: seconds, text.
pause() {
  [ "$1" != 0 ] || return 0
  say "waiting $1 s: $2"
  [ "$dry_run" = yes ] || sleep "$1"
}

# ---- stacks ---------------------------------------------------------------------------------------------------------

# Sets $answer to a stack's status, - when there is none. Arguments: region, stack (or its id).
stack_status() {
  asked cloudformation describe-stacks --region "$1" --stack-name "$2" --query 'Stacks[0].StackStatus'
}

stack_gone() {
  stack_status "$1" "$2"
  case $answer in
    - | DELETE_COMPLETE) return 0 ;;
    DELETE_FAILED)
      why_failed "$1" "$2" >&2
      burgee_end 1 "$2 in $1 could not be deleted, see above. When the cause is gone, run this again"
      ;;
    *) return 1 ;;
  esac
}

stack_settled() {
  stack_status "$1" "$2"
  case $answer in
    CREATE_COMPLETE | UPDATE_COMPLETE) return 0 ;;
    *_IN_PROGRESS) return 1 ;;
    *) burgee_end 1 "$2 in $1 is $answer: it took the change back, or is gone; the stack's events say why" ;;
  esac
}

# Arguments: region, stack.
delete_stack() {
  asked cloudformation describe-stacks --region "$1" --stack-name "$2" --query 'Stacks[0].[StackStatus,EnableTerminationProtection]'
  if [ "$answer" = - ]; then
    say "$2 in $1 is gone already"
    return 0
  fi
  if [[ $answer == *True ]]; then
    act cloudformation update-termination-protection --region "$1" --stack-name "$2" --no-enable-termination-protection
  fi
  act cloudformation delete-stack --region "$1" --stack-name "$2"
  await "$2 in $1 is deleted" stack_gone "$1" "$2"
}

# Gives a stack the parameters that a configuration gives it; its template stays. Arguments: configuration, id, region, stack.
update_stack() {
  config=$1 stacks parameters "$2" "$work/outputs.json" >"$work/parameters.json" || exit 1
  if try cloudformation update-stack --region "$3" --stack-name "$4" --use-previous-template \
    --parameters "file://$work/parameters.json" --capabilities CAPABILITY_IAM; then
    await "$4 in $3 is updated" stack_settled "$3" "$4"
    return 0
  fi
  case $(error) in
    *"No updates"*) say "$4 in $3 is so already" ;;
    *) burgee_end 1 "$(error). When the cause is gone, run this again" ;;
  esac
}

# Writes the topology of a configuration into its secret. Arguments: configuration, primary's region, stage.
update_topology() {
  say "the topology, without what is gone, into burgee/$3/topology"
  [ "$dry_run" = no ] || return 0
  # by files that nobody else reads: it holds the caches' password
  (
    umask 077
    ask secretsmanager get-secret-value --region "$2" --secret-id "burgee/$3/cache-user" --query SecretString >"$work/user.json" \
      && config=$1 stacks topology "$work/outputs.json" <"$work/user.json" >"$work/topology.json"
  ) || burgee_end 1 "the topology could not be made: $(error)"
  act secretsmanager put-secret-value --region "$2" --secret-id "burgee/$3/topology" --secret-string "file://$work/topology.json"
}

# ---- what stacks leave behind, and what keeps them from going --------------------------------------------------------

# Lifts what keeps a stack from being deleted though nothing of lasting value is in it. Arguments: template, region, stage.
unlock() {
  local instance
  case $1 in
    cache-self-managed)
      asked cloudformation describe-stacks --region "$2" --stack-name "burgee-$3-$1" \
        --query "Stacks[0].Outputs[?OutputKey=='InstanceId'].OutputValue"
      instance=$answer
      [ "$instance" = - ] || act_unless_gone ec2 modify-instance-attribute --region "$2" --instance-id "$instance" --no-disable-api-termination || true
      ;;
    template)
      # the functions wrote it, not the stack
      act_unless_gone ssm delete-parameter --region "$2" --name "/burgee/$3/home" || true
      ;;
  esac
}

group_gone() {
  asked elasticache describe-replication-groups --region "$1" --replication-group-id "$2" --query 'ReplicationGroups[0].Status'
  [ "$answer" = - ]
}

group_available() {
  asked elasticache describe-replication-groups --region "$1" --replication-group-id "$2" --query 'ReplicationGroups[0].Status'
  [ "$answer" = available ] || [ "$answer" = - ]
}

user_group_gone() {
  asked elasticache describe-user-groups --region "$1" --user-group-id "$2" --query 'UserGroups[0].Status'
  [ "$answer" = - ]
}

# Sets $datastore, $store_primary (regions; - for none) of the global datastore that a group is in. Arguments: region, group.
find_datastore() {
  local words
  burgee_aws 30 elasticache describe-global-replication-groups --show-member-info --region "$1" >"$work/stores.json" 2>"$work/error" \
    || burgee_end 1 "ElastiCache in $1: $(error)"
  words=$(burgee_reports datastore "$1" "$2" - <"$work/stores.json") || exit 1
  read -r datastore _ store_primary _ <<<"$words"
}

# Sets $members to those of the datastore that was found: lines of region, group, role.
find_members() {
  members=$("$burgee_python" -c 'import json, sys
for store in json.load(sys.stdin)["GlobalReplicationGroups"]:
    if store["GlobalReplicationGroupId"] == sys.argv[1]:
        for m in store.get("Members") or []:
            print(m["ReplicationGroupRegion"], m["ReplicationGroupId"], str(m.get("Role")).upper())' "$datastore" <"$work/stores.json")
}

# Takes a secondary out of its datastore. Arguments: region, group.
leave_datastore() {
  find_datastore "$1" "$2"
  [ "$datastore" != - ] || return 0
  [ "$store_primary" != "$1" ] || burgee_end 3 "refused: $2 is the primary of $datastore"
  act elasticache disassociate-global-replication-group --region "$1" --global-replication-group-id "$datastore" \
    --replication-group-id "$2" --replication-group-region "$1"
  await "$2 is a cluster of its own" group_available "$1" "$2"
}

# Arguments: region, group, name of the final snapshot or nothing.
delete_group() {
  if act_unless_gone elasticache delete-replication-group --region "$1" --replication-group-id "$2" \
    ${3:+--final-snapshot-identifier "$3"}; then
    await "$2 is deleted" group_gone "$1" "$2"
  fi
}

# Arguments: region, stage.
delete_access() {
  local group=burgee-$2 user
  if act_unless_gone elasticache delete-user-group --region "$1" --user-group-id "$group"; then
    await "user group $group is deleted" user_group_gone "$1" "$group"
  fi
  for user in "$group" "$group-nobody"; do
    act_unless_gone elasticache delete-user --region "$1" --user-id "$user" || true
  done
  act_unless_gone elasticache delete-cache-subnet-group --region "$1" --cache-subnet-group-name "$group" || true
}

# Deletes a secret, which can be restored for 30 days. Arguments: region, name.
delete_secret() {
  local replicas
  asked secretsmanager describe-secret --region "$1" --secret-id "$2" --query 'ReplicationStatus[].Region'
  replicas=$answer
  if [ "$replicas" != - ]; then
    # shellcheck disable=SC2086 # one word for each region
    act secretsmanager remove-regions-from-replication --region "$1" --secret-id "$2" --remove-replica-regions $replicas
  fi
  act_unless_gone secretsmanager delete-secret --region "$1" --secret-id "$2" --recovery-window-in-days 30 || true
}
