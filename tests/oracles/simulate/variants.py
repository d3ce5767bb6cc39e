"""Edits of a source that a team makes every day, to see what an update would do with them."""

from __future__ import annotations

import re
from pathlib import Path
from typing import Callable, NamedTuple

EXTRA_QUEUE = "\nqueue zz_extra { }\n"


class Variant(NamedTuple):
    """`harmless`: the edit means the same program, so nothing at all may change."""

    harmless: bool
    edit: Callable[[str], str | None]  # None where the source has no place for the edit


def blocks(source: str) -> list[str]:
    """The top-level declarations of a source, each with the comments and annotations before it."""
    found, depth, current, content = [], 0, [], False
    in_text = False
    for line in source.splitlines(keepends=True):
        current.append(line)
        fences = line.count('"""')
        if in_text or fences:
            in_text = in_text != (fences % 2 == 1)
            if in_text or not fences:
                continue
        bare = re.sub(r'"(\\.|[^"\\])*"', "", line).split("//")[0]
        depth += sum(bare.count(c) for c in "{([") - sum(bare.count(c) for c in "})]")
        content = content or bool(bare.strip()) and not bare.lstrip().startswith("@")
        if depth == 0 and content:
            found.append("".join(current))
            current, content = [], False
    if "".join(current).strip():
        found.append("".join(current))
    return found


def reordered(source: str) -> str | None:
    """The declarations backwards; the line of the stack stays first, where it is."""
    parts = blocks(source)
    head = [p for p in parts if re.search(r"^stack\b", p, re.MULTILINE)]
    rest = [p for p in parts if p not in head]
    return "".join(p if p.endswith("\n") else p + "\n" for p in head + rest[::-1]) if len(rest) > 1 else None


def declaration_added(source: str) -> str | None:
    return source + EXTRA_QUEUE if re.search(r"^stack\b", source, re.MULTILINE) else None


def in_function(source: str, line: str) -> str | None:
    found = re.search(r"^function \w+ \{\n", source, re.MULTILINE)
    return source[: found.end()] + f"  {line}\n" + source[found.end():] if found else None


def edge_added(source: str) -> str | None:
    edited = in_function(source, "can send zz_extra")
    return edited + EXTRA_QUEUE if edited else None


def described(source: str) -> str | None:
    """A property that Lambda versions takes another value, in every function."""
    return re.sub(r"^(function \w+ \{\n)", r'\1  description = "edited"' + "\n", source, flags=re.MULTILINE)


def route_added(source: str) -> str | None:
    found = re.search(r"^(?:rest_api|websocket_api) (\w+)", source, re.MULTILINE)
    if not found or "websocket" in found.group():
        return None
    body = 'runtime = "python3.13"\n  handler = "index.handler"\n  inline = "def handler(e, c): pass"\n  timeout = 5s\n'
    return source + f'\nfunction zz_extra {{\n  {body}  on {found.group(1)}.route("GET /zz-extra")\n}}\n'


VARIANTS = {
    "reordered": Variant(True, reordered),
    "declaration added": Variant(False, declaration_added),
    "edge added": Variant(False, edge_added),
    "property changed": Variant(False, described),
    "route added": Variant(False, route_added),
}


def write(folder: Path, into: Path, variant: Variant) -> bool:
    """Copies a project with the edit made wherever it fits; an edit that adds something is made once."""
    changed = False
    for path in sorted(folder.rglob("*")):
        if path.is_file():
            target = into / path.relative_to(folder)
            target.parent.mkdir(parents=True, exist_ok=True)
            text = path.read_bytes()
            once = variant.edit in (reordered, described) or not changed
            edited = variant.edit(text.decode()) if path.suffix == ".purlin" and once else None
            changed = changed or edited is not None and edited != text.decode()
            target.write_bytes(edited.encode() if edited is not None else text)
    return changed
