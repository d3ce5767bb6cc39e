"""Stage 2: every example is deployed to moto with the real AWS CLI, read back, and compared with its graph.

    python tests/oracles/deploy.py [--example NAME]...

CREATE_COMPLETE proves nothing with moto, so nothing is taken from it: state.py and wires.py read the
services themselves, and compare.py holds that against `purlin graph`.
"""

from __future__ import annotations

import argparse
import io
import json
import re
import subprocess
import sys
import tempfile
import tomllib
import zipfile
from graphlib import TopologicalSorter
from pathlib import Path

from moto.cloudformation.parsing import get_model_map

from common import HERE, VENV, Application, OracleFailure, Template, build_all, bullet_list, run_stage
from compare import compare
from fake_aws import Server, moto_server
from graph import Graph, graphs_of
from intrinsics import Resolver, stand_in_lookup
from network import network_problems, read_groups
from rewrites import for_moto
from state import Reader, StackState
from wires import all_wires

ARTIFACTS = "purlin-artifacts"
NOT_SUPPORTED = re.compile(r"No Moto CloudFormation support for (\S+)")


def allowed_skips() -> set[str]:
    return set(tomllib.loads((HERE / "moto-skips.toml").read_text(encoding="utf-8"))["skipped"])


def stale_skips(modelled: set[str]) -> list[str]:
    return [f"moto makes {kind} now: take it out of moto-skips.toml" for kind in sorted(allowed_skips() & modelled)]


def parameters_for(template: Template) -> dict[str, str]:
    """Values for the parameters without a default: the artifact bucket, keys of the code, anything else by type."""
    given = {}
    for name, parameter in template.get("Parameters", {}).items():
        if "Default" in parameter:
            continue
        if "bucket" in name.lower():
            given[name] = ARTIFACTS
        elif parameter.get("AllowedValues"):
            given[name] = str(parameter["AllowedValues"][0])
        elif parameter["Type"] == "Number":
            given[name] = str(parameter.get("MinValue", 1))
        else:
            given[name] = f"{name.lower()}.zip" if "key" in name.lower() else f"given-{name.lower()}"
    return given


def upload_code(server: Server, template: Template) -> None:
    """Puts a small zip wherever a function expects its code."""
    packed = io.BytesIO()
    with zipfile.ZipFile(packed, "w") as archive:
        archive.writestr("index.py", "def handler(event, context):\n    return {}\n")
    s3 = server.client("s3")
    resolver = resolver_for("artifacts", template)
    for resource in template["Resources"].values():
        properties = resource.get("Properties", {})
        code = resolver.resolve(properties.get("Code") or properties.get("Content"))
        if isinstance(code, dict) and "S3Key" in code:
            s3.put_object(Bucket=code["S3Bucket"], Key=code["S3Key"], Body=packed.getvalue())


def run_cli(server: Server, stack: str, file: Path, parameters: dict[str, str]) -> None:
    """`aws cloudformation deploy`, as a user would run it."""
    command = [str(VENV / "aws"), "cloudformation", "deploy", "--stack-name", stack, "--template-file", str(file)]
    command += ["--capabilities", "CAPABILITY_NAMED_IAM"]
    if file.stat().st_size > 51_200:
        command += ["--s3-bucket", ARTIFACTS]
    if parameters:
        command += ["--parameter-overrides", *(f"{key}={value}" for key, value in parameters.items())]
    done = subprocess.run(command, env=server.environment(), capture_output=True, text=True, timeout=300)
    if done.returncode != 0:
        trace = "\n".join(server.log.read_text().splitlines()[-6:])
        raise OracleFailure(f"`aws cloudformation deploy` of {stack} ended with {done.returncode}: {done.stderr}\n{trace}")


def deploy_stack(
    server: Server, stack: str, template: Template, imported: dict[str, str] | None = None
) -> StackState:
    """Deploys one template and reads back what is there. `imported` is what earlier stacks export."""
    parameters, known = parameters_for(template), imported or {}
    upload_code(server, template)
    with tempfile.TemporaryDirectory() as scratch:
        file = Path(scratch) / f"{stack}.json"
        file.write_text(json.dumps(for_moto(template, set(get_model_map()), known)), encoding="utf-8")
        run_cli(server, stack, file, parameters)
    return Reader(server, stack, template, parameters, known).read()


def skip_problems(server: Server, state: StackState) -> list[str]:
    """What moto left out of this stack without being known to."""
    logged = set(NOT_SUPPORTED.findall(server.log.read_text()))
    unknown = (set(state.skipped.values()) | logged & set(state.types.values())) - allowed_skips()
    return [f"moto skipped {kind}, which moto-skips.toml does not name" for kind in sorted(unknown)]


def judge_stack(
    server: Server, stack: str, template: Template, graph: Graph, exported: dict[str, str] | None = None
) -> list[str]:
    """The problems of one stack. `exported` holds what earlier stacks export, and gets what this one does."""
    known = {} if exported is None else exported
    state = deploy_stack(server, stack, template, known)
    known |= state.exports
    wires = all_wires(server, state)
    seen = sum(1 for wire in wires if wire.seen_in == "moto")
    print(
        f"  {stack}: {len(state.physical)} resources made, {len(state.skipped)} skipped by moto; "
        f"{seen} wires read from moto, {len(wires) - seen} from the template",
        flush=True,
    )
    problems = skip_problems(server, state) + compare(graph, state, wires)
    return problems + network_problems(graph, state, read_groups(server, state))


def in_import_order(application: Application) -> list[str]:
    """The application's stacks, each after those whose exports it imports."""
    templates = {stack: application.template(stack) for stack in application.templates}
    exporter = {name: stack for stack, template in templates.items() for name in exports(stack, template)}
    needs = {stack: {exporter[n] for n in imports(stack, t) if n in exporter} for stack, t in templates.items()}
    return list(TopologicalSorter(needs).static_order())


def resolver_for(stack: str, template: Template) -> Resolver:
    return Resolver(template, parameters_for(template), stack, stand_in_lookup(template))


def exports(stack: str, template: Template) -> set[str]:
    resolver = resolver_for(stack, template)
    entries = [output["Export"]["Name"] for output in template.get("Outputs", {}).values() if "Export" in output]
    return {str(resolver.resolve(name)) for name in entries}


def imports(stack: str, template: Template) -> set[str]:
    """Every name that the template imports, wherever it stands."""
    resolver, found, waiting = resolver_for(stack, template), set(), [template]
    while waiting:
        node = waiting.pop()
        if isinstance(node, dict):
            if "Fn::ImportValue" in node:
                found.add(str(resolver.resolve(node["Fn::ImportValue"])))
            waiting += node.values()
        elif isinstance(node, list):
            waiting += node
    return found


def judge_application(server: Server, application: Application) -> list[str]:
    server.reset()
    server.client("s3").create_bucket(Bucket=ARTIFACTS)
    graphs = graphs_of(application.folder)
    problems: list[str] = []
    exported: dict[str, str] = {}
    for stack in in_import_order(application):
        try:
            found = judge_stack(server, stack, application.template(stack), graphs[stack], exported)
        except OracleFailure as failure:
            found = [str(failure)]
        problems += [f"{application.name}/{stack}: {problem}" for problem in found]
    return problems


def main() -> None:
    parser = argparse.ArgumentParser(description="deploy every example to moto and compare it with its graph")
    parser.add_argument("--example", action="append", help="only this example; may be repeated")
    chosen = parser.parse_args()
    applications = build_all(chosen.example)
    problems = stale_skips(set(get_model_map()))
    with tempfile.TemporaryDirectory() as scratch, moto_server(Path(scratch)) as server:
        for application in applications:
            problems += judge_application(server, application)
    if problems:
        raise OracleFailure(f"{len(problems)} deployment problems\n{bullet_list(problems)}")
    print(f"{len(applications)} applications deployed; what is there is what their graphs say", flush=True)


if __name__ == "__main__":
    sys.exit(run_stage(main))
