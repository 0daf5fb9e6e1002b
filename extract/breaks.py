"""Which breaks between physical lines mean something, and which only the page's width made.

The words that tell stand in `rules/breaks.toml`; `extract.text` joins the lines by what is decided here.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass, fields
from functools import cache, lru_cache
from itertools import pairwise
from typing import NamedTuple

from rules.loader import pattern

_ALONE = re.compile(r"(?:[IVX]{1,6}|\d{1,2}(?:\.\d{1,2}){0,3})[.)]\Z")
_COUNTS = re.compile(r"(?:\d{1,3}|[IVXL]{1,6})(?![^\W_])")
_YEAR_END = re.compile(r"\b(?:19|20)\d\d\Z")
_YEAR_START = re.compile(r"-\s?(?:19|20)\d\d\b")
_ENDED = frozenset(".;:!?")
_FULL_STOPS = frozenset(".;!?")
_GOES_ON = frozenset(",;.)/%")
"""Signs that never begin a paragraph."""
WIDEST = 140
"""The most signs that a printed line is taken to hold."""
_TAIL = 16
"""More signs than the longest ending has that is looked for at a line's end: the search begins so far before it."""
_WORD_ALONE_LENGTH = len("Phụ lục")
_ALONE_LENGTH = len("10.10.10.10.")


class RawLine(NamedTuple):
    """A physical line that says something: its span, blank lines before it, its words without outer marks."""

    start: int
    end: int
    blanks: int
    content: str


@dataclass(frozen=True, slots=True)
class _Cues:
    """The patterns of `rules/breaks.toml` by their names there."""

    marker: re.Pattern[str]
    dangling: re.Pattern[str]
    body_next: re.Pattern[str]
    number_next: re.Pattern[str]
    unit: re.Pattern[str]
    word_alone: re.Pattern[str]
    calls_number: re.Pattern[str]
    points_to: re.Pattern[str]
    pointed: re.Pattern[str]
    closing: re.Pattern[str]


@cache
def _cues() -> _Cues:
    return _Cues(*(pattern("breaks.toml", cue.name) for cue in fields(_Cues)))


def is_double_spaced(lines: Sequence[RawLine]) -> bool:
    """Every physical line followed by a blank one: most breaks hold one, and many of them fall inside a sentence."""
    breaks = len(lines) - 1
    if breaks < 8:
        return False
    single = [line for line in lines[1:] if line.blanks == 1]
    if len(single) < 0.7 * breaks:
        return False
    return sum(line.content[0].islower() for line in single) >= 0.25 * breaks


def is_spaced(lines: Sequence[RawLine]) -> bool:
    """Whether a blank line stands before every paragraph, so that a break without one is only the page's."""
    cues, marked, close, wrapped = _cues(), 0, 0, 0
    for line in lines:
        if line.content[0] in "NTK" and cues.closing.match(line.content):
            break
        if cues.marker.match(line.content):
            marked += 1
            close += line.blanks == 0
        else:
            wrapped += line.blanks == 0
    return marked >= 10 and close <= 0.12 * marked and wrapped >= marked


def is_broken_paragraph(above: str, below: str) -> bool:
    """Whether, where paragraphs stand apart, two lines without a blank one between are one sentence."""
    if (above[-1] in _ENDED and (above[-1] != ":" or below[0].isdigit())) or "|" in {above[0], above[-1], below[0]}:
        return False
    if above.isupper() != below.isupper() and len(below) > 3:
        return False
    cues = _cues()
    return (
        not cues.marker.match(below)
        or (below[0] == "-" and below[1:].lstrip()[:1].islower())
        or bool(_YEAR_END.search(above, len(above) - _TAIL) and _YEAR_START.match(below))
    )


def is_wrapped(above: str, below: str, blanks: int, width: int) -> bool:
    """Whether the break between two lines is only the page's: the sentence goes on."""
    cues, last, first = _cues(), above[-1], below[0]
    small = first.islower()
    if last in _FULL_STOPS and not small and first not in _GOES_ON:
        return False
    tail = len(above) - _TAIL
    if blanks == 0 and len(above) <= _WORD_ALONE_LENGTH and cues.word_alone.match(above) and _COUNTS.match(below):
        return True
    if last in "-/" and above[-2:-1].strip() and blanks <= 1:
        return True
    if len(below) <= _ALONE_LENGTH and _ALONE.match(below):
        calls = cues.calls_number.search(above, tail) or _dangles(above) or cues.number_next.search(above, tail)
        return bool(calls) and blanks <= 1
    plain = small and "." not in below[1:4] and ")" not in below[1:4] and first != "o"
    if not plain and cues.marker.match(below):
        return blanks == 0 and cues.points_to.search(above, tail) is not None and cues.pointed.match(below) is not None
    if above[0] == "|" or last == "|":
        return False
    if small or first in _GOES_ON:
        return last not in ".!?" or blanks == 0 or first in ",;.)"
    if first.isdigit() and blanks <= 1 and cues.number_next.search(above, tail):
        return True
    if last in _ENDED or blanks > 0:
        return last == "," and blanks <= 1
    if above.isupper() or (below.isupper() and " " in below):
        return above.isupper() and below.isupper()
    if len(below) <= 3 and below.isdecimal():
        return _dangles(above)
    if len(above) >= 0.62 * width or last == "," or first.isdigit():
        return True
    return _dangles(above) or cues.body_next.search(above, tail) is not None


def _dangles(above: str) -> bool:
    """Whether a line ends with a word or sign that cannot end a sentence."""
    return _is_open(above[-_TAIL:])


@lru_cache(maxsize=8192)
def _is_open(tail: str) -> bool:
    """The same of a line's last signs."""
    return _cues().dangling.search(tail.lower()) is not None


def is_page_number(above: str | None, line: str, below: str | None) -> bool:
    """A number alone on its line inside a sentence, or at a page's break: furniture."""
    if not (line.isdigit() and len(line) <= 3) or above is None or below is None:
        return False
    return above[-1] not in _ENDED and below[0].islower()


def page_numbers(lines: Sequence[RawLine]) -> frozenset[int]:
    """The indices of lines that hold a page's number alone: each one more than the last, a page's length apart."""
    found: list[int] = []
    number = 0
    for i, line in enumerate(lines):
        if len(line.content) > 3 or not line.content.isdecimal():
            continue
        value = int(line.content)
        if len(found) > 1 and i - found[-1] > 1.4 * (found[1] - found[0]):
            break
        if (not found and value in {1, 2} and i >= 20) or (found and value == number + 1 and i - found[-1] >= 20):
            found.append(i)
            number = value
    steps = [later - earlier for earlier, later in pairwise(found)]
    first = number - len(found) + 1
    if not steps or max(steps) > 50 or max(steps) > 1.4 * min(steps) or found[0] > 1.5 * min(steps) * first:
        return frozenset()
    return frozenset(found)


def stays_inside(inside: bool, content: str) -> bool:
    """Whether the line `content` stands inside the units of a text, where the lines above it did or did not."""
    cues = _cues()
    return (inside or bool(cues.unit.match(content))) and not cues.closing.match(content)
