"""Lines of print from Tesseract's table of words: boxes, and what of it is not to be believed.

Digits are never altered. A word with digits that was read without confidence is marked as uncertain; what was written
by hand into the letterhead's blanks (number, day) is marked as unreadable. Thresholds are in ``rules/ocr.toml``.
"""

from __future__ import annotations

import re
from array import array
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import cache
from itertools import groupby
from operator import attrgetter
from typing import NamedTuple

from extract.readers.glyphs import NO_INK, Doubt, Print
from extract.readers.ocr_ink import Box, Ink
from rules.loader import document

_DIGIT = re.compile(r"\d")
_CODE = re.compile(r"\d{1,5}[/-][A-ZĐÐ]")
_STROKES = re.compile(r"(I{1,3})([.)]?)")
_MOST_STROKES = 3
_CELLS = 12
_BESIDE, _LEAST_BLANK = 1.0, 4.0
"""Points beside a word in which its own ink may lie; the least width in which something can be written."""
_CLOSE = 12.0
"""Points above and below a stamp within which Tesseract may have mixed up the lines."""
_TOP = 0.4
"""The share of the first page in which the letterhead stands."""


class Word(NamedTuple):
    """A word as read: where it belongs, its box in points from the page's top left, its confidence (0 to 100)."""

    words: str
    line: tuple[str, ...]
    x0: float
    top: float
    x1: float
    bottom: float
    confidence: float


@dataclass(frozen=True, slots=True)
class _Trust:
    digits: float
    code: float
    handwritten: float
    glued: float
    blanks: tuple[tuple[str, re.Pattern[str]], ...]
    empty: Mapping[str, re.Pattern[str]]
    written: float


@cache
def _trust() -> _Trust:
    rules = document("ocr.toml")
    return _Trust(
        digits=float(rules["digits"]),
        code=float(rules["code"]),
        handwritten=float(rules["handwritten"]),
        glued=float(rules["handwritten_glued"]),
        blanks=tuple((str(item["field"]), re.compile(str(item["pattern"]))) for item in rules["blank"]),
        empty={str(item["field"]): re.compile(str(item["empty"])) for item in rules["blank"]},
        written=float(rules["written"]),
    )


def words_of(table: str, scale: float) -> Iterator[Word]:
    """The words of Tesseract's TSV table; `scale` is points a pixel. Its heading is no word."""
    for row in table.splitlines():
        cells = row.split("\t", _CELLS - 1)
        if len(cells) < _CELLS or cells[0] != "5" or not cells[11].strip():
            continue
        x, top, width, height = (float(value) * scale for value in cells[6:10])
        yield Word(cells[11].strip(), tuple(cells[1:5]), x, top, x + width, top + height, float(cells[10]))


def is_doubtful_code(word: Word) -> bool:
    """Whether a word looks like a document's code (`12/KH-UBND`) and was read so that it should be read again."""
    return word.confidence < _trust().code and bool(_CODE.match(word.words))


def lines_of(words: Iterable[Word], page: int, height: float, ink: Ink | None = None) -> Iterator[Print]:
    """The lines of print on the page of this number, with what is doubtful in them; `height` of the page in points.

    With the page's `ink`, the first page's stamps are lines of their own, and what was written into a blank that no
    word stands for is seen.
    """
    given = list(words)
    stamps = list(_stamps(given, ink)) if ink and page == 1 else []
    blanks = dict(_trust().blanks) if page == 1 else {}
    for line, stamped in _parted(given, stamps):
        if line[0].top > _TOP * height:
            blanks = {}
        if stamped:
            yield _print(line, {})._replace(furniture=True)
            continue
        if ink:
            line[0] = _counted(line[0], ink)
        made = _print(line, blanks, ink)
        for doubt in made.doubts:
            if doubt.kind == "unreadable":
                blanks.pop(doubt.note, None)
        yield made


def _counted(word: Word, ink: Ink) -> Word:
    """A word of the numeral I alone (`II.`) with as many as it has strokes: Tesseract often reads `III.` as `II.`."""
    match = _STROKES.fullmatch(word.words)
    strokes = ink.stems((word.x0, word.top, word.x1, word.bottom)) if match else 0
    if match is None or not len(match[1]) < strokes <= _MOST_STROKES:
        return word
    return word._replace(words="I" * strokes + match[2])


def _parted(words: Sequence[Word], stamps: Sequence[Box]) -> list[tuple[list[Word], bool]]:
    """The lines of words, those of stamps told apart; what stands beside a stamp in its order down the page.

    Tesseract takes a stamp for a column of the text and puts what stands beside it out of order.
    """
    lines: list[tuple[list[Word], bool]] = []
    for _, group in groupby(words, key=attrgetter("line")):
        line = list(group)
        for stamp in stamps:
            inside = [word for word in line if _is_in(word, stamp)]
            line = [word for word in line if not _is_in(word, stamp)]
            lines += [(inside, True)] if inside else []
        lines += [(line, False)] if line else []
    for _, top, _, bottom in stamps:
        beside = [
            i for i, (line, own) in enumerate(lines) if not own and top - _CLOSE < _middle(line) < bottom + _CLOSE
        ]
        in_order = sorted((lines[i] for i in beside), key=lambda item: _middle(item[0]))
        for i, item in zip(beside, in_order, strict=True):
            lines[i] = item
    return lines


def _middle(line: Sequence[Word]) -> float:
    return sum(word.top + word.bottom for word in line) / (2 * len(line))


def _stamps(words: Sequence[Word], ink: Ink) -> Iterator[Box]:
    """The frames on the page whose words are those of a stamp for incoming letters."""
    pattern = re.compile(document("furniture.toml")["incoming"]["pattern"])
    for frame in ink.frames():
        if pattern.match(" ".join(word.words for word in words if _is_in(word, frame))):
            yield frame


def _is_in(word: Word, box: Box) -> bool:
    x, y = (word.x0 + word.x1) / 2, (word.top + word.bottom) / 2
    return box[0] <= x <= box[2] and box[1] <= y <= box[3]


def _print(line: Sequence[Word], blanks: Mapping[str, re.Pattern[str]], ink: Ink | None = None) -> Print:
    boxes = array("f")
    text = ""
    placed: list[tuple[int, int, Word]] = []
    for word in line:
        if text and not _is_one_date(placed[-1][2], word):
            text += " "
            boxes.extend(NO_INK)
        placed.append((len(text), len(text) + len(word.words), word))
        text += word.words
        step = (word.x1 - word.x0) / len(word.words)
        for i in range(len(word.words)):
            boxes.extend((word.x0 + i * step, word.top, word.x0 + (i + 1) * step, word.bottom))
    doubts = [*_uncertain(placed), *_unreadable(text, placed, blanks)]
    if ink:
        doubts += _written_in(text, placed, blanks, ink)
    return Print(text, boxes, tuple(doubts))


def _is_one_date(before: Word, word: Word) -> bool:
    """Whether a date was parted where the setting leaves a little room behind its stroke (`08/ 12/2021`)."""
    if not (before.words[-1] == "/" and before.words[-2:-1].isdigit() and word.words[0].isdigit()):
        return False
    return word.x0 - before.x1 < before.bottom - before.top


def _uncertain(placed: Sequence[tuple[int, int, Word]]) -> Iterator[Doubt]:
    for start, end, word in placed:
        if word.confidence < _trust().digits and _DIGIT.search(word.words):
            yield Doubt("uncertain", start, end, "digits")


def _unreadable(
    text: str, placed: Sequence[tuple[int, int, Word]], blanks: Mapping[str, re.Pattern[str]]
) -> Iterator[Doubt]:
    """What was written by hand into the blanks of the letterhead, by the name of the field."""
    for name, pattern in blanks.items():
        match = pattern.search(text)
        if match is None:
            continue
        start, end = match.span("value")
        if not match["value"].isdigit() or any(_by_hand(a, b, word, start, end) for a, b, word in placed):
            yield Doubt("unreadable", start, end, name)


def _written_in(
    text: str, placed: Sequence[tuple[int, int, Word]], blanks: Mapping[str, re.Pattern[str]], ink: Ink
) -> Iterator[Doubt]:
    """The blanks that no word stands in, where the page shows ink all the same: Tesseract saw no letters in it."""
    for name in blanks:
        match = _trust().empty[name].search(text)
        if match is None:
            continue
        start, end = match.span("value")
        before = next((word for _, b, word in placed if b == start), None)
        behind = next((word for a, _, word in placed if a == end), None)
        if before is None or behind is None or start >= end:
            continue
        # A word's box may reach over what was written behind it: its letters end where the next word's tell.
        letter = (behind.x1 - behind.x0) / len(behind.words)
        left = min(before.x1, before.x0 + len(before.words) * letter) + _BESIDE
        area = (left, min(before.top, behind.top), behind.x0 - _BESIDE, max(before.bottom, behind.bottom))
        if area[2] - area[0] > _LEAST_BLANK and ink.share(area) > _trust().written:
            yield Doubt("unreadable", start, end, name)


def _by_hand(a: int, b: int, word: Word, start: int, end: int) -> bool:
    """Whether the word at ``a:b`` is part of the blank ``start:end`` and was read without confidence."""
    if b <= start or end <= a:
        return False
    return word.confidence < (_trust().handwritten if start <= a and b <= end else _trust().glued)
