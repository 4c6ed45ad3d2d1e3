"""What scripts/latency says of k6's summaries: recorded ones (recorded/latency, of three runs in the local world) and changes
of them. Runs no k6."""

import json
import os
import pathlib
import shutil
import subprocess
import sys
import tempfile

import cfn

SCRIPT = cfn.ROOT / "scripts/latency"
RECORDED = pathlib.Path(__file__).parent / "recorded/latency"
HOME, AFTER, BEFORE = "us-east-1..us-east-1.json", "eu-west-1..eu-west-1.json", "eu-west-1..us-east-1.json"


def values(name, metric, **changed):
    def change(folder):
        summary = json.loads((folder / name).read_text(encoding="utf-8"))
        summary["metrics"][metric]["values"].update(changed)
        (folder / name).write_text(json.dumps(summary), encoding="utf-8")

    return change


def text(name, content):
    return lambda folder: (folder / name).write_text(content, encoding="utf-8")


def gone(*names):
    return lambda folder: [(folder / name).unlink() for name in names]


def p95(ms):
    return {"p(95)": ms}


# what is done to the recorded summaries; exit status; what is said
REPORTS = [
    (lambda folder: None, 0, ["All targets are met.", "| eu-west-1 | 84 |", "replica 100 %"]),
    (values(AFTER, "read_ms", **p95(49.9)), 3, ["are 45 % better than across, not more than 75 %"]),
    (values(HOME, "read_ms", **p95(50)), 3, ["us-east-1: P95 of local reads is 50.0 ms, not under 50", "**missed**"]),
    (values(BEFORE, "read_ms", **p95(20)), 3, ["eu-west-1: local reads are"]),
    (values(AFTER, "read_failed", rate=0.011), 3, ["eu-west-1 reading eu-west-1: 1.1 % of the reads failed"]),
    (values(AFTER, "read_failed", rate=0.009), 0, ["All targets are met."]),
    (gone(BEFORE), 3, ["eu-west-1: nobody there read us-east-1"]),
    (gone(AFTER), 3, ["eu-west-1: nobody there read its own region"]),
    (gone(HOME, AFTER, BEFORE), 1, ["there is no summary CLIENT..SERVER.json"]),
    (text(AFTER, "{"), 1, [f"{AFTER} is no summary of scripts/lib/latency.js"]),
    (text(AFTER, '{"metrics": {}}'), 1, ["read_ms"]),
    (text("here..there.json", "{}"), 1, ["here..there.json is not called CLIENT..SERVER.json"]),
]

# arguments, what is said; nothing is begun
REFUSED = [
    ((), "say --local, --from REGION or --report FOLDER"),
    (("--local", "--from", "eu-west-1"), "say one of"),
    (("--local", "--regions", "10"), "from 2 to 9"),
    (("--local", "--home", "eu-west-1"), "begins with its home in us-east-1"),
    (("--report", "nowhere", "--window", "250"), "--window goes with --local"),
    (("--report", "nowhere-at-all"), "there is no folder nowhere-at-all"),
    (("--from", "mars"), "takes a region code"),
    (("--from", "eu-west-1", "--url", "eu-west-1"), "takes REGION=URL"),
    (("--local", "--rate", "0"), "from 1 to 1000"),
    (("--fast",), "unknown option --fast"),
]


def run(*arguments):
    done = subprocess.run([SCRIPT, *arguments], capture_output=True, text=True, timeout=60, env={**os.environ, "PYTHONDONTWRITEBYTECODE": "1"})
    return done.returncode, done.stdout + done.stderr


def problems():
    for number, (change, status, words) in enumerate(REPORTS):
        with tempfile.TemporaryDirectory() as work:
            folder, out = pathlib.Path(work, "summaries"), pathlib.Path(work, "out")
            shutil.copytree(RECORDED, folder)
            change(folder)
            found, said = run("--report", str(folder), "--out", str(out))
            if found != status or any(w not in said for w in words):
                yield f"report {number}: status {found}, not {status}; said {said[-900:]!r}"
            if status != 1:
                written = json.loads((out / "latency.json").read_text(encoding="utf-8"))
                if bool(written["problems"]) != (status == 3) or (out / "latency.md").read_text(encoding="utf-8") not in said:
                    yield f"report {number}: latency.json or latency.md says something else than the output"
    for arguments, words in REFUSED:
        found, said = run(*arguments)
        if found != 2 or words not in said:
            yield f"scripts/latency {' '.join(arguments)}: status {found}, said {said[-300:]!r}"


if __name__ == "__main__":
    wrong = list(problems())
    for problem in wrong:
        print(problem, file=sys.stderr)
    print(f"{len(REPORTS)} reports, {len(REFUSED)} refusals, {len(wrong)} problems")
    sys.exit(1 if wrong else 0)
