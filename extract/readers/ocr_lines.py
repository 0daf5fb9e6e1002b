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
from rules.loader import document

_DIGIT = re.compile(r"\d")
_CODE = re.compile(r"\d{1,5}[/-][A-ZĐÐ]")
_CELLS = 12
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


@cache
def _trust() -> _Trust:
    rules = document("ocr.toml")
    return _Trust(
        digits=float(rules["digits"]),
        code=float(rules["code"]),
        handwritten=float(rules["handwritten"]),
        glued=float(rules["handwritten_glued"]),
        blanks=tuple((str(item["field"]), re.compile(str(item["pattern"]))) for item in rules["blank"]),
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


def lines_of(words: Iterable[Word], page: int, height: float) -> Iterator[Print]:
    """The lines of print on the page of this number, with what is doubtful in them; `height` of the page in points."""
    blanks = dict(_trust().blanks) if page == 1 else {}
    for _, group in groupby(words, key=attrgetter("line")):
        line = list(group)
        if line[0].top > _TOP * height:
            blanks = {}
        made = _print(line, blanks)
        for doubt in made.doubts:
            if doubt.kind == "unreadable":
                blanks.pop(doubt.note, None)
        yield made


def _print(line: Sequence[Word], blanks: Mapping[str, re.Pattern[str]]) -> Print:
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


def _by_hand(a: int, b: int, word: Word, start: int, end: int) -> bool:
    """Whether the word at ``a:b`` is part of the blank ``start:end`` and was read without confidence."""
    if b <= start or end <= a:
        return False
    return word.confidence < (_trust().handwritten if start <= a and b <= end else _trust().glued)
