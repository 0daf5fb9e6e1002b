"""The tree of numbered units (mục, điều, khoản, điểm), annexes and attached documents of a document.

Candidates come from `extract.candidates`; `outline.search` finds the tree; here the units get their spans, titles,
items and roles.
"""

from __future__ import annotations

import re
from bisect import bisect_left, bisect_right
from collections.abc import Sequence
from functools import cache

from extract.candidates import HeadingScorer, find_candidates, score_headings
from extract.outline import Unit, search
from extract.records import Layout, Role, Section, Span, Table
from extract.roles import RoleDecider, RolePlace, decide_roles
from extract.text import View
from rules.loader import words

BY = "rule:sections/outline"
_TITLE_LENGTH = 150
_TITLED = frozenset({"annex", "attached", "part", "chapter", "upper", "roman"})
"""Kinds of units whose title may go on in capitals over more lines."""
_OPENING = 300
"""How many signs behind the heading a role is decided by."""
_TYPE_ALONE = 25
"""How long a type of document is that stands alone on its line."""
_NO_ABSTRACT = re.compile(r"[(\[]|Căn cứ|Thực hiện |Số|[-+*]|(?:[IVX]+|\d+)\.|Điều \d|Chương ")
_BULLET = re.compile(r"\n(?:[-+•*o](?=\s)|[-+](?=[^\W\d_]))")
_LETTER = re.compile(r"[^\W\d_]")
_Given = tuple[Role | None, str | None]
"""A unit's role and what gave it; None for the rule."""


def find_sections(
    view: View,
    layout: Layout,
    tables: Sequence[Table] = (),
    scorer: HeadingScorer | None = None,
    decider: RoleDecider | None = None,
) -> tuple[Section, ...]:
    """All numbered units in reading order, with canonical spans and, for the first two depths, their roles.

    What stands in one of `tables` numbers a row, not a unit. `scorer` gives the probability that a line is a heading
    (default: the rule `score_headings`), `decider` the role of a section (default: the rule `roles.decide_roles`).
    """
    candidates = find_candidates(view, layout, tables)
    scores, by = scorer(candidates) if scorer else (score_headings(candidates), None)
    units = _without_bare_titles(search(candidates, scores))
    ends = _ends(layout, units)
    own = _own_ends(units, ends)
    titles = [_title(view, unit, end) for unit, end in zip(units, own, strict=True)]
    roles = _roles(view, units, ends, titles, decider)
    return _sections(view, units, (ends, own), titles, roles, by or BY)


def _without_bare_titles(units: list[Unit]) -> list[Unit]:
    """The units without attached titles that hold no unit: tables of a plan. Those of a decision stay."""
    decides = any(unit.marker.kind == "article" and not unit.candidate.behind for unit in units)
    levels = [*(unit.level for unit in units), 0]
    return [
        unit
        for i, unit in enumerate(units)
        if unit.marker.kind != "attached"
        or levels[i + 1] > unit.level
        or (decides and "èm theo" in unit.candidate.rest)
    ]


def _ends(layout: Layout, units: list[Unit]) -> list[int]:
    """The view offset at which each unit ends with all that it holds, before a block of recipients and signature."""
    ends = [layout.end] * len(units)
    starts = [unit.candidate.start for unit in units]
    open_units: list[int] = []
    for i, unit in enumerate(units):
        start = unit.candidate.start
        while open_units and units[open_units[-1]].level >= unit.level:
            ends[open_units.pop()] = start
        open_units.append(i)
    blocks = sorted({layout.signature, *(start for start, _ in layout.signatures)})
    for i in range(len(units) - 1, -1, -1):
        following = bisect_right(starts, ends[i] - 1) - 1
        at = bisect_right(blocks, starts[max(i, following)])
        if at < len(blocks) and blocks[at] < ends[i]:
            ends[i] = blocks[at]
    return ends


def _own_ends(units: list[Unit], ends: list[int]) -> list[int]:
    """Where each unit's own text ends: at its first child, or where it ends itself."""
    following = [unit.candidate.start for unit in units[1:]]
    return [*map(min, following, ends), *ends[-1:]]


def _title(view: View, unit: Unit, end: int) -> tuple[str, int]:
    """The unit's first words on one line, and the view offset where its first line ends."""
    text = view.text
    start = min(unit.candidate.words, end)
    stop = text.find("\n", start, end)
    stop = end if stop < 0 else stop
    if unit.marker.kind in _TITLED and stop - start < 200:
        start, stop = _capital_title(text, start, stop, end)
        if unit.marker.kind == "attached" and stop - start < _TYPE_ALONE:
            stop = _abstract_end(text, stop, end)
    title = text[start:stop] if stop - start <= _TITLE_LENGTH else text[start : start + _TITLE_LENGTH].rsplit(" ", 1)[0]
    if "\n" in title:
        title = " ".join(title.split())
    return title.strip(" .:;"), stop


def _capital_title(text: str, start: int, stop: int, end: int) -> tuple[int, int]:
    """A title in capitals that goes on over the next lines, or begins below a note in brackets."""
    if text[start:stop].lstrip()[:1] in {"(", "["} and stop < end:
        following = text.find("\n", stop + 1, end)
        following = end if following < 0 else following
        if text[stop:following].isupper():
            start, stop = stop + 1, following
    while stop < end and _LETTER.search(text, start, stop) and stop - start < 200:
        following = text.find("\n", stop + 1, end)
        following = end if following < 0 else following
        line = text[stop + 1 : following]
        if not (text[start:stop].isupper() and line.isupper()) or line in _table_heads():
            break
        stop = following
    return start, stop


@cache
def _table_heads() -> frozenset[str]:
    return frozenset(words("sections.toml", "table.counters"))


def _abstract_end(text: str, stop: int, end: int) -> int:
    """Where the abstract below a type that stands alone (`KẾ HOẠCH`) ends: with its line, if it is one."""
    following = text.find("\n", stop + 1, end)
    following = end if following < 0 else following
    return stop if stop >= end or _NO_ABSTRACT.match(text, stop + 1) else following


def _roles(
    view: View, units: list[Unit], ends: list[int], titles: list[tuple[str, int]], decider: RoleDecider | None
) -> list[_Given]:
    """The roles of the units at the first two depths, counted inside annexes and attached documents."""
    places: list[RolePlace] = []
    at: list[int] = []
    above: list[int | None] = []
    inside = 0
    for i, unit in enumerate(units):
        del above[unit.level :]
        if unit.level == 0:
            inside = int(unit.marker.kind in {"annex", "attached"})
        depth = unit.level + 1 - inside
        if depth > 2:
            above.append(None)
            continue
        parent = above[-1] if above else None
        above.append(len(places))
        at.append(i)
        title, behind = titles[i]
        opening = view.text[behind : min(behind + _OPENING, ends[i])]
        places.append(RolePlace(title, opening, depth, unit.marker.kind, parent))
    roles: list[_Given] = [(None, None)] * len(units)
    given = decider(places) if decider else [(role, None) for role in decide_roles(places)]
    for i, role in zip(at, given, strict=True):
        roles[i] = role
    return roles


def _sections(
    view: View,
    units: list[Unit],
    reach: tuple[list[int], list[int]],
    titles: list[tuple[str, int]],
    roles: list[_Given],
    by: str,
) -> tuple[Section, ...]:
    ends, own_ends = reach
    found: list[Section] = []
    bullets = [match.start() + 1 for match in _BULLET.finditer(view.text)]
    paths: list[str] = []
    for i, (candidate, marker, level) in enumerate(units):
        del paths[level:]
        paths.append(f"{paths[-1]}/{marker.label}" if paths else marker.label)
        title, heading_end = titles[i]
        role, role_by = roles[i]
        start, stop = view.span(candidate.start, ends[i])
        found.append(
            Section(
                start=start,
                end=max(stop, start + 1),
                path=paths[-1],
                marker=marker.label,
                depth=level + 1,
                title=title,
                role=role,
                items=_items(view, bullets, candidate.words, own_ends[i]) if bullets else (),
                heading_end=view.span(candidate.start, heading_end)[1],
                by=f"{by} {role_by}" if role_by else by,
            )
        )
    return tuple(found)


def _items(view: View, bullets: list[int], start: int, end: int) -> tuple[Span, ...]:
    """The spans of the bullets in the unit's own text, each up to the end of its line."""
    first, last = bisect_left(bullets, start), bisect_left(bullets, end)
    spans = []
    for at in bullets[first:last]:
        stop = view.text.find("\n", at, end)
        spans.append(view.span(at, end if stop < 0 else stop))
    return tuple(spans)
