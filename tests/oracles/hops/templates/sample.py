"""A random project of the hop table as templates, and what the model says of it."""

from __future__ import annotations

from dataclasses import dataclass, field
from random import Random
from typing import Any

from .. import generate
from ..model import Hop, Project, names_in
from ..source import IMPORTABLE, Names, declared, stack as purlin_stack
from . import services
from .mixed import existing, movable
from .rights import cause, give, grant, resource, role_of, statement
from .stacks import NAMES, TYPES, UNNAMED, WAYS, Stack, Stacks, ref
from .text import as_json, as_yaml
from .world import ARGUABLE, CERTAIN, CLASSES, OPEN, Thing, World
from .writers import WRITERS, Edge

# How the stacks of a project are joined; `imports` has a stack in Purlin that templates import, `existing` the reverse.
KINDS = (*WAYS, "imports", "existing")
DRESSES = ("plain", "rights", "conditions", "narrow")

ALL: dict[str, Any] = {**WRITERS, **{hop: services.task for hop in services.TASKS}, "machine-log": services.machine_log, "express-log": services.machine_log,
                       "http-route": services.http_route, "rest-route": services.rest_route, "http-access-log": services.access_log,
                       "rest-access-log": services.access_log, "call-http-api": services.call, "call-rest-api": services.call}
# What the dress `narrow` is made of: hops that can be narrowed, and what leads on from them.
FILTERED = (*generate.NARROWABLE, "send-message", "created-to-default-bus", "s3-created-rule-to-function")
NARROW = {"put-object": ("bucket", "created"), "put-events": ("bus", "event"), "put-item": ("table", "change")}
TRIGGERS = {**{f"created-to-{thing}": ("bucket", "created") for thing in ("function", "queue", "topic")},
            **{f"rule-to-{thing}": ("bus", "event") for thing in ("function", "queue")}, "table-mapping": ("table", "change"), "queue-mapping": ("queue", "message")}


@dataclass(frozen=True)
class Sample(generate.Sample):
    kind: str = ""
    dress: str = ""
    declared: bool = False  # a loop unless messages are as declared
    world: World = field(default_factory=World, compare=False)


@dataclass
class Land(Stacks):
    """The stacks while they are written."""

    steps: dict[str, list[tuple[str, Thing]]] = field(default_factory=dict)  # what each machine does
    dress: str = "plain"
    sent: set[str] = field(default_factory=set)  # queues that get only what functions send

    def listener(self, stack: int) -> Thing:
        return self.declare("function", f"listener{len(self.world.things)}", stack)

    def declare(self, thing: str, name: str, stack: int, within: bool = False) -> Thing:
        """A thing with its resource. `within`: an API with a route to its own stack."""
        owner = self.stacks[stack]
        logical = f"{thing.title().replace('-', '')}{sum(t.thing == thing and t.stack == stack for t in self.world.things.values())}"
        named = thing == "bus" or (thing in NAMES and (self.rng.random() < 0.4 or (stack > 0 and self.way in ("exports", "nested", "names", "existing")) or self.way == "existing"))
        made = self.world.things[name] = Thing(name, thing, stack, logical, f"app-{name.replace('_', '-')}-x" if named else None)
        if thing != "default-bus":
            kind, properties = base(made, owner.sam, within)
            owner.add(logical, kind, properties)
            if kind == "AWS::Lambda::Function":
                owner.add(role_of(made), "AWS::IAM::Role", {"AssumeRolePolicyDocument": services.logs_role("lambda.amazonaws.com")})
        return made


def base(thing: Thing, sam: bool, within: bool) -> tuple[str, dict[str, Any]]:
    """The type and the properties of a resource before any hop is written."""
    named = {NAMES[thing.thing]: thing.physical} if thing.physical else {}
    kind, properties = TYPES[thing.thing], dict[str, Any](named)
    match thing.thing:
        case "function" if sam:
            return "AWS::Serverless::Function", {**properties, "Handler": "app.handler", "InlineCode": "x"}
        case "function":
            properties |= {"Handler": "app.handler", "Runtime": "python3.13", "Code": {"ZipFile": "x"}, "Timeout": 20, "Role": {"Fn::GetAtt": [role_of(thing), "Arn"]}}
        case "queue":
            properties |= {"VisibilityTimeout": 120}
        case "table":
            properties |= {"KeySchema": [{"AttributeName": "id", "KeyType": "HASH"}], "AttributeDefinitions": [{"AttributeName": "id", "AttributeType": "S"}],
                           "BillingMode": "PAY_PER_REQUEST", "StreamSpecification": {"StreamViewType": "NEW_IMAGE"}}
        case "stream":
            properties |= {"ShardCount": 1}
        case "machine" | "express" if sam:
            type_ = {"Type": "EXPRESS"} if thing.thing == "express" else {}
            return "AWS::Serverless::StateMachine", {**({"Name": thing.physical} if thing.physical else {}), **type_}
        case "express":
            properties |= {"StateMachineType": "EXPRESS"}
        case "http-api" if within and sam:
            return "AWS::Serverless::HttpApi", {"Auth": {"EnableIamAuthorizer": True}}
        case "rest-api" if within and sam:
            return "AWS::Serverless::Api", {"StageName": "v1"}
        case "http-api":
            properties |= {"Name": "it", "ProtocolType": "HTTP"}
        case "rest-api":
            properties |= {"Name": "it"}
    return kind, properties


def sample(seed: int, number: int) -> Sample:
    """The sample of a number: kinds and dresses in turn, two of three closed to a loop."""
    rng = Random(f"templates/{seed}/{number}")
    kind, dress = KINDS[number % len(KINDS)], DRESSES[number // len(KINDS) % len(DRESSES)]
    project = generate.project(rng, "plain", number // len(KINDS) // len(DRESSES) % 3 != 2, FILTERED if dress == "narrow" else ())
    return write(rng, project, kind, dress)


def alone(hop: Hop, dress: str = "plain", sam: bool = False) -> Sample:
    """A smallest loop through a hop as one template."""
    made = write(Random(f"alone/{hop.id}/{sam}"), generate.loop_through(hop), "one", dress, sam)
    return Sample(f"{'sam' if sam else 'hop'}/{hop.id}", made.files, made.looping, made.certain, made.arguable, "one", dress, False, made.world)


def write(rng: Random, project: Project, kind: str, dress: str, sam: bool | None = None) -> Sample:
    land = Land(rng, World(), kind if kind in WAYS else "exports" if kind == "imports" else "existing",
                [Stack(f"s{at}", rng.random() < 0.4 if sam is None else sam, form=rng.choice(["yaml", "yaml", "json"])) for at in range(1 if kind in ("one", "imports", "existing") else rng.randint(2, 5))],
                dress=dress)
    # Some of them only: the others act in the stack of what they listen to.
    apart = {name for name in sorted(movable(project)) if rng.random() < 0.6} if kind in ("imports", "existing") else set()
    beside = {name for name, decl in project.decls.items() if (name in apart) == (kind == "existing")} if kind in ("imports", "existing") else set()
    place(land, project, beside, kind)
    causes = list(project.causes)
    land.sent = {name for name, thing in land.world.things.items() if thing.thing == "queue" and {hop.id for _, to, hop in causes if to[0] == name} == {"send-message"}}
    for before, after, hop in causes:
        if any(name in project.decls and name not in land.world.things for name in (before[0], after[0])):
            continue
        in_purlin = hop_owner(before[0], after[0], apart, kind)
        if in_purlin:
            record_purlin(land, before[0], after[0], hop, said(land, project, before[0], after[0], hop) if kind == "existing" else None)
        else:
            hop_of(land, land.world.things[before[0]], land.world.things[after[0]], hop)
    for name, thing in list(land.world.things.items()):
        if thing.thing in ("machine", "express") and name not in land.foreign:
            services.machine(land, name, land.steps.get(name, []))
    files = texts(land)
    if beside:
        files |= existing(land, project, apart) if kind == "existing" else {"base.purlin": purlin_base(project, apart)}
    looping = frozenset(land.world.looping(OPEN))
    declared_only = not looping and bool(land.world.looping(OPEN, as_declared=False))
    case = "declared" if declared_only else "loop" if looping else "no-loop"
    return Sample(f"{case}/{kind}", files, looping, bool(land.world.looping(CERTAIN)), not looping and bool(land.world.looping(ARGUABLE)),
                  kind, dress, declared_only, land.world)


def hop_owner(source: str, target: str, apart: set[str], kind: str) -> bool:
    """Whether a hop is written in the stack of Purlin: all of them there but those of functions in the other."""
    of_function = source in apart or target in apart
    return kind == "imports" and not of_function or kind == "existing" and of_function


def said(land: Land, project: Project, source: str, target: str, hop: Hop) -> tuple[str, ...] | None:
    """What a function in Purlin says of the messages that it sends."""
    if land.dress != "narrow" or hop.id != "send-message" or land.rng.random() < 0.3:
        return None
    which, line = land.rng.choice("ab"), f"can send <{target}>"
    decl = project.decls[source]
    decl.lines = [f'{line}(body: {{ kind = ["{which}"] }})' if one == line else one for one in decl.lines]
    return (which,)


def record_purlin(land: Land, source: str, target: str, hop: Hop, says: tuple[str, ...] | None) -> None:
    takes = ("app", "lambda") if hop.cause == ("bus", "event") and hop.id != "bus-dead-letters" else None
    gives = ("lambda",) if hop.effect == ("bus", "event") and "-to-bus" in hop.id else None
    things = land.world.things
    if hop.id in ("created-to-default-bus", "removed-to-default-bus", "access-log-of-a-write", "access-log-of-a-deletion"):
        other = {"created-to": "removed-to", "removed-to": "created-to", "-a-write": "-a-deletion", "-a-deletion": "-a-write"}
        twin = next(h for h in generate.HOPS if h.id == next(hop.id.replace(a, b) for a, b in other.items() if a in hop.id))
        cause(land, things[source], things[target], twin)
    if hop.effect[0] == "default-bus" and hop.effect[1].startswith("s3"):
        gives = (source,)
    cause(land, things[source], things[target], hop, takes=takes, gives=gives, says=says)


def purlin_base(project: Project, apart: set[str]) -> str:
    """The stack of Purlin that templates import: everything but the functions that are apart."""
    needed = sorted(names_in(project.decls[name].body() for name in apart) - {"account"})
    parts = [declared(d, str) for name, d in project.decls.items() if name not in apart]
    return purlin_stack("base", [*parts, *(f"export {name} = {name}" for name in needed)], project, str)


def place(land: Land, project: Project, beside: set[str], kind: str) -> None:
    """Puts each declaration into a stack. What no text can name is in the first: the others come after it."""
    failing = {listener for listener, _ in project.failing}
    routes = {before[0] for before, _, hop in project.causes if hop.id in ("http-route", "rest-route")}
    for name, decl in project.decls.items():
        if decl.thing not in TYPES and decl.thing != "default-bus" or name in failing:
            continue
        stack = 0 if decl.thing in UNNAMED or decl.thing == "table" else land.rng.randrange(len(land.stacks))
        if name in beside:
            land.world.things[name] = Thing(name, decl.thing, 0, name, None)
            land.foreign[name] = f"base-{name}"
            continue
        mine = name in routes and len(land.stacks) == 1 and land.stacks[0].sam
        land.declare(decl.thing, name, stack, within=mine)


def hop_of(land: Land, source: Thing, target: Thing, hop: Hop) -> None:
    """Writes one hop, in the dress of the project."""
    when, condition, same = None, None, source.stack == target.stack or hop.action is not None
    api = land.stacks[source.stack].resources.get(source.logical, {}).get("Type", "").startswith("AWS::Serverless") and source.thing in UNNAMED
    if land.dress == "conditions" and same and not api and hop.id not in services.TASKS and hop.id not in UNCONDITIONAL and land.rng.random() < 0.6:
        when, condition = decide(land, source.stack)
    narrow = land.dress == "narrow" and land.rng.random() < 0.7
    if hop.action:
        if narrow and hop.id in NARROW and target.name not in land.foreign:
            return narrowed(land, source, target, hop)
        return grant(land, source, target, hop, when, condition, None if land.dress == "rights" else land.rng.choice(["exact", "listed"]))
    edge = Edge(land, source, target, hop, when, condition)
    if narrow and hop.id in TRIGGERS and (hop.id != "queue-mapping" or source.name in land.sent):
        classes = CLASSES[TRIGGERS[hop.id]]
        edge.takes = tuple(sorted(land.rng.sample(classes, land.rng.randint(1, 2) if hop.cause[0] == "bus" else 1)))
    if narrow and hop.id.startswith("s3-"):
        edge.takes = (land.rng.choice(land.world.of("bucket")).name,)
    ALL[hop.id](edge)
    return None


# Hops that are more than one resource, or that hold whether or not another one does.
UNCONDITIONAL = {"created-to-default-bus", "removed-to-default-bus", "access-log-of-a-write", "access-log-of-a-deletion", "machine-status",
                 "dead-letter-to-queue", "dead-letter-to-topic"}


def decide(land: Land, stack: int) -> tuple[tuple[str, str], str]:
    """A condition of a stack; two of them exclude each other."""
    owner, value = land.stacks[stack], land.rng.choice(["dev", "prod"])
    owner.parameters["Stage"] = {"Type": "String", "Default": "dev", "AllowedValues": ["dev", "prod"]}
    owner.conditions.setdefault("IsDev", {"Fn::Equals": [ref("Stage"), "dev"]})
    owner.conditions.setdefault("IsProd", land.rng.choice([{"Fn::Equals": [ref("Stage"), "prod"]}, {"Fn::Not": [{"Condition": "IsDev"}]}]))
    return ("root" if land.way == "nested" else owner.name, value), f"Is{value.title()}"


def narrowed(land: Land, source: Thing, target: Thing, hop: Hop) -> None:
    """A right to cause some of the events only."""
    which = land.rng.choice(CLASSES[NARROW[hop.id]])
    more: dict[str, Any] = {}
    scope = hop.scope
    if hop.id == "put-object":
        scope = f"/{which}/*"
    elif hop.id == "put-events":
        more = {"Condition": {"StringEquals": {"events:source": which}}}
    else:
        more = {"Condition": {"ForAllValues:StringEquals": {"dynamodb:LeadingKeys": [which]}}}
    give(land, source, [statement([hop.action], resource(land, source.stack, target, scope), **more)])
    cause(land, source, target, hop, gives=(which,))


def texts(land: Land) -> dict[str, str]:
    files: dict[str, str] = {}
    for stack in land.stacks:
        if not stack.resources:
            continue
        template = stack.template()
        files[f"{stack.name}.{stack.form}"] = as_json(template) if stack.form == "json" else as_yaml(template, land.rng)
    if land.way == "nested":
        files["root.yaml"] = as_yaml(land.root(), land.rng)
    if land.way == "links" and land.given:
        files["purlin.toml"] = land.links()
    return files


__all__ = ["KINDS", "Sample", "alone", "sample", "Names", "IMPORTABLE"]
