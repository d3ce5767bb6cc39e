"""The witness solvers are judged themselves: the evaluators by AWS's documented examples, the solver by brute force,
and the judge by verdicts that are wrong. Run with pytest: `tests/run selftest`."""

from __future__ import annotations

import sys
from itertools import product
from pathlib import Path
from random import Random
from typing import Any

import pytest

sys.path.insert(0, str(Path(__file__).resolve().parent))

from verdict import Finding, Judged
from witness import iam, judge, patterns, s3, sns
from witness.event_pattern import MISSING, Number, accepts, matches, wildcard
from witness.families import FAMILIES, Pair, pairs
from witness.solve import Doubt, Witness, value_for, witness
from witness.texts import common, joined, literal

# --- evaluators: examples of the documentation ------------------------------------------------------

# eb-create-pattern-operators.html
EVENTBRIDGE: list[tuple[dict[str, Any], dict[str, Any], bool]] = [
    ({"time": [{"prefix": "2017-10-02"}]}, {"time": "2017-10-02T18:43:48Z"}, True),
    ({"service": [{"prefix": {"equals-ignore-case": "EventB"}}]}, {"service": "eventbridge"}, True),
    ({"name": [{"suffix": ".png"}]}, {"name": "a.png"}, True),
    ({"name": [{"suffix": ".png"}]}, {"name": "a.PNG"}, False),
    ({"detail-type": [{"equals-ignore-case": "ec2 instance"}]}, {"detail-type": "EC2 Instance"}, True),
    ({"state": [{"anything-but": "initializing"}]}, {"state": "running"}, True),
    ({"state": [{"anything-but": ["stopped", "overloaded"]}]}, {"state": "stopped"}, False),
    ({"limit": [{"anything-but": [Number("100"), Number("200")]}]}, {"limit": Number("300")}, True),
    ({"state": [{"anything-but": {"prefix": "init"}}]}, {"state": "initializing"}, False),
    ({"name": [{"anything-but": {"suffix": ".txt"}}]}, {"name": "a.png"}, True),
    ({"path": [{"wildcard": "*/dir1/*.png"}]}, {"path": "a/dir1/b.png"}, True),
    ({"count": [{"numeric": [">", Number("0"), "<=", Number("5")]}]}, {"count": Number("5")}, True),
    ({"count": [{"numeric": ["<", Number("10")]}]}, {"count": "5"}, False),
    ({"ip": [{"cidr": "10.0.0.0/24"}]}, {"ip": "10.0.0.255"}, True),
    ({"ip": [{"cidr": "10.0.0.0/24"}]}, {"ip": "10.0.1.1"}, False),
    ({"state": [{"exists": True}]}, {"state": ""}, True),
    ({"state": [{"exists": False}]}, {"other": "a"}, True),
    ({"a": [""]}, {"a": ""}, True),
    ({"a": [None]}, {"a": None}, True),
    ({"$or": [{"a": ["x"]}, {"b": ["y"]}]}, {"b": "y"}, True),
    ({"$or": [{"a": ["x"]}, {"b": ["y"]}]}, {"b": "z"}, False),
    # eb-event-patterns-arrays: the lists of pattern and event have a value in common
    ({"arn": ["a", "b"]}, {"arn": ["b", "c"]}, True),
    ({"arn": ["a", "b"]}, {"arn": ["c"]}, False),
]


@pytest.mark.parametrize(("pattern", "event", "held"), EVENTBRIDGE)
def test_event_patterns_as_documented(pattern: dict[str, Any], event: dict[str, Any], held: bool) -> None:
    assert matches(pattern, event) is held


# string-value-matching.html and numeric-value-matching.html of SNS
SNS: list[tuple[dict[str, Any], sns.Attribute, bool]] = [
    ({"i": ["rugby", "tennis"]}, sns.Attribute("String", "rugby"), True),
    ({"i": ["rugby", "tennis"]}, sns.Attribute("String.Array", '["rugby", "tennis"]'), True),
    ({"i": ["rugby", "tennis"]}, sns.Attribute("String.Array", '["baseball"]'), False),
    ({"i": [{"anything-but": ["rugby", "tennis"]}]}, sns.Attribute("String.Array", '["rugby", "baseball"]'), True),
    ({"i": [{"anything-but": ["rugby", "tennis"]}]}, sns.Attribute("String", "rugby"), False),
    ({"i": [{"prefix": "bas"}]}, sns.Attribute("String", "baseball"), True),
    ({"i": [{"numeric": ["=", Number("301.5")]}]}, sns.Attribute("Number", "301.5"), True),
    ({"i": [{"numeric": [">", Number("0"), "<", Number("150")]}]}, sns.Attribute("Number", "100"), True),
    ({"i": [{"numeric": [">", Number("0")]}]}, sns.Attribute("String", "100"), False),
]


@pytest.mark.parametrize(("policy", "attribute", "held"), SNS)
def test_filter_policies_as_documented(policy: dict[str, Any], attribute: sns.Attribute, held: bool) -> None:
    assert sns.policy_accepts(policy, {"i": attribute}) is held


IAM = [
    ("home/${aws:username}/*", "home/ann/a.txt", True),
    ("prefix/*", "prefix/a/b", True),
    ("a?c", "abc", True),
    ("a?c", "ac", False),
    ("a${*}", "a*", True),
    ("a${*}", "ab", False),
    ("a${?}", "ab", False),
    ("a${$}", "a$", True),
    ("${aws:PrincipalTag/team, 'all'}/x", "all/x", True),
]


@pytest.mark.parametrize(("pattern", "text", "held"), IAM)
def test_patterns_of_iam_as_documented(pattern: str, text: str, held: bool) -> None:
    assert iam.like(pattern).accepts(text) is held


def test_keys_are_encoded_as_s3_does() -> None:
    assert s3.encoded("images/red flower.jpg") == "images/red+flower.jpg"
    assert s3.accepts("to+do/", ".jpg", "to do/a.jpg") and not s3.accepts("to do/", "", "to do/a.jpg")
    assert common([*s3.keys("ab", "ba")]) == "aba"


def test_escapes_of_a_wildcard() -> None:
    assert wildcard("a\\*b").accepts("a*b") and not wildcard("a\\*b").accepts("axb")
    assert wildcard("a\\\\*").accepts("a\\xyz") and not wildcard("a\\\\*").accepts("a*")


def test_envelope_is_what_a_queue_gets() -> None:
    body = sns.envelope({"Type": "order", "n": Number("5")})
    assert body["Type"] == "Notification" and body["Message"] == '{"Type": "order", "n": 5}'


# --- the solver against brute force ------------------------------------------------------------------

TEXTS = ["".join(letters) for size in range(5) for letters in product("aAbB", repeat=size)] + ["abc", "cab", "zz", "babcab"]
UNIVERSE = [*TEXTS, *(Number(f"{n / 4:g}") for n in range(-12, 45)), True, False, None, MISSING]


@pytest.mark.parametrize("seed", range(300))
def test_what_has_no_witness_has_none_in_a_small_universe(seed: int) -> None:
    rng = Random(seed)
    flavour = rng.choice(["texts", "numbers", "mixed"])
    pair = [patterns.leaf(rng, flavour, patterns.EVENTS)[0] for _ in range(2)]
    held = [value for value in UNIVERSE if all(accepts(matcher, value) for matcher in pair)]
    try:
        found = value_for(pair)
    except LookupError:
        assert not held
        return
    assert all(accepts(matcher, found) for matcher in pair)


def test_doubt_is_not_taken_for_a_proof() -> None:
    with pytest.raises(Doubt):
        value_for([{"cidr": "10.0.0.0/8"}, {"suffix": "x"}])


def test_negative_patterns_and_fresh_characters() -> None:
    assert common([joined(literal("a"), "run")], [literal("a"), joined(literal("aa"), "run")]) not in (None, "a", "aa")
    assert common([literal("a")], [joined("one")]) is None


def test_lists_and_single_fields() -> None:
    apart = [{"x": ["a"]}, {"x": ["b"]}]
    assert witness(apart, lists=False) is None
    assert witness(apart) == Witness({"x": ["a", "b"]}, listed=True)
    assert witness(apart, single=frozenset({("x",)})) is None
    assert witness([{"x": [{"exists": False}]}, {"x": ["b"]}]) is None


# --- the judge ----------------------------------------------------------------------------------------


def told(rule: str | None, severity: str = "error") -> Judged:
    return Judged((Finding(rule, severity, "p", 1, ""),) if rule else ())


def pair(enforced: bool, found: Witness | None) -> Pair:
    return Pair("family", "flavour", "", enforced, lambda: found, None if enforced else lambda: Witness({}, listed=False))


ONE, LIST = Witness({"x": "a"}, listed=False), Witness({"x": ["a", "b"]}, listed=True)


@pytest.mark.parametrize(
    ("asked", "answer", "outcome"),
    [
        (pair(True, ONE), told(None), judge.REFUTED),
        (pair(True, LIST), told(None), judge.REFUTED),
        (pair(True, None), told(None), judge.RIGHT),
        (pair(True, None), told("event-loop"), judge.NEEDLESS),
        (pair(True, ONE), told("event-loop", "warning"), judge.RIGHT),
        (pair(False, None), told(None), judge.REFUTED),
        (pair(False, ONE), told("loop-only-declared", "advice"), judge.REFUTED),
        (pair(False, LIST), told("loop-only-declared", "advice"), judge.DECLARED_ONE_VALUE),
        (pair(False, LIST), told("event-loop"), judge.NEEDLESS),
        (pair(False, None), told("loop-only-declared", "advice"), judge.RIGHT),
        (pair(True, ONE), told("type-mismatch"), judge.INVALID),
    ],
)
def test_verdicts_are_held_against_witnesses(asked: Pair, answer: Judged, outcome: str) -> None:
    assert judge.judge(asked, answer).outcome == outcome


def test_a_smaller_count_is_the_beginning_of_a_larger_one() -> None:
    assert [one.source for one in pairs(1, 40)] == [one.source for one in pairs(1, 80)][:40]
    assert {one.case for one in pairs(1, 60)} == {f"{pairs_name(family)}/{flavour}" for family, flavours in FAMILIES for flavour in flavours}


def pairs_name(family: Any) -> str:
    return family(Random(0), next(flavours for other, flavours in FAMILIES if other is family)[0]).family
