"""What all checks across documents share: the corpus they look at, and how they say what they found."""

from __future__ import annotations

import hashlib
import sqlite3
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field
from types import MappingProxyType
from typing import Literal, TypeVar, cast

from corpus.store import Row
from corpus.works import bare_day
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
    register: str = ""
    """The body whose register was looked at, where the check looks at registers."""

    @property
    def id(self) -> str:
        """The rule with the sorted ids of its evidence."""
        facts = sorted(f"{side.document}/{side.fact}" for side in self.sides)
        return hashlib.sha256("|".join((self.rule, *facts)).encode()).hexdigest()[:16]

    def rows(self) -> tuple[Row, list[Row]]:
        """The row of `findings` and those of `finding_evidence`."""
        rule = declared(self.rule)
        ident = self.id
        words = {name: _in_line(value) for name, value in self.words.items()}
        words_en = {name: bare_day(str(value)) for name, value in {**words, **self.words_en}.items()}
        row: Row = (
            *(ident, self.rule, rule.severity, round(self.confidence, 2), "corpus", self.document, self.work),
            *(rule.message_vi.format_map(words), rule.message_en.format_map(words_en)),
            *(rule.why_maybe_wrong, "open", None),
        )
        evidence: list[Row] = [
            (ident, number, s.document, s.fact, s.quote, s.start, s.end, s.page) for number, s in enumerate(self.sides)
        ]
        return row, evidence


def _in_line(value: object) -> str:
    """A value as the words of one line, whatever lines it was quoted from; a space that it begins with stays."""
    words = str(value)
    kept = words[: len(words) - len(words.lstrip())]
    return f"{kept}{' '.join(words.split())}"


Check = Callable[["Corpus"], Iterable[Found]]
Unit = Literal["work", "document", "plan", "register", "all"]
"""What a check looks at one by one. Where it looks at what did not change, its findings stay (`corpus.touched`)."""
TOUCHED: Mapping[Unit, str] = MappingProxyType(
    {
        "work": "temp.touched_works",
        "document": "temp.touched_documents",
        "plan": "temp.touched_plans",
        "register": "temp.touched_registers",
    }
)
"""Where the ids of what is touched stand, by what is looked at."""
T = TypeVar("T")


class Corpus:
    """The stored corpus, with the questions that several checks ask. `partial`: only what is touched is looked at."""

    def __init__(self, connection: sqlite3.Connection, units: Gazetteer, partial: bool = False) -> None:
        self.connection = connection
        self.units = units
        self.partial = partial
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

    def only(self, unit: Unit, column: str) -> str:
        """A further condition on `column`, the id of what is looked at; none where everything is."""
        return f" and {column} in (select id from {TOUCHED[unit]})" if self.partial else ""

    @property
    def citations(self) -> str:
        """The citations `c` of the documents that are looked at, for the place after `from`."""
        touched = f"{TOUCHED['document']} t cross join citations c on c.document = t.id"
        return touched if self.partial else "citations c"

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
