"""Targets in the cells of tables: an indicator, its unit, and what is wanted for each year (biểu chỉ tiêu)."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import NamedTuple

from extract.amounts import Reading
from extract.locate import SectionIndex
from extract.records import Header, Section, Table, Target
from rules.loader import pattern

_RULES = "table_targets.toml"
_LONGEST_HEADING = 80
_DASHES = ("-", "–", "+", "")


class _Columns(NamedTuple):
    first: int
    indicator: int
    unit: int
    goals: dict[int, str]
    """By column the year that its values are wanted for."""


def find_table_targets(
    tables: Sequence[Table], header: Header, sections: Sequence[Section], taken: Sequence[Target]
) -> tuple[Target, ...]:
    """The targets in the cells of `tables`, in reading order, without those in `taken` (read as running text).

    A column counts where its heading is a year that is not before the document's, or names a goal with one.
    """
    spans = {(target.start, target.end) for target in taken}
    index = SectionIndex(sections)
    issued = (header.issued_on or "")[:4]
    found = (target for table in tables if table.cells for target in _of(table, issued, index))
    return tuple(target for target in found if (target.start, target.end) not in spans)


def _of(table: Table, issued: str, index: SectionIndex) -> Iterator[Target]:
    columns = _columns(table, issued)
    if columns is None:
        return
    above = ""
    for row, cells in zip(table.rows[columns.first :], table.cells[columns.first :], strict=False):
        if len(row) <= columns.unit:
            name = row[-1] if len(row) == columns.indicator + 1 else ""
            above = name or above
            continue
        name, unit = row[columns.indicator], row[columns.unit]
        marker = row[0].strip() if columns.indicator else "1"
        if marker not in _DASHES:
            above = name
        if not any(sign.isalpha() for sign in name):
            continue
        said = f"{above}: {name}" if marker in _DASHES and above else name
        for i, year in columns.goals.items():
            span = cells[i] if i < len(cells) and i < len(row) else None
            value = _value(row[i], unit) if span else None
            if span is None or value is None:
                continue
            yield Target(
                start=span[0],
                end=span[1],
                by="rule:targets/table",
                table=True,
                value=value[0],
                value_max=value[1],
                unit=value[2],
                by_date=year,
                indicator=" ".join(said.split()),
                section=index.path_at(span[0]),
            )


def _columns(table: Table, issued: str) -> _Columns | None:
    """The columns of a table of targets; None for any other table."""
    heads, first = _headings(table)
    if any(len(head) > _LONGEST_HEADING for head in heads):
        return None
    indicators = [i for i, head in enumerate(heads) if _is("indicator", head)]
    units = [i for i, head in enumerate(heads) if _is("unit", head)]
    if not indicators or not units or units[0] < indicators[0]:
        return None
    goals = {i: year for i, head in enumerate(heads) if (year := _goal(head)) and year >= issued and i > units[0]}
    return _Columns(first, indicators[0], units[0], goals) if goals else None


def _headings(table: Table) -> tuple[list[str], int]:
    """The headings column by column, and the row behind them: years below the last heading stand in its place."""
    heads = [" ".join(cell.split()) for cell in table.rows[0]]
    below = [" ".join(cell.split()) for cell in table.rows[1]] if len(table.rows) > 1 else []
    width = max(map(len, table.rows))
    years = [cell for cell in below if cell]
    if not years or not all(_goal(cell) for cell in years):
        return heads, max(table.header_rows, 1)
    if len(below) == len(heads) == width:
        return [low or head for head, low in zip(heads, below, strict=True)], 2
    if len(heads) - 1 + len(below) == width:
        return [*heads[:-1], *below], 2
    return heads, 2


def _goal(head: str) -> str | None:
    """The year that a heading wants its values for."""
    match = pattern(_RULES, "columns.goal").search(head)
    if match is None or pattern(_RULES, "columns.past").search(head):
        return None
    return match["alone"] or match["y"]


def _is(name: str, head: str) -> bool:
    return pattern(_RULES, f"columns.{name}").search(head) is not None


def _value(cell: str, unit: str) -> tuple[float, float | None, str] | None:
    """(value, upper end of a range, unit) of a cell; None where it holds no number or nothing says what is counted.

    >>> _value("≥ 95%", ""), _value("27.000", "ha"), _value("x", "%")
    ((95.0, None, '%'), (27000.0, None, 'ha'), None)
    """
    match = pattern(_RULES, "cells.value").match(cell.strip())
    if match is None:
        return None
    unit = "%" if match["p"] or match["p2"] else " ".join(unit.split())
    low, high = Reading.of(match["n"].rstrip(".,")), Reading.of(match["n2"].rstrip(".,")) if match["n2"] else None
    if low is None or not unit or (match["n2"] and high is None):
        return None
    return float(low.value), float(high.value) if high else None, unit
