"""The tree of numbered units (mục, điều, khoản, điểm), annexes and attached documents of a document.

Candidates are collected where a line, or a sentence inside one, begins with a marker; `outline.search` finds the tree;
here the units get their spans, titles, items and roles.
"""

from __future__ import annotations

import re
from bisect import bisect_left
from collections.abc import Iterator, Sequence
from dataclasses import replace
from functools import cache
from typing import Protocol

from extract.markers import UPPER, Marker, read_markers, read_word_marker
from extract.outline import Candidate, Unit, search
from extract.records import Layout, Section, Span
from extract.roles import RoleDecider, RolePlace, decide_roles
from extract.text import Line, View
from rules.loader import document, words

BY = "rule:sections/outline"
_TITLE_LENGTH = 150
_MAYBE = re.compile(
    r"\(?(?:[IVXL]{1,6}|[A-ZĐ]|\d{1,3}(?:\.\d{1,2}){1,4}|\d{1,3}|[a-zđ]|§)"
    r"(?:\s?[.)/:\-]|(?<=\d),|(?<=\d)\s(?=[" + UPPER + r"])|\.?\d{1,2}[.)])"
)
_INLINE = re.compile(r"(?:(?<=[.;:!?] )|(?<=[^\W\d_] ))(?:\d{1,2}\.|[a-zđ][.)]|[IVX]{1,4}\.) ?(?=[" + UPPER + "])")
_BULLET = re.compile(r"\n(?:[-+•*o](?=\s)|[-+](?=[^\W\d_]))")
_LETTERED = re.compile(r"[^\W\d_]")
_ENDED = frozenset(".;:!?\"'")


class HeadingScorer(Protocol):
    """Decides how likely a candidate begins a unit, before its numbering is looked at."""

    def __call__(self, candidates: Sequence[Candidate]) -> list[float]:
        """The log-odds of each candidate."""
        ...


def find_sections(
    view: View, layout: Layout, scorer: HeadingScorer | None = None, decider: RoleDecider = decide_roles
) -> tuple[Section, ...]:
    """All numbered units in reading order, with canonical spans and, for the first two depths, their roles.

    `scorer` gives the probability that a line is a heading (default: the rule `score_headings`), `decider` the role
    of a section (default: the rule `roles.decide_roles`).
    """
    candidates = list(_candidates(view, layout))
    units = _without_bare_titles(search(candidates, (scorer or score_headings)(candidates)))
    sections = _sections(view, layout, units)
    return _with_roles(view, units, sections, decider)


def _without_bare_titles(units: list[Unit]) -> list[Unit]:
    """The units without attached documents that hold no unit: those are tables with a title."""
    levels = [*(unit.level for unit in units), 0]
    return [
        unit
        for i, unit in enumerate(units)
        if unit.marker.kind != "attached" or levels[i + 1] > unit.level
    ]


def _with_roles(
    view: View, units: Sequence[Unit], sections: Sequence[Section], decider: RoleDecider
) -> tuple[Section, ...]:
    """The sections with the roles of those at the first two depths, annexes and attached documents aside."""
    places: list[RolePlace] = []
    at: list[int] = []
    above: list[int | None] = []
    inside = 0
    for i, (unit, section) in enumerate(zip(units, sections, strict=True)):
        del above[unit.level :]
        if unit.level == 0:
            inside = int(unit.marker.kind in {"annex", "attached"})
        depth = unit.level + 1 - inside
        if depth > 2:
            above.append(None)
            continue
        parent = above[-1] if above and depth > 0 and (depth > 1 or inside) else None
        above.append(len(places))
        at.append(i)
        behind = view.from_source(section.heading_end)
        opening = view.text[behind : behind + 300]
        places.append(RolePlace(section.title, opening, depth, unit.marker.kind, parent))
    found = list(sections)
    for i, role in zip(at, decider(places), strict=True):
        found[i] = replace(found[i], role=role)
    return tuple(found)


def score_headings(candidates: Sequence[Candidate]) -> list[float]:
    """The rule for `HeadingScorer`: the form of the line, what stands before it and what follows."""
    return [_score(candidate) for candidate in candidates]


def _score(candidate: Candidate) -> float:
    if candidate.resets:
        return 0.0
    marker = candidate.readings[0]
    if marker.kind == "annex":
        return _score_annex(candidate)
    if marker.kind == "attached":
        return 6.0
    score = {"line": 2.5, "wrapped": -2.5, "inline": -2.0}[candidate.place]
    score += _score_above(candidate)
    score += _score_rest(candidate, marker)
    if candidate.in_table:
        score -= 6.0
    if marker.kind == "bracket":
        score -= 2.5 if not candidate.attached else 6.0
    if marker.style == ",":
        score -= 2.5
    if marker.style in {"", ":", "-"} and marker.kind not in {"part", "chapter", "division", "article"}:
        score -= 1.0
    if candidate.attached:
        score -= 0.5
    return score


def _score_above(candidate: Candidate) -> float:
    above = candidate.above.rstrip()
    if not above:
        return 0.5
    if _refers("refers_letter" if candidate.readings[0].kind == "lower" else "refers").search(above):
        return -5.0
    if above[-1] in _ENDED:
        return 0.5
    if candidate.place == "line" and candidate.filled and candidate.blanks == 0:
        return -1.5
    return 0.0 if candidate.place == "line" else -1.0


def _score_rest(candidate: Candidate, marker: Marker) -> float:
    rest = candidate.rest
    if not rest:
        return -3.0 if candidate.attached else -1.0
    sign = rest[0]
    if sign.islower():
        return -1.0 if marker.kind == "lower" else -2.0
    letters = sum(map(str.isalpha, rest))
    if letters < 0.4 * len(rest) and letters < 4:
        return -4.0
    if marker.kind == "arabic" and marker.ordinal[0] > 99:
        return -4.0
    return 0.0


def _score_annex(candidate: Candidate) -> float:
    if candidate.place != "line":
        return -9.0
    score = 1.0 if candidate.attached else -2.0
    if candidate.above and candidate.above[-1] not in _ENDED and candidate.blanks == 0:
        score -= 1.0
    if _refers("refers").search(candidate.above):
        score -= 4.0
    if candidate.capital:
        score += 2.0
    rest = candidate.rest
    if not rest or rest[0] in "([":
        return score + 1.0
    return score if rest[0].isupper() or rest[0] in ":." else score - 3.0


@cache
def _refers(key: str) -> re.Pattern[str]:
    """Words before a number or letter that name another document's unit, or leave the sentence open."""
    return re.compile(rf"\b(?:{'|'.join(words('sections.toml', key + '.words'))})\s*\Z")


def _candidates(view: View, layout: Layout) -> Iterator[Candidate]:
    """Every place where a unit may begin, in reading order."""
    text, lines = view.text, view.lines
    full = _full_width(lines)
    attached = False
    annex = -1000
    for i, line in enumerate(lines):
        start = line.start
        if start < layout.body or layout.signature <= start < layout.annex or start >= layout.end:
            continue
        if start >= layout.annex and not attached and layout.signature < layout.end:
            attached = True
            yield Candidate(start, (), "line", "", "", 0, False, True, resets=True)
        title = _attached_title(view, i) if attached and start > annex + 200 else None
        if title is not None:
            marker = Marker("attached", (0,), "Kèm theo", "", title, title)
            yield Candidate(title, (marker,), "line", "", text[title : title + 60], line.blanks, False, True)
            continue
        candidate = _at_line(view, i, full, attached)
        if candidate is not None:
            if candidate.readings[0].kind == "annex":
                annex = start
            yield candidate
        yield from _inside(view, line, attached)


def _full_width(lines: Sequence[Line]) -> int:
    widths = sorted(min(line.end - line.start, 140) for line in lines)
    return widths[len(widths) * 9 // 10] * 4 // 5 if widths else 0


def _at_line(view: View, i: int, full: int, attached: bool) -> Candidate | None:
    text, line = view.text, view.lines[i]
    start = line.start
    if not _MAYBE.match(text, start):
        marker = read_word_marker(text, start) if text[start] in _word_initials() else None
        if marker is None:
            return None
        readings: tuple[Marker, ...] = (marker,)
    else:
        readings = read_markers(text, start)
        if not readings:
            return None
    before = view.lines[i - 1] if i else None
    return Candidate(
        start,
        readings,
        "line" if line.hard else "wrapped",
        text[max(0, start - 30) : start],
        _rest(view, readings[0], i),
        line.blanks,
        before is not None and before.end - before.start >= full,
        attached,
        capital=text[start : start + 3].isupper(),
        in_table=_in_cell(view, start),
    )


def _in_cell(view: View, start: int) -> bool:
    """Whether a cell's bar stands just before: the marker numbers a row of a table."""
    at = view.to_source(start)
    return view.source[max(0, at - 12) : at].rstrip(" \n\t*_").endswith("|")


def _rest(view: View, marker: Marker, i: int) -> str:
    """The words behind the marker; those of the next line where it stands alone."""
    text, lines = view.text, view.lines
    rest = text[marker.text : lines[i].end][:60]
    if rest.strip() or marker.kind == "annex" or i + 1 >= len(lines) or _MAYBE.match(text, lines[i + 1].start):
        return rest
    return text[lines[i + 1].start : lines[i + 1].end][:60]


def _inside(view: View, line: Line, attached: bool) -> Iterator[Candidate]:
    """Units that begin inside a physical line."""
    text = view.text
    for match in _INLINE.finditer(text, line.start + 3, line.end):
        readings = read_markers(text, match.start())
        if readings:
            start = match.start()
            rest = text[readings[0].text : line.end][:60]
            yield Candidate(start, readings, "inline", text[start - 30 : start], rest, 0, False, attached)


@cache
def _word_initials() -> frozenset[str]:
    return frozenset(word[0] for unit in document("sections.toml")["unit"] for word in unit["words"])


@cache
def _attached_patterns() -> tuple[re.Pattern[str], re.Pattern[str]]:
    titles = "|".join(words("sections.toml", "attached.titles"))
    return re.compile(rf"\W{{0,3}}(?P<title>(?:{titles})(?![^\W\d_]))"), re.compile(r"[Kk]èm theo|KÈM THEO|Căn cứ")


def _attached_title(view: View, i: int) -> int | None:
    """Where on line `i`, behind the signature, the title of an attached document begins."""
    line, text = view.lines[i], view.text
    title, proof = _attached_patterns()
    match = title.match(text, line.start)
    if match is None or (not line.hard and "Độc lập" not in text[max(0, line.start - 300) : line.start]):
        return None
    return match.start("title") if proof.search(text, line.end, line.end + 700) else None


def _sections(view: View, layout: Layout, units: list[Unit]) -> tuple[Section, ...]:
    """The units as sections, with the end of each where the next unit of its own or a higher level begins."""
    found: list[Section] = []
    ends = _ends(layout, units)
    bullets = [match.start() + 1 for match in _BULLET.finditer(view.text)]
    path: list[str] = []
    for i, (unit, end) in enumerate(zip(units, ends, strict=True)):
        marker = unit.marker
        del path[unit.level :]
        path.append(marker.label)
        own_end = min(units[i + 1].marker.start, end) if i + 1 < len(units) else end
        title, heading_end = _title(view, marker, own_end)
        start, stop = view.span(marker.start, end)
        found.append(
            Section(
                start=start,
                end=max(stop, start + 1),
                path="/".join(path),
                marker=marker.label,
                depth=unit.level + 1,
                title=title,
                items=_items(view, bullets, marker.text, own_end),
                heading_end=view.span(marker.start, heading_end)[1],
                by=BY,
            )
        )
    return tuple(found)


def _ends(layout: Layout, units: list[Unit]) -> list[int]:
    """The view offset at which each unit ends with all that it holds."""
    ends = [0] * len(units)
    open_units: list[int] = []
    for i, unit in enumerate(units):
        start = unit.marker.start
        while open_units and units[open_units[-1]].level >= unit.level:
            ends[open_units.pop()] = start
        open_units.append(i)
    for i in open_units:
        ends[i] = layout.end
    for i, unit in enumerate(units):
        if unit.marker.start < layout.signature:
            ends[i] = min(ends[i], layout.signature)
    return ends


def _title(view: View, marker: Marker, end: int) -> tuple[str, int]:
    """The unit's first words on one line, and where its first line ends."""
    text = view.text
    start = marker.text
    while start < end and text[start].isspace():
        start += 1
    stop = text.find("\n", start, end)
    stop = end if stop < 0 else stop
    if marker.kind in {"annex", "attached", "part", "chapter"} and stop - start < 200:
        start, stop = _capital_title(text, start, stop, end)
    words_there = text[start:stop].strip()
    if len(words_there) > _TITLE_LENGTH:
        words_there = words_there[:_TITLE_LENGTH].rsplit(" ", 1)[0]
    return words_there.strip(" .:;"), stop


def _capital_title(text: str, start: int, stop: int, end: int) -> tuple[int, int]:
    """A title in capitals that goes on over the next lines, or begins below a note in brackets."""
    if text[start:stop].lstrip()[:1] in {"(", "["} and stop < end:
        following = text.find("\n", stop + 1, end)
        following = end if following < 0 else following
        if text[stop:following].isupper():
            start, stop = stop + 1, following
    while stop < end and _LETTERED.search(text[start:stop]) and stop - start < 200:
        following = text.find("\n", stop + 1, end)
        following = end if following < 0 else following
        if not (text[start:stop].isupper() and text[stop:following].isupper()):
            break
        stop = following
    return start, stop


def _items(view: View, bullets: list[int], start: int, end: int) -> tuple[Span, ...]:
    """The spans of the bullets in the unit's own text, each to the next bullet or line."""
    spans = []
    for at in bullets[bisect_left(bullets, start) : bisect_left(bullets, end)]:
        stop = view.text.find("\n", at, end)
        spans.append(view.span(at, end if stop < 0 else stop))
    return tuple(spans)
