"""Every entry of `rules/assignments.toml` matches its examples and none of its counter-examples."""

from __future__ import annotations

import re
from typing import Any

import pytest

from extract.agencies import begins_name
from rules.loader import document

RULES = document("assignments.toml")
SINGLE = ("leads", "joins", "closing", "implementing", "told", "duty", "powers", "shares", "urging")
MORE = ("directed", "described", "has", "bound", "telling")
ROWS = [
    *((f"lead_in-{row['id']}", row) for row in RULES["lead_in"]),
    *((f"label-{row['role']}", row) for row in RULES["label"]),
]


@pytest.mark.parametrize("row", [row for _, row in ROWS], ids=[name for name, _ in ROWS])
def test_row_examples(row: dict[str, Any]) -> None:
    pattern = re.compile(row["pattern"])
    assert all(pattern.match(example) for example in row["examples"])
    assert not any(pattern.match(example) for example in row["counter_examples"])


@pytest.mark.parametrize("name", [*SINGLE, *MORE])
def test_cue_examples(name: str) -> None:
    pattern = re.compile(RULES[name].get("before", "").removesuffix(r"\Z") + RULES[name]["pattern"])
    assert all(pattern.search(example) for example in RULES[name]["examples"])
    assert not any(pattern.search(example) for example in RULES[name]["counter_examples"])


@pytest.mark.parametrize("entry", [entry for entry in RULES["names"]["proper"] if "|not:" in entry])
def test_a_guard_keeps_a_word_from_being_a_name(entry: str) -> None:
    name, _, others = entry.partition("|not:")
    assert begins_name(f"{name} Ba Vì", 0)
    assert not any(begins_name(f"{name} {other}".replace(" ,", ","), 0) for other in others.split("|"))


@pytest.mark.parametrize("row", [*RULES["lead_in"], RULES["opening"]], ids=["lead_in", "opening"])
def test_first_words_cover_the_pattern(row: dict[str, Any]) -> None:
    assert all(example.split()[0].rstrip(",:") in row["first"] for example in row["examples"])


def test_acts_and_ends_are_apart() -> None:
    assert not set(RULES["acts"]["verbs"]) & set(RULES["acts"]["ends"])


def test_what_is_only_reported_is_no_charge() -> None:
    rule = RULES["joins"]
    pattern = re.compile(rule["reported"])
    assert all(pattern.search(example) for example in rule["reported_examples"])
    assert not any(pattern.search(example) for example in rule["reported_counter_examples"])
