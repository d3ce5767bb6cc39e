"""Wall times of `purlin check` and `purlin build` beside other tools' on the same applications.

    python tests/oracles/peers.py [--runs N] [--example NAME]...

Not part of the gate: a time proves nothing about correctness. All commands run interleaved, one after the
other in each round, so that what disturbs the machine disturbs all of them; the table gives medians.
The tools do not do the same work: see the notes under the table.
"""

from __future__ import annotations

import argparse
import json
import os
import statistics
import subprocess
import sys
import tempfile
import time
from dataclasses import dataclass, field
from pathlib import Path

from common import ROOT, VENV, Application, Json, OracleFailure, build_all, run_stage

GENERATED = {
    "AWS::ApiGatewayV2::Api",
    "AWS::ApiGatewayV2::Integration",
    "AWS::ApiGatewayV2::Route",
    "AWS::ApiGatewayV2::Stage",
    "AWS::Lambda::EventSourceMapping",
    "AWS::Lambda::Function",
    "AWS::Lambda::Permission",
}
VALIDATE = """
import sys
from cloudformation_validate import CompositeEngine
engine = CompositeEngine()
for name in sys.argv[1:]:
    engine.validate_template(name)
"""
TRANSLATE = """
import json, sys
from samtranslator.translator.transform import transform
from samtranslator.parser.parser import Parser
class NoPolicies:
    def load(self): return {}
for name in sys.argv[1:]:
    with open(name) as file:
        transform(json.load(file), {}, NoPolicies())
"""


@dataclass
class Contender:
    name: str
    command: list[str]
    seconds: list[float] = field(default_factory=list)


def release_compiler() -> Path:
    """The release build: a debug build would be compared with nobody's debug build."""
    given = os.environ.get("PURLIN")
    path = Path(given) if given else Path(os.environ.get("CARGO_TARGET_DIR", ROOT / "target")) / "release" / "purlin"
    if not path.exists():
        raise OracleFailure(f"no release compiler at {path}: run `cargo build --release` first, or set PURLIN")
    return path


def as_sam(application: Application, folder: Path) -> list[str]:
    """The application as its author would have written it for SAM: what SAM makes by itself is left out."""
    files = []
    for stack in application.templates:
        template = application.template(stack)
        resources = template["Resources"]
        kept = {n: strip(r) for n, r in resources.items() if r["Type"] not in GENERATED and not is_role(r)}
        kept |= {n: sam_function(n, r, resources) for n, r in resources.items() if r["Type"] == "AWS::Lambda::Function"}
        file = folder / f"{application.name}-{stack}.sam.json"
        sam = {"Transform": "AWS::Serverless-2016-10-31", "Parameters": template.get("Parameters", {}), "Resources": kept}
        file.write_text(json.dumps(sam))
        files.append(str(file))
    return files


def is_role(resource: Json) -> bool:
    return resource["Type"] == "AWS::IAM::Role" and "lambda.amazonaws.com" in json.dumps(resource)


def strip(resource: Json) -> Json:
    """Without an order after something that SAM makes."""
    return {key: value for key, value in resource.items() if key != "DependsOn"}


def sam_function(name: str, resource: Json, resources: Json) -> Json:
    """The function with its own settings, its role's statements, and its pollers and routes as events."""
    own = resource["Properties"]
    properties = {key: own[key] for key in ("Runtime", "Handler", "MemorySize", "Timeout", "Environment") if key in own}
    if own.get("PackageType") == "Image":
        properties |= {"PackageType": "Image", "ImageUri": own["Code"]["ImageUri"]}
    else:
        properties["CodeUri"] = "s3://bucket/code.zip"
    role = resources.get(own["Role"].get("Fn::GetAtt", [""])[0], {}).get("Properties", {})
    properties["Policies"] = [policy["PolicyDocument"] for policy in role.get("Policies", [])]
    properties["Events"] = {f"Event{i}": event for i, event in enumerate(events_of(name, resources))}
    return {"Type": "AWS::Serverless::Function", "Properties": properties}


def events_of(name: str, resources: Json) -> list[Json]:
    events = []
    for other in resources.values():
        properties = other.get("Properties", {})
        if other["Type"] == "AWS::Lambda::EventSourceMapping" and name in json.dumps(properties["FunctionName"]):
            events.append({"Type": "SQS", "Properties": {"Queue": properties["EventSourceArn"], "BatchSize": properties["BatchSize"]}})
        if other["Type"] == "AWS::ApiGatewayV2::Integration" and f'"{name}"' in json.dumps(properties["IntegrationUri"]):
            events.append({"Type": "HttpApi", "Properties": {"Path": f"/{name.lower()}", "Method": "POST"}})
    return events


def contenders(application: Application, folder: Path) -> list[Contender]:
    purlin, out = str(release_compiler()), str(folder / application.name)
    source, python = str(application.folder), str(VENV / "python")
    templates = [str(path) for path in application.templates.values()]
    return [
        Contender("purlin check", [purlin, "check", source]),
        Contender("purlin build", [purlin, "build", source, "-o", out]),
        Contender("SAM translator", [python, "-c", TRANSLATE, *as_sam(application, folder)]),
        Contender("cfn-lint", [str(VENV / "cfn-lint"), "-r", "us-east-1", "--", *templates]),
        Contender("cloudformation-validate", [python, "-c", VALIDATE, *templates]),
        Contender("python start-up", [python, "-c", "pass"]),
    ]


def run_once(contender: Contender) -> None:
    begun = time.perf_counter()
    region = os.environ | {"AWS_DEFAULT_REGION": "us-east-1"}
    done = subprocess.run(contender.command, capture_output=True, text=True, timeout=600, env=region)
    contender.seconds.append(time.perf_counter() - begun)
    if done.returncode != 0 and contender.name != "cfn-lint":
        raise OracleFailure(f"{contender.name} ended with {done.returncode}: {done.stderr[-1000:]}")


def table(application: Application, found: list[Contender]) -> str:
    resources = sum(len(application.template(stack)["Resources"]) for stack in application.templates)
    lines = [f"\n### {application.name}: {resources} resources in {len(application.templates)} stacks\n"]
    lines += ["| command | median | fastest | slowest | of `purlin build` |", "|---|---|---|---|---|"]
    base = statistics.median(next(c for c in found if c.name == "purlin build").seconds)
    for contender in found:
        median = statistics.median(contender.seconds)
        low, high = min(contender.seconds), max(contender.seconds)
        lines.append(f"| {contender.name} | {median:.3f} s | {low:.3f} s | {high:.3f} s | {median / base:.1f} |")
    return "\n".join(lines)


def measure(application: Application, folder: Path, runs: int) -> str:
    found = contenders(application, folder)
    for _ in range(runs + 1):
        for contender in found:
            run_once(contender)
    for contender in found:
        contender.seconds.pop(0)  # the first round only warms the caches
    return table(application, found)


def main() -> None:
    parser = argparse.ArgumentParser(description="wall times beside other tools")
    parser.add_argument("--runs", type=int, default=7)
    parser.add_argument("--example", action="append", help="only this example; may be repeated")
    chosen = parser.parse_args()
    with tempfile.TemporaryDirectory() as scratch:
        for application in build_all(chosen.example):
            print(measure(application, Path(scratch), chosen.runs), flush=True)
    print(f"\nMedians of {chosen.runs} interleaved rounds. Not like for like: cfn-lint and")
    print("cloudformation-validate check the emitted templates and emit nothing; the SAM translator gets the application")
    print("as SAM would have it (HTTP routes, queues and streams as events, all else unchanged) and checks no schema.")


if __name__ == "__main__":
    sys.exit(run_stage(main))
