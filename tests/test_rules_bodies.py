"""`rules/bodies.toml` proves itself: every example is read by its pattern, no counter-example is."""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import Any

import pytest

from extract.agency import level_of_name
from rules.loader import document
from rules.units import LEVEL_OF_KIND

BODIES = document("bodies.toml")
ENTRIES = [*BODIES["level"], *BODIES["completed"], BODIES["itself"]]


@pytest.mark.parametrize("entry", ENTRIES, ids=lambda entry: entry["examples"][0])
def test_examples_and_counter_examples(entry: Mapping[str, Any]) -> None:
    pattern = re.compile(entry["pattern"])
    assert [name for name in entry["examples"] if not pattern.match(name)] == []
    assert [name for name in entry["counter_examples"] if pattern.match(name)] == []


@pytest.mark.parametrize("entry", BODIES["level"], ids=lambda entry: entry["level"])
def test_levels_are_told_by_names(entry: Mapping[str, Any]) -> None:
    assert [name for name in entry["examples"] if level_of_name(name) != entry["level"]] == []


def test_kinds_are_kinds_of_units() -> None:
    kinds = {*(entry["kind"] for entry in BODIES["completed"]), *BODIES["seats"].values()}
    assert kinds <= {*LEVEL_OF_KIND, "thành phố"}
