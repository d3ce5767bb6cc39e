"""The families of pairs: each makes a program with one possible loop, and knows how to find an event that goes round.

In an enforced family both sides are held to by AWS: a program that the compiler passes in silence must have no
witness. In a declared family one side is only what the code is said to send.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from random import Random
from typing import Callable, Iterable

from . import iam, patterns, s3, sns
from .event_pattern import Json, matches
from .purlin import function, stack, text, value
from .solve import Doubt, Witness, as_texts, witness
from .texts import Glob, common, literal

QUEUE = "queue q { visibility = 1m }"


@dataclass(frozen=True)
class Pair:
    """One program with the question whether an event goes round in it."""

    family: str
    flavour: str
    source: str
    enforced: bool
    solve: Callable[[], Witness | None]
    # For a declared family: whether the trigger alone accepts any event at all.
    alone: Callable[[], Witness | None] | None = None
    operators: frozenset[str] = field(default=frozenset())

    @property
    def case(self) -> str:
        return f"{self.family}/{self.flavour}"


def some(found: str | None) -> Witness | None:
    return None if found is None else Witness(found, listed=False)


def first(found: Iterable[Witness | None]) -> Witness | None:
    return next((one for one in found if one), None)


def sqs_body(rng: Random, flavour: str) -> Pair:
    """What a queue's mapping filters against what the code is said to send."""
    filters = [patterns.pattern(rng, flavour, patterns.LAMBDA, True) for _ in range(rng.choice([1, 1, 2]))]
    sent = patterns.pattern(rng, flavour, patterns.EVENTS)
    body = [{"body": one} for one in filters]
    program = stack("a", QUEUE, function("f", f"on q.messages(batch: 1, filters: {value(body)})", f"can send q(body: {value(sent)})"))
    solve = lambda: first_of([[one, sent] for one in filters], lists=True)
    return Pair("sqs-body", flavour, program, False, solve, lambda: first_of([[one] for one in filters], lists=True),
                frozenset(patterns.operators([*filters, sent])))


def kinesis(rng: Random, flavour: str) -> Pair:
    kept, sent = patterns.pattern(rng, flavour, patterns.LAMBDA), patterns.pattern(rng, flavour, patterns.EVENTS)
    program = stack("a", "stream s { }", function("f", f"on s.records(filters: {value([{'data': kept}])})", f"can put s(data: {value(sent)})"))
    return Pair("kinesis", flavour, program, False, lambda: witness([kept, sent]), lambda: witness([kept]),
                frozenset(patterns.operators([kept, sent])))


def first_of(choices: list[list[dict[str, Json]]], lists: bool) -> Witness | None:
    """A witness of any of the choices, without lists if possible."""
    doubt: Doubt | None = None
    found: list[Witness] = []
    for choice in choices:
        try:
            if (one := witness(choice, lists)) is not None:
                found.append(one)
        except Doubt as error:
            doubt = error
    if found:
        return min(found, key=lambda one: one.listed)
    if doubt:
        raise doubt
    return None


def topic(policy: dict[str, Json], raw: bool) -> str:
    arguments = f'filter: {value(policy)}, filter_on: "body"' + (", raw: true" if raw else "")
    return "topic t { }\nqueue q {\n  visibility = 1m\n  on t.published(" + arguments + ")\n}"


def sns_raw(rng: Random, flavour: str) -> Pair:
    """A subscription's filter over the body, raw delivery, and a mapping's filter: both see the same document."""
    policy, kept = patterns.pattern(rng, flavour, patterns.SNS), patterns.pattern(rng, flavour, patterns.LAMBDA)
    program = stack("a", topic(policy, True), function("f", f"on q.messages(batch: 1, filters: {value([{'body': kept}])})", "can publish t"))
    return Pair("sns-raw", flavour, program, True, lambda: witness([policy, kept]), None, frozenset(patterns.operators([policy, kept])))


def sns_envelope(rng: Random, flavour: str) -> Pair:
    """The same without raw delivery: the mapping sees the envelope."""
    policy = patterns.pattern(rng, flavour, patterns.SNS)
    policy["Type"] = [rng.choice(["order", "Notification"])]
    seen = rng.choice(["Type", "Type", "SignatureVersion", "TopicArn", "x"])
    wanted: Json = {
        "Type": [rng.choice(["Notification", "order", {"prefix": "Not"}, {"exists": True}])],
        "SignatureVersion": [rng.choice(["1", {"anything-but": ["2"]}])],
        "TopicArn": [rng.choice([{"prefix": "arn:"}, {"exists": False}])],
        "x": [rng.choice(["a", {"exists": False}, {"exists": True}])],
    }[seen]
    kept = {seen: wanted}

    def solve() -> Witness | None:
        published = witness([policy])
        if published is None or not matches(kept, sns.envelope(published.event)):
            return None
        return Witness(published.event, listed=False)

    program = stack("a", topic(policy, False), function("f", f"on q.messages(batch: 1, filters: {value([{'body': kept}])})", "can publish t"))
    return Pair("sns-envelope", flavour, program, True, solve, None, frozenset(patterns.operators([policy, kept])))


def sns_body(rng: Random, flavour: str) -> Pair:
    policy, sent = patterns.pattern(rng, flavour, patterns.SNS, True), patterns.pattern(rng, flavour, patterns.EVENTS)
    program = stack("a", "topic t { }", function("f", f'on t.published(filter: {value(policy)}, filter_on: "body")', f"can publish t(body: {value(sent)})"))
    return Pair("sns-body", flavour, program, False, lambda: witness([policy, sent]), lambda: witness([policy]),
                frozenset(patterns.operators([policy, sent])))


ATTRIBUTES = {
    "texts": ["a", "ab", "aB", "b", "abc"],
    "numbers": ["1", "2", "100", "-1", "0.5"],
    "arrays": ['["a", "b"]', '["a"]', "[1, 2]", '["ab", 5]'],
}


def sns_attributes(rng: Random, flavour: str) -> Pair:
    """A filter over attributes against the texts that the code is said to send: their data type is not said."""
    kind = "numbers" if flavour == "numbers" else rng.choice(["texts", "mixed"])
    policy = {"x": patterns.leaf(rng, kind, patterns.SNS)}
    if flavour == "arrays":
        policy = {"x": [rng.choice(["a", "b", {"prefix": "a"}, {"anything-but": ["a"]}, {"numeric": [">", patterns.Number("1")]}])]}
    sent = rng.choice(ATTRIBUTES[flavour])

    def solve() -> Witness | None:
        fits = (form for form in sns.forms(sent) if sns.policy_accepts(policy, {"x": form}))
        return first(Witness({"x": form}, listed=False) for form in fits)

    program = stack("a", "topic t { }", function("f", f"on t.published(filter: {value(policy)})", f"can publish t(attributes: {{ x = {text(sent)} }})"))
    return Pair("sns-attributes", flavour, program, False, solve, lambda: witness([policy]), frozenset(patterns.operators(policy)))


KEYS = {
    "plain": ["in/*", "out/*", "in/a", "*.jpg", "in/*.png", "*", "i*", "a*b"],
    "question-mark": ["in?/*", "?n/*", "in/?", "out?", "i?/*", "*.jp?", "??", "in/?.jpg"],
    "variable": ["${aws:PrincipalTag/home}/*", "in/${aws:username}", "${aws:PrincipalTag/t, 'in'}/x", "out/${aws:userid}/*", "${*}/*", "in${?}/*"],
    "encoded": ["to do/*", "a b", "to+do/*", "* x.jpg", "to ?o/*"],
}
PREFIXES = {"plain": ["in/", "out/", "", "i", "in/a"], "question-mark": ["inA/", "in/", "on/", "out", "a", ""],
            "variable": ["in/", "home/", "out/", "in", "x", "*/", "in?/"], "encoded": ["to+do/", "a+b", "to", "", "to%2Bdo/"]}
SUFFIXES = {"plain": ["", ".jpg", "/a", ".png", "b"], "question-mark": ["", ".jpg", ".jpX", "x"],
            "variable": ["", "x", "/"], "encoded": ["", "+x.jpg", "do/x"]}


def keys(rng: Random, flavour: str) -> list[str]:
    choices = KEYS[flavour] + (KEYS["plain"] if rng.random() < 0.3 else [])
    return [rng.choice(choices)]


def s3_keys(rng: Random, flavour: str) -> Pair:
    """A notification's prefix and suffix against the keys of a right, which IAM holds the code to."""
    prefix, suffix = rng.choice(PREFIXES[flavour]), rng.choice(SUFFIXES[flavour])
    allowed = keys(rng, flavour)
    given = ", ".join(f"{name}: {text(it)}" for name, it in (("prefix", prefix), ("suffix", suffix)) if it)
    program = stack("a", "bucket b { }", function("f", f"on b.created({given})", *(f"can write b({text(one)})" for one in allowed)))

    def solve() -> Witness | None:
        found = first(some(common([*s3.keys(prefix, suffix), iam.like(one)], [literal("")])) for one in allowed)
        if found and not s3.accepts(prefix, suffix, found.event):
            raise Doubt(f"{found.event} is not encoded as it was read")
        return found

    return Pair("s3", flavour, program, True, solve, None, frozenset({flavour}))


def s3_events(rng: Random, flavour: str) -> Pair:
    """An event `Object Created` on the default bus against the keys of a right."""
    allowed = keys(rng, flavour)
    leaf = patterns.leaf(rng, "escapes" if rng.random() < 0.3 else "texts", patterns.EVENTS)
    if rng.random() < 0.6:
        leaf = [rng.choice([{"prefix": "in/"}, {"suffix": ".jpg"}, {"wildcard": "in/*.jpg"}, {"anything-but": {"prefix": "in/"}}])]
    detail = {"object": {"key": leaf}}
    program = stack("a", "bus account { default = true }", "bucket b { to_event_bus = true }", function(
        "f", f'on account.matched(source: ["aws.s3"], detail_type: ["Object Created"], detail: {value(detail)})',
        *(f"can write b({text(one)})" for one in allowed)))
    return Pair("s3-events", flavour, program, True, lambda: first(some(with_leaf(leaf, iam.like(one))) for one in allowed), None,
                frozenset(patterns.operators(leaf)))


def with_leaf(leaf: list[Json], glob: Glob) -> str | None:
    """A text that one matcher and a pattern of IAM accept; a key is never empty."""
    for matcher in leaf:
        if (found := as_texts(matcher)) and (shared := common([*found[0], glob], [*found[1], literal("")])) is not None:
            return shared
    return None


LEADING = {"plain": ["user*", "a", "b", "user", "ab*", "*"], "question-mark": ["user?", "a?c", "?", "us?r*", "??"],
           "variable": ["${aws:username}", "user${aws:userid}", "b${aws:PrincipalTag/t}", "${*}"]}


def dynamodb(rng: Random, flavour: str) -> Pair:
    """A mapping's filter over the key of a changed item against LeadingKeys, which is compared with StringLike."""
    leaf = [rng.choice(["userA", "abc", "a", "b", "user", "*", {"prefix": "user"}, {"suffix": "c"}, {"anything-but": ["a"]}, {"prefix": "ab"}])]
    allowed = [rng.choice(LEADING[flavour]) for _ in range(rng.choice([1, 1, 2]))]
    filters = [{"dynamodb": {"Keys": {"id": {"S": leaf}}}}]
    program = stack("a", 'table t { key = "id", stream = "new" }', function("f", f"on t.changes(batch: 1, filters: {value(filters)})", f"can write t(key: {value(allowed)})"))
    return Pair("dynamodb", flavour, program, True, lambda: first(some(with_leaf(leaf, iam.like(one))) for one in allowed), None,
                frozenset(patterns.operators(leaf)))


def bus(rng: Random, flavour: str) -> Pair:
    """A rule's pattern against the source of a right, which is compared with StringEquals."""
    sources = ["app", "app.orders", "shop"] if flavour == "texts" else ["app.*", "app.orders", "app?", "appX", "*"]
    heard, allowed = [rng.choice(sources) for _ in range(rng.choice([1, 2]))], [rng.choice(sources)]
    detail = patterns.pattern(rng, "mixed", patterns.EVENTS, True)
    program = stack("a", "bus b { }", function("f", f"on b.matched(source: {value(heard)}, detail: {value(detail)})", f"can publish b(source: {value(allowed)})"))

    def solve() -> Witness | None:
        shared = [one for one in heard if any(iam.equals(one, other) for other in allowed)]
        found = witness([detail]) if shared else None
        return found and Witness({"source": shared[0], "detail": found.event}, found.listed)

    return Pair("bus", flavour, program, True, solve, None, frozenset(patterns.operators(detail)))


Family = Callable[[Random, str], Pair]
JSON_FLAVOURS = ("texts", "numbers", "addresses", "mixed")
FAMILIES: list[tuple[Family, tuple[str, ...]]] = [
    (sqs_body, (*JSON_FLAVOURS, "escapes")),
    (kinesis, (*JSON_FLAVOURS, "escapes")),
    (sns_raw, JSON_FLAVOURS),
    (sns_envelope, ("texts", "mixed")),
    (sns_body, (*JSON_FLAVOURS, "escapes")),
    (sns_attributes, tuple(ATTRIBUTES)),
    (s3_keys, tuple(KEYS)),
    (dynamodb, tuple(LEADING)),
    (bus, ("texts", "stars")),
    (s3_events, ("plain", "question-mark", "variable")),
]


def pairs(seed: int, count: int) -> list[Pair]:
    """`count` pairs, all families and flavours in turn. A smaller count is the beginning of a larger one."""
    turns = [(family, flavour) for family, flavours in FAMILIES for flavour in flavours]
    made = []
    for number in range(count):
        family, flavour = turns[number % len(turns)]
        made.append(family(Random(f"{seed}/{number}"), flavour))
    return made
