"""Wall times of `purlin check` beside cfn-lint on the same templates, in one run, with their ratio.

    python tests/oracles/peers_of_templates.py [--runs N] [--templates N] [--functions N] [--write FOLDER] [PATH...]

Not part of the gate: a time proves nothing about correctness. Without paths it takes generated templates of about five
resources a function, which import of each other. Both commands run by turns, so that what disturbs the machine disturbs
both. The release build is taken, or the compiler that `PURLIN` names. `--write` only writes the templates.

The tools do not do the same work: cfn-lint checks the schema of every resource and sees no loops, purlin reads the graph
of events of all templates together and checks no schema.
"""

from __future__ import annotations

import argparse
import json
import statistics
import subprocess
import sys
import tempfile
import time
from pathlib import Path
from typing import Any

from common import VENV, run_stage
from peers import release_compiler

TRUST = {"Version": "2012-10-17", "Statement": [{"Effect": "Allow", "Principal": {"Service": "lambda.amazonaws.com"}, "Action": "sts:AssumeRole"}]}


def chain(at: int, count: int, functions: int) -> dict[str, Any]:
    """A stack of functions, each with its topic, queue and role; the last one publishes to the next stack."""
    resources: dict[str, Any] = {}
    for i in range(functions):
        target: Any = {"Ref": f"Topic{i + 1}"} if i + 1 < functions else {"Fn::ImportValue": f"topic-{(at + 1) % count}"}
        if i + 1 == functions and at % 10 == 0:
            target = {"Ref": "Topic0"}  # a loop in every tenth stack
        may = {"Version": "2012-10-17", "Statement": [{"Effect": "Allow", "Action": "sns:Publish", "Resource": target}]}
        arn = {"Fn::GetAtt": [f"Queue{i}", "Arn"]}
        resources |= {
            f"Topic{i}": {"Type": "AWS::SNS::Topic", "Properties": {"Subscription": [{"Protocol": "sqs", "Endpoint": arn}]}},
            f"Queue{i}": {"Type": "AWS::SQS::Queue", "Properties": {"VisibilityTimeout": 180}},
            f"Map{i}": {"Type": "AWS::Lambda::EventSourceMapping", "Properties": {"EventSourceArn": arn, "FunctionName": {"Ref": f"Work{i}"}}},
            f"Work{i}": {"Type": "AWS::Lambda::Function",
                         "Properties": {"Runtime": "python3.13", "Handler": "work.handler", "Timeout": 30, "Role": {"Fn::GetAtt": [f"Role{i}", "Arn"]},
                                        "Code": {"S3Bucket": "artifacts", "S3Key": "work.zip"}}},
            f"Role{i}": {"Type": "AWS::IAM::Role",
                         "Properties": {"AssumeRolePolicyDocument": TRUST, "Policies": [{"PolicyName": "own", "PolicyDocument": may}]}},
        }
    outputs = {"Topic": {"Value": {"Ref": "Topic0"}, "Export": {"Name": f"topic-{at}"}}}
    return {"AWSTemplateFormatVersion": "2010-09-09", "Resources": resources, "Outputs": outputs}


def write(folder: Path, count: int, functions: int) -> list[Path]:
    paths = [folder / f"stack_{at}.json" for at in range(count)]
    for at, path in enumerate(paths):
        path.write_text(json.dumps(chain(at, count, functions), indent=1))
    return paths


def seconds(command: list[str]) -> float:
    begun = time.perf_counter()
    # Both end with 1 when they find something.
    subprocess.run(command, capture_output=True, timeout=1_200)
    return time.perf_counter() - begun


def main() -> None:
    parser = argparse.ArgumentParser(description="purlin check beside cfn-lint")
    parser.add_argument("--runs", type=int, default=3)
    parser.add_argument("--templates", type=int, default=20)
    parser.add_argument("--functions", type=int, default=20)
    parser.add_argument("--write", type=Path, help="only write the templates into this folder")
    parser.add_argument("paths", nargs="*", type=Path)
    chosen = parser.parse_args()
    if chosen.write:
        chosen.write.mkdir(parents=True, exist_ok=True)
        write(chosen.write, chosen.templates, chosen.functions)
        return
    with tempfile.TemporaryDirectory() as folder:
        paths = [str(path) for path in chosen.paths or write(Path(folder), chosen.templates, chosen.functions)]
        commands = {"purlin check": [str(release_compiler()), "check", *paths], "cfn-lint": [str(VENV / "cfn-lint"), "-r", "us-east-1", "--", *paths]}
        times: dict[str, list[float]] = {name: [] for name in commands}
        for _ in range(chosen.runs):
            for name, command in commands.items():
                times[name].append(seconds(command))
        medians = {name: statistics.median(found) for name, found in times.items()}
    for name, median in medians.items():
        print(f"{name:<14} {median:8.2f} s, median of {chosen.runs}, {len(paths)} templates")
    print(f"cfn-lint takes {medians['cfn-lint'] / medians['purlin check']:.1f} times as long")


if __name__ == "__main__":
    sys.exit(run_stage(main))
