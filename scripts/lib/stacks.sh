# shellcheck shell=bash
# Sourced, after aws.sh and with $root and $config set, by the scripts that change stacks: the plan, what is there of it,
# and one stack at a time. Needs burgee_prepare; what the stacks answered is in $work/outputs.json.

# so long may one stack take to answer a look
look_seconds=20

# The functions of template.yaml, by the names that it gives them.
functions=(burgee-read-flag burgee-write-flag burgee-region-pulse burgee-failover-dns-update)

# The plan: see stacks.py.
stacks() {
  "$burgee_python" -I "$burgee_lib/stacks.py" --config "$config" "$@"
}

# One value of what is known of a stack. Arguments: id, name of the output (or @status, @release).
stack_output() {
  stacks output "$work/outputs.json" "$1" "$2"
}

say() {
  printf '%s  %s\n' "$(date -u +%H:%M:%S)" "$*"
}

# Ends the script unless the environment has credentials that work; sets $account.
need_credentials() {
  account=$(burgee_aws "$look_seconds" sts get-caller-identity --region "${AWS_REGION:-us-east-1}" --query Account --output text 2>"$work/error") \
    || burgee_end 2 "no AWS credentials that work: $(burgee_line "$work/error"). Log in, or set AWS_PROFILE"
  local meant
  meant=$(stacks get account) || exit 2
  [ -z "$meant" ] || [ "$meant" = "$account" ] \
    || burgee_end 3 "the credentials are of account $account, but $config is of account $meant. Nothing was changed"
}

# Whether regions.json opens reads to everybody.
reads_are_open() {
  grep -Eq '"OpenReads": *"?true' "$config"
}

# Asks for a word on the terminal; ends the script with status 3 when another is given. Arguments: question, word.
confirm() {
  local answer
  [ "$yes" = no ] || return 0
  [ -t 0 ] || burgee_end 3 "there is no terminal to ask at; give --yes. Nothing was changed"
  printf '%s Type %s: ' "$1" "$2"
  read -r answer || answer=
  [ "$answer" = "$2" ] || burgee_end 3 "not confirmed. Nothing was changed"
}

# Learns what stacks there are. Arguments: regions.
look_at_stacks() {
  local region
  for region in "$@"; do
    burgee_aws "$look_seconds" cloudformation describe-stacks --region "$region" >"$work/described" 2>"$work/error" \
      || burgee_end 1 "cannot see the stacks of $region: $(burgee_line "$work/error")"
    stacks collect "$work/outputs.json" --region "$region" <"$work/described"
  done
}

# The artefacts' bucket of a region.
bucket_of() {
  echo "burgee-$stage-artefacts-$account-$1"
}

# Why a stack failed, as its events say. Arguments: region, stack.
why_failed() {
  burgee_aws "$look_seconds" cloudformation describe-stack-events --region "$1" --stack-name "$2" --max-items 60 \
    --query "StackEvents[?contains(ResourceStatus, 'FAILED')].[LogicalResourceId, ResourceStatusReason]" --output text \
    2>/dev/null | grep -v 'Resource creation cancelled\|Resource update cancelled' | head -5 || true
}

# Ends the script when a stack is in no state to be updated. Arguments: id, region, stack.
need_updatable() {
  local status
  status=$(stack_output "$1" @status)
  case $status in
    ROLLBACK_COMPLETE | ROLLBACK_FAILED | CREATE_FAILED)
      why_failed "$2" "$3" >&2
      burgee_end 1 "$3 in $2 could not be created ($status). When the cause is gone: aws cloudformation delete-stack --region $2 --stack-name $3; then run this again"
      ;;
    UPDATE_ROLLBACK_FAILED)
      burgee_end 1 "$3 in $2 is $status: aws cloudformation continue-update-rollback --region $2 --stack-name $3; then run this again"
      ;;
    *_IN_PROGRESS)
      burgee_end 1 "$3 in $2 is $status: somebody is at it. Run this again when it is over"
      ;;
  esac
}

# Creates or updates a stack, waits for it, and learns its outputs; status 1 when it failed.
# Arguments: region, stack, template's file, its policy or -, then KEY=VALUE of the parameters.
put_stack() {
  local region=$1 stack=$2 file=$3 policy=$4
  local -a upload=()
  shift 4
  # larger templates are taken from a bucket only
  [ "$(wc -c <"$file")" -le 51200 ] || upload=(--s3-bucket "$(bucket_of "$region")" --s3-prefix "burgee-$stage/templates")
  if ! burgee_aws 60 cloudformation deploy --region "$region" --stack-name "$stack" --template-file "$file" \
    --capabilities CAPABILITY_IAM CAPABILITY_AUTO_EXPAND --no-fail-on-empty-changeset "${upload[@]}" \
    --tags Service=burgee "Region=$region" "Stage=$stage" --parameter-overrides "$@" >"$work/deployed" 2>"$work/error"; then
    echo "$burgee_me: $stack in $region: $(burgee_line "$work/error")" >&2
    why_failed "$region" "$stack" >&2
    return 1
  fi
  if [ "$policy" != - ]; then
    burgee_aws "$look_seconds" cloudformation set-stack-policy --region "$region" --stack-name "$stack" \
      --stack-policy-body "file://$root/$policy" || return 1
  fi
  burgee_aws "$look_seconds" cloudformation describe-stacks --region "$region" --stack-name "$stack" >"$work/described" || return 1
  stacks collect "$work/outputs.json" --region "$region" <"$work/described"
}

# Runs scripts/smoke in a region unless that is not wanted ($smoke).
run_smoke() {
  local -a more=()
  [ "$smoke" = yes ] || return 0
  [ "$open_reads" = no ] || more=(--open-reads)
  "$root/scripts/smoke" "$1" --stage "$stage" "${more[@]}"
}

# Prints the names of the rollback alarms that are in ALARM, except those that are to be ignored ($ignored).
# Status 1 when CloudWatch does not say. Arguments: region, "all" when every alarm must be there.
alarms_in() {
  local -a names
  local name state seen=0
  mapfile -t names < <(stacks alarms)
  burgee_aws "$look_seconds" cloudwatch describe-alarms --region "$1" --alarm-names "${names[@]}" \
    --query 'MetricAlarms[].[AlarmName, StateValue]' --output text >"$work/alarms" 2>"$work/error" || return 1
  while read -r name state; do
    [ -n "$name" ] || continue
    seen=$((seen + 1))
    [ "$state" != ALARM ] || [[ " ${ignored[*]} " == *" $name "* ]] || echo "$name"
  done <"$work/alarms"
  # to watch alarms that are not there would be to see nothing, and call it well
  if [ "${2:-}" = all ] && [ "$seen" != "${#names[@]}" ]; then
    echo "$seen of ${#names[@]} alarms are there" >"$work/error"
    return 1
  fi
}
