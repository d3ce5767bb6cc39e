#!/usr/bin/env python3
"""Writes managed.zst, the policies that AWS manages, and its part of SOURCE.md, from the moto package.

    python3 -m venv .tools/schemas && .tools/schemas/bin/pip install moto zstandard
    .tools/schemas/bin/python src/cfn/generate_managed.py 2026-11-25      # the date of reading

moto carries the documents as AWS's API returns them (its `make aws_managed_policies`).

managed.zst is one line of ASCII and zstd frames:

    purlin-managed 1 <bytes of each frame> ...\\n
    frames   short policies, long ones, those of service-linked roles, which no template can attach

A frame is one line per policy, in order of name: name, path, version, day of its last change and its statements as
JSON, separated by tabs. A statement keeps IAM's keys (`Action`, `NotAction`, `Resource`, `NotResource`, `Condition`),
always as lists; `Resource` is left out where it is `*`, `Effect` where it is `Allow`, `Sid` always.
"""
import ast
import importlib.metadata
import importlib.util
import json
import os
import sys

import zstandard

HERE = os.path.dirname(os.path.abspath(__file__))
SHORT = 1500  # bytes of JSON: more than half of all policies in a sixth of the bytes
BEGIN, END = "<!-- managed policies, written by generate_managed.py -->", "<!-- end of managed policies -->"


def read():
    """The documents, without importing what surrounds them in the package."""
    folder = os.path.dirname(importlib.util.find_spec("moto").origin)
    with open(f"{folder}/iam/aws_managed_policies.py", encoding="utf-8") as file:
        tree = ast.parse(file.read())
    (text,) = [n.value.value for n in tree.body if isinstance(n, ast.Assign)]
    return json.loads(text)


def listed(value):
    return value if isinstance(value, list) else [value]


def statement(name, node):
    known = {"Sid", "Effect", "Action", "NotAction", "Resource", "NotResource", "Condition"}
    assert set(node) <= known and node["Effect"] in ("Allow", "Deny"), (name, node)
    out = {} if node["Effect"] == "Allow" else {"Effect": "Deny"}
    for key in ("Action", "NotAction", "Resource", "NotResource"):
        if key in node and not (key == "Resource" and listed(node[key]) == ["*"]):
            out[key] = listed(node[key])
    if "Condition" in node:
        out["Condition"] = {operator: {key: [v if isinstance(v, str) else json.dumps(v) for v in listed(values)]
                                       for key, values in keys.items()} for operator, keys in node["Condition"].items()}
    return out


def line(name, policy):
    statements = [statement(name, node) for node in listed(policy["Document"]["Statement"])]
    return "\t".join((name, policy["Path"], policy["DefaultVersionId"], policy["UpdateDate"][:10],
                      json.dumps(statements, separators=(",", ":"), sort_keys=True)))


def main():
    policies = read()
    frames = [[], [], []]
    for name, policy in sorted(policies.items()):
        text = line(name, policy)
        at = 2 if policy["Path"] == "/aws-service-role/" else int(len(text) > SHORT)
        frames[at].append(text)
    packed = [zstandard.ZstdCompressor(level=22).compress("\n".join(lines).encode()) for lines in frames]
    with open(f"{HERE}/managed.zst", "wb") as file:
        file.write(f"purlin-managed 1 {' '.join(str(len(p)) for p in packed)}\n".encode() + b"".join(packed))
    newest = max(policy["UpdateDate"][:10] for policy in policies.values())
    with open(f"{HERE}/SOURCE.md", encoding="utf-8") as file:
        text = file.read()
    before, after = text.split(BEGIN)[0], text.split(END)[-1] if END in text else ""
    table = f"""{BEGIN}
## Managed policies

Written by `generate_managed.py`; do not edit the data by hand.

| | |
|---|---|
| read on | {sys.argv[1]} |
| package | moto {importlib.metadata.version("moto")}, licence Apache-2.0 |
| policies | {len(policies):,} of the partition `aws`, the newest changed on {newest} |
| bytes | {os.path.getsize(HERE + "/managed.zst"):,} in `managed.zst`, {sum(len(t) + 1 for f in frames for t in f):,} of text |

{END}"""
    with open(f"{HERE}/SOURCE.md", "w", encoding="utf-8") as file:
        file.write((before if END in text else text.rstrip() + "\n\n") + table + (after or "\n"))
    print([len(f) for f in frames], [len(p) for p in packed], newest)


if __name__ == "__main__":
    main()
