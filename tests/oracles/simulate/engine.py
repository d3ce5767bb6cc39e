"""CloudFormation: creates, updates and deletes a stack, and rolls a failed operation back."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any, Iterable

from simulate import literals, order, physical, schema, services
from simulate.making import Making
from simulate.model import Account, Instance, Problem, Stack
from simulate.values import Values

Template = dict[str, Any]
DEFAULT_POLICY = {"AWS::RDS::DBCluster": "Snapshot", "AWS::RDS::DBInstance": "Snapshot"}


@dataclass
class Outcome:
    """What an operation did, resource by resource, and what AWS would not have done."""

    problems: list[Problem] = field(default_factory=list)
    actions: dict[str, str] = field(default_factory=dict)  # logical id -> create, update, replace, delete
    removed: list[Instance] = field(default_factory=list)  # replaced or removed, whatever became of them

    def report(self, fact: str, resource: str, text: str) -> None:
        self.problems.append(Problem(fact, resource, text))


class Operation:
    """One create or update of a stack. With `fail_at`, that resource cannot be made and all is rolled back."""

    def __init__(self, account: Account, stack: Stack, template: Template, parameters: dict[str, str]) -> None:
        account.operation += 1
        self.account, self.stack, self.template, self.outcome = account, stack, template, Outcome()
        self.values = Values(template, parameters, account, stack)
        holds = self.values.condition
        made = {n: r for n, r in template["Resources"].items() if "Condition" not in r or holds(r["Condition"])}
        self.graph = {name: order.needs(resource, holds) & made.keys() for name, resource in made.items()}
        self.sequence = order.in_order(self.graph)
        for name in made.keys() - set(self.sequence):
            self.outcome.report("circular", name, "waits for itself")
        self.reach = order.reachable(self.graph)
        self.old: list[Instance] = []
        self.touched: list[Making] = []

    def run(self, fail_at: str | None = None) -> None:
        lost: set[str] = set()
        for name in self.sequence:
            if name == fail_at or self.graph[name] & lost:
                lost.add(name)
            else:
                self.provide(name, self.template["Resources"][name])
        for making in self.touched:
            if play := services.CHECK.get(making.instance.type):
                play(making)
            literals.check(making)
            self.outcome.problems += making.problems

    def provide(self, name: str, resource: dict[str, Any]) -> None:
        """Makes, updates, replaces or keeps one resource."""
        properties = self.values.resolve(resource.get("Properties", {}))
        for missing in self.values.dangling:
            self.outcome.report("dangling-reference", name, f"refers to {missing}, which is not made")
        self.values.dangling.clear()
        before = self.stack.current.get(name)
        instance = self.instance(name, resource, properties)
        if before is not None and before.type == instance.type:
            if before.properties == properties:
                before.policies, before.needs = instance.policies, instance.needs
                return
            changed = schema.replaced_by(instance.type, before.properties, properties)
            if not changed:
                self.update(before, instance)
                return
            self.outcome.actions[name] = "replace: " + ", ".join(changed)
        elif before is not None:
            self.outcome.actions[name] = "replace: Type"
        else:
            self.outcome.actions[name] = "create"
        self.create(before, instance)

    def instance(self, name: str, resource: dict[str, Any], properties: dict[str, Any]) -> Instance:
        default = DEFAULT_POLICY.get(resource["Type"], "Delete")
        policies = (resource.get("DeletionPolicy", default), resource.get("UpdateReplacePolicy", default))
        needs = frozenset(self.graph[name])
        return Instance(name, resource["Type"], self.stack.name, properties, policies, needs, self.account.operation)


    def create(self, before: Instance | None, instance: Instance) -> None:
        self.account.made += 1
        physical.name_it(instance, self.stack, self.account.made if before else 0)
        for claim in physical.claims(instance, self.stack):
            if claim in self.account.names:
                fact = "custom-name-replaced" if before and claim in before.claims else "already-exists"
                text = f"{' '.join(claim[1:])} is taken by {self.account.names[claim]}"
                self.outcome.report(fact, instance.logical_id, text)
            else:
                self.account.names[claim] = f"{instance.logical_id} of {self.stack.name}"
                instance.claims.append(claim)
        if before is not None:
            self.old.append(before)
        self.play(instance, None)

    def update(self, before: Instance, instance: Instance) -> None:
        self.outcome.actions[instance.logical_id] = "update"
        instance.name, instance.ref, instance.arn, instance.born = before.name, before.ref, before.arn, before.born
        instance.attributes, instance.state, instance.claims = before.attributes, dict(before.state), before.claims
        self.play(instance, before)

    def play(self, instance: Instance, before: Instance | None) -> None:
        self.stack.current[instance.logical_id] = instance
        reach = self.reach[instance.logical_id]
        making = Making(self.account, self.stack, instance, reach, self.account.operation, set(self.sequence), before=before)
        if build := services.BUILD.get(instance.type):
            build(making)
        self.touched.append(making)

    def clean_up(self) -> None:
        """After an update: deletes what was replaced or is no longer in the template, as their policies say."""
        gone = [one for name, one in self.stack.current.items() if name not in self.graph]
        for instance in gone:
            self.outcome.actions[instance.logical_id] = "delete"
            del self.stack.current[instance.logical_id]
        self.outcome.removed = self.old + gone
        remove(self.account, [(one, one.replace_policy) for one in self.old], self.outcome)
        remove(self.account, [(one, one.deletion_policy) for one in gone], self.outcome)

    def export(self) -> None:
        """Sets the exports. One that another stack imports can be neither removed nor changed."""
        given: dict[str, str] = {}
        for output in self.template.get("Outputs", {}).values():
            if "Export" in output and ("Condition" not in output or self.values.condition(output["Condition"])):
                given[str(self.values.resolve(output["Export"]["Name"]))] = str(self.values.resolve(output["Value"]))
        self.stack.imports = frozenset(self.values.imports)
        for (region, name), (owner, value) in list(self.account.exports.items()):
            if region != self.stack.region:
                continue
            if owner == self.stack.name and given.get(name) != value:
                del self.account.exports[region, name]
                if users := self.account.importers(name, region):
                    self.outcome.report("export-in-use", "Outputs", f"the export {name} changes, and {', '.join(users)} imports it")
            elif owner != self.stack.name and name in given:
                self.outcome.report("already-exists", "Outputs", f"the export {name} is taken by the stack {owner}")
                del given[name]
        self.account.exports |= {(self.stack.region, name): (self.stack.name, value) for name, value in given.items()}


def remove(account: Account, instances: Iterable[tuple[Instance, str]], outcome: Outcome) -> None:
    for instance, policy in instances:
        if policy in ("Retain", "RetainExceptOnCreate"):
            account.retained.append(instance)
            continue
        if instance.state.get("edge"):
            outcome.report("edge-version-kept", instance.logical_id, "is deleted while CloudFront has replicas of it")
        account.release(instance)


def deploy(account: Account, name: str, template: Template, parameters: dict[str, str], region: str = "us-east-1") -> Outcome:
    """Creates the stack, or updates the one of that name."""
    stack = account.stacks.get(name)
    if stack is None:
        stack = account.stacks[name] = Stack(name, account.stack_id(name, region), region)
    operation = Operation(account, stack, template, parameters)
    operation.run()
    operation.clean_up()
    operation.export()
    return operation.outcome


def survivors(template: Template, parameters: dict[str, str]) -> dict[str, frozenset[str]]:
    """For each resource of a first creation: what DeletionPolicy keeps if that one cannot be made. All that does not wait
    for the failed one was made before, which leaves the most."""
    operation = Operation(Account(), Stack("none", "arn:aws:cloudformation:::stack/none/0", "us-east-1"), template, parameters)
    kept = [name for name in operation.sequence if template["Resources"][name].get("DeletionPolicy") == "Retain"]
    return {failed: frozenset(name for name in kept if name != failed and failed not in operation.reach[name])
            for failed in operation.sequence}


def fail_create(account: Account, name: str, template: Template, parameters: dict[str, str], fail_at: str) -> list[Instance]:
    """A first creation that is rolled back and whose stack is deleted. Gives what is left in the account."""
    stack = account.stacks[name] = Stack(name, account.stack_id(name, "us-east-1"), "us-east-1")
    Operation(account, stack, template, parameters).run(fail_at)
    del account.stacks[name]
    left = [one for one in stack.current.values() if one.deletion_policy == "Retain"]
    for instance in stack.current.values():
        if instance not in left:
            account.release(instance)
    account.retained += left
    return left


def delete(account: Account, name: str) -> Outcome:
    """Deletes the stack; what is deleted has nothing left that needs it, since CloudFormation goes backwards."""
    outcome, stack = Outcome(), account.stacks.pop(name)
    instances = list(stack.current.values())
    for instance in instances:
        if instance.type == "AWS::S3::Bucket" and instance.deletion_policy == "Delete":
            outcome.report("bucket-not-empty", instance.logical_id, "is deleted, and holds objects")
    remove(account, [(one, one.deletion_policy) for one in instances], outcome)
    for (region, export), (owner, _) in account.exports.items():
        if owner == name and (users := account.importers(export, region)):
            outcome.report("export-in-use", "Outputs", f"the stack is deleted, and {', '.join(users)} imports {export}")
    account.exports = {key: held for key, held in account.exports.items() if held[0] != name}
    return outcome
