"""Every entry of `rules/targets.toml` matches its examples and none of its counter-examples."""

from __future__ import annotations

import re

import pytest

from rules.loader import document

RULES = document("targets.toml")


@pytest.mark.parametrize("name", ["goal", "set", "not_goal", "named"])
def test_examples_before_the_number(name: str) -> None:
    pattern = re.compile(RULES[name]["pattern"])
    assert all(pattern.search(example.partition("⟦")[0]) for example in RULES[name]["examples"])
    assert not any(pattern.search(example.partition("⟦")[0]) for example in RULES[name]["counter_examples"])


def test_examples_behind_the_number() -> None:
    pattern = re.compile(RULES["baseline"]["pattern"])
    assert all(pattern.match(example.partition("⟧")[2]) for example in RULES["baseline"]["examples"])
    assert not any(pattern.match(example.partition("⟧")[2]) for example in RULES["baseline"]["counter_examples"])


def test_no_unit_is_both() -> None:
    assert not set(RULES["units"]["nouns"]) & set(RULES["units"]["not_units"])
