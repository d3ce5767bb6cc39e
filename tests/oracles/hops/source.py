"""A project of the model as files of Purlin, in its dress: through a component, a loop, or over several stacks."""

from __future__ import annotations

import re
from random import Random
from typing import Callable

from .model import Decl, Project, names_in

# What an importing stack can listen to and refer to without the owner's help.
IMPORTABLE = ("queue", "topic", "bus", "table", "stream", "default-bus")

Names = Callable[[str], str]


def written(text: str, name: Names) -> str:
    return re.sub(r"<(\w+)>", lambda found: name(found[1]), text)


def declared(decl: Decl, name: Names) -> str:
    return f"{decl.kind} {decl.name} {{\n{written(decl.body(), name)}\n}}"


def files(rng: Random, project: Project, dress: str) -> dict[str, str]:
    functions = [decl for decl in project.decls.values() if decl.thing == "function"]
    chosen = rng.choice(functions)
    if dress == "component":
        return {"main.purlin": through_component(project, chosen)}
    if dress == "for":
        return {"main.purlin": through_loop(rng, project, chosen)}
    if dress == "imports":
        return over_stacks(rng, project, functions)
    return {"main.purlin": stack("a", [declared(d, str) for d in project.decls.values()], project, str)}


def stack(name: str, parts: list[str], project: Project, names: Names) -> str:
    return "\n".join([f"stack {name}", *parts, *(written(text, names) for text in project.extra)]) + "\n"


def through_component(project: Project, chosen: Decl) -> str:
    """One function in a component, which gets what the function refers to."""
    needed = sorted(names_in([chosen.body()]) - {chosen.name})
    parameters = ", ".join(f"{name}: {project.decls[name].kind}" for name in needed)
    inside = "\n".join(f"  {line}" for line in declared(chosen, str).splitlines())
    component = f"component box({parameters}) {{\n{inside}\n  output it = {chosen.name}\n}}"
    outside: Names = lambda name: "boxed.it" if name == chosen.name else name
    given = "\n".join(f"  {name} = {name}" for name in needed)
    others = [declared(d, outside) for d in project.decls.values() if d is not chosen]
    return stack("a", [component, f"box boxed {{\n{given}\n}}", *others], project, outside)


def through_loop(rng: Random, project: Project, chosen: Decl) -> str:
    """One function in a loop; twice if nothing that wakes it has room for one only."""
    crowded = any(word in line for line in chosen.lines for word in ("created(", "removed(", "tagged(", "route(", "messages(")) or chosen.props
    turns = '["x"]' if crowded or rng.random() < 0.5 else '["x", "y"]'
    outside: Names = lambda name: f'{name}["x"]' if name == chosen.name else name
    inside = "\n".join(f"  {line}" for line in declared(chosen, str).splitlines())
    others = [declared(d, outside) for d in project.decls.values() if d is not chosen]
    return stack("a", [f"for turn in {turns} {{\n{inside}\n}}", *others], project, outside)


def over_stacks(rng: Random, project: Project, functions: list[Decl]) -> dict[str, str]:
    """Functions that only listen and refer to what can be imported, in stacks of their own; the rest in the first."""
    referred = names_in(text for decl in project.decls.values() for text in [decl.body()]) | names_in(project.extra)
    # A dead-letter queue of another stack needs an entry in its policy there.
    movable = [f for f in functions if f.name not in referred and not f.props and "dead_letter:" not in f.body()
               and all(project.decls[name].thing in IMPORTABLE for name in names_in([f.body()])) and names_in([f.body()])]
    away = {f.name: f"app{number % 2}" for number, f in enumerate(movable)}
    stay = [declared(d, str) for d in project.decls.values() if d.name not in away]
    needed = sorted(set().union(*(names_in([f.body()]) for f in movable)) - {"account"}) if movable else []
    made = {"base.purlin": stack("base", [*stay, *(f"export {name} = {name}" for name in needed)], project, str)}
    for app in sorted(set(away.values())):
        mine = [f for f in movable if away[f.name] == app]
        names: Names = lambda name: name if name == "account" else f"base.{name}"
        parts = ['import_stack "./base.purlin" as base', *(declared(f, names) for f in mine)]
        if any("account" in names_in([f.body()]) for f in mine):
            parts.append("bus account { default = true }")
        made[f"{app}.purlin"] = stack(app, parts, Project(), names)
    return made
