"""What every oracle stage shares: where things are, how an example is built, how a failure is told."""

from __future__ import annotations

import atexit
import itertools
import json
import os
import shutil
import subprocess
import sys
import tempfile
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, field
from functools import cache
from pathlib import Path
from typing import Any, Callable, NoReturn

HERE = Path(__file__).resolve().parent
ROOT = HERE.parents[1]
TOOLS = ROOT / ".tools"
VENV = TOOLS / "venv" / "bin"

Json = Any
Template = dict[str, Any]


class OracleFailure(Exception):
    """The oracle says no. The message is all that a reader of the log gets: name things in it."""


@dataclass(frozen=True)
class Application:
    """One example, built: its templates by stack name, and the graph its source means."""

    name: str
    folder: Path
    templates: dict[str, Path] = field(default_factory=dict)

    def template(self, stack: str) -> Template:
        return read_json(self.templates[stack])


def read_json(path: Path) -> Json:
    return json.loads(path.read_text(encoding="utf-8"))


def compiler() -> Path:
    """The compiler under test: $PURLIN, or the debug build that `tests/run` made."""
    given = os.environ.get("PURLIN")
    target = Path(os.environ.get("CARGO_TARGET_DIR", ROOT / "target"))
    path = Path(given) if given else target / "debug" / "purlin"
    if not path.exists():
        raise OracleFailure(f"no compiler at {path}: run `cargo build` first, or set PURLIN")
    return path


def purlin(*arguments: str | Path, cwd: Path = ROOT) -> str:
    """Runs the compiler and gives its standard output; its own diagnostics become the failure."""
    command = [str(compiler()), *map(str, arguments)]
    done = subprocess.run(command, cwd=cwd, capture_output=True, text=True, timeout=120)
    if done.returncode != 0:
        raise OracleFailure(f"`purlin {' '.join(command[1:])}` ended with {done.returncode}\n{done.stdout}{done.stderr}")
    return done.stdout


def example_folders() -> list[Path]:
    """Every application under examples/: a folder with a purlin.toml or with *.purlin files of its own."""
    root = ROOT / "examples"
    folders = {p.parent for p in root.rglob("purlin.toml")}
    for source in root.rglob("*.purlin"):
        if not any(folder in source.parents for folder in folders):
            folders.add(source.parent)
    outermost = [f for f in folders if not any(other in f.parents for other in folders)]
    if not outermost:
        raise OracleFailure("examples/ holds no application: there is nothing to judge")
    return sorted(outermost)


@cache
def output_root() -> Path:
    """Where this run's templates go; it is removed when the run ends."""
    folder = Path(tempfile.mkdtemp(prefix="purlin-oracles-"))
    atexit.register(shutil.rmtree, folder, ignore_errors=True)
    return folder


def build(folder: Path) -> Application:
    """Builds one example into a fresh folder."""
    out = output_root() / folder.relative_to(ROOT / "examples")
    out.mkdir(parents=True, exist_ok=True)
    purlin("build", folder, "-o", out)
    templates = {path.stem: path for path in sorted(out.glob("*.json"))}
    if not templates:
        raise OracleFailure(f"`purlin build {folder.name}` wrote no template")
    return Application(folder.name, folder, templates)


def build_all(only: list[str] | None = None) -> list[Application]:
    chosen = [f for f in example_folders() if not only or f.name in only]
    missing = set(only or []) - {f.name for f in chosen}
    if missing:
        raise OracleFailure(f"no such example: {', '.join(sorted(missing))}")
    return [build(folder) for folder in chosen]


def program_files() -> list[Path]:
    """The small programs of the oracles, each a stack of its own, named for what it shows."""
    return sorted((HERE / "programs").glob("*.purlin"))


def build_programs() -> tuple[list[Application], dict[str, str]]:
    """The small programs, built; and what the compiler says of those that it does not build, by name."""
    built: list[Application] = []
    refused: dict[str, str] = {}
    with ThreadPoolExecutor(max_workers=2) as pool:
        for application, message in pool.map(build_program, program_files()):
            if message:
                refused[application.name] = message
            else:
                built.append(application)
    return built, refused


def build_program(file: Path) -> tuple[Application, str]:
    """One small program, built; or the first error of the compiler."""
    name = f"programs/{file.stem}"
    out = output_root() / name
    out.mkdir(parents=True, exist_ok=True)
    try:
        purlin("build", file, "-o", out)
    except OracleFailure as failure:
        return Application(name, file.parent), first_error(str(failure))
    return Application(name, file.parent, {path.stem: path for path in sorted(out.glob("*.json"))}), ""


def first_error(report: str) -> str:
    """The first error of a report of the compiler, on one line; the whole report if it is of another form."""
    lines = report.splitlines()
    begin = next((number for number, line in enumerate(lines) if line.startswith("  × ")), None)
    if begin is None:
        return report
    more = itertools.takewhile(lambda line: line.startswith("  │ "), lines[begin + 1:])
    return " ".join(line.removeprefix("  ×").removeprefix("  │").strip() for line in [lines[begin], *more])


def bullet_list(items: list[str]) -> str:
    return "\n".join(f"  - {item}" for item in items)


def run_stage(stage: Callable[[], None]) -> NoReturn:
    """The end of every stage's script: a failure is told in full and gives exit code 1."""
    try:
        stage()
    except OracleFailure as failure:
        print(f"FAILED: {failure}", flush=True)
        sys.exit(1)
    sys.exit(0)
