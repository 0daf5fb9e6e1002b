"""Puts pages of lines together into a `Source`: the canonical text, its pages, boxes and marks."""

from __future__ import annotations

import re
from array import array
from collections.abc import Iterable, Sequence
from functools import cache
from itertools import pairwise

from extract.readers.glyphs import NO_INK, Print
from extract.records import Mark, Page, ReadError, Source
from rules.loader import document

_LONGEST = 120
"""Signs; a longer line is no line of a stamp."""
_LEAST_PITCH, _MOST_PITCH = 8.0, 40.0
"""Points between the feet of two lines of one paragraph."""
_FEW = 5
_LOOKED_AT = 6
"""Signs at a line's beginning from which its size is taken."""
_APART, _LEAST_GAP = 1.25, 3.0
"""A pitch by this factor and by these points beyond the usual one sets paragraphs apart."""
_FAR = 1.6
_MARGIN = 0.11
"""The share of a page's height, at its top and foot, in which page numbers stand."""


@cache
def _pattern(name: str) -> re.Pattern[str]:
    return re.compile(document("furniture.toml")[name]["pattern"])


def _paragraphs(lines: Sequence[Print]) -> set[int]:
    """The lines that stand farther below the one above than lines of one paragraph in their size do on this page."""
    feet = [max(line.boxes[3::4], default=-1.0) for line in lines]
    sizes = [_size(line) for line in lines]
    usual: dict[int, list[float]] = {}
    pitches = [below - above for above, below in pairwise(feet)]
    for size, pitch in zip(sizes[1:], pitches, strict=True):
        if _LEAST_PITCH < pitch < _MOST_PITCH:
            usual.setdefault(size, []).append(pitch)
    least = {size: sorted(found)[len(found) // 5] for size, found in usual.items() if len(found) >= _FEW}
    return {
        i
        for i, (size, pitch) in enumerate(zip(sizes[1:], pitches, strict=True), 1)
        if size in least and pitch > max(_APART * least[size], least[size] + _LEAST_GAP)
    }


def _far_below(lines: Sequence[Print]) -> set[int]:
    """The lines of a scan that stand much farther below the one above than is usual on its page.

    What Tesseract gives as a line's place is not exact enough to tell more; stamps do not count.
    """
    own = [(i, ink[3]) for i, line in enumerate(lines) if not line.furniture and (ink := line.ink)]
    pitches = [(i, below - above) for (_, above), (i, below) in pairwise(own)]
    usual = sorted(pitch for _, pitch in pitches if _LEAST_PITCH < pitch < _MOST_PITCH)
    if len(usual) < 2 * _FEW:
        return set()
    return {i for i, pitch in pitches if pitch > _FAR * usual[len(usual) // 2]}


def _size(line: Print) -> int:
    """The height of a line's smaller signs in points, which goes with the size of its type."""
    boxes = line.boxes[: 4 * _LOOKED_AT]
    heights = [boxes[at + 3] - boxes[at + 1] for at in range(0, len(boxes), 4) if boxes[at] >= 0]
    return round(min(heights, default=0.0))


class Assembler:
    """Collects pages; `source` gives the whole."""

    def __init__(self) -> None:
        self._text: list[str] = []
        self._boxes = array("f")
        self._pages: list[Page] = []
        self._marks: list[Mark] = []
        self._warnings: list[str] = []
        self._length = 0
        self.fault: ReadError | None = None
        """Why the first of the pages that could not be read was lost."""

    def warn(self, words: str) -> None:
        """Keeps a sentence on what could not be read."""
        self._warnings.append(words)

    def lost(self, number: int, fault: ReadError) -> None:
        """Keeps why the page of this number is not read as the eye reads it; the other pages go on."""
        self.fault = self.fault or fault
        self.warn(f"Page {number} was not read: {fault.message}")

    def page(self, number: int, width: float, height: float, lines: Iterable[Print], *, ocr: bool) -> None:
        """Adds a page of lines in reading order; a line break follows each line."""
        start = self._length
        lines = list(lines)
        apart = _far_below(lines) if ocr else _paragraphs(lines)
        for i, line in enumerate(lines):
            if i in apart:
                self._text.append("\n")
                self._boxes.extend(NO_INK)
                self._length += 1
            self._line(line, number, height)
        self._pages.append(Page(number=number, start=start, end=self._length, width=width, height=height, ocr=ocr))

    def _line(self, line: Print, number: int, height: float) -> None:
        words = line.words
        begin = self._length
        self._boxes.extend(line.boxes)
        self._boxes.extend(NO_INK)
        self._text.append(words + "\n")
        self._length += len(words) + 1
        if self._is_furniture(words, line, number, height):
            lead = len(words) - len(words.lstrip())
            self._marks.append(Mark(kind="furniture", start=begin + lead, end=begin + len(words)))
        for kind, a, b, note in line.doubts:
            self._marks.append(Mark(kind=kind, start=begin + a, end=begin + b, note=note))

    @staticmethod
    def _is_furniture(words: str, line: Print, number: int, height: float) -> bool:
        """A page number or a stamp in the margin, or a line of a digital signature's picture."""
        ink = line.ink
        if line.furniture:
            return bool(words)
        if not words or len(words) > _LONGEST or ink is None:
            return False
        in_margin = bool(height) and (ink[3] < _MARGIN * height or ink[1] > (1 - _MARGIN) * height)
        if in_margin and (line.stamped or (number > 1 and _pattern("page_number").match(words))):
            return True
        return bool(_pattern("signature").match(words))

    def source(self, path: str, sha256: str, media_type: str, signed_at: str | None = None) -> Source:
        """The pages as one `Source`."""
        return Source(
            path=path,
            sha256=sha256,
            media_type=media_type,
            text="".join(self._text),
            pages=tuple(self._pages),
            marks=tuple(self._marks),
            boxes=self._boxes,
            signed_at=signed_at,
            warnings=tuple(self._warnings),
        )
