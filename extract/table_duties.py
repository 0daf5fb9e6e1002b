"""Tables of tasks: who leads, who works with them and by when, row by row (annexes that share out a plan's work).

A table is read where a heading names the task and another one a body. Each row is a unit of its own: its
bodies become assignments with the role of their column, its time a deadline of the body that leads.
"""

from __future__ import annotations

import re
from bisect import bisect_left
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from datetime import date
from itertools import accumulate
from typing import NamedTuple

from extract.agencies import Body, begins_name, read_bodies
from extract.bounds import Years
from extract.locate import SectionIndex
from extract.periods import Atom, Spell, find_spells, first_day, last_day
from extract.records import AgencyRole, Assignment, Citation, Deadline, Fact, Header, Section, Span, Table
from extract.recurrence import find_recurrences
from rules.loader import pattern

_RULES = "table_duties.toml"
_HEADING_ROWS = 3
"""How many rows are tried for the headings: names of the table may stand in the first."""
_LONGEST_HEADING = 80
_CONTINUED = 300
"""How many signs a page's end may put between a table and the rest of it."""
_MARKER = 6
"""How long a row's own number may be."""
_BODIES = frozenset({"lead", "coordinate", "doer"})
"""Kinds of columns that hold bodies."""
_SPACE = re.compile(r"[\s*_]+")
_DASHES = ("-", "–", "+")
_DASH = re.compile(r" [-–+] ?")
_SEPARATOR = re.compile(r"[;,.+]|\A[-–]| [-–] ")


class _Columns(NamedTuple):
    """Which columns hold what; `first` is the row that the tasks begin at."""

    first: int
    width: int
    task: int
    bodies: dict[int, AgencyRole | None]
    times: dict[int, bool]
    """Whether a day in the column is the last one."""


@dataclass(slots=True)
class _Cell:
    """The words of a cell on one line, with the canonical offset of each sign."""

    words: str
    offsets: list[int]

    @classmethod
    def of(cls, text: str, span: Span) -> _Cell:
        words: list[str] = []
        offsets: list[int] = []
        at = span[0]
        for piece in _SPACE.split(text[span[0] : span[1]]):
            at = text.index(piece, at)
            if piece:
                if words:
                    words.append(" ")
                    offsets.append(at - 1)
                words.append(piece)
                offsets.extend(range(at, at + len(piece)))
                at += len(piece)
        return cls("".join(words), offsets)

    def span(self, start: int, end: int) -> Span:
        """The canonical span of the words from `start` to `end`."""
        return self.offsets[start], self.offsets[end - 1] + 1


class _Time(NamedTuple):
    """A time in a cell: where it stands, and its days or how often it returns."""

    start: int
    end: int
    first: date | None = None
    last: date | None = None
    rrule: str | None = None
    has_year: bool = True
    is_day: bool = False


class _Row(NamedTuple):
    """What a row sets: who, by when, in the cells at `spans`; the body that its time binds, and its task."""

    assignments: list[Assignment]
    deadlines: list[Deadline]
    spans: list[Span]
    agency: str | None
    task: str | None


class _Finder:
    """Reads the tables of one document."""

    def __init__(self, text: str, header: Header, sections: Sequence[Section], citations: Sequence[Citation]) -> None:
        self.text = text
        self.index = SectionIndex(sections)
        self.years = Years.of(header, citations)

    def read(self, tables: Sequence[Table]) -> Iterator[_Row]:
        """Each row of tasks."""
        last: Table | None = None
        columns: _Columns | None = None
        for table in tables:
            found = columns_of(table)
            goes_on = last is not None and table.start - last.end < _CONTINUED
            if found is None and columns is not None and goes_on and _continues(table, columns):
                found = columns._replace(first=0)
            last, columns = table, found
            if found is not None:
                yield from self._rows(table, found)

    def _rows(self, table: Table, columns: _Columns) -> Iterator[_Row]:
        """The rows of tasks under their headings; a row of other headings ends them."""
        for row, cells in zip(table.rows[columns.first :], table.cells[columns.first :], strict=False):
            if _is_marker_head(row[0]) and not any(_heads(cell) for cell in row):
                return
            if _fits(row, columns):
                yield self._row(row, cells, columns)

    def _row(self, row: Sequence[str], cells: Sequence[Span | None], columns: _Columns) -> _Row:
        assignments: list[Assignment] = []
        spans: list[Span] = []
        task = row[columns.task] or None
        for i, role in columns.bodies.items():
            span = cells[i] if i < len(cells) else None
            if span is None or _heads(row[i]):
                continue
            cell = _Cell.of(self.text, span)
            spans.append(span)
            assignments.extend(self._assignment(cell, body, role, task) for body in bodies_in(cell.words))
        agency = _leader(assignments)
        deadlines: list[Deadline] = []
        for i, ends in columns.times.items():
            span = cells[i] if i < len(cells) else None
            if span is not None:
                spans.append(span)
                deadlines.extend(self._deadlines(_Cell.of(self.text, span), agency, task, ends))
        return _Row(assignments, deadlines, spans, agency, task)

    def _assignment(self, cell: _Cell, body: Body, role: AgencyRole | None, task: str | None) -> Assignment:
        start, end = cell.span(body.start, body.end)
        return Assignment(
            start=start,
            end=end,
            by="rule:assignments/table",
            table=True,
            agency=body.name,
            role=role,
            task=task,
            section=self.index.path_at(start),
        )

    def _deadlines(self, cell: _Cell, agency: str | None, task: str | None, ends: bool) -> Iterator[Deadline]:
        for time in times_in(cell.words, self.years):
            if time.last and self.years.issued and time.last < self.years.issued:
                continue
            start, end = cell.span(time.start, time.end)
            is_due = time.is_day and ends and time.first == time.last
            yield Deadline(
                start=start,
                end=end,
                by="rule:deadlines/table",
                table=True,
                kind="recurring" if time.rrule else "due" if is_due else "window",
                from_day=time.first.isoformat() if time.first and not is_due else None,
                to_day=time.last.isoformat() if time.last else None,
                rrule=time.rrule,
                agency=agency,
                task=task,
                section=self.index.path_at(start),
                year_given=time.has_year,
                uncertain=() if time.has_year else ("to",),
            )


def columns_of(table: Table) -> _Columns | None:
    """The columns of a table of tasks; None for any other table."""
    for at, row in enumerate(table.rows[:_HEADING_ROWS]):
        heads = [" ".join(cell.split()) for cell in row]
        if any(len(head) > _LONGEST_HEADING for head in heads):
            continue
        kinds = [_kinds(head) for head in heads]
        if any("other" in kind for kind in kinds):
            return None
        bodies = {i: _role(kind) for i, kind in enumerate(kinds) if kind & _BODIES and "due" not in kind}
        if {"task"} not in kinds or not bodies:
            continue
        times = {i: "end" in kind for i, kind in enumerate(kinds) if "due" in kind}
        below = table.rows[at + 1] if at + 1 < len(table.rows) else ()
        if below and "other" in _kinds(below[0]):
            return None
        split = _below(below, bodies)
        return _Columns(at + (2 if split else 1), len(row), kinds.index({"task"}), split or bodies, times)
    return None


def _below(row: Sequence[str], bodies: dict[int, AgencyRole | None]) -> dict[int, AgencyRole | None]:
    """The columns under a merged heading (`Đơn vị thực hiện` over `Chủ trì`, `Phối hợp`); empty where there are none.

    A row of the merged cells alone is set under the first column that the heading above covers.
    """
    said = [(i, _kinds(cell)) for i, cell in enumerate(row) if cell.strip()]
    roles = [(i, _role(kind)) for i, kind in said if kind & {"lead", "coordinate"} and kind <= {"lead", "coordinate"}]
    if len(roles) < 2:
        return {}
    first = min(bodies)
    if roles[0][0] < first and len(said) == len(roles):
        return {first + n: role for n, (_, role) in enumerate(roles)}
    return dict(roles)


def _continues(table: Table, columns: _Columns) -> bool:
    """Whether a table without headings of its own goes on with the one before it: a body stands where one should."""
    row = table.rows[0]
    if max(map(len, table.rows)) != columns.width or _heads(" ".join(row)):
        return False
    return any(next(bodies_in(row[i]), None) for i in columns.bodies if i < len(row))


def _fits(row: Sequence[str], columns: _Columns) -> bool:
    """Whether the cells of `row` stand under their headings: all are there, or the last alone is missing."""
    if len(row) == columns.width:
        return True
    return len(row) == columns.width - 1 and columns.task > 0 and len(row[0]) <= _MARKER


def _is_marker_head(words: str) -> bool:
    """Whether a cell heads the column of the rows' own numbers."""
    return pattern(_RULES, "columns.marker").search(words) is not None


def _heads(words: str) -> bool:
    """Whether a cell repeats a heading."""
    return len(words) < _LONGEST_HEADING and bool(_kinds(words) & (_BODIES | {"due"}))


def _kinds(head: str) -> set[str]:
    if not head or len(head) > _LONGEST_HEADING:
        return set()
    names = ("task", "lead", "coordinate", "doer", "due", "end", "other")
    return {name for name in names if pattern(_RULES, f"columns.{name}").search(head)}


def _role(kinds: set[str]) -> AgencyRole | None:
    """The role that a heading gives: none where it names both, or neither."""
    if ("lead" in kinds) == ("coordinate" in kinds):
        return None
    return "lead" if "lead" in kinds else "coordinate"


def _leader(assignments: Sequence[Assignment]) -> str | None:
    """The body that a row's time binds: the first that leads, else the first that is not there to help."""
    for role in ("lead", None):
        for assignment in assignments:
            if assignment.role == role:
                return assignment.agency
    return None


def bodies_in(words: str) -> Iterator[Body]:
    """The bodies that a cell lists, whatever stands between them.

    >>> [body.name for body in bodies_in("Sở Y tế; Các sở, ban, ngành và Công an tỉnh")]
    ['Sở Y tế', 'Các sở, ban, ngành', 'Công an tỉnh']
    >>> [body.name for body in bodies_in("- Sở Y tế - Sở Quy hoạch - Kiến trúc - Công an tỉnh")]
    ['Sở Y tế', 'Sở Quy hoạch - Kiến trúc', 'Công an tỉnh']
    """
    for start, stop in _items(words):
        at = start
        while at < stop:
            found = read_bodies(words, at, stop)
            if found.items:
                yield from found.items
                at = max(found.end, at + 1)
                continue
            sign = _SEPARATOR.search(words, at, stop)
            at = sign.end() if sign else stop
            while at < stop and words[at] in " -–+":
                at += 1


def _items(words: str) -> Iterator[Span]:
    """The items of a cell that lists them behind dashes; the whole cell where it does not."""
    start = 0
    if words[:1] in _DASHES:
        for sign in _DASH.finditer(words):
            if begins_name(words, sign.end()):
                yield start, sign.start()
                start = sign.end()
    yield start, len(words)


def times_in(words: str, years: Years) -> Iterator[_Time]:
    """The times that a cell gives: years, quarters, months, days, and how often."""
    trimmed = words.strip(" .;,")
    low = words.index(trimmed) if trimmed else 0
    if match := pattern(_RULES, "cells.years").match(trimmed):
        first, last = int(match["a"]), int(match["b"] or match["a"])
        if first <= last:
            yield _Time(low, low + len(trimmed), date(first, 1, 1), date(last, 12, 31))
        return
    if match := pattern(_RULES, "cells.month").match(trimmed):
        month, year = Atom(low, low + len(trimmed), "month", (int(match["m"]),)), int(match["y"])
        yield _Time(month.start, month.end, first_day(month, year), last_day(month, year))
        return
    spells = list(find_spells(words))
    for spell in spells:
        if time := _spelled(spell, years):
            yield time
    if not spells:
        for found in find_recurrences(words, 0, len(words)):
            yield _Time(found.start, found.end, rrule=found.rule(()))


def _spelled(spell: Spell, years: Years) -> _Time | None:
    year = years.year_for(spell) or spell.atoms[-1].year
    if year is None:
        return None
    first, last = first_day(spell.atoms[0], year), last_day(spell.atoms[-1], year)
    if first is None or last is None or first > last:
        return None
    is_day = spell.atoms[0].unit == "day"
    return _Time(spell.start, spell.end, first, last, has_year=spell.has_year, is_day=is_day)


def with_table_duties(
    text: str,
    tables: Sequence[Table],
    header: Header,
    sections: Sequence[Section],
    citations: Sequence[Citation],
    deadlines: Sequence[Deadline],
    assignments: Sequence[Assignment],
) -> tuple[tuple[Deadline, ...], tuple[Assignment, ...]]:
    """Deadlines and assignments, those of the tables of tasks put in, in reading order.

    What words bind in a cell of time (`trước ngày ...`) is kept as read in running text, and told of the body that
    leads its row; bare times and the bodies are as the table's headings say.
    """
    rows = list(_Finder(text, header, sections, citations).read(tables))
    if not rows:
        return tuple(deadlines), tuple(assignments)
    known, starts = list(deadlines), [one.start for one in deadlines]
    taken = _Spans([*((one.start, one.end) for one in deadlines), *((one.start, one.end) for one in citations)])
    for row in rows:
        alone = {_place(time): time for time in row.deadlines}
        for a, b in row.spans:
            for i in range(bisect_left(starts, a), bisect_left(starts, b)):
                told = replace(known[i], agency=known[i].agency or row.agency, task=row.task)
                known[i] = alone.get(_place(told), told)
    known.extend(time for row in rows for time in row.deadlines if not taken.meet(time.start, time.end))
    read = _Spans([span for row in rows for span in row.spans])
    charged = [one for one in assignments if not read.meet(one.start, one.start + 1)]
    charged.extend(one for row in rows for one in row.assignments)
    return tuple(sorted(known, key=_place)), tuple(sorted(charged, key=_place))


class _Spans:
    """Spans that can be asked whether one of them meets another."""

    def __init__(self, spans: Sequence[Span]) -> None:
        self._spans = sorted(spans)
        self._ends = list(accumulate((end for _, end in self._spans), max))

    def meet(self, start: int, end: int) -> bool:
        """Whether some span has a sign in common with `start:end`."""
        i = bisect_left(self._spans, (end, end))
        return i > 0 and self._ends[i - 1] > start


def _place(fact: Fact) -> Span:
    return fact.start, fact.end
