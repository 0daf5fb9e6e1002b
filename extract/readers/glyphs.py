"""Signs with their boxes: lines of print, the place of stamped numbers, letters composed of several signs."""

from __future__ import annotations

import unicodedata
from collections.abc import Iterator, Sequence
from typing import NamedTuple


class Glyph(NamedTuple):
    """One sign and its box in points from the page's top left; `x0` is negative where it has no ink."""

    sign: str
    x0: float
    top: float
    x1: float
    bottom: float

    @property
    def has_ink(self) -> bool:
        return self.x0 >= 0 and not self.sign.isspace()


Line = list[Glyph]
_LINE_HYPHENS = "\x02\ufffe"
"""What pdfium gives for a hyphen at a line's end; it drops the line break that follows."""
_GAP = 0.3
"""Ink farther apart than this share of its height is parted by a space where stamped signs are put in."""


def lines_of(glyphs: Sequence[Glyph], original: int, width: float) -> list[Line]:
    """The lines of a page in reading order.

    `original` signs are the page's own; those behind them come from annotations (stamped numbers and days) and are
    put into the line that they stand on, or follow as lines of their own.
    """
    lines = [composed(line) for line in _broken(glyphs[:original])]
    for line in _broken(glyphs[original:]):
        for stamp in _runs(composed(line)):
            _put_in(lines, stamp)
    return [line for line in lines if any(not glyph.sign.isspace() for glyph in line)]


def _broken(glyphs: Sequence[Glyph]) -> Iterator[Line]:
    """The signs parted at line ends, hyphens at line ends restored."""
    line: Line = []
    for glyph in glyphs:
        if glyph.sign in "\r\n":
            if line:
                yield line
            line = []
        elif glyph.sign in _LINE_HYPHENS:
            line.append(glyph._replace(sign="-"))
            yield line
            line = []
        elif glyph.sign >= " ":
            line.append(glyph)
    if line:
        yield line


def composed(line: Line) -> Line:
    """The line in NFC: a base letter and the marks behind it are one sign with one box."""
    if all(not unicodedata.combining(glyph.sign) for glyph in line):
        return [g if g.sign.isascii() else g._replace(sign=unicodedata.normalize("NFC", g.sign)) for g in line]
    out: Line = []
    for glyph in line:
        whole = unicodedata.normalize("NFC", out[-1].sign + glyph.sign) if out else glyph.sign
        if out and unicodedata.combining(glyph.sign) and len(whole) == 1:
            out[-1] = out[-1]._replace(sign=whole)
        else:
            out.append(glyph)
    return out


def _runs(line: Line) -> Iterator[Line]:
    """The line's signs parted where they are far apart: a stamped number and a stamped day are two."""
    run: Line = []
    for glyph in line:
        if run and glyph.has_ink and glyph.x0 - _right(run) > 2 * (glyph.bottom - glyph.top):
            yield run
            run = []
        if run or glyph.has_ink:
            run.append(glyph)
    if run:
        yield run


def _right(line: Line) -> float:
    return max((glyph.x1 for glyph in line if glyph.has_ink), default=0.0)


def _put_in(lines: list[Line], stamp: Line) -> None:
    """Puts a stamped run where it stands on the page: within a line of print, or as a line of its own at the end."""
    inked = [glyph for glyph in stamp if glyph.has_ink]
    if not inked:
        return
    x0, x1 = inked[0].x0, inked[-1].x1
    middle = sum((glyph.top + glyph.bottom) / 2 for glyph in inked) / len(inked)
    for line in lines:
        ink = [glyph for glyph in line if glyph.has_ink]
        if not ink or not min(g.top for g in ink) <= middle <= max(g.bottom for g in ink):
            continue
        if any(glyph.x0 < x1 - 1 and x0 + 1 < glyph.x1 for glyph in ink) or len(inked) > 12:
            continue
        at = next((i for i, glyph in enumerate(line) if glyph.has_ink and glyph.x0 >= x1 - 1), len(line))
        line[at:at] = [*_space_after(line[:at], x0), *stamp, *_space_before(line[at:], x1)]
        return
    lines.append(stamp)


def _space_after(before: Line, x0: float) -> Line:
    if not before or before[-1].sign == " " or x0 - _right(before) < _GAP * (before[-1].bottom - before[-1].top):
        return []
    return [Glyph(" ", -1.0, -1.0, -1.0, -1.0)]


def _space_before(after: Line, x1: float) -> Line:
    ink = next((glyph for glyph in after if glyph.has_ink), None)
    if ink is None or after[0].sign == " " or ink.x0 - x1 < _GAP * (ink.bottom - ink.top):
        return []
    return [Glyph(" ", -1.0, -1.0, -1.0, -1.0)]
