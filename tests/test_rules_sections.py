"""rules/sections.toml and rules/roles.toml prove themselves by their examples and counter-examples."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import pytest

from extract.markers import read_markers
from extract.roles import RolePlace, begins_with_agency, decide_roles
from extract.table_cells import find_unit
from rules.loader import document, words

UNITS = list(document("sections.toml")["unit"])
CUES = list(document("roles.toml")["cue"])


@pytest.mark.parametrize("unit", UNITS, ids=lambda unit: str(unit["kind"]))
def test_words_of_units(unit: Mapping[str, Any]) -> None:
    for example in unit["examples"]:
        assert [marker.kind for marker in read_markers(example)] == [unit["kind"]], example
    for example in unit["counter_examples"]:
        assert unit["kind"] not in {marker.kind for marker in read_markers(example)}, example


@pytest.mark.parametrize("key", ["refers", "refers_letter"])
def test_words_that_refer(key: str) -> None:
    rule, last_words = document("sections.toml")[key], set(words("sections.toml", f"{key}.words"))
    assert all(example.rsplit(" ", 1)[-1] in last_words for example in rule["examples"])
    assert not any(example.rsplit(" ", 1)[-1] in last_words for example in rule["counter_examples"])


def test_units_of_tables() -> None:
    rule = document("sections.toml")["table"]
    assert all(find_unit(example) for example in rule["examples"])
    assert not any(find_unit(example) for example in rule["counter_examples"])


@pytest.mark.parametrize("cue", CUES, ids=lambda cue: str(cue["role"]))
def test_cues_of_roles(cue: Mapping[str, Any]) -> None:
    for example in cue["examples"]:
        assert decide_roles([RolePlace(example, "", 1, "roman")]) == [cue["role"]], example
    for example in cue["counter_examples"]:
        assert decide_roles([RolePlace(example, "", 1, "roman")]) != [cue["role"]], example


def test_openings_of_agencies() -> None:
    rule = document("roles.toml")["agency"]
    assert all(begins_with_agency(example.lower()) for example in rule["examples"])
    assert not any(begins_with_agency(example.lower()) for example in rule["counter_examples"])
