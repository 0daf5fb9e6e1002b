"""Sums in tables: a row of totals against the rows above it, a column of totals against those right of it."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from itertools import pairwise

from extract.checks.base import Reading, finding
from extract.records import Finding, Table
from extract.table_cells import heads_total, number_of

_ORDINAL = re.compile(r"\d{1,3}\.?\Z")
_LEAST_ROWS = 2


def table_sums(reading: Reading) -> Iterator[Finding]:
    """Flat tables whose row of totals differs from the sum of the rows above in one column and agrees in another."""
    for table in reading.document.tables:
        total = _total_row(table)
        rows = _numbered_rows(table, total) if total is not None else ()
        if total is None or not _is_flat(rows, len(table.rows[total])):
            continue
        wrong, right = [], 0
        for column in range(1, len(table.rows[total])):
            stated = number_of(table.rows[total][column])
            parts = [number_of(row[column]) for row in rows]
            known = [part for part in parts if part is not None]
            if stated is None or len(known) < _LEAST_ROWS:
                continue
            if abs(stated - sum(known)) <= _rounding(rows, column) * (len(known) + 1) / 2:
                right += 1
            elif len(known) == len(rows) and 0 < abs(stated - sum(known)) < 0.25 * abs(stated):
                wrong.append((column, stated, sum(known)))
        if right and wrong:
            yield from (_finding(reading, table, total, *item) for item in wrong)


def row_sums(reading: Reading) -> Iterator[Finding]:
    """Rows whose total differs from the parts right of it, in tables where nearly all other rows agree."""
    for table in reading.document.tables:
        for column, parts in _parts_of_totals(table):
            agree, differ = 0, []
            for i, row in enumerate(table.rows[table.header_rows :], table.header_rows):
                numbers = [number_of(row[k]) for k in (column, *parts)] if len(row) > parts[-1] else [None]
                known = [number for number in numbers if number is not None]
                if len(known) < len(numbers):
                    continue
                stated, found = known[0], sum(known[1:])
                if abs(stated - found) <= _rounding([row], column) * (len(parts) + 1) / 2:
                    agree += 1
                elif abs(stated - found) < _MOST_OFF * abs(stated):
                    differ.append((i, stated, found))
            if agree >= _LEAST_AGREEING and agree >= _MOST_AGREE * (agree + len(differ)):
                yield from (_finding(reading, table, i, column, stated, found) for i, stated, found in differ)


_LEAST_AGREEING = 4
_MOST_AGREE = 0.75
_MOST_OFF = 0.25


def _parts_of_totals(table: Table) -> Iterator[tuple[int, Sequence[int]]]:
    """(column headed as a total, the columns right of it up to the next such one), where there are two or more."""
    if not 0 < table.header_rows < len(table.rows):
        return
    heads = table.rows[table.header_rows - 1]
    totals = [i for i, head in enumerate(heads) if heads_total(head)]
    for column, following in pairwise([*totals, len(heads)]):
        if following - column > _LEAST_ROWS:
            yield column, range(column + 1, following)


def _total_row(table: Table) -> int | None:
    """The last row, where it is headed as a total; None elsewhere."""
    last = len(table.rows) - 1
    if last - table.header_rows < _LEAST_ROWS:
        return None
    head = next((cell for cell in table.rows[last] if cell.strip()), "")
    return last if heads_total(head) else None


def _numbered_rows(table: Table, total: int) -> Sequence[Sequence[str]]:
    """The rows from the one numbered 1 up to the total; heads of several rows are left out so."""
    first = next((i for i, row in enumerate(table.rows[:total]) if row and row[0].strip().rstrip(".") == "1"), total)
    if first + 1 < total and [cell.strip() for cell in table.rows[first]] == [
        str(i) for i in range(1, len(table.rows[first]) + 1)
    ]:
        first += 1  # a row that numbers the columns
    return table.rows[first:total]


def _is_flat(rows: Sequence[Sequence[str]], width: int) -> bool:
    """Rows of one length numbered 1, 2, 3 without totals of their own among them."""
    if len(rows) < _LEAST_ROWS or any(len(row) != width for row in rows):
        return False
    return [row[0].strip().rstrip(".") for row in rows] == [str(i) for i in range(1, len(rows) + 1)] and all(
        _ORDINAL.match(row[0].strip()) for row in rows
    )


def _rounding(rows: Sequence[Sequence[str]], column: int) -> float:
    """The smallest unit that the column's numbers are printed in."""
    decimals = max((len(row[column].partition(",")[2].strip()) for row in rows), default=0)
    return 10.0**-decimals


def _finding(reading: Reading, table: Table, row: int, column: int, stated: float, found: float) -> Finding:
    span = table.cells[row][column] if table.cells else None
    span = span or (table.start, table.end)
    words = {"total": _shown(stated), "sum": _shown(found), "difference": _shown(abs(stated - found))}
    return finding("sum-mismatch", (reading.passage(*span),), confidence=0.8, **words)


def _shown(number: float) -> str:
    whole, _, rest = f"{number:,.3f}".rstrip("0").rstrip(".").partition(".")
    return whole.replace(",", ".") + ("," + rest if rest else "")
