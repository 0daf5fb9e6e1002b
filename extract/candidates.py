"""Where a numbered unit may begin: every marker at a line's start, and those inside a line that begin a sentence.

How likely a candidate is a heading is one decision (`HeadingScorer`), with the rule `score_headings` as its default.
"""

from __future__ import annotations

import re
import sys
from bisect import bisect_right
from collections.abc import Iterator, Sequence
from dataclasses import replace
from functools import cache
from operator import itemgetter
from typing import Protocol

from extract.breaks import WIDEST
from extract.markers import ATTACHED, UPPER, Marker, marker_pattern, markers_of, read_markers
from extract.outline import Candidate
from extract.records import Layout, Span, Table
from extract.text import Line, View, new
from rules.loader import words

_INLINE = re.compile(
    r"[.)](?:(?<=[ ]\d.)|(?<=[^\W\d_][.;:]\d.)|(?<=[ ]\d\d.)|(?<=[ ][a-zđ].)"
    r"|(?<=[ ][IVX].)|(?<=[ ][IVX]{2}.)|(?<=[ ][IVX]{3}.))"
    rf"(?=[ \n]?[{UPPER}])"
)
_LOST = "\ufffd"
"""What stands for a sign that could not be decoded: before a marker it was a space."""
_BAR_ABOVE = re.compile(r"\|[ \t*_]*\n?[ \t*_]*\Z")
_QUOTE_OPENS = re.compile(r":\s?\n\"")
_QUOTE_CLOSES = re.compile(
    r"\"[.;,]{0,2}(?=\n|\Z)|(?=\n\d{1,2}\. (?:Sửa đổi|Bổ sung|Thay thế|Bãi bỏ))"
    r"|(?=\nĐiều \d{1,3}\. (?:Sửa đổi|Bổ sung|Thay thế|Bãi bỏ|Hiệu lực|Điều khoản|Tổ chức thực hiện|Trách nhiệm))"
)
_AMENDS = re.compile(r"[Ss]ửa đổi|[Bb]ổ sung|[Tt]hay thế")
_PROVIDES = re.compile(r"(?:quy định|quy định tại \w+ \w+|căn cứ ban hành)(?: như sau)?\s*\Z")
_LEAD = 160
_LONGEST_QUOTE = 20_000
_ENUMERATES = re.compile(r"; \(\d")
_ENDED = frozenset(".;:!?\"'")
_UNIT_WORDS = frozenset({"khoản", "điểm", "tiết", "Khoản", "Điểm"})
_ALWAYS_OPEN = frozenset({"part", "chapter", "division", "subdivision", "article"})
_CUT = 60
_ISSUED = re.compile(r"(?:[Bb]an hành )?[Kk]èm theo")
_DOTS = re.compile(r"\.{4,}")
_NEAR = 400
_FIRST_LINE = 4
"""A title so near behind the signature needs no words that prove it."""


class HeadingScorer(Protocol):
    """Decides how likely a candidate begins a unit, before its numbering is looked at."""

    def __call__(self, candidates: Sequence[Candidate]) -> tuple[list[float], str | None]:
        """The log-odds of each candidate of one document, in order, and what gave them; None for the rule.

        What `resets` may have any.
        """
        ...


def score_headings(candidates: Sequence[Candidate]) -> list[float]:
    """The rule for `HeadingScorer`: the form of the line, what stands before it and what follows."""
    spaced = _stand_apart(candidates)
    return [_score(candidate, spaced) for candidate in candidates]


def _stand_apart(candidates: Sequence[Candidate]) -> bool:
    """Whether units begin behind a blank line in this document, so that one that does not is doubtful."""
    lines = [candidate.blanks > 0 for candidate in candidates if candidate.place == "line" and not candidate.behind]
    return len(lines) >= 10 and sum(lines) >= 0.92 * len(lines)


def _score(candidate: Candidate, spaced: bool) -> float:
    if candidate.resets:
        return 0.0
    marker = candidate.readings[0]
    if marker.kind == "annex":
        return _score_annex(candidate)
    if marker.kind == "attached":
        return 6.0
    score = 2.5 if candidate.place == "line" else -2.0
    score += _score_above(candidate, spaced) + _score_rest(candidate, marker)
    if candidate.in_table:
        score -= 6.0
    if marker.kind == "bracket":
        score -= 6.0 if candidate.behind or _ENUMERATES.search(candidate.rest) else 3.5
    if marker.style == ",":
        score -= 2.5
    elif marker.style in {"", ":", "-"} and marker.kind not in _ALWAYS_OPEN:
        score -= 1.0
    return score - 0.5 if candidate.behind else score


def _score_above(candidate: Candidate, spaced: bool) -> float:
    """What the words before the marker say: a sentence that ended, or one that goes on with a number."""
    above = candidate.above.rstrip()
    if not above:
        return 0.5
    *_, before, last = ["", *above.split()]
    if before in _UNIT_WORDS and last[-1] not in _ENDED and candidate.readings[0].kind != "lower":
        return -4.0
    if last in _referring("refers_letter" if candidate.readings[0].kind == "lower" else "refers"):
        return -5.0
    if above[-1] in _ENDED:
        return 0.5
    if candidate.place == "inline":
        return -1.0
    if candidate.blanks == 0 and (candidate.filled or (spaced and not candidate.below)):
        return -2.5 if spaced and not candidate.below else -1.5
    return 0.0


def _score_rest(candidate: Candidate, marker: Marker) -> float:
    """What the words behind the marker say."""
    rest = candidate.rest
    if not rest:
        return -3.0 if candidate.behind else -1.0
    sign = rest[0]
    if sign.islower():
        return -1.0 if marker.kind == "lower" else -2.0
    if not sign.isalpha() or ".." in rest:
        letters = sum(map(str.isalpha, rest))
        if letters < 0.4 * len(rest) and letters < 4:
            return -4.0
    if marker.kind == "arabic" and marker.ordinal[0] > 99:
        return -4.0
    return 0.0


def _score_annex(candidate: Candidate) -> float:
    score = 1.0 if candidate.behind else -2.0
    above = candidate.above.rstrip()
    if above and above[-1] not in _ENDED and candidate.blanks == 0:
        score -= 1.0
    if above.split()[-1:] and above.split()[-1] in _referring("refers"):
        score -= 4.0
    if candidate.capital:
        score += 2.0
    rest = candidate.rest
    if not rest or rest[0] in "([" or _ISSUED.match(rest):
        return score + 1.0
    return score if rest[0].isupper() or rest[0] in ":." else score - 3.0


@cache
def _referring(key: str) -> frozenset[str]:
    """Words before a number or letter that name another document's unit, or leave the sentence open."""
    return frozenset(words("sections.toml", f"{key}.words"))


def find_candidates(view: View, layout: Layout, tables: Sequence[Table] = ()) -> list[Candidate]:
    """Every place where a unit may begin, in reading order; those in `tables` are marked."""
    if layout.annex < layout.end:
        layout = replace(layout, annex=_annex_start(view.text, layout))
    found = [*_at_lines(view, layout), *_inside_lines(view, layout)]
    if tables:
        found = _marked(view, found, tables)
    if '\n"' in view.text:
        found = _with_quotes(view.text, found)
    if layout.signature < layout.annex < layout.end or layout.annex < layout.end:
        found = _with_attached(view, layout, found)
        found.insert(0, Candidate(layout.annex, 0, (), "line", "", "", 0, False, True, resets=True))
    found.sort(key=itemgetter(0))
    return found


def _marked(view: View, found: list[Candidate], tables: Sequence[Table]) -> list[Candidate]:
    """The candidates, those that stand in a table marked so."""
    spans = sorted((view.from_source(table.start), view.from_source(table.end)) for table in tables)
    return [candidate._replace(in_table=True) if _in_span(spans, candidate.start) else candidate for candidate in found]


def _in_span(spans: Sequence[Span], offset: int) -> bool:
    """Whether `offset` lies in one of `spans`, which are in order and do not overlap."""
    i = bisect_right(spans, (offset, sys.maxsize)) - 1
    return i >= 0 and offset < spans[i][1]


def _with_quotes(text: str, found: list[Candidate]) -> list[Candidate]:
    """The candidates without those in words quoted from another text; those in the wording of an amendment marked."""
    amending: list[Span] = []
    cited: list[Span] = []
    end = 0
    for match in _QUOTE_OPENS.finditer(text):
        start = match.start()
        if start < end:
            continue
        line_end = text.find("\n", match.end())
        if text.count('"', match.end(), line_end) % 2 and text[line_end - 1] not in '".;,':
            continue
        closing = _QUOTE_CLOSES.search(text, match.end(), match.end() + _LONGEST_QUOTE)
        if closing and read_markers(text, match.end()):
            end = closing.end()
            before = text[max(start - _LEAD, 0) : start]
            amends = _AMENDS.search(before) and not _PROVIDES.search(before)
            (amending if amends else cited).append((start + 1, end))
    found = [candidate for candidate in found if not _in_span(cited, candidate.start)]
    return [
        candidate._replace(quoted=True) if _in_span(amending, candidate.start) else candidate for candidate in found
    ]


def _annex_start(text: str, layout: Layout) -> int:
    """Where what stands behind the signature begins: at a line, and at a title that was taken for the signature's."""
    title, proof = _attached_patterns()
    for match in title.finditer(text, layout.signature, layout.annex):
        start = match.start("title")
        alone = text[match.start()] == "\n" and text[match.end() : match.end() + 1] == "\n"
        if alone and proof.search(text, start, start + 800):
            return start
    start = text.rfind("\n", 0, layout.annex) + 1
    return start if start > layout.signature else layout.annex


@cache
def _line_patterns() -> tuple[re.Pattern[str], re.Pattern[str]]:
    """A marker at the text's beginning, and one behind a line break: a literal beginning makes the search quick."""
    return re.compile(rf"(?P<all>{marker_pattern()})"), re.compile(rf"\n[{_LOST}\"]?(?=(?P<all>{marker_pattern()}))")


def _line_markers(text: str, start: int, end: int) -> Iterator[re.Match[str]]:
    at_start, at_line = _line_patterns()
    if start == 0:
        match = at_start.match(text, 0, end)
        if match:
            yield match
    yield from at_line.finditer(text, max(start - 1, 0), end)


def _official(layout: Layout, start: int) -> bool:
    """Whether `start` lies in the official text, before or behind the block of the signature."""
    return layout.body <= start < layout.signature or layout.annex <= start < layout.end


def _at_lines(view: View, layout: Layout) -> Iterator[Candidate]:
    text, lines = view.text, view.lines
    starts = [line.start for line in lines]
    full = _full_width(lines)
    barred = "|" in view.source
    blocks = sorted(layout.signatures)
    last = -1
    for match in _line_markers(text, layout.body, layout.end):
        start, words_at = match.span("all")
        if not _official(layout, start) or _in_span(blocks, start):
            continue
        readings = markers_of(match, text, words_at)
        if not readings:
            continue
        i = bisect_right(starts, start) - 1
        line, before = lines[i], lines[max(i - 1, 0)]
        told = (
            start,
            words_at,
            readings,
            "line",
            text[max(0, start - 30) : start],
            text[words_at : line.end] if readings[0].kind == "annex" else _words_behind(text, start, words_at),
            line.blanks,
            before.end - before.start >= full,
            start >= layout.annex,
            last >= before.start,
            text[start : start + 3].isupper(),
            barred and _in_cell(view, start),
            False,
            False,
        )
        yield new(Candidate, told)
        last = start


def _full_width(lines: Sequence[Line]) -> int:
    """The length from which a line counts as filled: four fifths of the usual longest."""
    widths = sorted([line.end - line.start for line in lines])
    return min(widths[len(widths) * 9 // 10], WIDEST) * 4 // 5 if widths else 0


def _words_behind(text: str, start: int, words_at: int) -> str:
    """The words behind a marker on its line; those of the next line where it stands alone."""
    if "\n" in text[start:words_at] and read_markers(text, words_at):
        return ""
    stop = text.find("\n", words_at, words_at + _CUT)
    return text[words_at : stop if stop >= 0 else words_at + _CUT]


def _in_cell(view: View, start: int) -> bool:
    """Whether a cell's bar stands just before: the marker numbers a row of a table."""
    at = view.to_source(start)
    return bool(_BAR_ABOVE.search(view.source, max(0, at - 12), at))


def _inside_lines(view: View, layout: Layout) -> Iterator[Candidate]:
    """Units that begin inside a line."""
    text = view.text
    blocks = sorted(layout.signatures)
    for match in _INLINE.finditer(text, layout.body, layout.end):
        start = match.start() - 1
        while text[start - 1] not in " .;:":
            start -= 1
        if not _official(layout, start) or _in_span(blocks, start):
            continue
        readings = read_markers(text, start)
        if readings:
            words_at = match.end() + text[match.end()].isspace()
            rest = _words_behind(text, start, words_at)
            above = text[max(0, start - 30) : start]
            yield Candidate(start, words_at, readings, "inline", above, rest, 0, False, start >= layout.annex)


@cache
def _attached_patterns() -> tuple[re.Pattern[str], re.Pattern[str]]:
    titles = "|".join(words("sections.toml", "attached.titles"))
    title = re.compile(rf"[\n ][^\w\n]{{0,3}}(?P<title>(?:{titles})(?![^\W\d_]))")
    return title, re.compile(r"[Kk]èm theo|KÈM THEO|Căn cứ")


def _heads(candidate: Candidate, start: int) -> bool:
    """Whether a title at `start` is the heading of the unit before it: of an annex, or of a marker alone on a line."""
    if candidate.readings[0].kind == "annex":
        return start - candidate.start <= 200
    return candidate.words == start


def _is_form(text: str, start: int) -> bool:
    """Whether a title at `start` is that of a form to be filled in, which belongs to its annex."""
    return "Mẫu" in text[max(0, start - _NEAR) : start] or len(_DOTS.findall(text, start, start + _NEAR)) > 1


def _with_attached(view: View, layout: Layout, found: list[Candidate]) -> list[Candidate]:
    """The candidates with the titles of attached documents, which stand behind the signature and not in an annex."""
    text = view.text
    title, proof = _attached_patterns()
    found.sort(key=itemgetter(0))
    starts = [candidate.start for candidate in found]
    last = layout.end
    for match in title.finditer(text, layout.annex - 1, layout.end):
        start = match.start("title")
        if text[match.start()] == " " and "Độc lập" not in text[max(0, start - 300) : start]:
            continue
        following = bisect_right(starts, start)
        if (following and _heads(found[following - 1], start)) or _is_form(text, start):
            continue
        if text[last:start].isupper():
            continue
        reach = min(starts[following] if following < len(starts) else layout.end, start + 800)
        if start > layout.annex + _FIRST_LINE and not proof.search(text, start, reach):
            continue
        last = start
        found.append(Candidate(start, start, (ATTACHED,), "line", "", text[start:reach], 0, False, True))
    return found
