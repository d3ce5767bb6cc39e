"""Each example and its twin, an application that somebody wrote in SAM for the same purpose: is it one graph?

The twins are in `tests/templates/twins/`. Each is expanded by AWS's own translator, in three partitions, and read by
the judge's own reader (`reading/`); so is the template that the compiler emits for the example. `names.toml` beside a
twin says which of its resources is which declaration. What differs must be in `differences.toml`, with the reason.
CDK applications and services of the Serverless Framework, as their tools wrote them, are compared in the same way.
"""

from __future__ import annotations

import argparse
import sys
import tomllib
from collections.abc import Iterable
from concurrent.futures import Future, ThreadPoolExecutor
from dataclasses import dataclass, replace
from fnmatch import fnmatchcase
from functools import cache
from pathlib import Path

import graph as source_graph
import known
from common import ROOT, OracleFailure, Template, build, bullet_list, read_json, run_stage
from reading.expand import expand
from reading.graph import ALL, Edge
from reading.load import load
from reading.partitions import PARTITIONS, Partition
from reading.whole import graph

TWINS = ROOT / "tests" / "templates" / "twins"
FORMS = {  # where the folder of each form has its templates
    "sam": "template.yaml",
    "cdk": "cdk.out/*.template.json",
    "serverless": ".serverless/cloudformation-template-update-stack.json",
}
KEYS = {"example", "only", "edge", "reason"}


@dataclass(frozen=True)
class Twin:
    """One template that should be what an example is: its form (sam, cdk, serverless) and where its names stand."""

    form: str
    folder: Path
    template: Path

    @property
    def example(self) -> str:
        return self.folder.parent.name

    @property
    def name(self) -> str:
        return f"{self.form} {self.example}"

    def names(self) -> dict[str, str]:
        return tomllib.loads((self.folder / "names.toml").read_text(encoding="utf-8"))["names"]


@dataclass(frozen=True)
class Difference:
    """An edge that only one side has. `side` is a form of twins or `purlin`; or, of two partitions, the name of the one
    that is not the first."""

    twin: str
    side: str
    edge: str

    def __str__(self) -> str:
        return f"{self.twin}: only {self.side} has {self.edge}"


@dataclass(frozen=True)
class Explained:
    """An entry of `differences.toml`: patterns with `*` over the example and the edge."""

    example: str
    only: str
    edge: str
    reason: str

    def covers(self, difference: Difference) -> bool:
        return (fnmatchcase(difference.twin, self.example) and self.only == difference.side
                and fnmatchcase(difference.edge, self.edge.replace("[", "[[]")))


def twins() -> list[Twin]:
    return [
        Twin(form, TWINS / path.relative_to(TWINS).parts[0] / form, path)
        for form, pattern in FORMS.items() for path in sorted(TWINS.glob(f"*/{form}/{pattern}"))
    ]


def neutral(text: str, partition: Partition) -> str:
    """A text without what only the partition decides."""
    first = PARTITIONS[0]
    return (text.replace(f"arn:{partition.name}:", f"arn:{first.name}:")
            .replace(partition.region, first.region).replace(partition.suffix, first.suffix))


def edges_of(template: Template, partition: Partition, names: dict[str, str]) -> set[Edge]:
    """The edges of a template with the names of declarations; `+ID` is a resource that has none."""
    view, edges = graph(template, partition)

    def renamed(text: str) -> str:
        return names.get(text, f"+{text}" if text in view.values.resources else neutral(text, partition))

    return {Edge(e.kind, renamed(e.source), renamed(e.target), neutral(e.detail, partition)) for e in edges}


def lacking(these: set[Edge], those: set[Edge]) -> set[Edge]:
    """The edges that only the first has. A right over all resources, on the other side, is a right over each."""
    return {edge for edge in these - those if replace(edge, target=ALL) not in those}


COMPILERS = ThreadPoolExecutor(max_workers=2)


@cache
def compiled(example: str) -> Future[tuple[dict[str, str], Template]]:
    """An example given to the compiler, which runs while the judge reads other templates."""
    return COMPILERS.submit(compile_example, example)


def purlin_side(example: str) -> tuple[dict[str, str], Template]:
    return compiled(example).result()


@cache
def purlin_edges(example: str, partition: Partition) -> set[Edge]:
    declared, emitted = purlin_side(example)
    return edges_of(emitted, partition, declared)


def compile_example(example: str) -> tuple[dict[str, str], Template]:
    """The logical ids of an example's declarations that are resources, and its emitted template."""
    folder = ROOT / "examples" / example
    application = build(folder)
    graphs = source_graph.graphs_of(folder)
    if len(application.templates) != 1:
        raise OracleFailure(f"{example} has several stacks; a twin is one template")
    (stack,) = application.templates
    template = application.template(stack)
    nodes = graphs[stack].nodes.items()
    return {node.logical_id: name for name, node in nodes if node.logical_id in template["Resources"]}, template


def read(twin: Twin) -> Template:
    return load(twin.template) if twin.form == "sam" else read_json(twin.template)


def wrong_names(twin: Twin, template: Template) -> Iterable[str]:
    """What `names.toml` says that is not so, and the declarations that it leaves out. `+ID` is a resource that the
    compiler adds to a declaration."""
    names, (declared, emitted) = twin.names(), purlin_side(twin.example)
    for name in names.values():
        if name not in declared.values() and name.removeprefix("+") not in emitted["Resources"]:
            yield f"{twin.name}: names.toml names {name}, which the example does not declare"
    for logical_id in names:
        if logical_id not in template["Resources"]:
            yield f"{twin.name}: names.toml names {logical_id}, which the template does not have"
    for name in set(declared.values()) - set(names.values()):
        yield f"{twin.name}: names.toml does not say which resource is {name}"


def compare(twin: Twin) -> tuple[list[str], list[Difference]]:
    """What is wrong with a twin by itself, and how its graph differs from the example's."""
    template = read(twin)
    problems: list[str] = []
    seen: dict[str, set[Edge]] = {}
    differences: set[Difference] = set()
    for partition in PARTITIONS:
        expanded = expand(template, partition)
        if partition is PARTITIONS[0]:
            problems += wrong_names(twin, expanded)
        theirs = edges_of(expanded, partition, twin.names())
        ours = purlin_edges(twin.example, partition)
        seen[partition.name] = theirs
        differences |= {Difference(twin.name, twin.form, str(edge)) for edge in lacking(theirs, ours)}
        differences |= {Difference(twin.name, "purlin", str(edge)) for edge in lacking(ours, theirs)}
    first = seen[PARTITIONS[0].name]
    for name, edges in seen.items():
        differences |= {Difference(twin.name, name, str(edge)) for edge in edges - first}
        differences |= {Difference(twin.name, f"not {name}", str(edge)) for edge in first - edges}
    return problems, sorted(differences, key=str)


def explained(file: Path = TWINS / "differences.toml") -> list[Explained]:
    entries = tomllib.loads(file.read_text(encoding="utf-8")).get("difference", []) if file.exists() else []
    for entry in entries:
        if set(entry) != KEYS or not all(entry.values()):
            raise OracleFailure(f"{file.name}: a difference needs exactly {sorted(KEYS)}, none of them empty: {entry}")
    return [Explained(**entry) for entry in entries]


def verdict(differences: list[Difference], reasons: list[Explained], complete: bool) -> list[str]:
    """The differences that no entry explains; and, in a complete run, the entries that explain nothing."""
    used = {entry for entry in reasons for difference in differences if entry.covers(difference)}
    problems = [str(d) for d in differences if not any(entry.covers(d) for entry in reasons)]
    if complete:
        problems += [f"differences.toml: nothing is as {e.example!r}, only {e.only}: {e.edge!r} says"
                     for e in reasons if e not in used]
    return problems


def missing(found: list[Twin], examples: Iterable[Path]) -> dict[str, str]:
    """The examples without a twin in SAM."""
    there = {twin.example for twin in found if twin.form == "sam"}
    return {path.name: "it has no twin in SAM" for path in examples if path.name not in there}


def main() -> None:
    from common import example_folders

    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--example", action="append", help="only the twins of this example")
    parser.add_argument("--show", action="store_true", help="print the edges that both sides have, too")
    chosen = parser.parse_args()
    found = [twin for twin in twins() if not chosen.example or twin.example in chosen.example]
    problems: list[str] = []
    if not chosen.example:
        listed, ran = known.known("twins"), [path.name for path in example_folders()]
        problems += listed.problems(missing(found, example_folders()), ran) + listed.unused(ran)
    for twin in found:
        compiled(twin.example)
    differences: list[Difference] = []
    edges = 0
    for twin in found:
        try:
            wrong, differ = compare(twin)
        except OracleFailure as failure:
            problems.append(f"{twin.name}: {failure}")
            continue
        problems += wrong
        differences += differ
        ours = purlin_edges(twin.example, PARTITIONS[0])
        edges += len(ours)
        if chosen.show:
            print(f"{twin.name}:\n{bullet_list([str(edge) for edge in sorted(ours)])}")
    problems += verdict(differences, explained(), complete=not chosen.example)
    print(f"{len(found)} twins, {edges} edges, {len(differences)} differences, {len(PARTITIONS)} partitions")
    if problems:
        raise OracleFailure(f"{len(problems)} problems\n{bullet_list(problems)}")


if __name__ == "__main__":
    sys.path.insert(0, str(Path(__file__).resolve().parent))
    run_stage(main)
