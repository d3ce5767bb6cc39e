"""How a fact is written down: one sentence, its public source, a date, a check, and two templates that test the check."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any, Callable, Iterator

from facts.view import View

Check = Callable[[View], Iterator[str]]
Resources = dict[str, Any]
DATE = "2026-11-25"  # the day on which a fact was written down, unless it says otherwise


@dataclass(frozen=True)
class Fact:
    name: str
    sentence: str
    source: str  # URLs, separated by a space; empty: unverified, and listed as such in docs/verified.md
    check: Check
    bad: Resources  # a template of which the check must report something
    good: Resources  # a near miss of which it must not
    date: str
    precondition: bool  # of the account, which a template cannot meet by itself: counted, not a failure


FACTS: dict[str, Fact] = {}


def fact(sentence: str, source: str, *, bad: Resources, good: Resources, date: str = DATE, precondition: bool = False) -> Callable[[Check], Check]:
    """Registers the decorated check; its name, with hyphens, is the fact's."""

    def register(check: Check) -> Check:
        name = check.__name__.replace("_", "-")
        if name in FACTS:
            raise ValueError(f"two facts are called {name}")
        FACTS[name] = Fact(name, sentence, source, check, bad, good, date, precondition)
        return check

    return register
