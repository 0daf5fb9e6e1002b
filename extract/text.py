"""The canonical text and the matching view that finders work over.

The canonical text is the input in Unicode NFC and nothing else. The view is what a reader of the document sees in
it: look-alike letters, dashes and spaces of one form, tone marks in one place, Markdown marks and rules of dashes
gone, white space folded to one sign, lines that only the page's width broke joined by a space. A break that means
something (paragraph, list item, heading) is one ``\\n``. Every view offset leads back into the canonical text.
"""

from __future__ import annotations

import re
import unicodedata
from bisect import bisect_right
from collections.abc import Collection
from functools import cache
from typing import NamedTuple

from extract.breaks import (
    WIDEST,
    RawLine,
    is_broken_paragraph,
    is_double_spaced,
    is_page_number,
    is_spaced,
    is_wrapped,
    page_numbers,
    stays_inside,
)
from extract.records import Span

SAME_LENGTH = {
    "Ð": "Đ",
    "Ɖ": "Đ",
    "ð": "đ",
    "ɖ": "đ",
    "\u00a0": " ",
    "\u2002": " ",
    "\u2003": " ",
    "\u2009": " ",
    "\u202f": " ",
    "\u3000": " ",
    "\t": " ",
    "\f": " ",
    "\v": " ",
    "\r": " ",
    "\u2028": "\n",
    "\u2029": "\n",
    "\u0085": "\n",
    "‐": "-",
    "‑": "-",
    "‒": "-",
    "–": "-",
    "—": "-",
    "―": "-",
    "−": "-",
    "⁄": "/",
    "∕": "/",
    "／": "/",
    "“": '"',
    "”": '"',
    "„": '"',
    "‟": '"',
    "’": "'",
    "‘": "'",
    "…": ".",
    "\uf02d": "-",
    "\uf0b7": "•",
}
"""Signs that stand for one another, each of one code point, so that no offset moves."""

_ZERO_WIDTH = "\u200b\u200c\u200d\u2060\ufeff\u00ad"
_INNER = re.compile(rf"\*+|  +|[{_ZERO_WIDTH}]+")
_NOTHING = re.compile(r"[\s|\-_=*:+.~·•\\#>]*\Z")
_HEAD = re.compile(r"(?:#{1,6}(?=[\s*\d]|[^\W\d_])\s*|>\s+|\\(?=[-+*#]))+")
_TONE_PAIRS = (
    re.compile(r"o[àáảãạèéẻẽẹ](?![^\W\d_])"),
    re.compile(r"O[àáảãạèéẻẽẹÀÁẢÃẠÈÉẺẼẸ](?![^\W\d_])"),
    re.compile(r"u(?<![qQ]u)[ỳýỷỹỵ](?![^\W\d_])"),
    re.compile(r"U(?<![qQ]U)[ỳýỷỹỵỲÝỶỸỴ](?![^\W\d_])"),
)
"""One pattern a letter: a pattern that begins with one letter is searched thirty times faster than with a set."""


def canonical(raw: str) -> str:
    """The canonical text of `raw`: NFC, without a byte order mark. Nothing else is altered."""
    return unicodedata.normalize("NFC", raw.removeprefix("\ufeff"))


@cache
def _moved(pair: str) -> str:
    """The tone of an open `oa`, `oe`, `uy` on its first vowel (`oà` -> `òa`): two code points before and after."""
    base, tone = tuple(unicodedata.normalize("NFD", pair[1]))
    return unicodedata.normalize("NFC", pair[0] + tone) + base


def unify(text: str) -> str:
    """`text` with signs that look or mean alike in one form. Its length does not change."""
    for sign, plain in SAME_LENGTH.items():
        if sign in text:
            text = text.replace(sign, plain)
    for pattern in _TONE_PAIRS:
        text = pattern.sub(lambda match: _moved(match.group()), text)
    return text


new = tuple.__new__
"""Makes a named tuple of a tuple, without the call that its own class would take: for what is made by the hundred."""


class Line(NamedTuple):
    """A physical line in the view: its span, whether the break before it means something, blank lines before it."""

    start: int
    end: int
    hard: bool
    blanks: int


class View:
    """The matching view of a canonical text. Make one with `build_view`."""

    __slots__ = ("_at_source", "_at_view", "lines", "source", "text")

    def __init__(self, source: str, text: str, at_view: list[int], at_source: list[int], lines: list[Line]) -> None:
        self.source = source
        self.text = text
        self.lines = lines
        self._at_view = at_view
        self._at_source = at_source

    def to_source(self, offset: int) -> int:
        """The canonical offset of the view's character `offset`."""
        i = bisect_right(self._at_view, offset) - 1
        return self._at_source[i] + offset - self._at_view[i]

    def span(self, start: int, end: int) -> Span:
        """The canonical span of the view's ``start:end``, white space at its ends left out."""
        text = self.text
        while end > start and text[end - 1].isspace():
            end -= 1
        while start < end and text[start].isspace():
            start += 1
        if start >= end:
            where = self.to_source(start)
            return where, where
        at_view, at_source = self._at_view, self._at_source
        first = bisect_right(at_view, start) - 1
        last = bisect_right(at_view, end - 1, first) - 1
        return at_source[first] + start - at_view[first], at_source[last] + end - at_view[last]

    def from_source(self, offset: int) -> int:
        """The view offset of the first character that stands at or after the canonical `offset`."""
        i = bisect_right(self._at_source, offset) - 1
        if i < 0:
            return 0
        inside = self._at_view[i] + offset - self._at_source[i]
        limit = self._at_view[i + 1] if i + 1 < len(self._at_view) else len(self.text)
        return min(inside, limit)

    def quote(self, start: int, end: int) -> str:
        """The canonical words of the view's ``start:end`` as printed."""
        a, b = self.span(start, end)
        return self.source[a:b]

    def line_at(self, offset: int) -> int:
        """The index of the physical line that holds the view's `offset`."""
        low, high = 0, len(self.lines)
        while low < high:
            mid = (low + high) // 2
            if self.lines[mid].start <= offset:
                low = mid + 1
            else:
                high = mid
        return max(low - 1, 0)


class _Builder:
    """Collects the pieces of a view with the canonical offset of each."""

    def __init__(self, unified: str) -> None:
        self.unified = unified
        self.pieces: list[str] = []
        self.at_view: list[int] = [0]
        self.at_source: list[int] = [0]
        self.length = 0
        self.shift = 0
        self.invisible = any(sign in unified for sign in _ZERO_WIDTH)
        self.plain = not self.invisible and "*" not in unified and "  " not in unified
        """Whether no line holds anything that the view leaves out."""

    def take(self, start: int, end: int) -> None:
        """Adds ``start:end`` of the unified text as it is."""
        if start < end:
            if self.length + self.shift != start:
                self._break(start)
            self.pieces.append(self.unified[start:end])
            self.length += end - start

    def put(self, sign: str, source: int) -> None:
        """Adds one sign that stands for what begins at the canonical offset `source`."""
        if self.length + self.shift != source:
            self._break(source)
        self.pieces.append(sign)
        self.length += 1

    def part(self, hard: bool, last_end: int, start: int) -> None:
        """Adds the break between a line that ends at `last_end` and the next at `start`, or a space where none is."""
        if hard or not (self.pieces and self.pieces[-1][-1] in " \n"):
            at = start - 1 if start == last_end + 1 else self.unified.rfind("\n", last_end, start)
            if at <= last_end:
                at = last_end
            if self.length + self.shift != at:
                self._break(at)
            self.pieces.append("\n" if hard else " ")
            self.length += 1

    def _break(self, source: int) -> None:
        """From here on the view and the source run side by side from other offsets."""
        self.at_view.append(self.length)
        self.at_source.append(source)
        self.shift = source - self.length

    def line(self, start: int, end: int) -> None:
        """Adds a line's content without Markdown marks, runs of spaces folded."""
        text, at = self.unified, start
        content = text[start:end]
        if self.plain or ("*" not in content and "  " not in content and not self.invisible):
            if self.length + self.shift != start:
                self._break(start)
            self.pieces.append(content)
            self.length += end - start
            return
        for match in _INNER.finditer(text, start, end):
            mark, begin = match.group(), match.start()
            if mark[0] == " ":
                self.take(at, begin)
                self.put(" ", begin)
            elif mark[0] == "*" and _is_literal_star(text, match, start, end):
                continue
            else:
                self.take(at, begin)
            at = match.end()
            if self.pieces and self.pieces[-1].endswith(" "):
                while at < end and text[at] == " ":
                    at += 1
        self.take(at, end)


def _is_literal_star(text: str, match: re.Match[str], start: int, end: int) -> bool:
    """A star that is printed: a bullet at the line's start, a footnote sign `(*)`, a product `3 * 4`."""
    a, b = match.span()
    before, after = text[a - 1] if a > start else "", text[b] if b < end else ""
    if b - a != 1:
        return before == "(" and after == ")"
    return (a == start and after == " ") or (before == "(" and after == ")") or (before == " " and after == " ")


def _raw_lines(unified: str, furniture: Collection[int]) -> list[RawLine]:
    """The lines that say something; Markdown heads, rules of dashes and lines that begin as furniture left out."""
    lines: list[RawLine] = []
    blanks, at = 0, 0
    for content in unified.split("\n"):
        body = content.lstrip()
        start = at + len(content) - len(body)
        at += len(content) + 1
        body = body.rstrip()
        if body and body[0] in "#>\\":
            match = _HEAD.match(body)
            if match:
                start += match.end()
                body = body[match.end() :]
        if furniture and start in furniture:
            continue
        if not body or (not (body[0].isalnum() or body[-1].isalnum()) and len(body) < 200 and _NOTHING.match(body)):
            blanks += 1
        else:
            marked = body[0] in "*#" or body[-1] in "*#"
            lines.append(
                new(RawLine, (start, start + len(body), blanks, (body.strip("*# ") or body) if marked else body))
            )
            blanks = 0
    return lines


def build_view(source: str, furniture: Collection[int] = ()) -> View:
    """The matching view of the canonical text `source`.

    `furniture` holds the canonical offsets at which the words of lines begin that are no part of what is said
    (page numbers, stamps): the view leaves those lines out, and a sentence goes on across them.
    """
    unified = unify(source)
    raw = _raw_lines(unified, furniture)
    double = is_double_spaced(raw)
    widths = sorted([line.end - line.start for line in raw])
    width = min(widths[len(widths) * 9 // 10], WIDEST) if widths else 0
    spaced = not double and is_spaced(raw)
    numbers = page_numbers(raw)
    builder, lines = _Builder(unified), []
    above: str | None = None
    contents = [*(line.content for line in raw), None]
    inside = False
    carried = last_end = 0
    for i, (start, end, blanks, content) in enumerate(raw):
        if (numbers and i in numbers) or (len(content) <= 3 and is_page_number(above, content, contents[i + 1])):
            carried = max(carried, blanks)
            continue
        gap, carried = max(blanks, carried) if carried else blanks, 0
        if double and gap:
            gap -= 1
        hard = True
        if spaced:
            inside = stays_inside(inside, content)
        if above is not None:
            hard = not is_wrapped(above, content, gap, width)
            if hard and spaced:
                hard = not (inside and gap == 0 and is_broken_paragraph(above, content))
            builder.part(hard, last_end, start)
        begin = builder.length
        builder.line(start, end)
        lines.append(new(Line, (begin, builder.length, hard, gap)))
        above, last_end = content, end
    return View(source, "".join(builder.pieces), builder.at_view, builder.at_source, lines)
