"""What all checks across documents share: the corpus they look at, and how they say what they found."""

from __future__ import annotations

import hashlib
import sqlite3
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field
from typing import TypeVar, cast

from corpus.store import Row
from rules.findings import rule as declared
from rules.units import Gazetteer


@dataclass(frozen=True, slots=True, kw_only=True)
class Side:
    """One side of the evidence: a fact of a document, or a field of its letterhead (`header.code`)."""

    document: str
    fact: str
    quote: str
    start: int
    end: int
    page: int | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Found:
    """A finding across documents before it has its words. `words` fill the braces of the rule's message."""

    rule: str
    document: str
    sides: tuple[Side, ...]
    words: Mapping[str, object] = field(default_factory=dict)
    words_en: Mapping[str, object] = field(default_factory=dict)
    """Words that read otherwise in English; the rest is taken from `words`."""
    work: str | None = None
    confidence: float = 0.8

    @property
    def id(self) -> str:
        """The rule with the sorted ids of its evidence."""
        facts = sorted(f"{side.document}/{side.fact}" for side in self.sides)
        return hashlib.sha256("|".join((self.rule, *facts)).encode()).hexdigest()[:16]

    def rows(self) -> tuple[Row, list[Row]]:
        """The row of `findings` and those of `finding_evidence`."""
        rule = declared(self.rule)
        ident = self.id
        row: Row = (
            *(ident, self.rule, rule.severity, round(self.confidence, 2), "corpus", self.document, self.work),
            *(rule.message_vi.format_map(self.words), rule.message_en.format_map({**self.words, **self.words_en})),
            *(rule.why_maybe_wrong, "open", None),
        )
        evidence: list[Row] = [
            (ident, number, s.document, s.fact, s.quote, s.start, s.end, s.page) for number, s in enumerate(self.sides)
        ]
        return row, evidence


Check = Callable[["Corpus"], Iterable[Found]]
T = TypeVar("T")


class Corpus:
    """The stored corpus, with the questions that several checks ask."""

    def __init__(self, connection: sqlite3.Connection, units: Gazetteer) -> None:
        self.connection = connection
        self.units = units
        self._kept: dict[Callable[[Corpus], Iterable[object]], list[object]] = {}

    def once(self, make: Callable[[Corpus], Iterable[T]]) -> list[T]:
        """What `make` gives for this corpus, made when it is first asked for: several checks ask for the same."""
        if make not in self._kept:
            self._kept[make] = list(make(self))
        return cast("list[T]", self._kept[make])

    def rows(self, sql: str, *values: object) -> list[sqlite3.Row]:
        """The rows of a query, their columns by name."""
        cursor = self.connection.cursor()
        cursor.row_factory = sqlite3.Row
        return cursor.execute(sql, values).fetchall()

    def side(self, citation: str) -> Side:
        """A citation as evidence."""
        return self.fact_side("citations", citation)

    def fact_side(self, table: str, ident: str) -> Side:
        """A fact of any table as evidence."""
        (row,) = self.rows(f'select document, quote, start, "end" as stop, page from "{table}" where id = ?', ident)
        return Side(
            document=row["document"],
            fact=ident,
            quote=row["quote"],
            start=row["start"],
            end=row["stop"],
            page=row["page"],
        )

    def head_side(self, document: str, *fields: str) -> Side:
        """The first of `fields` of a document's letterhead that has a place in its text; else its first line."""
        (row,) = self.rows("select text, spans from documents where id = ?", document)
        spans = _spans(row["spans"])
        for name in fields:
            if name in spans:
                start, end = spans[name]
                return Side(
                    document=document, fact=f"header.{name}", quote=row["text"][start:end], start=start, end=end
                )
        text: str = row["text"]
        start = len(text) - len(text.lstrip())
        end = max(text.find("\n", start), start + 1) if "\n" in text[start:] else len(text)
        name = fields[0] if fields else "title"
        return Side(document=document, fact=f"header.{name}", quote=text[start:end], start=start, end=end)


def _spans(stored: str | None) -> dict[str, tuple[int, int]]:
    import json

    return {name: (start, end) for name, (start, end) in json.loads(stored).items()} if stored else {}
