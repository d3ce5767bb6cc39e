"""Values and declarations as source of Purlin."""

from __future__ import annotations

from .event_pattern import Json, Number


def text(value: str) -> str:
    return '"' + value.replace("\\", "\\\\").replace('"', '\\"').replace("${", "$${") + '"'


def value(of: Json) -> str:
    """A value of a pattern as Purlin writes it."""
    if isinstance(of, bool):
        return "true" if of else "false"
    if isinstance(of, Number):
        return of.text
    if isinstance(of, str):
        return text(of)
    if isinstance(of, list):
        return "[" + ", ".join(value(item) for item in of) + "]"
    if isinstance(of, dict):
        return "{ " + ", ".join(f"{text(key)} = {value(item)}" for key, item in of.items()) + " }"
    raise TypeError(f"no value of Purlin: {of!r}")


def stack(name: str, *declarations: str) -> str:
    return "\n".join([f"stack {name}", *declarations]) + "\n"


def function(name: str, *lines: str) -> str:
    """A function; `verdict.expanded` replaces the dots by what every function needs."""
    return "\n".join([f"function {name} {{", "  ...", *(f"  {line}" for line in lines), "}"])
