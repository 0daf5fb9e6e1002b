"""Every entry of `rules/deadlines.toml` matches its examples and none of its counter-examples."""

from __future__ import annotations

import re
from typing import Any

import pytest

from rules.loader import document

RULES = document("deadlines.toml")
BEFORE = ("apart", "lead", "named", "freed", "acting", "told", "allowance", "described", "regular")
BEHIND = ("goal_behind", "told_behind")


def _before(example: str) -> str:
    return example.partition("⟦")[0]


@pytest.mark.parametrize("row", RULES["bind"], ids=lambda row: row["id"])
def test_bind_examples(row: dict[str, Any]) -> None:
    pattern = re.compile(row["pattern"])
    assert all(pattern.search(_before(example)) for example in row["examples"])
    assert not any(pattern.search(_before(example)) for example in row["counter_examples"])


@pytest.mark.parametrize("name", BEFORE)
def test_examples_before_the_period(name: str) -> None:
    pattern = re.compile(RULES[name]["pattern"])
    assert all(pattern.search(_before(example)) for example in RULES[name]["examples"])
    assert not any(pattern.search(_before(example)) for example in RULES[name]["counter_examples"])


@pytest.mark.parametrize("name", BEHIND)
def test_examples_behind_the_period(name: str) -> None:
    pattern = re.compile(RULES[name]["pattern"])
    assert all(pattern.match(example.partition("⟧")[2]) for example in RULES[name]["examples"])
    assert not any(pattern.match(example.partition("⟧")[2]) for example in RULES[name]["counter_examples"])


def test_the_first_binding_that_matches_decides_as_meant() -> None:
    for row in RULES["bind"]:
        for example in row["examples"]:
            first = next(other for other in RULES["bind"] if re.search(other["pattern"], _before(example)))
            assert first["how"] == row["how"], example
