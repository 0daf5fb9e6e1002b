"""From a `Source` to a `Document`: the order of the finders, and what all facts get at the end.

view ▶ letterhead ▶ sections ▶ citations ▶ references ▶ money ▶ deadlines ▶ assignments ▶ targets ▶ checks
"""

from __future__ import annotations

import hashlib
from bisect import bisect_right
from collections.abc import Callable, Sequence
from dataclasses import replace
from typing import TypeVar

from extract.assignments import find_assignments
from extract.boxes import boxes_of
from extract.budgets import find_budgets
from extract.checks import check
from extract.citations import find_citations
from extract.deadlines import find_deadlines
from extract.decisions import RULES, Decisions
from extract.doubts import cross_checked, fields_in_doubt
from extract.issuers import Namer
from extract.letterhead import read_letterhead
from extract.records import Document, Fact, Header, Layout, Mark, Source, Table
from extract.references import find_references
from extract.sections import find_sections
from extract.table_budgets import find_table_budgets
from extract.table_duties import with_table_duties
from extract.table_targets import find_table_targets
from extract.targets import find_targets
from extract.text import View, build_view
from extract.text_tables import find_tables
from rules.units import Gazetteer, load_units

VERSION = "4"
"""Raised when the same text would give other facts: a build reads everything anew then."""

_QUOTED = 200
"""How many signs of a fact's words its id is made of."""

_ID = 16
"""How many digits of a hash make an id."""

F = TypeVar("F", bound=Fact)


def fact_id(sha256: str, kind: str, quote: str, occurrence: int) -> str:
    """The stable id of a fact: document, kind, words and which occurrence of them, not where they stand."""
    return hashlib.sha256(f"{sha256}|{kind}|{' '.join(quote.split())}|{occurrence}".encode()).hexdigest()[:_ID]


class _Finisher:
    """Gives facts their ids, pages, boxes and the sign that they stand in a table."""

    def __init__(self, source: Source, tables: Sequence[Table]) -> None:
        self.source = source
        self.page_starts = [page.start for page in source.pages]
        self.tables = sorted((table.start, table.end) for table in tables)
        self.table_starts = [start for start, _ in self.tables]
        self.doubtful = [mark for mark in source.marks if mark.kind == "uncertain"]

    def finish(self, kind: str, facts: Sequence[F]) -> tuple[F, ...]:
        text, before = self.source.text, hashlib.sha256(f"{self.source.sha256}|{kind}|".encode())
        plain = not (self.page_starts or self.tables or self.doubtful)
        seen: dict[str, int] = {}
        finished: list[F] = []
        set_field = object.__setattr__
        for fact in facts:
            start = fact.start
            quote = " ".join(text[start : min(fact.end, start + _QUOTED)].split())
            occurrence = seen[quote] = seen.get(quote, 0) + 1
            digest = before.copy()
            digest.update(f"{quote}|{occurrence}".encode())
            ident = digest.hexdigest()[:_ID]
            if plain and not fact.table:
                set_field(fact, "id", ident)  # its finder has just made it and nobody else holds it: no copy
                finished.append(fact)
            else:
                finished.append(self._placed(kind, fact, ident))
        return tuple(finished)

    def _placed(self, kind: str, fact: F, ident: str) -> F:
        """`fact` with its id, its page and boxes, and the signs that it stands in a table or in doubtful words."""
        page, table = self._page(fact.start), fact.table or self._in_table(fact.start)
        if page is None and not table and not self.doubtful:
            object.__setattr__(fact, "id", ident)
            return fact
        boxes = boxes_of(self.source, fact.start, fact.end) if kind != "section" else ()
        return replace(
            fact,
            id=ident,
            page=page,
            bbox=boxes,
            table=table,
            uncertain=fact.uncertain or fields_in_doubt(fact, self.doubtful),
        )

    def _page(self, offset: int) -> int | None:
        if not self.page_starts:
            return None
        return self.source.pages[max(bisect_right(self.page_starts, offset) - 1, 0)].number

    def _in_table(self, offset: int) -> bool:
        i = bisect_right(self.table_starts, offset) - 1
        return i >= 0 and offset < self.tables[i][1]


_HANDWRITTEN = {"number": ("number", "code"), "issued_on": ("issued_on",)}
"""By the note of an `unreadable` mark, the fields of the letterhead that stand or fall with it."""


def _as_far_as_read(header: Header, marks: Sequence[Mark]) -> Header:
    """`header` without what its reader saw but could not read: such a number or day would be a guess."""
    notes = {mark.note for mark in marks if mark.kind == "unreadable"}
    fields = [field for note, names in _HANDWRITTEN.items() if note in notes for field in names]
    if not fields:
        return header
    if "code" in fields:
        header = replace(header, number=None, code=None, code_text=None, number_blank=False)
    if "issued_on" in fields:
        header = replace(header, issued_on=None)
    return replace(header, unreadable=tuple(dict.fromkeys((*header.unreadable, *fields))))


def _with_blanks(source: Source) -> str:
    """The text with what was written by hand into the letterhead's blanks as spaces: its signs are no words."""
    text = source.text
    for mark in source.marks:
        if mark.kind == "unreadable":
            text = text[: mark.start] + " " * (mark.end - mark.start) + text[mark.end :]
    return text


def extract(source: Source, units: Gazetteer | None = None, decisions: Decisions = RULES) -> Document:
    """All facts of one source, and what an auditor should look at in this document taken alone.

    `units` are the administrative units to name bodies by; by default those that come with the project. `decisions`
    may hold learned parts; by default the rules decide alone.
    """
    units = units if units is not None else load_units()
    furniture = frozenset(mark.start for mark in source.marks if mark.kind == "furniture")
    view = build_view(_with_blanks(source), furniture)
    header, layout = read_letterhead(view, units)
    header = _as_far_as_read(header, source.marks)
    tables = source.tables or find_tables(view, layout)
    done = _Finisher(source, tables).finish
    sections = done("section", find_sections(view, layout, tables, decisions.headings, decisions.roles))
    namer = Namer(header, units)
    citations = done("citation", find_citations(view, layout, header, sections, namer, decisions.relations))
    citations, unread = cross_checked(header, citations, source.marks)
    references = done("reference", find_references(view, layout, header, sections, citations))
    sums = find_budgets(view, layout, header, sections)
    sums = (*sums, *find_table_budgets(tables, sections, sums)) if tables else sums
    budgets = done("budget", sorted(sums, key=lambda budget: budget.start))
    bounds = find_deadlines(view, layout, header, sections, citations)
    charged = (decisions.assignments or find_assignments)(view, layout, header, sections)
    if tables:
        bounds, charged = with_table_duties(view.source, tables, header, sections, citations, bounds, charged)
    deadlines, assignments = done("deadline", bounds), done("assignment", charged)
    goals = find_targets(view, layout, header, sections, budgets)
    goals = (*goals, *find_table_targets(tables, header, sections, goals)) if tables else goals
    targets = done("target", sorted(goals, key=lambda target: target.start))
    document = Document(
        source=source,
        header=header,
        sections=sections,
        citations=citations,
        references=references,
        budgets=budgets,
        deadlines=deadlines,
        assignments=assignments,
        targets=targets,
        tables=tables,
        unread=unread,
    )
    return replace(document, findings=check(document, view, layout))


Extractor = Callable[[Source], Document]
__all__ = ["VERSION", "Extractor", "Layout", "View", "extract", "fact_id"]
