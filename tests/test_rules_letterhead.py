"""`letterhead.toml` proves itself: every example is met by its entry, no counter-example is."""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import Any

import pytest

from extract.agency import is_head
from extract.bodies import full_words, without_person
from extract.chain import issues_plan
from extract.furniture import official_end
from extract.signature import is_office
from extract.text import build_view
from extract.titles import begins_text
from rules.loader import document, words

RULES = document("letterhead.toml")
Entry = Mapping[str, Any]
"""An entry of a TOML table: its values are of any type."""


@pytest.mark.parametrize("entry", RULES["words"], ids=lambda entry: entry["name"])
def test_words_are_written_out(entry: Entry) -> None:
    for example in entry["examples"]:
        assert entry["name"] in full_words(example), f"{example!r} does not become {entry['name']!r}"
    for example in entry.get("counter_examples", ()):
        assert not full_words(example).startswith(entry["name"]), f"{example!r} becomes {entry['name']!r}"


@pytest.mark.parametrize("entry", RULES["fields"], ids=lambda entry: entry["name"])
def test_fields_are_written_out(entry: Entry) -> None:
    for example in entry["examples"]:
        assert full_words(f"Sở {example}") == f"Sở {entry['name']}"
        assert full_words(f"Phòng {example}") == f"Phòng {entry['name']}"
    for example in entry.get("counter_examples", ()):
        assert full_words(f"Sở {example}") != f"Sở {entry['name']}"


@pytest.mark.parametrize("entry", RULES["persons"], ids=lambda entry: entry["office"][:30])
def test_persons_stand_for_bodies(entry: Entry) -> None:
    for example in entry["examples"]:
        assert without_person(example) != example, f"{example!r} is not taken for a person's office"
    for example in entry.get("counter_examples", ()):
        assert without_person(example) == example, f"{example!r} is taken for a person's office"


def test_heads_begin_names_of_bodies() -> None:
    assert [example for example in RULES["agency"]["examples"] if not is_head(example)] == []
    assert [example for example in RULES["agency"]["counter_examples"] if is_head(example)] == []


def test_every_head_is_met() -> None:
    assert [head for head in words("letterhead.toml", "agency.heads") if not is_head(head.capitalize())] == []


def test_offices_sign() -> None:
    assert [example for example in RULES["signature"]["examples"] if not is_office(example)] == []
    assert [example for example in RULES["signature"]["counter_examples"] if is_office(example)] == []


def test_cues_end_the_abstract() -> None:
    assert [example for example in RULES["title"]["examples"] if not begins_text(example)] == []
    assert [example for example in RULES["title"]["counter_examples"] if begins_text(example)] == []


def test_issuing_words() -> None:
    assert [example for example in RULES["issuing"]["examples"] if not issues_plan(example)] == []
    assert [example for example in RULES["issuing"]["counter_examples"] if issues_plan(example)] == []


@pytest.mark.parametrize("example", RULES["furniture"]["examples"])
def test_footers_end_the_document(example: str) -> None:
    view = build_view(f"KẾ HOẠCH\n\nChăm sóc cây xanh./.\n\n{example}\n\nTrang chủ")
    assert view.text[: official_end(view, 0)].rstrip().endswith("cây xanh./.")


@pytest.mark.parametrize("example", RULES["furniture"]["counter_examples"])
def test_what_only_resembles_a_footer(example: str) -> None:
    view = build_view(f"KẾ HOẠCH\n\nChăm sóc cây xanh.\n\n{example}\n\nLưu: VT")
    assert view.text[: official_end(view, 0)].rstrip().endswith("Lưu: VT")


def test_patterns_compile() -> None:
    for key in ("always", "begins", "deciders", "bases"):
        for cue in words("letterhead.toml", f"title.{key}"):
            assert re.compile(cue).match("") is None, f"{cue!r} is met by nothing"
