"""The patterns of the checks and of identity: every one matches its examples and none of its counter-examples."""

from __future__ import annotations

import itertools
import re
from typing import Any

import pytest

from corpus.identity import fold
from rules.hierarchy import assembly_terms, harmless_confusions, types
from rules.loader import document, pattern, table
from rules.units import LEVEL_WORDS, RANK

_ELSEWHERE = {"share_of_whole", "funding_shares"}
PATTERNS = [
    (file, name)
    for file in ("checks.toml", "identity.toml", "subjects.toml")
    for name, entry in document(file).items()
    if isinstance(entry, dict) and "pattern" in entry
]


@pytest.mark.parametrize(("file", "name"), PATTERNS, ids=[f"{file}-{name}" for file, name in PATTERNS])
def test_examples(file: str, name: str) -> None:
    entry: dict[str, Any] = document(file)[name]
    read = fold if entry.get("folded") else str
    assert entry["examples"], name
    assert [words for words in entry["examples"] if not pattern(file, name).search(read(words))] == []
    assert [words for words in entry["counter_examples"] if pattern(file, name).search(read(words))] == []


def test_every_entry_is_proved() -> None:
    proved = {name for file, name in PATTERNS if file == "checks.toml"} | _ELSEWHERE
    lists = {name for name, entry in document("checks.toml").items() if set(entry) <= {"words", "types"}}
    assert set(document("checks.toml")) == proved | lists


def _is_beyond_the_whole(words: str) -> bool:
    before, _, rest = words.partition("⟦")
    cue = pattern("checks.toml", "share_of_whole.cue").search(before)
    return cue is not None and not pattern("checks.toml", "share_of_whole.beyond").search(before + rest)


def test_shares_of_a_whole() -> None:
    entry = document("checks.toml")["share_of_whole"]
    assert [words for words in entry["examples"] if not _is_beyond_the_whole(words)] == []
    assert [words for words in entry["counter_examples"] if _is_beyond_the_whole(words)] == []


def test_shares_of_funding() -> None:
    entry = document("checks.toml")["funding_shares"]
    for words in (*entry["examples"], *entry["counter_examples"]):
        cue = pattern("checks.toml", "funding_shares.cue").search(words)
        items = re.findall(entry["item"], words[cue.end() :]) if cue else []
        assert (len(items) >= 2) is (words in entry["examples"]), words


@pytest.mark.parametrize(
    "name", ["plans", "orders", "likely_parents", "awaited", "leading", "ending", "attached", "by_name"]
)
def test_lists_of_types_hold_types(name: str) -> None:
    known = {row["code"] for row in table("doc_types.csv")}
    assert types(name) <= known
    assert types(name)


def test_confusions_are_of_known_types() -> None:
    known = {row["code"] for row in table("doc_types.csv")}
    assert all(len(pair) == 2 and pair <= known for pair in harmless_confusions())


def test_terms_follow_one_another() -> None:
    years = list(assembly_terms().values())
    assert all(one[1] == other[0] for one, other in itertools.pairwise(years))


def test_levels_have_a_rank_and_a_word() -> None:
    assert set(RANK) == set(LEVEL_WORDS)
    assert sorted(RANK, key=lambda level: RANK[level]) == ["central", "province", "district", "commune"]
