"""Projects of templates and Purlin: functions apart from what they listen to and act on."""

from __future__ import annotations

from typing import TYPE_CHECKING

from ..model import Project, names_in
from ..source import IMPORTABLE, declared
from .stacks import arn_text

if TYPE_CHECKING:
    from .sample import Land


def movable(project: Project) -> set[str]:
    """Functions that nothing refers to, and that refer only to what another stack can export."""
    referred = names_in(decl.body() for decl in project.decls.values()) | names_in(project.extra)
    failing = {listener for listener, _ in project.failing}
    found = set()
    for decl in project.decls.values():
        names = names_in([decl.body()])
        fits = decl.thing == "function" and decl.name not in referred | failing and not decl.props and names
        if fits and all(project.decls[name].thing in IMPORTABLE for name in names):
            found.add(decl.name)
    return found


def existing(land: Land, project: Project, apart: set[str]) -> dict[str, str]:
    """The stack of Purlin whose functions name what templates own."""
    functions = [project.decls[name] for name in sorted(apart)]
    parts = []
    for name in sorted(names_in(f.body() for f in functions)):
        thing = land.world.things[name]
        if thing.thing == "default-bus":
            parts.append("bus account { default = true }")
            continue
        arn = arn_text(thing.thing, thing.physical or "", "eu-west-1:123456789012", "aws")
        outs = {"queue": f'url = "https://sqs.eu-west-1.amazonaws.com/123456789012/{thing.physical}"', "stream": f'name = "{thing.physical}"', "bus": f'name = "{thing.physical}"'}
        more = {"table": f'\n  stream_arn = "{arn}/stream/2026-01-01T00:00:00.000"\n  name = "{thing.physical}"'}.get(thing.thing, "\n  " + outs.get(thing.thing, ""))
        parts.append(f'existing {project.decls[name].kind} {name} {{\n  arn = "{arn}"{more}\n}}')
    return {"app.purlin": "\n".join(["stack app", *parts, *(declared(f, str) for f in functions)]) + "\n"}
