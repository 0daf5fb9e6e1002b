"""The pictures of a document's pages with its facts marked on them: where each box lies and what it leads to."""

from __future__ import annotations

import json
from bisect import bisect_right
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field

from datasette_plugins.desk.marks import Mark
from datasette_plugins.desk.ports import Row
from extract.records import Box
from extract.word_boxes import WordBoxes, unpack

A4 = (595.0, 842.0)
"""The size in points that a page is given whose own is not known."""
MOST_BOXES = 4_000
"""Boxes of one document: what lies beyond is marked in the text alone."""
_PAD = 1.2


@dataclass(frozen=True, slots=True)
class Area:
    """A fact on a page: its rectangles (x, y, width, height in points from the page's top left corner)."""

    mark: Mark
    rectangles: tuple[tuple[float, float, float, float], ...]
    first: bool
    """Whether the fact begins here: its permalink is the first of its areas."""
    classes: str


@dataclass(slots=True)
class Scan:
    """A page: its number, its size in points, what is marked on it."""

    number: int
    width: float
    height: float
    ocr: bool
    areas: list[Area] = field(default_factory=list)


class Places:
    """Finds where a span of the text stands on the pages."""

    def __init__(self, text: str, pages: Sequence[Row]) -> None:
        self.text = text
        self.pages = pages
        self._starts = [int(row["start"] or 0) for row in pages]
        self._words: dict[int, WordBoxes | None] = {}

    def of(self, start: int, end: int) -> list[Box]:
        """The boxes of ``text[start:end]``, one a line of print; none where the pages' words were not kept."""
        found: list[Box] = []
        for at in range(max(bisect_right(self._starts, start) - 1, 0), len(self.pages)):
            if self._starts[at] >= end:
                break
            words = self._on(at)
            if words is not None:
                found.extend(words.of(start, end))
        return found

    def _on(self, at: int) -> WordBoxes | None:
        if at not in self._words:
            row = self.pages[at]
            self._words[at] = unpack(row.get("words"), self.text, row["number"], row["start"] or 0, row["end"] or 0)
        return self._words[at]


def stored(value: object) -> list[Box]:
    """The boxes in a column `bbox`; what is not of their form is left out."""
    try:
        boxes = json.loads(str(value or "[]"))
    except ValueError:
        return []
    return [
        (int(box[0]), float(box[1]), float(box[2]), float(box[3]), float(box[4]))
        for box in (boxes if isinstance(boxes, list) else [])
        if isinstance(box, list) and len(box) == 5 and all(isinstance(side, int | float) for side in box)
    ]


def draw(pages: Sequence[Row], text: str, marks: Sequence[Mark], boxes: Mapping[str, object]) -> list[Scan]:
    """The pages with the marks on them. `boxes` gives the stored boxes of facts by their ids."""
    scans = {
        int(row["number"]): Scan(
            int(row["number"]), float(row["width"] or A4[0]), float(row["height"] or A4[1]), bool(row["ocr"])
        )
        for row in pages
    }
    places, drawn = Places(text, pages), 0
    for mark in sorted(marks, key=lambda mark: (-(mark.end - mark.start), mark.start)):  # the small lie above
        lines = stored(boxes.get(mark.id)) or places.of(mark.start, mark.end)
        by_page: dict[int, list[Box]] = {}
        for box in lines:
            by_page.setdefault(box[0], []).append(box)
        drawn += len(lines)
        if drawn > MOST_BOXES:
            break
        for order, (number, found) in enumerate(by_page.items()):
            if number in scans:
                scans[number].areas.append(Area(mark, tuple(map(_rectangle, found)), order == 0, _classes(mark)))
    return [scans[number] for number in sorted(scans)]


def _rectangle(box: Box) -> tuple[float, float, float, float]:
    _, left, top, right, bottom = box
    return (
        round(left - _PAD, 1),
        round(top - _PAD, 1),
        round(right - left + 2 * _PAD, 1),
        round(bottom - top + 2 * _PAD, 1),
    )


def _classes(mark: Mark) -> str:
    wide = " bx-wide" if mark.rank[0] else ""
    return f"bx bx-{mark.kind}{f' bx-{mark.level}' if mark.level else ''}{wide}"
