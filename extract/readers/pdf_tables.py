"""Ruled tables of a PDF: pdfplumber's table finder over the ruling lines, cells as spans of the canonical text."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

from extract.readers.pdf_rules import Rule
from extract.readers.written import ABOVE, unit_above
from extract.records import Page, Source, Span, Table

if TYPE_CHECKING:
    from pdfplumber.table import Table as PlumberTable

_LEAST_RULES = 4
_MOST_RULES = 4000


@dataclass(frozen=True, slots=True)
class _RuledPage:
    """What pdfplumber's table finder asks of a page: its edges and its bounds."""

    edges: list[dict[str, object]]
    bbox: tuple[float, float, float, float]


def with_tables(source: Source, rules: Mapping[int, Sequence[Rule]]) -> Source:
    """`source` with the ruled tables of its pages, by the ruling lines of each page's number."""
    pages = {page.number: page for page in source.pages}
    tables = [
        table
        for number, lines in rules.items()
        if _LEAST_RULES <= len(lines) <= _MOST_RULES
        for table in _tables_of(source, pages[number], lines)
    ]
    return replace(source, tables=tuple(continued(tables, source))) if tables else source


def _edge(rule: Rule) -> dict[str, object]:
    return {
        "x0": rule.x0,
        "x1": rule.x1,
        "top": rule.top,
        "bottom": rule.bottom,
        "width": rule.x1 - rule.x0,
        "height": rule.bottom - rule.top,
        "orientation": "v" if rule.is_upright else "h",
        "object_type": "line",
    }


def _tables_of(source: Source, page: Page, rules: Sequence[Rule]) -> Iterator[Table]:
    from pdfplumber.table import TableFinder

    upright = sum(rule.is_upright for rule in rules)
    if upright < 2 or len(rules) - upright < 2:
        return
    stand_in = _RuledPage([_edge(rule) for rule in rules], (0.0, 0.0, page.width, page.height))
    for found in TableFinder(stand_in).tables:  # type: ignore[arg-type]  # it asks no more of a page than this
        table = _table(source, page, found)
        if table is not None:
            yield table


def _table(source: Source, page: Page, found: PlumberTable) -> Table | None:
    """The table with its cells' words; None where it is a frame rather than a table."""
    boxes = source.boxes
    if boxes is None:
        return None
    signs = [
        (at, (boxes[4 * at] + boxes[4 * at + 2]) / 2, (boxes[4 * at + 1] + boxes[4 * at + 3]) / 2)
        for at in range(page.start, page.end)
        if boxes[4 * at] >= 0
    ]
    rows: list[tuple[str, ...]] = []
    cells: list[tuple[Span | None, ...]] = []
    for row in found.rows:
        offsets = tuple(_cell_offsets(signs, cell) for cell in row.cells)
        rows.append(tuple(_words(source.text, cell) for cell in offsets))
        cells.append(tuple((cell[0], cell[-1] + 1) if cell else None for cell in offsets))
    if not _holds_data(rows):
        return None
    held = [span for row in cells for span in row if span]
    start, end = min(a for a, _ in held), max(b for _, b in held)
    unit = unit_above(source.text[max(page.start, start - ABOVE) : start])
    return Table(start=start, end=end, rows=tuple(rows), page=page.number, unit=unit, cells=tuple(cells))


def _holds_data(rows: Sequence[Sequence[str]]) -> bool:
    """Two rows or more with words in two cells or more: a frame around a text has one cell a row."""
    return sum(sum(bool(cell) for cell in row) >= 2 for row in rows) >= 2


def _cell_offsets(
    signs: Sequence[tuple[int, float, float]], cell: tuple[float, float, float, float] | None
) -> list[int]:
    if cell is None:
        return []
    x0, top, x1, bottom = cell
    return [at for at, x, y in signs if x0 <= x <= x1 and top <= y <= bottom]


def _words(text: str, offsets: Sequence[int]) -> str:
    """The words of a cell; signs that are not neighbours in the text are parted by a space."""
    pieces: list[str] = []
    for before, at in zip([None, *offsets], offsets, strict=False):
        if before is not None and at != before + 1:
            pieces.append(" ")
        pieces.append(text[at])
    return " ".join("".join(pieces).split())


def continued(tables: Sequence[Table], source: Source) -> list[Table]:
    """Tables with those joined that go on over the page: the next page's first, of as many columns, no text between."""
    out: list[Table] = []
    for table in tables:
        before = out[-1] if out else None
        if before is not None and _goes_on(before, table, source):
            rows, cells = table.rows, table.cells
            if rows and rows[0] == before.rows[0]:
                rows, cells = rows[1:], cells[1:]
            out[-1] = replace(before, end=table.end, rows=before.rows + rows, cells=before.cells + cells)
        else:
            out.append(table)
    return out


def _goes_on(before: Table, after: Table, source: Source) -> bool:
    if before.page is None or after.page is None or after.page <= before.page:
        return False
    if max(map(len, before.rows)) != max(map(len, after.rows)) or after.start < before.end:
        return False
    furniture = {mark.start: mark.end for mark in source.marks if mark.kind == "furniture"}
    between, at = [], before.end
    while at < after.start:
        if at in furniture:
            at = furniture[at]
            continue
        between.append(source.text[at])
        at += 1
    return not "".join(between).strip()
