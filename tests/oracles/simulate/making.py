"""What a service sees while CloudFormation makes or updates one resource."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any, Callable, Iterator

from simulate.catalogue import BEHAVIOURS
from simulate.model import Account, Instance, Problem, Stack


@dataclass
class Making:
    """One create or update. `reach` holds what CloudFormation has certainly made before."""

    account: Account
    stack: Stack
    instance: Instance
    reach: frozenset[str]
    operation: int
    active: set[str]  # all logical ids that the template makes
    problems: list[Problem] = field(default_factory=list)
    before: Instance | None = None

    @property
    def properties(self) -> dict[str, Any]:
        return self.instance.properties

    def report(self, fact: str, text: str) -> None:
        assert fact in BEHAVIOURS, fact
        self.problems.append(Problem(fact, self.instance.logical_id, text))

    def sees(self, other: Instance) -> bool:
        """Whether the other certainly exists: made by an earlier operation, or something this one waits for."""
        return other.stack != self.stack.name or other.born < self.operation or other.logical_id in self.reach

    def visible(self, resource_type: str) -> Iterator[Instance]:
        return (one for one in self.account.instances(resource_type) if self.sees(one))

    def find(self, resource_type: str, wanted: Callable[[Instance], bool]) -> Instance | None:
        return next((one for one in self.visible(resource_type) if wanted(one)), None)

    def of_template(self, resource_type: str) -> Iterator[Instance]:
        """Resources of this stack's template that are made already, seen or not."""
        return (one for one in self.stack.current.values() if one.type == resource_type)

    def require(self, resource_type: str, wanted: Callable[[Instance], bool], what: str, ours: bool = False) -> Instance | None:
        """Something that the create call looks up. What the template does not make is taken to exist, for the user may name
        what is outside the template; with `ours` it cannot be outside."""
        found = self.find(resource_type, wanted)
        if found is None:
            hidden = next((one for one in self.account.instances(resource_type) if wanted(one)), None)
            if hidden is not None:
                self.report("not-there-yet", f"needs {what}, and nothing makes {hidden} first")
            elif ours:
                self.report("not-there-yet", f"needs {what}, which does not exist")
        return found

    def must_follow(self, others: list[str], fact: str, text: str) -> None:
        """A dependency that AWS has and no reference expresses."""
        late = [name for name in others if name in self.active and name not in self.reach]
        late = [name for name in late if name not in self.stack.current or self.stack.current[name].born == self.operation]
        if late:
            self.report(fact, f"{text}: nothing makes {', '.join(late)} first")
