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
from itertools import pairwise
from typing import NamedTuple

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
    "•": "•",
    "\uf0b7": "•",
    "\u200b": "\u200b",
}
"""Signs that stand for one another, each of one code point, so that no offset moves."""

_TONES = "̣̀́̉̃̇"
_ZERO_WIDTH = "\u200b\u200c\u200d\u2060\ufeff\u00ad"
_INNER = re.compile(rf"\*+|  +|[{_ZERO_WIDTH}]+")
_NOTHING = re.compile(r"[\s|\-_=*:+.~·•\\#>]*\Z")
_HEAD = re.compile(r"(?:#{1,6}(?=[\s*\d]|[^\W\d_])\s*|>\s+|\\(?=[-+*#]))+")
_MARKER = re.compile(
    r"(?:[-+•*o](?=\s)|[-+](?=[^\W\d_])"
    r"|(?:[IVXLC]{1,6}|[A-ZĐ]|\d{1,2}(?:\.\d{1,2}){0,4})\s?(?:[.)](?=\s|[^\W\d_])|/(?=\s))"
    r"|(?:[IVXLC]{1,6}|[A-H])\s?[-.:]\s|[a-zđ]{1,2}\d?[.)](?=\s|[^\W\d_])|\d{1,2}(?:\.\d{1,2}){1,4}\s|\(\d{1,2}\)"
    r"|(?:Điều|ĐIỀU|Chương|CHƯƠNG|Mục|MỤC|Phần|PHẦN|Phụ lục|PHỤ LỤC|Biểu|Nơi nhận|NƠI NHẬN|Căn cứ|Kính gửi)\b"
    r"|\|)"
)
_DANGLING = re.compile(
    r"(?:\b(?:của|và|các|tại|theo|ngày|tháng|năm|số|về|cho|với|hoặc|do|ở|từ|đến|là|những|một|trên|thuộc|bằng|được|"
    r"trong|để|(?:về|cho|bằng|qua) việc|thực|ban|thị|công|quyết|nghị|kế|thông|văn)|[-/,(&])\Z"
)
_BODY_NEXT = re.compile(r"\b(?:Sở|Bộ|Cục|Chánh|Chánh Văn phòng|Giám đốc các)\Z")
_NUMBER_NEXT = re.compile(r"\b[Ss][ốỐ]\s?:?\Z")
_UNIT = re.compile(r"(?:[IVX]{1,4}|[A-D]|1)\s?[.)]\s?|Căn(?: cứ\b|\Z)|(?:Điều|ĐIỀU|Chương|CHƯƠNG|Phần|PHẦN)\s\w")
_WORD_ALONE = re.compile(r"(?:Điều|ĐIỀU|Chương|CHƯƠNG|Phần|PHẦN|Mục|MỤC|Phụ lục|PHỤ LỤC)\Z")
_ALONE = re.compile(r"(?:[IVX]{1,6}|\d{1,2}(?:\.\d{1,2}){0,3})[.)]\Z")
_CALLS_NUMBER = re.compile(
    r"\b(?:[Đđ]iều|[Kk]hoản|[Mm]ục|[Pp]hụ lục|[Pp]hần|[Cc]hương|[Nn]hóm|[Kk]hóa|[Hh]ạng|[Ll]oại|[Cc]ấp|"
    r"[Qq]uý|[Kk]ỳ|thứ)\Z"
)
_COUNTS = re.compile(r"(?:\d{1,3}|[IVXL]{1,6})(?![^\W_])")
_POINTS_TO = re.compile(r"\b(?:(?:khoản|điểm|tiết) \w{1,3},?|tại|theo|và|của|các|hoặc|với)\Z")
_POINTED = re.compile(r"(?:Điều|Chương|Mục|Phần|Phụ lục|Biểu)\s\w")
_CLOSING = re.compile(r"(?:Nơi nhận|NƠI NHẬN|TM\.|KT\.|TL\.|T/M|K/T)")
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
_LETTERS = re.compile(r"[^\W\d_]")
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

    def _break(self, source: int) -> None:
        """From here on the view and the source run side by side from other offsets."""
        self.at_view.append(self.length)
        self.at_source.append(source)
        self.shift = source - self.length

    def line(self, start: int, end: int) -> None:
        """Adds a line's content without Markdown marks, runs of spaces folded."""
        text, at = self.unified, start
        content = text[start:end]
        if "*" not in content and "  " not in content and not self.invisible:
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


class _Raw(NamedTuple):
    """A physical line that says something: its span, blank lines before it, its words without outer marks."""

    start: int
    end: int
    blanks: int
    content: str


def _raw_lines(unified: str, furniture: Collection[int]) -> list[_Raw]:
    """The lines that say something; Markdown heads, rules of dashes and lines that begin as furniture left out."""
    lines: list[_Raw] = []
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
        if start in furniture:
            continue
        if not body or (not body[0].isalnum() and len(body) < 200 and _NOTHING.match(body)):
            blanks += 1
        else:
            lines.append(new(_Raw, (start, start + len(body), blanks, body.strip("*# ") or body)))
            blanks = 0
    return lines


def _is_double_spaced(lines: list[_Raw]) -> bool:
    """Every physical line followed by a blank one: most breaks hold one, and many of them fall inside a sentence."""
    breaks = len(lines) - 1
    if breaks < 8:
        return False
    single = [line for line in lines[1:] if line.blanks == 1]
    if len(single) < 0.7 * breaks:
        return False
    return sum(line.content[0].islower() for line in single) >= 0.25 * breaks


def _is_spaced(lines: list[_Raw]) -> bool:
    """Whether a blank line stands before every paragraph, so that a break without one is only the page's."""
    marked = close = wrapped = 0
    for line in lines:
        if line.content[0] in "NTK" and _CLOSING.match(line.content):
            break
        if _MARKER.match(line.content):
            marked += 1
            close += line.blanks == 0
        else:
            wrapped += line.blanks == 0
    return marked >= 10 and close <= 0.12 * marked and wrapped >= marked


def _is_broken_paragraph(above: str, below: str) -> bool:
    """Whether, where paragraphs stand apart, two lines without a blank one between are one sentence."""
    if (above[-1] in _ENDED and (above[-1] != ":" or below[0].isdigit())) or "|" in {above[0], above[-1], below[0]}:
        return False
    if above.isupper() != below.isupper() and len(below) > 3:
        return False
    return (
        not _MARKER.match(below)
        or (below[0] == "-" and below[1:].lstrip()[:1].islower())
        or bool(_YEAR_END.search(above, len(above) - _TAIL) and _YEAR_START.match(below))
    )


def _is_wrapped(above: str, below: str, blanks: int, width: int) -> bool:
    """Whether the break between two lines is only the page's: the sentence goes on."""
    last, first = above[-1], below[0]
    small = first.islower()
    if last in _FULL_STOPS and not small and first not in _GOES_ON:
        return False
    tail = len(above) - _TAIL
    if blanks == 0 and len(above) <= _WORD_ALONE_LENGTH and _WORD_ALONE.match(above) and _COUNTS.match(below):
        return True
    if last in "-/" and above[-2:-1].strip() and blanks <= 1:
        return True
    if len(below) <= _ALONE_LENGTH and _ALONE.match(below):
        calls = _CALLS_NUMBER.search(above, tail) or _dangles(above) or _NUMBER_NEXT.search(above, tail)
        return bool(calls) and blanks <= 1
    plain = small and "." not in below[1:4] and ")" not in below[1:4] and first != "o"
    if not plain and _MARKER.match(below):
        return blanks == 0 and _POINTS_TO.search(above, tail) is not None and _POINTED.match(below) is not None
    if above[0] == "|" or last == "|":
        return False
    if small or first in _GOES_ON:
        return last not in ".!?" or blanks == 0 or first in ",;.)"
    if first.isdigit() and blanks <= 1 and _NUMBER_NEXT.search(above, tail):
        return True
    if last in _ENDED or blanks > 0:
        return last == "," and blanks <= 1
    if above.isupper() or (below.isupper() and " " in below):
        return above.isupper() and below.isupper()
    if len(below) <= 3 and below.isdecimal():
        return _dangles(above)
    if len(above) >= 0.62 * width or last == "," or first.isdigit():
        return True
    return _dangles(above) or _BODY_NEXT.search(above, tail) is not None


def _dangles(above: str) -> bool:
    """Whether a line ends with a word or sign that cannot end a sentence."""
    return _DANGLING.search(above[-_TAIL:].lower()) is not None


def _is_page_number(above: str | None, line: str, below: str | None) -> bool:
    """A number alone on its line inside a sentence, or at a page's break: furniture."""
    if not (line.isdigit() and len(line) <= 3) or above is None or below is None:
        return False
    return above[-1] not in _ENDED and below[0].islower()


def _page_numbers(lines: list[_Raw]) -> frozenset[int]:
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


def build_view(source: str, furniture: Collection[int] = ()) -> View:
    """The matching view of the canonical text `source`.

    `furniture` holds the canonical offsets at which the words of lines begin that are no part of what is said
    (page numbers, stamps): the view leaves those lines out, and a sentence goes on across them.
    """
    unified = unify(source)
    raw = _raw_lines(unified, furniture)
    double = _is_double_spaced(raw)
    widths = sorted([line.end - line.start for line in raw])
    width = min(widths[len(widths) * 9 // 10], WIDEST) if widths else 0
    spaced = not double and _is_spaced(raw)
    numbers = _page_numbers(raw)
    builder, lines = _Builder(unified), []
    above: str | None = None
    contents = [*(line.content for line in raw), None]
    inside = False
    carried = last_end = 0
    for i, (start, end, blanks, content) in enumerate(raw):
        if (numbers and i in numbers) or (len(content) <= 3 and _is_page_number(above, content, contents[i + 1])):
            carried = max(carried, blanks)
            continue
        gap, carried = max(blanks, carried) if carried else blanks, 0
        if double and gap:
            gap -= 1
        hard = True
        if spaced:
            inside = (inside or bool(_UNIT.match(content))) and not _CLOSING.match(content)
        if above is not None:
            hard = not _is_wrapped(above, content, gap, width)
            if hard and spaced:
                hard = not (inside and gap == 0 and _is_broken_paragraph(above, content))
            if hard or not (builder.pieces and builder.pieces[-1].endswith((" ", "\n"))):
                at = unified.rfind("\n", last_end, start)
                builder.put("\n" if hard else " ", at if at > last_end else last_end)
        begin = builder.length
        builder.line(start, end)
        lines.append(new(Line, (begin, builder.length, hard, gap)))
        above, last_end = content, end
    return View(source, "".join(builder.pieces), builder.at_view, builder.at_source, lines)
