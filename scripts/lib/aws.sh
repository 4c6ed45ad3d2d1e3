# shellcheck shell=bash
# Sourced by the scripts that operate regions: the AWS CLI under limits, and region-pulse's reports.
# Works with version 1 (1.32 or later) and 2 of the CLI, and with whatever AWS_ENDPOINT_URL names.

# the functions' own variables, so that one set of settings serves both
pulse_function=${BURGEE_PULSE_FUNCTION:-}
zone=${BURGEE_HOSTED_ZONE:-}
record=${BURGEE_PRIMARY_RECORD:-}
# of the installation: functions are called NAME-…, replication groups NAME-REGION
name=burgee

# a call is tried twice, and no answer is shown in a pager
export AWS_MAX_ATTEMPTS=2 AWS_RETRY_MODE=standard AWS_PAGER=''

burgee_me=scripts/$(basename "$0")
burgee_lib=$(dirname "${BASH_SOURCE[0]}")

if [ "$((BASH_VERSINFO[0] * 100 + BASH_VERSINFO[1]))" -lt 404 ]; then
  echo "$burgee_me: this is bash $BASH_VERSION; 4.4 or later is needed" >&2
  exit 2
fi

# Ends the script. Arguments: exit status, message.
burgee_end() {
  echo "$burgee_me: $2" >&2
  exit "$1"
}

# Ends the script unless aws and python3 are there; leaves a scratch directory in $work. Argument: exit status.
burgee_prepare() {
  command -v aws >/dev/null || burgee_end "$1" "needs the AWS CLI ('aws', 1.32 or later): https://aws.amazon.com/cli"
  command -v python3 >/dev/null || burgee_end "$1" "needs python3 (3.8 or later), which reads the answers"
  # the program itself: a shim in front of it costs more than it does, at each call
  burgee_python=$(python3 -c 'import sys; print(sys.executable)')
  pulse_function=${pulse_function:-$name-region-pulse}
  work=$(mktemp -d)
  # what is running when a signal comes may have its own standard error
  exec {burgee_stderr}>&2
  trap 'rm -rf "$work"' EXIT
  # the AWS CLI catches Ctrl-C and ends with a status, which would be taken for the answer of AWS
  trap 'burgee_interrupted 130' INT
  trap 'burgee_interrupted 143' TERM
  trap 'burgee_interrupted 129' HUP
}

# Ends the script by a signal. Argument: exit status.
burgee_interrupted() {
  trap '' INT TERM HUP
  burgee_end "$1" "interrupted. What AWS has begun goes on there; run this again to go on" 2>&"$burgee_stderr"
}

# Ends the script unless the text is a region code. Arguments: exit status, text.
burgee_check_region() {
  [[ $2 =~ ^[a-z]{2}(-[a-z]+)+-[0-9]+$ ]] \
    || burgee_end "$1" "'$2' is not a region code such as eu-west-1"
}

# Ends the script unless the text is a whole number within the bounds. Arguments: exit status, option, text, least, most.
burgee_check_number() {
  if ! [[ $3 =~ ^[0-9]{1,9}$ ]] || [ "$((10#$3))" -lt "$4" ] || [ "$((10#$3))" -gt "$5" ]; then
    burgee_end "$1" "$2 takes a whole number from $4 to $5, not '$3'"
  fi
}

# The AWS CLI with limits. Arguments: seconds to wait for an answer, then those of aws.
burgee_aws() {
  local seconds=$1
  shift
  aws --cli-connect-timeout 5 --cli-read-timeout "$seconds" --output json "$@"
}

# Reads what the services answered: see reports.py.
burgee_reports() {
  "$burgee_python" -I -S "$burgee_lib/reports.py" "$@"
}

# Calls a region's pulse. Arguments: region, seconds to wait, payload, where its report goes.
# On failure: status 1, no report, and the reason in a file beside it that ends with .error
burgee_pulse() {
  local report=$4
  rm -f "$report" "$report.error"
  printf '%s' "$3" >"$report.payload"
  # fileb: is taken as it is by both versions of the CLI
  if ! burgee_aws "$2" lambda invoke --region "$1" --function-name "$pulse_function" \
    --payload "fileb://$report.payload" "$report.answer" >"$report.meta" 2>"$report.error"; then
    return 1
  fi
  burgee_reports check "$report.meta" "$report.answer" "$1" 2>"$report.error" || return 1
  mv "$report.answer" "$report"
}

# A file's text in one line of at most 300 characters; nothing when there is none.
burgee_line() {
  if [ -e "$1" ]; then
    tr -s '[:space:]' ' ' <"$1" | sed 's/^ //; s/ $//' | cut -c 1-300
  fi
}

# The reason why burgee_pulse failed. Argument: where its report should have gone.
burgee_reason() {
  burgee_line "$1.error"
}

# Asks the pulses of all regions at once. Arguments: regions. Reports: $work/REGION.json
burgee_statuses() {
  local region
  for region in "$@"; do
    burgee_pulse "$region" 30 '{"action":"status"}' "$work/$region.json" &
  done
  wait
}

# Sets the array $regions: those given, else those that the first pulse to answer knows.
# Arguments: exit status, regions given (or nothing), whom to ask, both separated by commas.
burgee_find_regions() {
  local region known
  if [ -n "$2" ]; then
    IFS=, read -ra regions <<<"$2"
    for region in "${regions[@]}"; do
      burgee_check_region "$1" "$region"
    done
    return
  fi
  [ -n "$3" ] || burgee_end "$1" "which regions? Give --regions a,b,c, or one to ask by --from or AWS_REGION"
  for region in ${3//,/ }; do
    burgee_check_region "$1" "$region"
    if burgee_pulse "$region" 30 '{"action":"status"}' "$work/$region.json"; then
      known=$(burgee_reports regions "$work/$region.json")
      read -ra regions <<<"$known"
      return
    fi
    echo "$burgee_me: $region does not answer: $(burgee_reason "$work/$region.json")" >&2
  done
  burgee_end "$1" "no region answered that could tell the others; give --regions a,b,c"
}

# Prints what the record names; nothing when it is absent. Status 1 when Route 53 does not say; the reason on stderr.
burgee_cname() {
  local answer
  # its one control plane is there, and version 1 of the CLI does not look at AWS_REGION
  answer=$(burgee_aws 10 route53 list-resource-record-sets --region us-east-1 --hosted-zone-id "$zone" \
    --start-record-name "$record" --start-record-type CNAME --max-items 1) || return 1
  burgee_reports cname "$record" <<<"$answer"
}

# Leaves what the record names in $work/cname, or why that is not known in $work/cname.error.
burgee_look_up_cname() {
  rm -f "$work/cname" "$work/cname.error"
  if [ -z "$zone" ] || [ -z "$record" ]; then
    return 0
  fi
  if ! burgee_cname >"$work/cname" 2>"$work/cname.error"; then
    rm -f "$work/cname"
    [ -s "$work/cname.error" ] || echo "Route 53 gave no answer" >"$work/cname.error"
  else
    rm -f "$work/cname.error"
  fi
}
