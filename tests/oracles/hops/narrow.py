"""Narrows rights and triggers so that they cannot meet, where AWS enforces both: the hop is then gone from the model."""

from __future__ import annotations

from dataclasses import dataclass
from random import Random

from .model import Project


@dataclass(frozen=True)
class Narrowing:
    """How the right to cause an event and the trigger by it are written so that no event passes both."""

    right: str  # the hop that causes the event
    verb: str
    rights: str  # arguments of the right
    triggers: frozenset[str]  # hops that lead on
    plain: str  # the trigger as it was written
    trigger: str  # and as it is written then


NARROWINGS = (
    Narrowing("put-object", "write", '"out/*"', frozenset({"created-to-function", "created-to-queue", "created-to-topic"}), ".created()", '.created(prefix: "in/")'),
    Narrowing("put-events", "publish", 'source: ["other"]', frozenset({"rule-to-function", "rule-to-queue"}), 'source: ["app", "lambda"]', 'source: ["app", "lambda"]'),
    Narrowing("put-item", "write", 'key: ["b*"]', frozenset({"table-mapping"}), ".changes()", '.changes(filters: [{ dynamodb = { Keys = { id = { S = ["a"] } } } }])'),
)


def narrow(rng: Random, project: Project) -> None:
    """Narrows everything that can be: each event that only rights of one kind cause, and that only triggers lead on."""
    for port in sorted({after for _, after, _ in project.causes}):
        arriving = [cause for cause in project.causes if cause[1] == port]
        leaving = [cause for cause in project.causes if cause[0] == port]
        for way in NARROWINGS:
            fits = {hop.id for *_, hop in arriving} == {way.right} and leaving and {hop.id for *_, hop in leaving} <= way.triggers
            if not fits or rng.random() < 0.2:
                continue
            name = port[0]
            for decl in project.decls.values():
                decl.lines = [line.replace(f"can {way.verb} <{name}>", f"can {way.verb} <{name}>({way.rights})") for line in decl.lines]
                decl.lines = [line.replace(way.plain, way.trigger) if line.startswith(f"on <{name}>") else line for line in decl.lines]
            project.causes = [cause for cause in project.causes if cause[0] != port]
