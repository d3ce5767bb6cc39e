"""Each fact is judged: its bad template is found by its check, its near miss is not, and it says where it is from."""

from __future__ import annotations

import importlib.util
import sys
from pathlib import Path

import pytest

HERE = Path(__file__).resolve().parent
sys.path.insert(0, str(HERE))

from common import ROOT, Template
from facts.registry import FACTS, Fact, Resources
from facts.view import View
from simulate import inputs

spec = importlib.util.spec_from_file_location("facts_stage", HERE / "facts.py")
stage = importlib.util.module_from_spec(spec)
spec.loader.exec_module(stage)


def template(resources: Resources) -> Template:
    held = {name: resource for name, resource in resources.items() if name != "Outputs"}
    return {"Resources": held, "Outputs": resources.get("Outputs", {})}


def found(fact: Fact, resources: Resources) -> list[str]:
    made = template(resources)
    return list(fact.check(View(made, inputs.values(made))))


@pytest.mark.parametrize("name", FACTS)
def test_the_bad_template_is_found_and_the_near_miss_is_not(name: str) -> None:
    fact = FACTS[name]
    assert found(fact, fact.bad), "nothing is found in the bad template"
    assert found(fact, fact.good) == []


@pytest.mark.parametrize("name", FACTS)
def test_each_fact_is_one_sentence_with_its_source(name: str) -> None:
    fact = FACTS[name]
    assert fact.sentence.endswith(".") and len(fact.date) == 10
    assert all(url.startswith("https://") for url in fact.source.split())


def test_there_are_many() -> None:
    assert len(FACTS) >= 40


def test_facts_without_a_source_are_listed_in_the_docs() -> None:
    page = (ROOT / "docs" / "verified.md").read_text(encoding="utf-8")
    for fact in FACTS.values():
        assert fact.source or fact.sentence in page, f"docs/verified.md does not list as unverified: {fact.sentence}"
