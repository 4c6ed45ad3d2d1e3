"""Reads what region-pulse, ElastiCache and Route 53 answered, for the scripts beside it.

One subcommand each; no network, no clock. region-pulse's report is described in docs/operations.md.
"""

import json
import os
import re
import sys


def load(path):
    with open(path, encoding="utf-8") as file:
        return json.load(file)


def part(report, name):
    """A member that is an object; an empty one when it is null or missing."""
    value = report.get(name)
    return value if isinstance(value, dict) else {}


def text(value):
    """One word for the shell."""
    if value is None:
        return "-"
    if isinstance(value, bool):
        return "yes" if value else "no"
    return str(value).replace(" ", "_") or "-"


def seen(report):
    """The caches that a region's pulse has asked, its own included, by region."""
    caches = {c["region"]: c for c in report.get("caches") or [] if isinstance(c, dict) and c.get("region")}
    own = dict(part(report, "cache"))
    caches[report.get("region")] = own
    return caches


def check(meta_path, answer_path, region):
    """Fails, with the reason, unless a region's function answered with a report that can be relied on."""
    meta = load(meta_path)
    try:
        answer = load(answer_path)
    except ValueError:
        sys.exit("region-pulse did not answer JSON")
    if meta.get("FunctionError"):
        message = answer.get("errorMessage") if isinstance(answer, dict) else None
        sys.exit("region-pulse failed: %s" % (message or meta["FunctionError"]))
    if not isinstance(answer, dict) or not isinstance(answer.get("cache"), dict):
        sys.exit("region-pulse answered something else than a report")
    if answer.get("region") != region:
        sys.exit("region-pulse answered for %s, not for %s" % (answer.get("region"), region))
    for name, holder, kind in (
        ("home.region", part(answer, "home").get("region"), str),
        ("home.epoch", part(answer, "home").get("epoch"), int),
        ("cache.position", answer["cache"].get("position"), int),
        ("cache.behind", answer["cache"].get("behind"), int),
        ("cache.lagMs", answer["cache"].get("lagMs"), int),
        ("caches", answer.get("caches"), list),
        ("problems", answer.get("problems"), list),
    ):
        if holder is not None and not isinstance(holder, kind):
            sys.exit("region-pulse answered a report whose %s is %r" % (name, holder))


def state(path):
    """Profile, home, epoch, reachable, writable, position, behind, lag, ledger's end, outcome."""
    report = load(path)
    home, cache = part(report, "home"), part(report, "cache")
    words = [
        report.get("profile"),
        home.get("region"),
        home.get("epoch"),
        bool(cache.get("reachable")),
        bool(cache.get("writable")),
        cache.get("position"),
        cache.get("behind"),
        cache.get("lagMs"),
        part(report, "ledger").get("end"),
        report.get("outcome"),
    ]
    print(" ".join(text(word) for word in words))


def reason(path):
    report = load(path)
    print(report.get("reason") or "; ".join(str(p) for p in report.get("problems") or []) or "no reason given")


def refusal(path, lag_max):
    """Why this region should not become the home without being forced; prints nothing when nothing speaks against it."""
    report = load(path)
    region, cache, caches = report.get("region"), part(report, "cache"), seen(report)
    home = part(report, "home").get("region")
    if not part(report, "ledger").get("reachable"):
        print("the ledger is out of reach from %s, so that nobody can say how far behind its cache is" % region)
        return
    lag, position = cache.get("lagMs"), cache.get("position")
    if position is None:
        print("the cache in %s is empty" % region)
    elif lag is None:
        print("the lag of %s is not known" % region)
    elif lag > lag_max:
        ahead = [
            "%s shows %s" % (name, other["position"])
            for name, other in sorted(caches.items())
            if name != region and other.get("reachable") and (other.get("position") or 0) > position
        ]
        alive = bool(caches.get(home, {}).get("reachable")) and home != region
        # without a home everybody falls behind alike: the ledger has what is missing, and waiting mends nothing
        if ahead or alive:
            print(
                "%s lags by %s ms (limit %s ms; it shows %s%s)"
                % (region, lag, lag_max, position, "".join(", " + other for other in ahead))
            )


def payload(region, actor, force, lag_max):
    print(
        json.dumps(
            {
                "action": "promote",
                "region": region,
                "actor": actor,
                "force": force == "yes",
                "dryRun": False,
                "lagMaxMs": int(lag_max),
            },
            separators=(",", ":"),
        )
    )


def regions(path):
    """All regions that a report names, in its order."""
    report = load(path)
    names = [c.get("region") for c in report.get("caches") or [] if isinstance(c, dict)]
    print(" ".join(dict.fromkeys(n for n in names + [report.get("region")] if n)))


def is_ours(name, prefix, region):
    """Whether a name is one of a region's cache: PREFIX-REGION, PREFIX-STAGE-REGION, or cache-REGION (self-managed)."""
    return bool(re.fullmatch("(%s-([a-z][a-z0-9]{1,11}-)?|cache-)%s" % (re.escape(prefix), re.escape(region)), name))


def datastore(region, group, wanted, prefix="burgee"):
    """Of DescribeGlobalReplicationGroups (stdin): id, status, region of the primary, this region's group.

    Without a group ("-"): the member in this region, of the datastore that is wanted, else the one that has our name.
    """
    found, names = [], []
    for store in json.load(sys.stdin).get("GlobalReplicationGroups") or []:
        members = store.get("Members") or []
        own = [str(m.get("ReplicationGroupId")) for m in members if m.get("ReplicationGroupRegion") == region]
        if group != "-":
            own = [g for g in own if g == group]
        elif wanted == "-":
            own = [g for g in own if is_ours(g, prefix, region)]
        if store.get("GlobalReplicationGroupId") == wanted or (wanted == "-" and own):
            primary = [m.get("ReplicationGroupRegion") for m in members if str(m.get("Role")).upper() == "PRIMARY"]
            names += own[:1]
            found.append(
                [
                    store.get("GlobalReplicationGroupId"),
                    store.get("Status"),
                    primary[0] if len(primary) == 1 else None,
                    own[0] if own else None,
                ]
            )
    if len(found) > 1:
        sys.exit("%d global datastores have %s as a member: name one with --datastore" % (len(found), " and ".join(dict.fromkeys(names)) or group))
    print(" ".join(text(word) for word in (found[0] if found else [None] * 4)))


def cname(record):
    """Of ListResourceRecordSets (stdin): what the record names."""
    for found in json.load(sys.stdin).get("ResourceRecordSets") or []:
        if found.get("Name", "").rstrip(".") == record.rstrip(".") and found.get("Type") == "CNAME":
            print((found.get("ResourceRecords") or [{}])[0].get("Value", "").rstrip("."))


def gather(work, names):
    """One row per region, from the reports in a directory."""
    rows = []
    for name in names:
        path = os.path.join(work, name + ".json")
        if not os.path.exists(path):
            why = "no answer"
            if os.path.exists(path + ".error"):
                with open(path + ".error", encoding="utf-8") as file:
                    why = " ".join(file.read().split())[:300] or why
            rows.append({"region": name, "answers": False, "why": why})
            continue
        report = load(path)
        home, cache = part(report, "home"), part(report, "cache")
        rows.append(
            {
                "region": name,
                "answers": True,
                "home": home.get("region"),
                "epoch": home.get("epoch"),
                "cacheReachable": bool(cache.get("reachable")),
                "writable": bool(cache.get("reachable")) and bool(cache.get("writable")),
                "position": cache.get("position"),
                "behind": cache.get("behind"),
                "lagMs": cache.get("lagMs"),
                "ledgerReachable": bool(part(report, "ledger").get("reachable")),
                "ledgerEnd": part(report, "ledger").get("end"),
                "problems": [str(p) for p in report.get("problems") or []],
            }
        )
    return rows


def table(head, lines):
    cells = [head] + [["-" if c is None else str(c) for c in line] for line in lines]
    widths = [max(len(line[i]) for line in cells) for i in range(len(head))]
    for line in cells:
        print("  ".join(c.ljust(w) for c, w in zip(line, widths)).rstrip())


def role(row):
    if not row["answers"] or not row["cacheReachable"]:
        return "unreachable"
    return "writable" if row["writable"] else "replica"


def names_cache(name, prefix, region):
    """Whether an endpoint's name is of a region's cache: one of its labels is."""
    return any(is_ours(label, prefix, region) for label in name.split("."))


def verify(work, lag_max, prefix, as_json, names):
    rows = gather(work, names)
    record, reasons, notes = None, [], []
    for row in rows:
        if not row["answers"]:
            reasons.append("%s does not answer: %s" % (row["region"], row["why"]))
        elif not row["cacheReachable"]:
            reasons.append("%s cannot reach its cache" % row["region"])
        elif row["position"] is None:
            reasons.append("the cache in %s is empty" % row["region"])
    answering = [r for r in rows if r["answers"]]
    writable = [r["region"] for r in answering if r["writable"]]
    if len(writable) != 1:
        reasons.append("%s caches are writable%s" % (len(writable) or "no", ": " + ", ".join(writable) if writable else ""))
    for row in answering:
        if not row["ledgerReachable"]:
            reasons.append("%s cannot reach the ledger" % row["region"])
    beliefs = sorted({(r["home"], r["epoch"]) for r in answering if r["home"]}, key=str)
    if len(beliefs) > 1:
        reasons.append("regions disagree on the home: %s" % ", ".join("%s at epoch %s" % b for b in beliefs))
    home = beliefs[0][0] if len(beliefs) == 1 else None
    if home and len(writable) == 1 and writable[0] != home:
        reasons.append("the home is %s, but the writable cache is in %s" % (home, writable[0]))
    for row in answering:
        if row["lagMs"] is not None and row["lagMs"] > lag_max:
            reasons.append("%s lags by %s ms (limit %s ms)" % (row["region"], row["lagMs"], lag_max))
        elif row["lagMs"] is None and row["ledgerReachable"] and row["position"] is not None:
            reasons.append("the lag of %s is not known" % row["region"])
    if os.path.exists(os.path.join(work, "cname.error")):
        with open(os.path.join(work, "cname.error"), encoding="utf-8") as file:
            reasons.append("the record is not known: %s" % " ".join(file.read().split())[:300])
    elif os.path.exists(os.path.join(work, "cname")):
        with open(os.path.join(work, "cname"), encoding="utf-8") as file:
            record = file.read().strip() or None
        if record is None:
            reasons.append("there is no such CNAME record")
        elif home and not names_cache(record, prefix, home):
            reasons.append("the CNAME names %s, not the cache of %s" % (record, home))
    else:
        notes.append("CNAME not checked: give --zone and --record")
    if as_json == "yes":
        print(json.dumps({"ok": not reasons, "home": home, "epoch": beliefs[0][1] if home else None, "writable": writable,
                          "cname": record, "regions": rows, "reasons": reasons, "notes": notes}, indent=1))
    else:
        table(
            ["region", "answers", "home", "epoch", "cache", "position", "behind", "lag ms", "CNAME"],
            [
                [r["region"], "yes" if r["answers"] else "no", r.get("home"), r.get("epoch"), role(r), r.get("position"),
                 r.get("behind"), r.get("lagMs"), "here" if record and names_cache(record, prefix, r["region"]) else None]
                for r in rows
            ],
        )
        print()
        for note in notes:
            print("note: " + note)
        for why in reasons:
            print("NOT VERIFIED: " + why)
        if not reasons:
            print("verified: %s is the home (epoch %s), its cache alone is writable, and all regions agree" % (home, beliefs[0][1]))
    sys.exit(1 if reasons else 0)


def lag(work, warn, critical, as_json, names):
    rows, worst = gather(work, names), 0
    for row in rows:
        ms = row.get("lagMs")
        if not row["answers"]:
            row["level"], row["text"] = 2, row["why"]
        elif not row["cacheReachable"]:
            row["level"], row["text"] = 2, "its cache is unreachable"
        elif row["position"] is None:
            row["level"], row["text"] = 2, "its cache is empty"
        elif ms is None:
            row["level"], row["text"] = 2, "its lag is not known: " + ("; ".join(row["problems"]) or "no ledger")
        else:
            row["level"] = 2 if ms >= critical else 1 if ms >= warn else 0
            row["text"] = ""
        worst = max(worst, row["level"])
    levels = ["ok", "WARNING", "CRITICAL"]
    if as_json == "yes":
        for row in rows:
            row["level"] = levels[row["level"]].lower()
        print(json.dumps({"level": levels[worst].lower(), "warnMs": warn, "criticalMs": critical, "regions": rows}))
    else:
        table(
            ["region", "cache", "position", "behind", "lag ms", "level", ""],
            [[r["region"], role(r), r.get("position"), r.get("behind"), r.get("lagMs"), levels[r["level"]], r["text"]] for r in rows],
        )
    sys.exit(worst)


def main(command, *arguments):
    if command == "check":
        check(*arguments)
    elif command == "state":
        state(*arguments)
    elif command == "reason":
        reason(*arguments)
    elif command == "refusal":
        refusal(arguments[0], int(arguments[1]))
    elif command == "payload":
        payload(*arguments)
    elif command == "regions":
        regions(*arguments)
    elif command == "datastore":
        datastore(*arguments)
    elif command == "cname":
        cname(*arguments)
    elif command == "follows":
        sys.exit(0 if names_cache(*arguments) else 1)
    elif command == "verify":
        verify(arguments[0], int(arguments[1]), arguments[2], arguments[3], arguments[4:])
    elif command == "lag":
        lag(arguments[0], int(arguments[1]), int(arguments[2]), arguments[3], arguments[4:])
    else:
        sys.exit("reports.py: unknown subcommand " + command)


if __name__ == "__main__":
    main(*sys.argv[1:])
