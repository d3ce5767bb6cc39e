"""Resolves the intrinsic functions of one stack against what the simulation made."""

from __future__ import annotations

from typing import Any, Callable

from intrinsics import Resolver

from simulate.model import ACCOUNT, Account, Stack

Dangling = Callable[[str], None]


class Values(Resolver):
    """The values of a deployment: pseudo parameters of the stack, its parameters, its resources, imports."""

    def __init__(self, template: dict[str, Any], parameters: dict[str, str], account: Account, stack: Stack) -> None:
        super().__init__(template, {}, stack.name, self.of_resource)
        self.account, self.stack = account, stack
        self.dangling: list[str] = []
        self.imports: set[str] = set()
        self.values |= parameters
        self.values |= {"AWS::StackId": stack.id, "AWS::Region": stack.region, "AWS::AccountId": ACCOUNT}
        for name, declared in template.get("Parameters", {}).items():
            if declared["Type"].startswith(("List<", "CommaDelimitedList")) and isinstance(self.values.get(name), str):
                self.values[name] = self.values[name].split(",")

    def of_resource(self, logical_id: str, attribute: str | None) -> str:
        instance = self.stack.current.get(logical_id)
        if instance is None:
            self.dangling.append(logical_id)
            return f"missing-{logical_id}"
        return instance.ref if attribute is None else instance.attribute(attribute)

    def fn_importvalue(self, argument: Any) -> str:
        name = str(self.resolve(argument))
        self.imports.add(name)
        found = self.account.exports.get((self.stack.region, name))
        return found[1] if found else f"imported-{name}"

    def fn_cidr(self, argument: Any) -> list[str]:
        _, count, _ = (*argument, None)[:3]
        return [f"10.0.{number}.0/24" for number in range(int(self.resolve(count)))]
