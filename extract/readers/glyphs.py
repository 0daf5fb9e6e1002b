"""Signs with their boxes: lines of print, the place of stamped numbers, letters composed of several signs."""

from __future__ import annotations

import re
import unicodedata
from array import array
from collections.abc import Iterable, Iterator
from itertools import chain
from typing import Literal, NamedTuple

NO_INK = array("f", (-1.0, -1.0, -1.0, -1.0))
"""The box of a sign that the page does not show."""


class Glyph(NamedTuple):
    """One sign and its box in points from the page's top left; `x0` is negative where it has no ink."""

    sign: str
    x0: float
    top: float
    x1: float
    bottom: float

    @property
    def has_ink(self) -> bool:
        """Whether the page shows it."""
        return self.x0 >= 0 and not self.sign.isspace()


Line = list[Glyph]


class Doubt(NamedTuple):
    """A part of a line, by the offsets of its signs, that may be read wrongly; `note` names what is doubtful."""

    kind: Literal["uncertain", "unreadable"]
    start: int
    end: int
    note: str


class Print(NamedTuple):
    """A line of print: its words and four numbers for each of their signs."""

    words: str
    boxes: array[float]
    doubts: tuple[Doubt, ...] = ()
    stamped: bool = False
    """Whether it comes from an annotation and stands in no line of the page's own."""
    furniture: bool = False
    """Whether it is known to be no part of what the document says: a stamp on a scan."""

    @property
    def ink(self) -> tuple[float, float, float, float] | None:
        """The box of the first sign that the page shows."""
        boxes = self.boxes
        at = next((at for at in range(0, len(boxes), 4) if boxes[at] >= 0), None)
        return (boxes[at], boxes[at + 1], boxes[at + 2], boxes[at + 3]) if at is not None else None


def as_print(line: Line) -> Print:
    """A line of signs as a line of print; a sign of several code points gives each its box."""
    words = "".join(glyph.sign for glyph in line)
    boxes = array("f", chain.from_iterable(glyph[1:] * len(glyph.sign) for glyph in line))
    return Print(words, boxes)


_LINE_HYPHENS = "\x02\ufffe"
"""What pdfium gives for a hyphen at a line's end; it drops the line break that follows."""
GLUED = re.compile(r"[A-ZĐ\d]{2}(?=[a-zđà-ỹ]{2})")
"""Capitals or digits with a word right behind them, as pdfium gives them where the space between is narrow."""
_WORD_GAP = 0.12
"""Ink parted by more than this share of its height, between capitals and small letters, is two words."""
_NEAR = 40.0
"""Points between the middles of a stamp and a line of print beyond which they cannot be one line."""
_LONGEST_STAMP = 12
_GAP = 0.3
"""Ink farther apart than this share of its height is parted by a space where stamped signs are put in."""


def spaced(line: Print) -> Print:
    """The line with a space where pdfium saw none: between capitals or digits and a word that stand apart."""
    words, boxes = line.words, line.boxes
    if not GLUED.search(words):
        return line
    for match in reversed(list(GLUED.finditer(words))):
        at = match.start() + 2
        right, left = boxes[4 * at - 2], boxes[4 * at]
        if left >= 0 and left - right > _WORD_GAP * (boxes[4 * at + 3] - boxes[4 * at + 1]):
            words = f"{words[:at]} {words[at:]}"
            boxes = boxes[: 4 * at] + NO_INK + boxes[4 * at :]
    return Print(words, boxes, line.doubts)


def as_line(line: Print) -> Line:
    """A line of print, sign by sign."""
    return [Glyph(sign, *line.boxes[4 * i : 4 * i + 4]) for i, sign in enumerate(line.words)]


def mended(glyphs: Iterable[Glyph]) -> Iterator[Print]:
    """The lines of signs that are not fit to be taken as they are: letters composed, odd signs left out."""
    for line in _broken(glyphs):
        whole = composed(line)
        if any(not glyph.sign.isspace() for glyph in whole):
            yield spaced(as_print(whole))


def with_stamps(lines: list[Print], stamped: Iterable[Print]) -> list[Print]:
    """The lines of a page with what was stamped on it on signing (numbers and days, in annotations).

    A stamp goes into the line that it stands on, where that leaves room for it, or follows as a line of its own.
    """
    for line in stamped:
        for stamp in _runs(as_line(line)):
            _put_in(lines, stamp)
    return lines


def _broken(glyphs: Iterable[Glyph]) -> Iterator[Line]:
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


def _put_in(lines: list[Print], stamp: Line) -> None:
    """Puts a stamped run where it stands on the page: within a line of print, or as a line of its own at the end."""
    inked = [glyph for glyph in stamp if glyph.has_ink]
    if not inked:
        return
    fitting = [
        (_room_beside(line, inked), number)
        for number, line in enumerate(lines)
        if len(inked) <= _LONGEST_STAMP and _is_level_with(line, inked)
    ]
    _, number = min(((room, number) for room, number in fitting if room is not None), default=(0.0, -1))
    if number < 0:
        lines.append(as_print(stamp)._replace(stamped=True))
        return
    x0, x1 = inked[0].x0, inked[-1].x1
    line = as_line(lines[number])
    at = next((i for i, glyph in enumerate(line) if glyph.has_ink and glyph.x0 >= x1 - 1), len(line))
    line[at:at] = [*_space_after(line[:at], x0), *stamp, *_space_before(line[at:], x1)]
    lines[number] = as_print(line)


def _is_level_with(line: Print, inked: Line) -> bool:
    """Whether the stamp's middle lies at the height of a line of print."""
    first = line.ink
    middle = sum((glyph.top + glyph.bottom) / 2 for glyph in inked) / len(inked)
    if first is None or abs((first[1] + first[3]) / 2 - middle) > _NEAR:
        return False
    tops = [top for x0, top in zip(line.boxes[0::4], line.boxes[1::4], strict=True) if x0 >= 0]
    return min(tops) <= middle <= max(line.boxes[3::4])


def _room_beside(line: Print, inked: Line) -> float | None:
    """How far the stamp is from the nearest ink of a line; None where it would stand on that ink."""
    x0, x1 = inked[0].x0, inked[-1].x1
    ink = [glyph for glyph in as_line(line) if glyph.has_ink]
    if any(glyph.x0 < x1 - 1 and x0 + 1 < glyph.x1 for glyph in ink):
        return None
    return min(max(glyph.x0 - x1, x0 - glyph.x1, 0.0) for glyph in ink)


def _space_after(before: Line, x0: float) -> Line:
    if not before or before[-1].sign == " " or x0 - _right(before) < _GAP * (before[-1].bottom - before[-1].top):
        return []
    return [Glyph(" ", -1.0, -1.0, -1.0, -1.0)]


def _space_before(after: Line, x1: float) -> Line:
    ink = next((glyph for glyph in after if glyph.has_ink), None)
    if ink is None or after[0].sign == " " or ink.x0 - x1 < _GAP * (ink.bottom - ink.top):
        return []
    return [Glyph(" ", -1.0, -1.0, -1.0, -1.0)]
