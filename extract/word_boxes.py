"""Where each word of a page stands, kept small: what a span of the text needs to be shown on the page's picture.

A page's words are the runs between white space in its span of the canonical text, so that the text itself says where
each begins and ends, and only the boxes are kept: 2 bytes for each side, column by column, deflated; some 3 bytes a
word in all.
"""

from __future__ import annotations

import re
import sys
import zlib
from array import array
from bisect import bisect_left, bisect_right
from collections.abc import Iterator
from dataclasses import dataclass, field

from extract.records import Box, Source

UNIT = 0.5
"""Points a step: what is kept is this coarse."""
NO_INK = 0xFFFF
_WORD = re.compile(r"\S+")
_MOST = 1 << 22
"""Bytes that the boxes of one page may take when they are unpacked."""


@dataclass(frozen=True, slots=True)
class WordBoxes:
    """The words of one page: where each begins and ends in the text, and its four sides in steps of `UNIT`."""

    page: int
    starts: list[int]
    ends: list[int]
    sides: array[int] = field(repr=False)

    def of(self, start: int, end: int) -> tuple[Box, ...]:
        """The boxes of ``text[start:end]`` on this page, one a line of print; a part of a word gets its share."""
        lines: list[Box] = []
        count = len(self.starts)
        for word in range(bisect_right(self.ends, start), bisect_left(self.starts, end)):
            first, last = self.starts[word], self.ends[word]
            x0 = self.sides[word]
            if x0 == NO_INK:
                continue
            width = (self.sides[count + word] - x0) / (last - first)
            left, right = x0 + width * max(start - first, 0), x0 + width * (min(end, last) - first)
            top, bottom = self.sides[2 * count + word], self.sides[3 * count + word]
            _add(lines, (self.page, left * UNIT, top * UNIT, right * UNIT, bottom * UNIT))
        return tuple((n, round(a, 1), round(b, 1), round(c, 1), round(d, 1)) for n, a, b, c, d in lines)


def _add(lines: list[Box], word: Box) -> None:
    """Puts a word at the end of the last line where it stands on it, else on a line of its own."""
    if lines:
        page, left, top, right, bottom = lines[-1]
        shared = min(bottom, word[4]) - max(top, word[2])
        if word[3] >= left and shared >= 0.5 * min(bottom - top, word[4] - word[2]):
            lines[-1] = (page, min(left, word[1]), min(top, word[2]), max(right, word[3]), max(bottom, word[4]))
            return
    lines.append(word)


def pack(source: Source) -> Iterator[bytes | None]:
    """For each page of `source` the boxes of its words, packed; None where nothing is known of them."""
    if source.boxes is None:
        yield from (None for _ in source.pages)
        return
    import numpy as np

    glyphs = np.frombuffer(source.boxes, dtype=np.float32).reshape(-1, 4)
    for page in source.pages:
        words = [match.span() for match in _WORD.finditer(source.text, page.start, page.end)]
        if not words:
            yield None
            continue
        signs = glyphs[page.start : page.end]
        bare = signs[:, 0] < 0
        edges = np.array(words).ravel() - page.start
        sides = np.empty((4, len(words)))
        for side, (pick, worst) in enumerate(
            ((np.minimum, np.inf), (np.minimum, np.inf), (np.maximum, -np.inf), (np.maximum, -np.inf))
        ):
            column = np.append(np.where(bare, worst, signs[:, side]), worst)
            sides[side] = pick.reduceat(column, edges)[::2]
        steps = np.clip(np.round(np.nan_to_num(sides / UNIT, posinf=NO_INK, neginf=0.0)), 0, NO_INK)
        yield zlib.compress(steps[[0, 2, 1, 3]].astype("<u2").tobytes(), 6)


def unpack(packed: bytes | None, text: str, page: int, start: int, end: int) -> WordBoxes | None:
    """The words of page number `page`, which is ``text[start:end]``; None where they are not known or do not fit."""
    if not packed:
        return None
    try:
        plain = zlib.decompressobj().decompress(packed, _MOST)
    except zlib.error:
        return None
    words = [match.span() for match in _WORD.finditer(text, start, end)]
    if len(plain) != 8 * len(words):
        return None
    sides = array("H", plain)
    if sys.byteorder == "big":
        sides.byteswap()
    return WordBoxes(page, [first for first, _ in words], [last for _, last in words], sides)
