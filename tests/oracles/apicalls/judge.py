"""One template, replayed with every assignment of its parameters."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any, Iterator

from . import calls, facts, scenarios, table
from .resolve import Resolver, Unresolvable, compact
from .sample import UnknownAttribute
from .walk import Problem, Tally, Walk

Json = Any


@dataclass
class Counts(Tally):
    """What a run has looked at."""

    templates: int = 0
    resources: int = 0
    scenarios: int = 0
    types: set[str] = field(default_factory=set)
    one_sided: set[str] = field(default_factory=set)  # conditions that no assignment made true, or none false


@dataclass(frozen=True, order=True)
class Refused:
    """What AWS would refuse of one resource."""

    logical_id: str
    problem: Problem

    @property
    def case(self) -> str:
        return f"{self.logical_id}.{self.problem.path} {self.problem.rule}"


class Judge:
    """Judges templates; a resource with the same values is judged once."""

    def __init__(self) -> None:
        self.counts = Counts()
        self.seen: dict[tuple[str, str], tuple[Problem, ...]] = {}

    def template(self, template: dict[str, Json], name: str = "") -> dict[str, str]:
        """The cases that fail, each with its message."""
        self.counts.templates += 1
        self.counts.resources += len(template.get("Resources", {}))
        found: dict[str, str] = {}
        truths: dict[str, set[bool]] = {condition: set() for condition in template.get("Conditions", {})}
        for values in scenarios.assignments(template):
            self.counts.scenarios += 1
            resolver = Resolver(template, values)
            for refused in self.scenario(resolver):
                found.setdefault(refused.case, refused.problem.message)
            for condition in truths:
                truths[condition].add(resolver.condition(condition))
        self.counts.one_sided |= {f"{name} {condition}" for condition, both in truths.items() if len(both) < 2}
        return found

    def scenario(self, resolver: Resolver) -> Iterator[Refused]:
        resolved: dict[str, tuple[str, Json, Json]] = {}
        for logical_id, resource in resolver.resources.items():
            try:
                if not resolver.there(resource):
                    continue
                written = resource.get("Properties", {})
                properties = resolver.value(written)
            except UnknownAttribute as error:
                yield Refused(logical_id, Problem("-", "unknown-attribute", str(error)))
                continue
            except Unresolvable as error:
                yield Refused(logical_id, Problem("-", "unresolvable", str(error)))
                continue
            resolved[logical_id] = (resource["Type"], properties, written)
            yield from (Refused(logical_id, problem) for problem in self.resource(resource["Type"], properties))
        yield from (Refused(name, problem) for name, problem in facts.clashes(resolved, self.counts))
        yield from self.outputs(resolver)

    def outputs(self, resolver: Resolver) -> Iterator[Refused]:
        for name, output in resolver.template.get("Outputs", {}).items():
            try:
                if resolver.there(output):
                    resolver.value(output)
            except (UnknownAttribute, Unresolvable) as error:
                yield Refused(name, Problem("Value", "unknown-attribute", str(error)))

    def resource(self, type_name: str, properties: Json) -> tuple[Problem, ...]:
        self.counts.types.add(type_name)
        key = (type_name, compact(properties))
        if key not in self.seen:
            self.seen[key] = tuple(self.judged(type_name, properties))
        return self.seen[key]

    def judged(self, type_name: str, properties: Json) -> Iterator[Problem]:
        entry = table.entry(type_name)
        if entry is None:
            yield Problem("-", "unknown-type", f"apicalls/types/ has no entry for {type_name}: write one from AWS's page")
            return
        for call, request in calls.requests(entry, properties):
            yield from Walk(call, self.counts).request(request)
        yield from facts.judge(type_name, properties, self.counts)
