"""The programs that the judges of templates share: every example, and the directed programs below programs/.

A directed program whose first line begins with `// may be refused` is one that AWS refuses: the compiler either
reports an error, or its template must be judged like any other.
"""

from __future__ import annotations

import subprocess
import tomllib
from dataclasses import dataclass, field
from pathlib import Path
from typing import Iterator

from common import HERE, ROOT, OracleFailure, Template, compiler, example_folders, output_root, purlin, read_json


@dataclass(frozen=True)
class Program:
    name: str
    folder: Path
    options: tuple[str, ...]
    templates: dict[str, Template]
    other_environment: dict[str, Template] = field(default_factory=dict)


def programs(only: list[str] | None = None) -> Iterator[Program]:
    folders = {folder.name: folder for folder in example_folders()}
    folders |= {f"program {folder.name}": folder for folder in sorted((HERE / "programs").iterdir()) if folder.is_dir()}
    missing = set(only or []) - {name.removeprefix("program ") for name in folders}
    if missing:
        raise OracleFailure(f"no such example or program: {', '.join(sorted(missing))}")
    for name, folder in folders.items():
        if not only or name.removeprefix("program ") in only:
            if (program := built(name, folder)) is not None:
                yield program


def built(name: str, folder: Path) -> Program | None:
    """The program's templates; None if the compiler refuses what may be refused."""
    names = environments_of(folder)
    first = ("--env", names[0]) if names else ()
    if may_be_refused(folder) and refused(folder, first):
        return None
    other = build(folder, ("--env", names[1])) if len(names) > 1 else {}
    return Program(name, folder, first, build(folder, first), other)


def environments_of(folder: Path) -> list[str]:
    file = folder / "purlin.toml"
    return list(tomllib.loads(file.read_text()).get("environments", {})) if file.exists() else []


def may_be_refused(folder: Path) -> bool:
    return any(file.read_text().startswith("// may be refused") for file in folder.glob("*.purlin"))


def refused(folder: Path, options: tuple[str, ...]) -> bool:
    """Whether `check` reports errors (exit code 1); anything else than that and success is a failure."""
    done = subprocess.run([str(compiler()), "check", str(folder), *options], cwd=ROOT, capture_output=True, text=True, timeout=60)
    if done.returncode not in (0, 1):
        raise OracleFailure(f"`purlin check {folder.name}` ended with {done.returncode}\n{done.stdout}{done.stderr}")
    return done.returncode == 1


def build(folder: Path, options: tuple[str, ...]) -> dict[str, Template]:
    out = output_root() / "programs" / folder.name / "-".join(("out", *options)).replace("--", "")
    purlin("build", folder, *options, "-o", out)
    return {path.stem: read_json(path) for path in sorted(out.glob("*.json"))}


def goldens() -> Iterator[tuple[str, Template]]:
    for file in sorted((ROOT / "tests" / "golden").glob("*/template*.json")):
        yield f"golden {file.parent.name}{file.stem.removeprefix('template')}", read_json(file)
