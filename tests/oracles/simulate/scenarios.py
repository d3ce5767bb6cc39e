"""What is played with every template, and what must be so afterwards."""

from __future__ import annotations

import copy
from typing import Any, Callable, NamedTuple

from simulate import engine, inputs, published
from simulate.model import Account, Problem
from simulate.services import HOLDS_DATA

Template = dict[str, Any]
NAME = "first"


class Started(NamedTuple):
    account: Account
    values: dict[str, str]
    problems: list[Problem]


def start(template: Template) -> Started:
    """A fresh account in which the stack was created from the first edition of its packages."""
    account, values = Account(), inputs.values(template)
    inputs.upload(account, template, "v1/", "one")
    outcome = engine.deploy(account, NAME, template, values)
    return Started(account, values, outcome.problems + published.stale(account, account.stacks[NAME]))


def lost_data(outcome: engine.Outcome) -> list[Problem]:
    gone = [one for one in outcome.removed if one.type in HOLDS_DATA]
    return [Problem("data-replaced", one.logical_id, outcome.actions.get(one.logical_id, "removed")) for one in gone]


def update(begun: Started, template: Template, values: dict[str, str]) -> tuple[engine.Outcome, list[Problem]]:
    account = begun.account
    outcome = engine.deploy(account, NAME, template, values)
    return outcome, outcome.problems + published.stale(account, account.stacks[NAME]) + lost_data(outcome)


def created(template: Template) -> list[Problem]:
    return start(template).problems


def unchanged(template: Template) -> list[Problem]:
    begun = start(template)
    outcome, problems = update(begun, template, begun.values)
    return problems + [Problem("changed-for-nothing", name, action) for name, action in outcome.actions.items()]


def new_code(template: Template) -> list[Problem]:
    """README's way: the packages are uploaded below a new prefix, and all of them changed."""
    return next_release(template, "two")


def same_code(template: Template) -> list[Problem]:
    """The same, but no package changed: what usually holds for most functions of a stack."""
    return next_release(template, "one")


def next_release(template: Template, edition: str) -> list[Problem]:
    begun = start(template)
    inputs.upload(begun.account, template, "v2/", edition)
    values = begun.values | ({inputs.PREFIX: "v2/"} if inputs.PREFIX in begun.values else {})
    return update(begun, template, values)[1]


def changed_parameters(template: Template) -> list[Problem]:
    """Each parameter in turn takes another value; what is published must follow."""
    problems: list[Problem] = []
    for name, declared in template.get("Parameters", {}).items():
        begun = start(template)
        value = inputs.other(name, declared, begun.values[name])
        if name.startswith("Artifact") or value is None:
            continue
        _, found = update(begun, template, begun.values | {name: value})
        problems += [p._replace(text=f"{p.text} (after {name}={value})") for p in found if p.fact != "data-replaced"]
    return problems


def failed_and_repeated(template: Template) -> list[Problem]:
    """Each resource in turn cannot be made the first time; the next creation must succeed."""
    problems: dict[tuple[str, str], Problem] = {}
    begun = start(template)
    usual = {(p.fact, p.resource) for p in begun.problems}
    tried: set[frozenset[str]] = set()
    for name, kept in engine.survivors(template, begun.values).items():
        if not kept or kept in tried:
            continue
        tried.add(kept)
        account = Account()
        inputs.upload(account, template, "v1/", "one")
        for one in engine.fail_create(account, NAME, template, begun.values, name):
            if not one.state.get("edge") and one.type != "AWS::Lambda::Function":
                problems.setdefault(("left-behind", one.logical_id), Problem("left-behind", one.logical_id, f"stays if {name} cannot be made"))
        for p in engine.deploy(account, NAME, template, begun.values).problems:
            if (p.fact, p.resource) not in usual:
                problems.setdefault(("not-repeatable", p.resource), Problem("not-repeatable", p.resource, f"{p.text}, after {name} could not be made"))
    return list(problems.values())


def twice(template: Template) -> list[Problem]:
    begun = start(template)
    usual = {(p.fact, p.resource) for p in begun.problems}
    outcome = engine.deploy(begun.account, "second", template, begun.values)
    return [p for p in outcome.problems if (p.fact, p.resource) not in usual]


def another_region(template: Template) -> list[Problem]:
    """The same name of the stack in another Region: what is global must not clash."""
    begun = start(template)
    usual = {(p.fact, p.resource) for p in begun.problems}
    first = begun.account.stacks.pop(NAME)
    begun.account.stacks["first in us-east-1"] = first
    outcome = engine.deploy(begun.account, NAME, template, begun.values, "eu-west-1")
    return [p for p in outcome.problems if (p.fact, p.resource) not in usual]


def deleted_and_created(template: Template) -> list[Problem]:
    begun = start(template)
    usual = {(p.fact, p.resource) for p in begun.problems}
    problems = engine.delete(begun.account, NAME).problems
    again = engine.deploy(begun.account, NAME, template, begun.values)
    return problems + [p for p in again.problems if (p.fact, p.resource) not in usual]


def back_and_forth(template: Template) -> list[Problem]:
    """A release, the one before it again, and the release once more: how a bad one is taken back by hand."""
    begun = start(template)
    inputs.upload(begun.account, template, "v2/", "two")
    values = begun.values | ({inputs.PREFIX: "v2/"} if inputs.PREFIX in begun.values else {})
    steps = [update(begun, template, given)[1] for given in (values, begun.values, values)]
    usual = {(p.fact, p.resource) for p in begun.problems + steps[0]}
    return [p for found in steps[1:] for p in found if (p.fact, p.resource) not in usual]


def edited(template: Template, variant: Template, harmless: bool) -> list[Problem]:
    """From one source to an edited one. With `harmless` both mean the same, so nothing may be made or removed; an update
    that puts the statements of a policy into another order does no harm."""
    begun = start(template)
    inputs.upload(begun.account, variant, "v1/", "one")
    outcome, problems = update(begun, variant, inputs.values(variant))
    usual = {(p.fact, p.resource) for p in begun.problems}
    problems = [p for p in problems if (p.fact, p.resource) not in usual]
    if harmless:
        moved = [(name, action) for name, action in outcome.actions.items() if action != "update"]
        problems += [Problem("changed-for-nothing", name, action) for name, action in moved]
    return problems


def environments(one: Template, other: Template) -> list[Problem]:
    """Two environments of one project in one account, each under the name that README's commands give it."""
    begun = start(one)
    inputs.upload(begun.account, other, "v1/", "one")
    usual = {p.fact for p in created(other)}
    outcome = engine.deploy(begun.account, "other", other, inputs.values(other))
    return [p for p in outcome.problems if p.fact not in usual]


def deployed_name(template: Template, stack: str) -> str:
    """The name that README's commands give a stack: its own, with hyphens."""
    return str(template.get("Metadata", {}).get("Purlin", {}).get("Stack", stack)).replace("_", "-")


def project(templates: dict[str, Template]) -> list[Problem]:
    """All stacks of a project: created in the order of their imports, updated with new code in the same order, deleted
    in the reverse one."""
    account, made, waiting, problems = Account(), [], dict(templates), []
    for stack, template in templates.items():
        inputs.upload(account, template, "v1/", "one")
        inputs.upload(account, template, "v2/", "two")
    while waiting:
        ready = next((stack for stack, template in waiting.items() if not missing(account, template, stack)), None)
        if ready is None:
            found = {stack: missing(account, template, stack) for stack, template in waiting.items()}
            return problems + [Problem("import-missing", stack, ", ".join(sorted(names))) for stack, names in found.items()]
        template = waiting.pop(ready)
        engine.deploy(account, deployed_name(template, ready), template, inputs.values(template))
        made.append((deployed_name(template, ready), template))
    for name, template in made:
        values = inputs.values(template)
        outcome = engine.deploy(account, name, template, values | ({inputs.PREFIX: "v2/"} if inputs.PREFIX in values else {}))
        problems += [p for p in outcome.problems if p.fact in ("export-in-use", "already-exists", "dangling-reference")]
    for name, _ in reversed(made):
        problems += [p for p in engine.delete(account, name).problems if p.fact == "export-in-use"]
    return problems


def missing(account: Account, template: Template, stack: str) -> set[str]:
    """The imports of a template that no stack exports."""
    tried, name = account.copy(), deployed_name(template, stack)
    engine.deploy(tried, name, template, inputs.values(template))
    return {i for i in tried.stacks[name].imports if (tried.stacks[name].region, i) not in account.exports}


SCENARIOS: dict[str, Callable[[Template], list[Problem]]] = {
    "created": created,
    "unchanged": unchanged,
    "new code": new_code,
    "same code": same_code,
    "changed parameters": changed_parameters,
    "failed and repeated": failed_and_repeated,
    "back and forth": back_and_forth,
    "twice": twice,
    "another Region": another_region,
    "deleted and created": deleted_and_created,
}


def play(template: Template) -> dict[str, list[Problem]]:
    """All scenarios on one template. What is wrong with the creation itself is reported there alone."""
    found = {name: scenario(copy.deepcopy(template)) for name, scenario in SCENARIOS.items()}
    usual = {(p.fact, p.resource) for p in found["created"]}
    return {name: problems if name == "created" else [p for p in problems if (p.fact, p.resource) not in usual]
            for name, problems in found.items()}
