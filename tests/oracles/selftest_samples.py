"""The comparison of sample events finds a field that is absent, further, or of another type, and a stale exception."""

from __future__ import annotations

import sys
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parent))

from common import HERE, read_json
from recorded import RECORDED, example
from samples import difference

EVENT = {"Records": [{"body": "a", "attributes": {"count": "1"}, "tags": None}]}


def test_equal_events_do_not_differ() -> None:
    assert difference(EVENT, {"Records": [{"body": "b", "attributes": {"count": "2"}, "tags": None}]}, {}) == []


def test_each_difference_is_found() -> None:
    for other in (
        {"Records": [{"body": "a", "attributes": {}, "tags": None}]},
        {"Records": [{"body": "a", "attributes": {"count": "1", "more": "2"}, "tags": None}]},
        {"Records": [{"body": "a", "attributes": {"count": 1}, "tags": None}]},
        {"Records": [{"body": "a", "attributes": {"count": "1"}, "tags": "x"}]},
        {"Records": [{"body": {"a": 1}, "attributes": {"count": "1"}, "tags": None}]},
        {"Records": [{"body": ["a"], "attributes": {"count": "1"}, "tags": None}]},
        {"Records": {"body": "a", "attributes": {"count": "1"}, "tags": None}},
        {"Records": [{"body": "a", "attributes": {"count": "1"}, "tags": None, "more": []}]},
    ):
        assert len(difference(EVENT, other, {})) >= 1, other


def test_an_exception_covers_what_is_below_it_and_must_be_needed() -> None:
    other = {"Records": [{"body": "a", "attributes": {}, "tags": None}]}
    assert difference(EVENT, other, {"Records.attributes": "a reason"}) == []
    assert len(difference(EVENT, EVENT, {"Records.attributes": "a reason"})) == 1


def test_an_example_has_the_types_of_its_shape() -> None:
    shape = {"Records": [{"body": "text", "attributes": "record", "tags": "null"}], "on": "boolean", "count": "number"}
    assert difference({"Records": [{"body": "b", "attributes": {}, "tags": None}], "on": True, "count": 2.5}, example(shape), {}) == []
    assert len(difference(EVENT, example(shape), {})) == 3


def test_each_recorded_event_says_where_it_was_read() -> None:
    events = read_json(HERE / "fixtures" / "events.json")
    assert all(one["read"].startswith("https://") and one["event"] for one in events.values())
    assert {one.event for one in RECORDED} == events.keys()
