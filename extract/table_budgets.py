"""Sums in the cells of tables: numbers under a heading that says money, in the unit of their column or table."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence

from extract.budgets import sources_in
from extract.locate import SectionIndex
from extract.money import scale_of
from extract.records import Budget, BudgetKind, Section, Span, Table
from extract.table_cells import heads_total, number_of
from rules.loader import pattern

BY = "rule:budgets/table"
_YEAR = re.compile(r"(?<!\d)(20\d\d)(?!\d)")
_LEAST = 1_000
"""đồng: a smaller number under a heading of money is a count that a merged heading spread over, not a sum."""


def find_table_budgets(
    tables: Sequence[Table], sections: Sequence[Section], taken: Sequence[Budget]
) -> tuple[Budget, ...]:
    """The sums in the cells of `tables`, in reading order, those left out that are in `taken` (read as running text).

    Each has `table` set and is an item, a total (where its row is headed as one) or a rate (where its column is).
    """
    spans = [(budget.start, budget.end) for budget in taken]
    index = SectionIndex(sections)
    found = (
        budget
        for table in tables
        if table.cells
        for budget in _of(table, index)
        if not any(start < budget.end and budget.start < end for start, end in spans)
    )
    return tuple(sorted(found, key=lambda budget: budget.start))


def _of(table: Table, index: SectionIndex) -> Iterator[Budget]:
    width = max((len(row) for row in table.rows), default=0)
    columns = {i: column for i in range(width) if (column := _column(table, i)) is not None}
    if not columns:
        return
    for row, cells in zip(table.rows[table.header_rows :], table.cells[table.header_rows :], strict=False):
        if _numbers_columns(row):
            continue
        is_total = _is_total(row)
        for i, (scale, head) in columns.items():
            value = number_of(row[i]) if i < len(row) and i < len(cells) else None
            span = cells[i] if value is not None else None
            if value is None or span is None or value * scale < _LEAST:
                continue
            yield _budget(span, round(value * scale), head, is_total, index)


def _column(table: Table, i: int) -> tuple[int, str] | None:
    """(đồng in one of its unit, heading) of a column of money; None for any other."""
    head = " ".join(dict.fromkeys(row[i].strip() for row in table.rows[: table.header_rows] if i < len(row)))
    if not pattern("money.toml", "table.column").search(head) or pattern("money.toml", "table.other").search(head):
        return None
    scale = _scale(head) or _scale(table.unit or "")
    return (scale, head) if scale else None


def _scale(said: str) -> int | None:
    """How many đồng the unit in `said` has; None where it names none.

    >>> _scale("ĐVT: triệu đồng"), _scale("Kinh phí (1.000 đồng)"), _scale("hộ")
    (1000000, 1000, None)
    """
    match = pattern("money.toml", "table.unit").search(said.lower())
    return scale_of(match["scale"]) if match else None


def _numbers_columns(row: Sequence[str]) -> bool:
    """Whether a row only numbers the columns: `1 2 3`, `(1) (2) (3=1+2)`."""
    said = [cell.strip().strip("()") for cell in row if cell.strip()]
    return len(said) > 1 and all(cell.partition("=")[0].strip() == str(i) for i, cell in enumerate(said, 1))


def _is_total(row: Sequence[str]) -> bool:
    names = [cell for cell in row if cell.strip() and number_of(cell) is None]
    return any(heads_total(name) for name in names[:2])


def _budget(span: Span, vnd: int, head: str, is_total: bool, index: SectionIndex) -> Budget:
    is_rate = pattern("money.toml", "table.rate").search(head) is not None
    kind: BudgetKind = "rate" if is_rate else "total" if is_total else "item"
    years = dict.fromkeys(_YEAR.findall(head))
    return Budget(
        start=span[0],
        end=span[1],
        by=BY,
        table=True,
        vnd=vnd,
        kind=kind,
        funding_sources=sources_in(head),
        period=next(iter(years)) if len(years) == 1 else None,
        section=index.path_at(span[0]),
    )
