"""Every pattern of `rules/` that says where it is looked for (`at`) proves itself by its examples."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

import pytest

from extract.table_cells import heads_total
from rules.loader import FOLDER, document, pattern

Entry = Mapping[str, Any]
"""An entry of a TOML table: its values are of any type."""


def _entries(name: str, table: Entry, key: str = "") -> Iterator[tuple[str, str, Entry]]:
    for part, value in table.items():
        if isinstance(value, dict):
            here = f"{key}.{part}" if key else part
            if "pattern" in value and "at" in value:
                yield name, here, value
            else:
                yield from _entries(name, value, here)


PATTERNS = [
    entry for path in sorted(FOLDER.glob("*.toml")) for entry in _entries(path.name, document(path.name))
]  # fmt: skip


def _found(name: str, key: str, at: str, example: str) -> tuple[int, int] | None:
    """Where the pattern is met: before ⟦, where it is looked for at an end; else it should take what ⟦ ⟧ hold."""
    regex = pattern(name, key)
    if at == "end":
        match = regex.search(example.partition("⟦")[0])
    else:
        begin, text = max(example.find("⟦"), 0), example.replace("⟦", "").replace("⟧", "")
        look = {"start": regex.match, "whole": regex.fullmatch, "any": regex.search}[at]
        match = look(text, begin if at == "start" else 0)
    return match.span() if match else None


@pytest.mark.parametrize(("name", "key", "entry"), PATTERNS, ids=[f"{name}:{key}" for name, key, _ in PATTERNS])
def test_patterns(name: str, key: str, entry: Entry) -> None:
    assert entry["examples"], "give an example"
    assert entry["counter_examples"], "give a counter-example"
    for example in entry["examples"]:
        span = _found(name, key, entry["at"], example)
        assert span is not None, f"{example!r} is not met"
        if "⟦" in example and entry["at"] != "end":
            assert span == (example.index("⟦"), example.index("⟧") - 1), f"{example!r}: {span} is taken"
    for example in entry["counter_examples"]:
        assert _found(name, key, entry["at"], example) is None, f"{example!r} is met"


def test_heads_of_totals() -> None:
    rows = document("totals.toml")["rows"]
    assert [cell for cell in rows["examples"] if not heads_total(cell)] == []
    assert [cell for cell in rows["counter_examples"] if heads_total(cell)] == []
    assert [head for head in rows["heads"] if not heads_total(head.upper())] == []
