"""The judges of loops are judged themselves: the hop table, the model that computes the expectation, what counts as a
failure, and how directed programs are read. Run with pytest: `tests/run selftest`."""

from __future__ import annotations

import sys
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest

sys.path.insert(0, str(Path(__file__).resolve().parent))

from hops import directed, judge
from hops.generate import HOPS, Sample, sample, smallest
from hops.model import Decl, Project
from hops.rows import WRITERS
from hops.templates import judge as templates_judge
from hops.templates import sample as templates
from hops.templates import world as templates_world
from verdict import DECLARED, LOOP, NOT_PROVED, REFUSED, SILENT, Finding, Judged, expanded


def told(*findings: tuple[str, str]) -> Judged:
    return Judged(tuple(Finding(rule, severity, "main.purlin", 1, "`f` -> `q` -> `f`") for rule, severity in findings))


ERROR = ("event-loop", "error")
WARNING = ("event-loop", "warning")
ADVICE = ("loop-only-declared", "advice")
OTHER = ("type-mismatch", "error")

# --- verdicts -----------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("judged", "verdict"),
    [
        (told(), SILENT),
        (told(("failed-events-lost", "warning")), SILENT),
        (told(WARNING, ERROR), LOOP),
        (told(WARNING), NOT_PROVED),
        (told(("loop-not-proved", "advice")), NOT_PROVED),
        (told(ADVICE), DECLARED),
        (told(ERROR, OTHER), REFUSED),
    ],
)
def test_verdict_is_the_strongest_finding(judged: Judged, verdict: str) -> None:
    assert judged.verdict == verdict


def test_what_every_function_needs_is_written_at_its_indentation() -> None:
    assert expanded("function f {\n  ...\n}").splitlines()[1] == '  runtime = "python3.13"'
    assert expanded("  function f {\n    ...\n  }").splitlines()[1] == '    runtime = "python3.13"'


# --- the hop table and its model ------------------------------------------------------------------------


def test_every_hop_has_a_page_and_is_written_in_purlin() -> None:
    ids = [hop.id for hop in HOPS]
    assert len(ids) == len(set(ids)) >= 60
    assert set(ids) == set(WRITERS)
    for hop in HOPS:
        assert hop.page.startswith("https://docs.aws.amazon.com/") and hop.how


@pytest.mark.parametrize("hop", HOPS, ids=lambda hop: hop.id)
def test_every_hop_has_a_smallest_loop(hop: Any) -> None:
    made = smallest(hop)
    assert hop.id in made.looping
    assert not made.certain or hop.certain or len(made.looping) > 1


def hop(name: str) -> Any:
    return next(one for one in HOPS if one.id == name)


def chain(*steps: tuple[str, str, str]) -> Project:
    """A project of hops between named declarations, without any source."""
    made = Project()
    for source, name, target in steps:
        for end in (source, target):
            made.decls.setdefault(end, Decl("function" if end.startswith("f") else "queue", end))
        made.cause(made.decls[source], made.decls[target], hop(name))
    return made


def test_model_finds_loops_and_only_loops() -> None:
    assert chain(("f", "send-message", "q"), ("q", "queue-mapping", "f")).looping() == {"send-message", "queue-mapping"}
    assert not chain(("f", "send-message", "q"), ("q", "queue-mapping", "f2")).looping()
    assert chain(("f", "invoke-function", "f")).looping() == {"invoke-function"}
    # What a function sends on success is sent for asynchronous calls only.
    polled = chain(("f", "success-to-queue", "q"), ("q", "queue-mapping", "f"))
    assert not polled.looping() and polled.looping(any_call=True)
    assert not chain(("f", "send-message", "q"), ("q", "redrive", "q2"), ("q2", "queue-mapping", "f")).certain()


def test_samples_depend_on_seed_and_number_alone() -> None:
    assert [sample(1, n).source for n in range(30)] == [sample(1, n).source for n in range(30)]
    assert sample(1, 3).source != sample(2, 3).source
    kinds = {bool(sample(1, n).looping) for n in range(60)}
    assert kinds == {True, False}


def test_samples_span_stacks_components_and_loops() -> None:
    sources = [sample(1, n).source for n in range(210)]
    for word in ("import_stack", "component box", "for turn in", "statements = [", 'resource "AWS::', "prefix: "):
        assert any(word in source for source in sources), word


# --- what fails -----------------------------------------------------------------------------------------


def asked(case: str, looping: set[str], certain: bool = True, arguable: bool = False) -> Sample:
    return Sample(case, {"main.purlin": ""}, frozenset(looping), certain, arguable)


@pytest.mark.parametrize(
    ("one", "judged", "outcome"),
    [
        (asked("loop/plain", {"redrive"}), told(), judge.MISSED),
        (asked("loop/plain", {"redrive"}), told(ERROR), judge.FOUND),
        (asked("loop/plain", {"send-message"}), told(WARNING), judge.UNSURE),
        (asked("loop/plain", {"redrive"}, certain=False), told(WARNING), judge.FOUND),
        (asked("no-loop/plain", set()), told(), judge.QUIET),
        (asked("no-loop/plain", set()), told(ADVICE), judge.FALSE),
        (asked("no-loop/plain", set(), arguable=True), told(ERROR), judge.ARGUABLE),
        (asked("loop/plain", {"redrive"}), told(OTHER), judge.INVALID),
    ],
)
def test_outcomes(one: Sample, judged: Judged, outcome: str) -> None:
    assert judge.Answer(one, judged).outcome == outcome


def test_a_missed_project_is_explained_by_a_hop_that_fails_alone() -> None:
    alone = judge.Answer(asked("hop/redrive", {"redrive"}), told())
    explained = judge.Answer(asked("loop/plain", {"redrive", "send-message"}), told())
    other = judge.Answer(asked("loop/for", {"send-message"}), told())
    claimed = judge.Answer(asked("no-loop/for", set()), told(ERROR))
    assert set(judge.failures([alone, explained, other, claimed])) == {"hop/redrive", "loop/for", "no-loop/for"}
    assert set(judge.failures([explained])) == {"loop/plain"}
    written = judge.Answer(asked("statement/send-message", {"send-message"}), told())
    dressed = judge.Answer(asked("loop/statements", {"send-message"}), told())
    assert set(judge.failures([written, dressed, other])) == {"statement/send-message", "loop/for"}
    refused = judge.Answer(asked("loop/for", {"send-message"}), told(OTHER))
    assert set(judge.failures([refused])) == {"compiles/for"}


# --- directed programs -----------------------------------------------------------------------------------


def case(head: str) -> directed.Case:
    return directed.case("file", head, "# why\nstack a\n")


@pytest.mark.parametrize(
    ("head", "judged", "fails"),
    [
        ("=== a: loop", told(ERROR), False),
        ("=== a: loop", told(WARNING), True),
        ("=== a: reported", told(ADVICE), False),
        ("=== a: reported", told(), True),
        ("=== a: silent", told(ERROR), True),
        ("=== a: silent, declared", told(ADVICE), False),
        ("=== a: refused", told(OTHER), False),
        ("=== a: loop through q", told(ERROR), False),
        ("=== a: loop through other", told(ERROR), True),
    ],
)
def test_directed_expectations(head: str, judged: Judged, fails: bool) -> None:
    assert (case(head).problem(judged) is not None) is fails


def test_a_refusal_within_the_library_is_none() -> None:
    inside = Judged((Finding("type-mismatch", "error", "stdlib/aws/sqs.purlin", 1, ""),))
    assert case("=== a: refused").problem(inside)


def test_directed_programs_are_read_strictly(tmp_path: Path) -> None:
    for head in ("=== a: lop", "=== A b: loop", "=== a"):
        with pytest.raises(ValueError):
            case(head)
    (tmp_path / "one.txt").write_text("=== a: loop\nstack a\n=== a: loop\nstack a\n")
    with pytest.raises(ValueError):
        directed.cases(tmp_path)


def test_directed_programs_of_several_stacks() -> None:
    imported = next(one for one in directed.cases() if one.name == "imported-table-and-its-original")
    assert set(imported.files) == {"base.purlin", "app.purlin"}
    assert len(directed.cases()) >= 120


# --- templates -------------------------------------------------------------------------------------------


def test_every_hop_is_written_as_a_template() -> None:
    for one in HOPS:
        for sam in (False, True):
            made = templates.alone(one, sam=sam)
            assert made.looping and (one.id in made.looping or one.id.endswith("-default-bus")), (one.id, sam)
            assert ("AWS::Serverless" in made.source) is sam


def test_samples_of_templates_depend_on_seed_and_number_alone() -> None:
    made = [templates.sample(1, n) for n in range(240)]
    assert [one.source for one in made] == [templates.sample(1, n).source for n in range(240)]
    assert {one.kind for one in made} == set(templates.KINDS)
    text = "\n".join(one.source for one in made)
    words = ("Fn::ImportValue", "AWS::CloudFormation::Stack", "resolve:ssm", "[links]", "export ", "existing ", "AWS::Serverless::Function", "!GetAtt",
             '"Fn::GetAtt"', "IsProd", "Deny", "FullAccess", "events:source", "dynamodb:LeadingKeys", "prefix")
    for word in words:
        assert word in text, word
    assert {len([name for name in one.files if name.startswith("s")]) for one in made} >= {1, 2, 3, 4}


def world(*causes: templates_world.Cause) -> templates_world.World:
    things = {name: templates_world.Thing(name, {"f": "function", "b": "bucket", "q": "queue"}[name[0]], 0, name, None) for name in ("f", "b", "q")}
    return templates_world.World(things, list(causes))


def test_the_model_of_templates_knows_filters_conditions_and_declarations() -> None:
    cause = templates_world.Cause
    put, heard = cause(("f", "run"), ("b", "created"), "put-object", gives=("in",)), cause(("b", "created"), ("f", "async"), "created-to-function", takes=("in",))
    assert world(put, heard).looping(2) == {"put-object", "created-to-function"}
    assert not world(replace(put, gives=("out",)), heard).looping(0)
    assert world(replace(put, when=("s0", "dev")), replace(heard, when=("s0", "dev"))).looping(2)
    assert not world(replace(put, when=("s0", "dev")), replace(heard, when=("s0", "prod"))).looping(0)
    assert world(replace(put, when=("s0", "dev")), replace(heard, when=("s1", "prod"))).looping(2)
    assert not world(replace(put, level=1), heard).looping(2) and world(replace(put, level=1), heard).looping(1)
    sent, polled = cause(("f", "run"), ("q", "message"), "send-message", says=("a",)), cause(("q", "message"), ("f", "run"), "queue-mapping", takes=("b",))
    assert not world(sent, polled).looping(1) and world(sent, polled).looping(1, as_declared=False)


def test_the_judge_of_templates_notices_a_hop_that_is_not_read() -> None:
    """Without one of its hops the compiler sees no loop: as if it did not read that hop."""
    made = templates.alone(hop("send-message"))
    whole, file = templates_judge.answer(made), next(iter(made.files))
    assert whole.outcome == judge.FOUND
    mapping = "AWS::Lambda::EventSourceMapping"
    for part, other in (("sqs:SendMessage", "sqs:GetQueueUrl"), (mapping, f"{mapping}Not")):
        assert part in made.files[file]
        without = replace(made, files={file: made.files[file].replace(part, other)})
        seen = templates_judge.answer(without)
        # An unknown type may do anything, which is said.
        assert seen.outcome in (judge.MISSED, judge.UNSURE), part
    lost = templates_judge.Told(made, told())
    assert set(templates_judge.failures([lost])) == {"hop/send-message"}


def test_a_missed_project_of_templates_is_explained_only_by_what_is_missed_alone() -> None:
    cause = templates_world.Cause
    both = world(cause(("f", "run"), ("q", "message"), "send-message"), cause(("q", "message"), ("f", "run"), "queue-mapping"))
    one = templates.Sample("loop/one", {"s0.yaml": ""}, frozenset({"send-message", "queue-mapping"}), True, world=both)
    alone = templates_judge.Told(templates.Sample("hop/send-message", {"s0.yaml": ""}, frozenset({"send-message"}), True, world=both), told())
    other = templates_judge.Told(templates.Sample("hop/redrive", {"s0.yaml": ""}, frozenset({"redrive"}), True, world=both), told())
    assert set(templates_judge.failures([alone, templates_judge.Told(one, told())])) == {"hop/send-message"}
    assert set(templates_judge.failures([other, templates_judge.Told(one, told())])) == {"hop/redrive", "loop/one"}


def test_what_only_declarations_exclude_is_said_so() -> None:
    made = templates.Sample("declared/existing", {"s0.yaml": ""}, frozenset(), False, declared=True)
    outcomes = [templates_judge.Told(made, told(*those)).outcome for those in ([], [ADVICE], [ERROR], [OTHER])]
    assert outcomes == [judge.MISSED, templates_judge.SAID, judge.FALSE, judge.INVALID]
