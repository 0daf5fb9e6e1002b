"""A table from the spans of its cells, and the unit that is given for it (`Đơn vị tính: triệu đồng`)."""

from __future__ import annotations

import re
from collections.abc import Sequence
from functools import cache

from extract.records import Span, Table
from rules.loader import words

_UNIT_REACH = 250
_EDGES = "*_" + "".join(sign for sign in map(chr, range(0x3001)) if sign.isspace())
"""White space and what sets words in a cell apart."""
_NUMBER = re.compile(r"-?\d{1,3}(?:\.\d{3})+(?:,\d+)?|-?\d+(?:,\d+)?")


def make_table(source: str, rows: Sequence[Sequence[Span]], header_rows: int) -> Table:
    """The table whose cells have these canonical spans, with their words and its unit."""
    spans = [[_trimmed(source, *cell) for cell in row] for row in rows]
    printed = [[span for span in row if span] for row in spans]
    start = min(span[0] for row in printed for span in row) if any(printed) else rows[0][0][0]
    end = max(span[1] for row in printed for span in row) if any(printed) else rows[-1][-1][1]
    return Table(
        start=start,
        end=end,
        rows=tuple(tuple(_words(source, span) for span in row) for row in spans),
        header_rows=header_rows,
        unit=_unit(source, start, spans[:header_rows]),
        cells=tuple(tuple(row) for row in spans),
    )


def _trimmed(source: str, start: int, end: int) -> Span | None:
    printed = source[start:end].lstrip(_EDGES)
    start = end - len(printed)
    end = start + len(printed.rstrip(_EDGES))
    return (start, end) if start < end else None


def _words(source: str, span: Span | None) -> str:
    return " ".join(source[span[0] : span[1]].replace("**", "").split()) if span else ""


@cache
def _unit_pattern() -> re.Pattern[str]:
    spelled = "|".join(sorted(words("sections.toml", "table.units"), key=len, reverse=True))
    return re.compile(rf"(?:{spelled})\s*:\s*(?P<unit>[^\n)|*;]{{2,30}})")


def find_unit(words_above: str) -> str | None:
    """The unit that the words above a table give (`Đơn vị tính: triệu đồng`), the last one where there are more."""
    unit = None
    for match in _unit_pattern().finditer(words_above):
        unit = match["unit"].strip(" .,")
    return unit


def _unit(source: str, start: int, header: Sequence[Sequence[Span | None]]) -> str | None:
    above = find_unit(source[max(0, start - _UNIT_REACH) : start])
    if above:
        return above
    for row in header:
        for span in row:
            unit = find_unit(source[span[0] : span[1]]) if span else None
            if unit:
                return unit
    return None


def number_of(cell: str) -> float | None:
    """The number that a cell holds by the Vietnamese signs (`1.723,5`); None for words, shares and empty cells.

    >>> number_of("1.723,5"), number_of("12"), number_of("5%"), number_of("-")
    (1723.5, 12.0, None, None)
    """
    words = cell.strip()
    if not _NUMBER.fullmatch(words):
        return None
    return float(words.replace(".", "").replace(",", "."))


def heads_total(cell: str) -> bool:
    """Whether `cell` heads a row or column of totals.

    >>> heads_total("TỔNG CỘNG"), heads_total("Tổng hợp báo cáo")
    (True, False)
    """
    printed = cell.strip().lower()
    return printed.startswith(words("totals.toml", "rows.heads")) and not printed.startswith(
        words("totals.toml", "rows.not_heads")
    )
