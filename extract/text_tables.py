"""Tables that stand in plain text: Markdown rows, cells between bars, columns set by tabs, cells a line each.

The frames of letterheads and signatures are tables in the file but not to the reader, and are left out.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import replace
from functools import cache
from itertools import pairwise
from typing import NamedTuple

from extract.line_tables import find_line_tables
from extract.records import Layout, Span, Table
from extract.table_cells import make_table
from extract.text import View, new
from rules.loader import words

_RULE_ROW = re.compile(r"[|\s:\-+=]*\Z")
_UNIT = re.compile(r"(?:Điều|ĐIỀU|Chương|CHƯƠNG)\s[\dIVX]{1,4}\b|Trên đây|TM\.|T/M")
"""Lines that begin a part of the document's own text: a bar before them ended the table."""
_BAR = re.compile(r"\|")
_MARKS = " \t*_"
_TABBED = re.compile(r"(?:^|(?<=\n))(?:[^\n\t]*\t[^\n\t]*\t[^\n]*\n){3,}")
_FEWEST_TABS = 6
"""Three rows of three columns."""
_LONGEST_CELL = 60
"""How many lines a cell between bars may have; past that the bar belongs to something else."""


class _Line(NamedTuple):
    """A line of a block, and whether it begins with a bar."""

    start: int
    text: str
    barred: bool


def find_tables(view: View, layout: Layout) -> tuple[Table, ...]:
    """All tables in the official text, in reading order, with canonical spans and the unit that is given for each."""
    source = view.source
    found: list[Table] = []
    if "|" in source:
        found.extend(_barred(source))
    if source.count("\t") >= _FEWEST_TABS:
        found.extend(_tabbed(source))
    found.extend(find_line_tables(view, layout))
    if not found:
        return ()
    start, end = view.to_source(layout.start), view.to_source(max(layout.end - 1, 0)) + 1
    kept = [table for table in found if start <= table.start < end and not _is_frame(source, table)]
    kept.sort(key=lambda table: table.start)
    return tuple(_joined(source, kept))


def _joined(source: str, tables: Sequence[Table]) -> Iterator[Table]:
    """The tables with those made one between which nothing stands but bars: a page's break fell inside them."""
    last: Table | None = None
    for table in tables:
        if last is not None and table.start < last.end:
            continue
        if last is not None and not source[last.end : table.start].strip("|*_ \n\t"):
            last = replace(last, end=table.end, rows=last.rows + table.rows, cells=last.cells + table.cells)
            continue
        if last is not None:
            yield last
        last = table
    if last is not None:
        yield last


def _is_frame(source: str, table: Table) -> bool:
    """Whether the table only sets a letterhead or a signature in columns, or has no second cell in any row."""
    if all(len(row) < 2 for row in table.rows):
        return True
    head = source[table.start : min(table.end, table.start + 1500)]
    return len(table.rows) <= 6 and any(word in head for word in _frame_words())


@cache
def _frame_words() -> tuple[str, ...]:
    return words("sections.toml", "table.frames")


def _barred(source: str) -> Iterator[Table]:
    """Tables whose cells stand between bars: whole rows on a line, or each cell on lines of its own."""
    block: list[_Line] = []
    since_bar = 0
    opens = False
    first = source.rfind("\n", 0, source.index("|")) + 1
    following = first
    for printed in source[first:].split("\n"):
        at = following
        following += len(printed) + 1
        if not block and "|" not in printed:
            continue
        text = printed.strip(_MARKS)
        if text.startswith("|"):
            block.append(new(_Line, (at, printed, True)))
            since_bar, opens = 0, text == "|"
        elif block:
            if _ends_cell(text, since_bar > 0 or opens, since_bar):
                yield from _table_of(source, block[: len(block) - since_bar])
                block, since_bar = [], 0
            else:
                block.append(new(_Line, (at, printed, False)))
                since_bar += 1
    if block:
        yield from _table_of(source, block[: len(block) - since_bar])


def _ends_cell(text: str, open_cell: bool, lines: int) -> bool:
    """Whether a line cannot stand in the cell that the last bar may have opened."""
    if not open_cell or lines > _LONGEST_CELL or (not text and not lines):
        return True
    return _UNIT.match(text) is not None


def _table_of(source: str, block: Sequence[_Line]) -> Iterator[Table]:
    """The table of a block of lines that begins and ends with a bar."""
    if len(block) < 2:
        return
    whole = sum(line.text.count("|") > 1 for line in block)
    cells, header_rows = _row_lines(block) if whole * 2 > len(block) else _cell_lines(source, block)
    rows = [row for row in cells if row]
    if len(rows) >= 2 or any(len(row) > 2 for row in rows):
        yield make_table(source, rows, header_rows)


def _row_lines(block: Sequence[_Line]) -> tuple[list[list[Span]], int]:
    """The cells of Markdown rows, and how many rows stand above the rule."""
    rows: list[list[Span]] = []
    header_rows = 0
    for line in block:
        if _RULE_ROW.match(line.text):
            header_rows = header_rows or len(rows)
            continue
        bars = [line.start + match.start() for match in _BAR.finditer(line.text)]
        if len(bars) == 1 or line.text.rstrip()[-1] != "|":
            bars.append(line.start + len(line.text))
        rows.append([(a + 1, b) for a, b in pairwise(bars)])
    return rows, max(header_rows, 1)


def _cell_lines(source: str, block: Sequence[_Line]) -> tuple[list[list[Span]], int]:
    """The cells of a table whose bars stand on lines of their own: two bars in a row end a row."""
    bars = [line.start + line.text.index("|") for line in block if line.barred]
    rows: list[list[Span]] = [[]]
    for a, b in pairwise(bars):
        if source[a + 1 : b].strip():
            rows[-1].append((a + 1, b))
        elif rows[-1]:
            rows.append([])
    return rows, 1


def _tabbed(source: str) -> Iterator[Table]:
    """Tables whose columns are set by tabs."""
    for match in _TABBED.finditer(source):
        rows = []
        at = match.start()
        for text in match.group().rstrip("\n").split("\n"):
            edges = [at - 1, *(at + i for i, sign in enumerate(text) if sign == "\t"), at + len(text)]
            rows.append([(a + 1, b) for a, b in pairwise(edges)])
            at += len(text) + 1
        yield make_table(source, rows, 1)
