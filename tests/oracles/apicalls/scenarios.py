"""Which parameter values a template is replayed with, so that each condition is true once and false once."""

from __future__ import annotations

import itertools
import random
from typing import Any, Iterator

from .sample import ACCOUNT, REGION, STACK, Guess

Template = dict[str, Any]
Values = dict[str, Any]
MOST = 32  # assignments for one template
GUESSES = {
    "AWS::EC2::VPC::Id": "vpc-0123456789abcdef0",
    "AWS::EC2::Subnet::Id": "subnet-0123456789abcdef0",
    "AWS::EC2::SecurityGroup::Id": "sg-0123456789abcdef0",
    "Number": "7",
}


def pseudo() -> Values:
    return {
        "AWS::AccountId": ACCOUNT,
        "AWS::Partition": "aws",
        "AWS::Region": REGION,
        "AWS::URLSuffix": "amazonaws.com",
        "AWS::StackName": STACK,
        "AWS::StackId": f"arn:aws:cloudformation:{REGION}:{ACCOUNT}:stack/{STACK}/14e0db71-5d35-4eb5-b481-8945cf9d10c2",
        "AWS::NotificationARNs": [],
    }


def candidates(parameter: dict[str, Any], compared: list[str]) -> list[Any]:
    """The values of one parameter that matter: what it allows, its bounds, its default, what conditions ask for."""
    if "AllowedValues" in parameter:
        default = [str(parameter["Default"])] if "Default" in parameter else []
        values = default + [str(value) for value in parameter["AllowedValues"]]
    else:
        values = [str(parameter[key]) for key in ("Default", "MinValue", "MaxValue") if key in parameter] + compared
        if "Default" not in parameter and not parameter.get("MinValue"):
            values.append(Guess(guess(parameter)))
    distinct = list(dict.fromkeys(values))
    return [value.split(",") for value in distinct] if listed(parameter) else distinct


def guess(parameter: dict[str, Any]) -> str:
    kind = str(parameter.get("Type", "String"))
    inner = kind.removeprefix("List<").removesuffix(">")
    return GUESSES.get(inner, "value")


def listed(parameter: dict[str, Any]) -> bool:
    return str(parameter.get("Type")).startswith("List<") or parameter.get("Type") == "CommaDelimitedList"


def compared_texts(node: Any, name: str) -> Iterator[str]:
    """The texts that conditions compare a parameter (or a pseudo parameter) with."""
    if isinstance(node, dict):
        sides = node.get("Fn::Equals")
        if isinstance(sides, list) and {"Ref": name} in sides:
            yield from (str(side) for side in sides if not isinstance(side, dict))
        node = list(node.values())
    if isinstance(node, list):
        for item in node:
            yield from compared_texts(item, name)


def assignments(template: Template) -> Iterator[Values]:
    """All combinations if they are few; else each value of each parameter once, and a fixed choice of the others."""
    conditions = template.get("Conditions", {})
    axes: dict[str, list[Any]] = {}
    for name, parameter in template.get("Parameters", {}).items():
        axes[name] = candidates(parameter, list(compared_texts(conditions, name)))
    for name in ("AWS::Region", "AWS::Partition", "AWS::AccountId"):
        texts = list(compared_texts(conditions, name))
        if texts:
            axes[name] = list(dict.fromkeys([pseudo()[name], *texts]))
    count = 1
    for values in axes.values():
        count *= len(values)
    chosen = itertools.product(*axes.values()) if count <= MOST else some(axes)
    for values in chosen:
        yield pseudo() | dict(zip(axes, values, strict=True))


def some(axes: dict[str, list[Any]]) -> Iterator[tuple[Any, ...]]:
    first = [values[0] for values in axes.values()]
    yield tuple(first)
    for index, values in enumerate(axes.values()):
        for value in values[1:]:
            yield tuple([*first[:index], value, *first[index + 1:]])
    dice = random.Random(len(axes))
    for _ in range(MOST):
        yield tuple(dice.choice(values) for values in axes.values())
