"""Ruled tables of a PDF by pdfplumber, their cells as spans of the canonical text."""

from __future__ import annotations

import io
import re
from collections.abc import Iterator, Sequence
from dataclasses import replace
from typing import TYPE_CHECKING

from extract.records import Page, Source, Span, Table

if TYPE_CHECKING:
    from pdfplumber.page import Page as PlumberPage
    from pdfplumber.table import Table as PlumberTable

UNIT = re.compile(r"(?:Đơn vị(?: tính)?|ĐVT|Đvt)\s?:?\s*([^\n)]{2,40})")
"""The line above a table that says what its numbers count (`Đơn vị tính: triệu đồng`)."""


def with_tables(source: Source, data: bytes, numbers: Sequence[int]) -> Source:
    """`source` with the ruled tables of the pages `numbers`; what pdfplumber cannot read stays without tables."""
    import pdfplumber
    from pdfminer.pdfexceptions import PDFException
    from pdfplumber.utils.exceptions import PdfminerException

    tables: list[Table] = []
    pages = {page.number: page for page in source.pages}
    try:
        with pdfplumber.open(io.BytesIO(data), pages=list(numbers)) as pdf:
            for page in pdf.pages:
                tables.extend(_tables_of(source, pages[page.page_number], page))
                page.close()
    except (PdfminerException, PDFException, ValueError, KeyError, TypeError, RecursionError) as fault:
        note = f"tables could not be read ({type(fault).__name__})"
        return replace(source, tables=tuple(tables), warnings=(*source.warnings, note))
    return replace(source, tables=tuple(tables))


def _tables_of(source: Source, page: Page, plumber: PlumberPage) -> Iterator[Table]:
    for found in plumber.find_tables():
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
        spans = tuple(_cell_offsets(signs, cell) for cell in row.cells)
        rows.append(tuple(_words(source.text, offsets) for offsets in spans))
        cells.append(tuple((offsets[0], offsets[-1] + 1) if offsets else None for offsets in spans))
    held = [span for row in cells for span in row if span]
    if len(rows) < 2 or max(len(row) for row in rows) < 2 or len(held) < 3:
        return None
    start, end = min(a for a, _ in held), max(b for _, b in held)
    above = UNIT.findall(source.text[max(page.start, start - 200) : start])
    unit = above[-1].strip() if above else None
    return Table(start=start, end=end, rows=tuple(rows), page=page.number, unit=unit, cells=tuple(cells))


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
