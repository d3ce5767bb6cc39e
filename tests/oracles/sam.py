"""Compares what the compiler makes of SAM templates with what AWS's own transform makes of them.

The judge is the package aws-sam-translator, which AWS runs. For each template below tests/templates and each partition:
the resources by id and type, and of each the triggers, permissions, rights and facts. Hashes in ids are left out (the
digest of an API's body), and so are tags of the transform and names of inline policies, which nothing refers to.
"""
import argparse
import json
import os
import re
import subprocess
import sys
import tempfile
import tomllib
from pathlib import Path

import yaml

from documents import short

ROOT = Path(__file__).resolve().parents[2]
REGIONS = {"aws": "eu-central-1", "aws-cn": "cn-north-1", "aws-us-gov": "us-gov-west-1"}
FILES = ("CodeUri", "ContentUri", "DefinitionUri", "ImageUri")


class Loader(yaml.SafeLoader):
    """YAML with the short forms of intrinsic functions."""


Loader.add_multi_constructor("!", short)
Loader.add_constructor("tag:yaml.org,2002:timestamp", lambda loader, node: loader.construct_scalar(node))


def read(path):
    """A template as it is after `sam package`: files are objects in a bucket."""
    template = yaml.load(path.read_text(), Loader)

    def packaged(node):
        if isinstance(node, dict):
            for key, value in node.items():
                if key in FILES and isinstance(value, str) and not value.startswith("s3://") and key != "ImageUri":
                    node[key] = "s3://packaged/" + value.strip("./").replace("/", "-")
                else:
                    packaged(value)
        elif isinstance(node, list):
            for value in node:
                packaged(value)

    packaged(template)
    return template


def transformed(template, region):
    """What AWS makes of it."""
    from reading import expand
    from samtranslator.translator.transform import transform

    defaults = {k: p["Default"] for k, p in template.get("Parameters", {}).items() if "Default" in p}

    class NoManagedPolicies:
        def load(self):
            return {}

    # The translator keeps the region in the process: another judge in the same run must not find this one.
    with expand.region(region):
        return transform(json.loads(json.dumps(template)), defaults, NoManagedPolicies())


def plain_id(name):
    """An id without the digest of a body or of a layer's content."""
    return re.sub(r"(Deployment|Version)[0-9a-f]{10}$", r"\1", name)


def normal(value, partition):
    """A value as it is compared: ids without digests, one writing of partitions and of references."""
    if isinstance(value, dict):
        value = {k: v for k, v in value.items() if k not in ("Purlin::Standing", "PolicyName", "Id")}
        if set(value) == {"Ref"} and isinstance(value["Ref"], str):
            return {"Ref": plain_id(value["Ref"])}
        if set(value) == {"Fn::Sub"} and isinstance(value["Fn::Sub"], list):
            # A variable that is a text is that text.
            text, names = value["Fn::Sub"]
            for name in [n for n, v in names.items() if isinstance(v, str)]:
                text = text.replace("${" + name + "}", names[name])
            names = {n: v for n, v in names.items() if not isinstance(v, str)}
            value = {"Fn::Sub": [text, names] if names else text}
        return {k: normal(v, partition) for k, v in sorted(value.items())}
    if isinstance(value, list):
        return [normal(v, partition) for v in value]
    if isinstance(value, bool):
        return value
    if isinstance(value, (int, float)):
        return str(value)
    if isinstance(value, str):
        return plain_id(value.replace(f"arn:{partition}:", "arn:aws:").replace("arn:${AWS::Partition}:", "arn:aws:"))
    return value


def statements(document):
    found = []
    if not isinstance(document, dict):
        return found
    if "Fn::If" in document:
        for branch in document["Fn::If"][1:]:
            found += statements(branch)
        return found
    some = document.get("Statement", [])
    for one in some if isinstance(some, list) else [some]:
        one = dict(one)
        for key in ("Action", "Resource"):
            if key in one:
                many = one[key] if isinstance(one[key], list) else [one[key]]
                one[key] = sorted((m.lower() if key == "Action" and isinstance(m, str) else m for m in many), key=json.dumps)
        found.append(one)
    return found


def routes(body):
    """The integrations of an API's body, without those that answer by themselves (CORS)."""
    found = {}
    for path, item in (body or {}).get("paths", {}).items():
        if isinstance(item, dict) and "Fn::If" in item:
            item = item["Fn::If"][1]
        for method, operation in (item or {}).items():
            if isinstance(operation, dict) and "Fn::If" in operation:
                operation = operation["Fn::If"][1]
            integration = (operation or {}).get("x-amazon-apigateway-integration", {}) if isinstance(operation, dict) else {}
            if integration.get("type") == "mock":
                continue
            uri = integration.get("uri")
            if isinstance(uri, dict) and "Fn::If" in uri:
                uri = uri["Fn::If"][1]
            security = sorted(k for s in operation.get("security", []) if isinstance(s, dict) for k in s if k != "NONE")
            found[f"{method} {path}"] = [uri, integration.get("credentials"), integration.get("timeoutInMillis"), security]
    return found


def facts(resource, partition):
    """What matters of a resource."""
    resource = normal(resource, partition)
    own = dict(resource.get("Properties") or {})
    for key in ("Tags", "Code", "Content", "Parameters"):
        if key != "Parameters" or resource["Type"].startswith("AWS::ApiGateway"):
            own.pop(key, None)
    kind = resource["Type"]
    if kind == "AWS::IAM::Role":
        rights = [s for p in own.get("Policies") or [] for s in (
            statements(p.get("PolicyDocument")) if "Fn::If" not in p else [s for b in p["Fn::If"][1:] for s in statements(b.get("PolicyDocument"))])]
        unique = sorted({json.dumps(s, sort_keys=True) for s in rights})
        own = {"rights": unique, "managed": sorted(own.get("ManagedPolicyArns") or [], key=json.dumps),
               "trust": statements(own.get("AssumeRolePolicyDocument")), "boundary": own.get("PermissionsBoundary")}
    elif kind in ("AWS::ApiGateway::RestApi", "AWS::ApiGatewayV2::Api") and "Body" in own:
        own = {"routes": routes(own["Body"])}
    elif kind in ("AWS::ApiGateway::Deployment", "AWS::CodeDeploy::DeploymentGroup"):
        own = {}
    elif kind in ("AWS::SQS::QueuePolicy", "AWS::SNS::TopicPolicy"):
        own["PolicyDocument"] = statements(own.get("PolicyDocument"))
    elif kind == "AWS::StepFunctions::StateMachine":
        for key in ("Definition", "DefinitionString", "DefinitionS3Location", "DefinitionSubstitutions"):
            own.pop(key, None)
    own = {k: v for k, v in own.items() if v not in (None, {}, [])}
    return {"condition": resource.get("Condition"), **own}


def compared(name, template, ours, partition, region):
    """The differences of one template, each with a name."""
    theirs = transformed(template, region)
    mine = {plain_id(k): v for k, v in ours["Resources"].items()}
    his = {plain_id(k): v for k, v in theirs["Resources"].items()}
    layers = {i for i, r in mine.items() if r["Type"] == "AWS::Lambda::LayerVersion"}
    his = {next((l for l in layers if re.fullmatch(l + "[0-9a-f]{10}", k)), k): v for k, v in his.items()}
    for key in sorted(his.keys() - mine.keys()):
        yield f"{name}: {key}: missing ({his[key]['Type']})"
    for key in sorted(mine.keys() - his.keys()):
        yield f"{name}: {key}: not made by SAM ({mine[key]['Type']})"
    for key in sorted(mine.keys() & his.keys()):
        if mine[key]["Type"] != his[key]["Type"]:
            yield f"{name}: {key}: type {mine[key]['Type']} for {his[key]['Type']}"
            continue
        a, b = facts(mine[key], partition), facts(his[key], partition)
        for part in sorted(a.keys() | b.keys()):
            if a.get(part) != b.get(part):
                yield f"{name}: {key}.{part}: {json.dumps(a.get(part))[:600]} for {json.dumps(b.get(part))[:600]}"


def expanded(templates):
    """What the compiler makes of the templates, with its findings."""
    with tempfile.TemporaryDirectory() as folder:
        for name, template in templates.items():
            Path(folder, name.replace("/", "--") + ".json").write_text(json.dumps(template))
        run = subprocess.run(
            ["cargo", "test", "-q", "--test", "sam", "a_judge_reads_what_becomes_of_a_folder"], cwd=ROOT, capture_output=True, text=True,
            env={**os.environ, "PURLIN_SAM_FOLDER": folder}, check=False)
        if run.returncode:
            sys.exit(run.stdout + run.stderr)
        return {name: json.loads(Path(folder, name.replace("/", "--") + ".expanded").read_text()) for name in templates}


def main():
    arguments = argparse.ArgumentParser(description=__doc__)
    arguments.add_argument("templates", nargs="*", type=Path)
    given = arguments.parse_args().templates or sorted((ROOT / "tests/templates").rglob("*.yaml"))
    templates = {str(p.resolve().relative_to(ROOT / "tests/templates")) if p.resolve().is_relative_to(ROOT / "tests/templates") else p.name: read(p)
                 for p in given}
    made = expanded(templates)
    listed = tomllib.loads((ROOT / "tests/oracles/sam-differences.toml").read_text()).get("difference", [])
    failures, seen = [], set()
    for name, template in templates.items():
        told = [f"{name}: {f['rule']}: {f['message']}" for f in made[name]["findings"]]
        for partition, region in REGIONS.items():
            for difference in [*told, *compared(name, template, made[name]["template"], partition, region)]:
                known = next((i for i, k in enumerate(listed) if k["name"] in difference and partition in k["partitions"]), None)
                seen.add(known)
                if known is None:
                    failures.append(f"{partition} {difference}")
    if len(templates) > 1:
        failures += [f"no longer a difference, remove it from sam-differences.toml: {k['name']}" for i, k in enumerate(listed) if i not in seen]
    print("\n".join(failures))
    print(f"{len(templates)} templates in {len(REGIONS)} partitions: {len(failures)} differences")
    return 1 if failures else 0


if __name__ == "__main__":
    sys.exit(main())
