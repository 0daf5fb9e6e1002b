"""Puts the documents that a search found into order, in a time that does not grow with how many they are.

FTS5's bm25 looks at every document that holds the words. Up to `MOST_RANKED` of them all are weighed. Where there are
more, the words are common ones and their weight says little: those that hold the words in title, code or issuer are
weighed, then those of the newest documents, and all others follow, the newest first. Every document is reached.
"""

from __future__ import annotations

import json
import sqlite3
from collections.abc import Sequence
from dataclasses import dataclass

MOST_RANKED = 5000
"""So many documents are weighed at most: in title, code and issuer, and in the whole text."""
POOL = 300
"""So many of the best are put into order by whether they hold the words as typed."""
_HEAD = "{title code issuer}"
_WEIGHT = "bm25(documents_fts, 8.0, 10.0, 4.0, 1.0)"


@dataclass(frozen=True, slots=True)
class Question:
    """What is looked for: an expression of FTS5, and conditions on `documents d` with their values."""

    expression: str
    where: str
    values: tuple[str | int, ...]

    @property
    def tables(self) -> str:
        """The tables to read, the index first whatever SQLite's planner thinks of the conditions."""
        other = " cross join documents d on d.rowid = f.rowid" if self.where else ""
        return f"from documents_fts f{other} where documents_fts match ?{self.where}"


@dataclass(frozen=True, slots=True)
class Found:
    """What a question found: how many documents in all, and the rowids of those that were weighed, the best first."""

    total: int
    weighed: tuple[int, ...]


def find(db: sqlite3.Connection, question: Question) -> Found:
    """How many documents hold the words, and the order of those that are weighed."""
    newest = _weighed(db, question, question.expression)
    if len(newest) < MOST_RANKED:
        return Found(len(newest), tuple(newest))
    total = db.execute(f"select count(*) {question.tables}", (question.expression, *question.values)).fetchone()[0]
    if total == MOST_RANKED:
        return Found(total, tuple(newest))
    head = _weighed(db, question, f"{_HEAD} : ({question.expression})")
    return Found(total, tuple(dict.fromkeys([*head, *newest])))


def page(
    db: sqlite3.Connection, question: Question, found: Found, as_typed: Sequence[str], limit: int, offset: int
) -> list[tuple[int, bool]]:
    """The rowids of one page of what was found, each with whether the document holds the words as typed."""
    best = found.weighed[:POOL]
    exact = _exact(db, best, as_typed)
    ordered = [*sorted(best, key=lambda number: number not in exact), *found.weighed[POOL:]]
    shown = ordered[offset : offset + limit]
    if len(shown) < limit and len(ordered) < found.total:
        shown += _others(db, question, ordered, limit - len(shown), max(0, offset - len(ordered)))
    return [(number, number in exact) for number in shown]


def _weighed(db: sqlite3.Connection, question: Question, expression: str) -> list[int]:
    """The newest `MOST_RANKED` documents of an expression, the weightiest first."""
    rows = db.execute(
        f"""select found.place from (select f.rowid as place, {_WEIGHT} as weight {question.tables}
            order by f.rowid desc limit ?) found join documents d on d.rowid = found.place
            order by found.weight, d.id""",
        (expression, *question.values, MOST_RANKED),
    )
    return [int(row[0]) for row in rows]


def _others(db: sqlite3.Connection, question: Question, known: Sequence[int], limit: int, offset: int) -> list[int]:
    """The documents that were not weighed, the newest first."""
    rows = db.execute(
        f"select f.rowid {question.tables} and +f.rowid not in (select value from json_each(?)) "
        "order by f.rowid desc limit ? offset ?",
        (question.expression, *question.values, json.dumps(list(known)), limit, offset),
    )
    return [int(row[0]) for row in rows]


def _exact(db: sqlite3.Connection, numbers: Sequence[int], as_typed: Sequence[str]) -> set[int]:
    """Those of the documents whose text holds the words in one of the forms in which they may stand."""
    found = " or ".join(["instr(text, ?)"] * len(as_typed))
    marks = ", ".join("?" * len(numbers))
    rows = db.execute(f"select rowid from documents where ({found}) and rowid in ({marks})", (*as_typed, *numbers))
    return {int(row[0]) for row in rows}
