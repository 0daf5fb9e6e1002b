"""Every entry of `rules/money.toml` matches its examples and none of its counter-examples."""

from __future__ import annotations

import re
from typing import Any

import pytest

from extract.budgets import kind_of
from rules.loader import document

RULES = document("money.toml")
PLAIN = [("source", row["source"], row) for row in RULES["source"]] + [
    ("fund", row["kind"], row) for row in RULES["fund"]
]


def _matches(cue: dict[str, Any], example: str) -> bool:
    """Whether the cue's pattern matches where it is looked for; a text without a mark ends at the sum."""
    pattern = re.compile(cue["pattern"])
    marked = example if "⟦" in example else example + "⟦1 đồng⟧"
    before, rest = marked.split("⟦", 1)
    words = {"before": before, "lead": before, "after": "⟦" + rest, "around": marked}[cue["where"]]
    return bool(pattern.match(words) if cue["where"] == "lead" else pattern.search(words))


@pytest.mark.parametrize("cue", RULES["cue"], ids=lambda cue: cue["id"])
def test_cue_examples(cue: dict[str, Any]) -> None:
    assert all(_matches(cue, example) for example in cue["examples"])
    assert not any(_matches(cue, example) for example in cue["counter_examples"])


@pytest.mark.parametrize(("_", "name", "row"), PLAIN, ids=[f"{kind}-{name}" for kind, name, _ in PLAIN])
def test_source_and_fund_examples(_: str, name: str, row: dict[str, Any]) -> None:
    assert all(re.search(row["pattern"], example) for example in row["examples"]), name
    assert not any(re.search(row["pattern"], example) for example in row["counter_examples"]), name


def test_cue_ids_are_unique() -> None:
    ids = [cue["id"] for cue in RULES["cue"]]
    assert len(ids) == len(set(ids))
    assert callable(kind_of)
