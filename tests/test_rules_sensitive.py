"""The patterns of rules/sensitive.toml on their own examples, and what is found against what is hidden."""

from __future__ import annotations

import re

import pytest

from corpus.export import mask
from rules.loader import document

RULES = document("sensitive.toml")
PATTERNS = {
    "secrecy": RULES["secrecy"],
    "personal": RULES["personal"],
    "masked numbers": RULES["masked"]["numbers"],
    "masked secrecy": RULES["masked"]["secrecy"],
}


@pytest.mark.parametrize("name", PATTERNS)
def test_examples(name: str) -> None:
    rule = PATTERNS[name]
    pattern = re.compile(rule["pattern"])
    assert [words for words in rule["examples"] if not pattern.search(words)] == []
    assert [words for words in rule["counter_examples"] if pattern.search(words)] == []


@pytest.mark.parametrize("words", [*RULES["personal"]["examples"], *RULES["masked"]["numbers"]["examples"]])
def test_a_personal_number_that_is_found_is_hidden(words: str) -> None:
    assert not re.search(r"\d", mask(words))


@pytest.mark.parametrize("words", RULES["secrecy"]["examples"])
def test_a_mark_that_is_found_is_hidden(words: str) -> None:
    assert not re.search(RULES["secrecy"]["pattern"], mask(words))


def test_a_quick_word_stands_in_every_personal_number() -> None:
    quick = RULES["personal"]["words"]
    assert all(any(word in words for word in quick) for words in RULES["personal"]["examples"])
