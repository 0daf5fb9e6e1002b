"""Tables whose frame was lost: the head `STT`, then every cell on a line of its own, rows told by their numbers."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from functools import cache

from extract.markers import UPPER
from extract.records import Layout, Span, Table
from extract.table_cells import make_table
from extract.text import View
from rules.loader import words

_MOST_HEADS = 25
"""How many cells the head of such a table may have."""
_LONGEST_ROW = 60
_NUMBER = re.compile(r"0?(?P<number>\d{1,3})\.?\Z")
_STOP = re.compile(
    r"(?:Nơi nhận|NƠI NHẬN|PHỤ LỤC|Phụ lục|PHẦN|Phần [IVX\d]|Điều \d|CHƯƠNG|Chương [IVX]|Ghi chú|GHI CHÚ|TM\.|KT\.)"
)
_UNIT = re.compile(rf"(?:[IVX]{{1,5}}|\d{{1,2}}|[a-zđ])[.)]\s?[{UPPER}]")


def find_line_tables(view: View, layout: Layout) -> Iterator[Table]:
    """Tables that begin with the head of the counting column alone on its line."""
    text, end = view.text, 0
    for match in _head_pattern().finditer(text, layout.body, layout.end):
        start = match.start() + 1
        if start < end:
            continue
        limit = layout.signature if start < layout.signature else layout.end
        rows = _rows(text, _lines(text, start, limit))
        if len(rows) > 2:
            end = rows[-1][-1][1]
            cells = [[view.span(*cell) for cell in row] for row in rows]
            yield make_table(view.source, cells, 1)


@cache
def _head_pattern() -> re.Pattern[str]:
    spelled = "|".join(sorted(words("sections.toml", "table.counters"), key=len, reverse=True))
    return re.compile(rf"\n(?:{spelled})\.?(?=\n)")


def _lines(text: str, start: int, limit: int) -> Iterator[Span]:
    """The spans of the lines from `start` on, up to one that begins another part of the document."""
    at = start
    while at < limit:
        stop = text.find("\n", at, limit)
        stop = limit if stop < 0 else stop
        if at > start and (_STOP.match(text, at) or _head_pattern().match(text, at - 1)):
            return
        if stop > at:
            yield at, stop
        at = stop + 1


def _rows(text: str, lines: Iterator[Span]) -> list[list[Span]]:
    """The head and the rows: each begins with the number after that of the row before, or anew with 1."""
    rows: list[list[Span]] = [[]]
    first, last = "", 0
    for line in lines:
        match = _NUMBER.match(text[line[0] : min(line[1], line[0] + 6)]) if line[1] - line[0] <= 5 else None
        number = int(match["number"]) if match else 0
        if match and (number == last + 1 or (last > 1 and match.group() == first)):
            first = first or match.group()
            last = number
            rows.append([line])
        elif (not last and len(rows[0]) >= _MOST_HEADS) or len(rows[-1]) >= _LONGEST_ROW:
            break
        else:
            rows[-1].append(line)
    if last:
        rows[-1] = _last_row(text, rows)
    return rows


def _last_row(text: str, rows: Sequence[Sequence[Span]]) -> list[Span]:
    """The last row without what follows the table: it is no longer than the longest before, and holds no unit."""
    longest = max((len(row) for row in rows[1:-1]), default=len(rows[0]))
    cells: list[Span] = []
    for cell in rows[-1][: longest + 1]:
        if cells and _UNIT.match(text, cell[0]):
            break
        cells.append(cell)
    return cells
