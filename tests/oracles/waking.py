"""Triggers: each edge is a wire that may be used, with the arguments of the edge; nothing else wakes anything."""

from __future__ import annotations

import fnmatch
from typing import Any

from capabilities import not_allowed, rights
from common import Json
from graph import Edge, Graph
from state import FunctionState, StackState, Statement, Wire, belongs, mentions

PUSHING = (
    "AWS::ApiGateway::Method",
    "AWS::ApiGatewayV2::Integration",
    "AWS::CloudFront::Distribution",
    "AWS::Events::Rule",
    "AWS::Logs::SubscriptionFilter",
    "AWS::S3::Bucket",
    "AWS::SNS::Subscription",
)

# What an edge's argument is called by the service that has it; where the two do not write alike, a translation.
AUTHORIZATION = {"none": "NONE", "iam": "AWS_IAM", "jwt": "JWT", "function": "CUSTOM", "users": "COGNITO_USER_POOLS"}
FACTS: dict[str, tuple[str, ...]] = {
    "batch": ("BatchSize",),
    "window": ("MaximumBatchingWindowInSeconds",),
    "parallel": ("ParallelizationFactor",),
    "bisect": ("BisectBatchOnFunctionError",),
    "tumbling": ("TumblingWindowInSeconds",),
    "key_required": ("ApiKeyRequired",),
    "scopes": ("AuthorizationScopes",),
    "payload": ("PayloadFormatVersion",),
    "prefix": ("prefix",),
    "suffix": ("suffix",),
    "raw": ("RawMessageDelivery",),
    "source": ("EventPattern", "source"),
    "detail_type": ("EventPattern", "detail-type"),
}


def trigger_problems(graph: Graph, state: StackState, wires: list[Wire]) -> list[str]:
    """Each trigger edge is a wire with the right to use it, and no wire is without an edge."""
    problems: list[str] = []
    explained: set[Wire] = {wire for wire in wires if by_itself(wire, graph, state)}
    for edge in graph.triggers():
        source, target = edge.source.logical_id, edge.target.logical_id
        if target not in state.types:
            continue
        carrying = [wire for wire in wires if carries(wire, edge, state)]
        explained |= set(carrying)
        if not carrying:
            problems.append(f"{edge}: nothing that was deployed wakes {target} from {source}")
            continue
        exact = [wire for wire in carrying if not argument_problems(edge, wire)]
        problems += [] if exact else argument_problems(edge, carrying[0])
        problems += [text for wire in carrying for text in invocation_problems(edge, wire, state)]
    problems += missing_tasks(graph, state, wires)
    for wire in wires:
        if wire not in explained:
            problems.append(f"{wire.source} wakes {wire.target} ({wire.by}), which no trigger edge of the source says")
    return problems


def carries(wire: Wire, edge: Edge, state: StackState) -> bool:
    """Whether this wire is the edge's. What an edge itself emits (a rule) is named after both of its ends."""
    source, target = edge.source.logical_id, edge.target.logical_id
    if wire.target != target or not (belongs(wire.source, source, state) or wire.source.startswith(target + source)):
        return False
    return edge.label != "route" or edge.arguments.get("key") in (None, wire.by)


def by_itself(wire: Wire, graph: Graph, state: StackState) -> bool:
    """A function's own URL, and a task of a state machine that can invoke the function, need no trigger edge."""
    if wire.by == "function URL" and belongs(wire.source, wire.target, state):
        return True
    invoked = {(e.source.logical_id, e.target.logical_id) for e in graph.capabilities() if e.label == "invoke"}
    return wire.by == "task" and (wire.source, wire.target) in invoked


def missing_tasks(graph: Graph, state: StackState, wires: list[Wire]) -> list[str]:
    """A state machine invokes what it can invoke: its right follows from a task, which must be there."""
    tasks = {(wire.source, wire.target) for wire in wires if wire.by == "task"}
    machines = state.of_type("AWS::StepFunctions::StateMachine")
    edges = [e for e in graph.capabilities() if e.label == "invoke" and e.source.logical_id in machines]
    wanted = [(edge, (edge.source.logical_id, edge.target.logical_id)) for edge in edges]
    return [f"{edge}: no task of {pair[0]} invokes {pair[1]}" for edge, pair in wanted if pair not in tasks]


def argument_problems(edge: Edge, wire: Wire) -> list[str]:
    """The edge's arguments that the wire does not have. Those without an entry in FACTS are not judged."""
    problems = []
    for name, wanted in edge.arguments.items():
        if name == "auth":
            found, wanted = wire.facts.get("AuthorizationType"), AUTHORIZATION[wanted]
        elif name == "partial_failures":
            found = "ReportBatchItemFailures" in wire.facts.get("FunctionResponseTypes", [])
        elif name == "retries":
            retry = wire.facts.get("RetryPolicy", wire.facts)
            found = retry.get("MaximumRetryAttempts")
        elif name in FACTS:
            found = at(wire.facts, FACTS[name])
        else:
            continue
        if str(found) != str(wanted):
            problems.append(f"{edge}: {name} is {wanted!r} in the source and {found!r} in what was deployed")
    return problems


def at(facts: Json, path: tuple[str, ...]) -> Any:
    for step in path:
        facts = facts.get(step) if isinstance(facts, dict) else None
    return facts


def invocation_problems(edge: Edge, wire: Wire, state: StackState) -> list[str]:
    """Who may wake: a poller reads with the function's role; a pusher is let in, or uses a role of its own."""
    kind = state.types.get(wire.source, "")
    if wire.by == "event source mapping":
        needed = rights()["poll"].get(kind)
        if needed is None:
            return [f"{edge}: rights.toml does not say what polling a {kind} needs"]
        held = state.functions[wire.target].statements
        return [f"{edge}: {text}" for text in not_allowed(held, needed, wire.source, state)]
    if not may_push(wire, kind, state):
        return [f"{edge}: {wire.source} has no permission, narrowed to it, to invoke {wire.target}"]
    return []


def may_push(wire: Wire, kind: str, state: StackState) -> bool:
    principal = rights()["push"].get(kind)
    function = state.functions.get(wire.target)
    if str(principal).startswith("trusted "):
        return trusts(state, wire.target, str(principal).removeprefix("trusted "))
    if principal == "role" or function is None and state.types[wire.target] == "AWS::StepFunctions::StateMachine":
        return role_may(wire, state)
    names = {state.physical.get(wire.source) or f"stand-in-{wire.source}", state.arns.get(wire.source, wire.source)}
    names = {wire.facts["Arn of rule"]} if wire.by == "rule" else names
    if function is None:
        return resource_policy_allows(wire, str(principal), names, state)
    if principal == "*":
        return any(invoker.principal == "*" for invoker in function.invokers)
    return any(i.principal == principal and any(name in i.source for name in names) for i in function.invokers)


def trusts(state: StackState, function: str, principal: str) -> bool:
    """Whether the role of a function may be taken by a service."""
    taken = [r for r in state.of_type("AWS::IAM::Role") if mentions(state.resolved[function].get("Role"), state.arns[r])]
    return any(mentions(state.resolved[r]["AssumeRolePolicyDocument"], principal) for r in taken)


def role_may(wire: Wire, state: StackState) -> bool:
    """Whether the role that the carrier of the wire names may wake the target."""
    action = rights()["wake"][state.types[wire.target]]
    named = state.resolved.get(wire.carrier) or state.resolved[wire.source]
    own = [held for role, held in state.roles.items() if mentions(named, state.arns[role])]
    return any(allows(statement, action, state.arns[wire.target]) for held in own for statement in held)


def resource_policy_allows(wire: Wire, principal: str, names: set[str], state: StackState) -> bool:
    """Whether the policy on a queue or topic lets this source in. Read from the template: moto skips policies."""
    action = rights()["wake"][state.types[wire.target]]
    for name in state.of_type("AWS::SQS::QueuePolicy", "AWS::SNS::TopicPolicy"):
        for statement in state.resolved[name]["PolicyDocument"]["Statement"]:
            if (
                statement["Effect"] == "Allow"
                and mentions(statement["Principal"], principal)
                and mentions(statement["Resource"], state.arns[wire.target])
                and mentions(statement["Action"], action)
                and any(mentions(statement.get("Condition"), source) for source in names)
            ):
                return True
    return False


def allows(statement: Statement, action: str, arn: str) -> bool:
    return action in statement.actions and any(fnmatch.fnmatchcase(arn, resource) for resource in statement.resources)


def alias_problems(state: StackState) -> list[str]:
    """What invokes an alias needs a permission on that alias: one on the function itself does not serve."""
    aliases = {state.arns[name]: name for name in state.of_type("AWS::Lambda::Alias")}
    permitted = {str(state.resolved[name]["FunctionName"]) for name in state.of_type("AWS::Lambda::Permission")}
    return [
        f"{name} invokes the alias {alias}, and no permission is given on it"
        for name in state.of_type(*PUSHING)
        for arn, alias in aliases.items()
        if mentions(state.resolved[name], arn) and arn not in permitted
    ]


def excess_invokers(graph: Graph, state: StackState) -> list[str]:
    """Nobody is let in whom no trigger edge names, and nobody without saying from where, but for a public URL."""
    problems = []
    for name, function in state.functions.items():
        expected = {principal_of(edge, state) for edge in graph.triggers() if edge.target.logical_id == name}
        expected |= {"apigateway.amazonaws.com"} if is_authorizer(function, state) else set()
        public = any(mentions(state.resolved[url], function.arn) for url in state.of_type("AWS::Lambda::Url"))
        for invoker in function.invokers:
            if invoker.principal == "*" and public:
                continue
            if invoker.principal not in expected:
                problems.append(f"function {name}: {invoker.principal} may invoke it, which no trigger edge says")
            elif not invoker.source:
                problems.append(f"function {name}: {invoker.principal} may invoke it from anywhere")
    return problems


def principal_of(edge: Edge, state: StackState) -> str:
    return str(rights()["push"].get(state.types.get(edge.source.logical_id, ""), ""))


def is_authorizer(function: FunctionState, state: StackState) -> bool:
    kinds = ("AWS::ApiGateway::Authorizer", "AWS::ApiGatewayV2::Authorizer")
    return any(mentions(state.resolved[name], function.arn) for name in state.of_type(*kinds))
