"""The search for the tree of numbered units over the whole sequence of candidate markers.

A candidate opens a unit if it continues a numbering of its kind, or begins one, well enough to outweigh what its
line says against it. The search keeps the few best readings of all that came before (a beam), so that `V.` is decided
by what stands before *and* behind it. Scores are natural log-odds, set by reading documents; their sum is compared.
"""

from __future__ import annotations

from collections.abc import Sequence
from operator import itemgetter
from typing import Literal, NamedTuple

from extract.markers import RANK, Kind, Marker, gap
from extract.text import new

Place = Literal["line", "inline"]
_MARGIN = 5.0
"""How far behind the best a reading may fall and still be kept."""
_WIDTH = 8
_DEEPEST = 9
_SURE = 2.5
"""From these log-odds on, a line that goes on the only list it can go on is a unit without further search."""
_FOLLOWS = 2.0
"""What it is worth that a marker goes on a list."""
_MISREAD = 1.5
"""What it costs to take a sign for a look-alike."""
_LOOK_BACK = 200
_CHAPTERS: frozenset[Kind] = frozenset({"part", "chapter", "division", "subdivision"})
_WORDED: frozenset[Kind] = frozenset({"part", "chapter", "division", "subdivision", "article", "annex", "attached"})


class Candidate(NamedTuple):
    """A place where a unit may begin, in offsets of the matching view.

    `place` says whether it begins a line of its own or stands inside one. `words` is where the words behind the
    marker begin, `above` the text just before it, `rest` the words behind the marker up to the line's end, both cut;
    `filled` says that the line above reaches the page's right margin; `behind` that it stands behind the signature;
    `below` that the line above begins with a marker too.
    """

    start: int
    words: int
    readings: tuple[Marker, ...]
    place: Place
    above: str
    rest: str
    blanks: int
    filled: bool
    behind: bool
    below: bool = False
    capital: bool = False
    """True where the marker's word is printed in capitals (`PHỤ LỤC`)."""
    in_table: bool = False
    quoted: bool = False
    """True in the wording that an amendment gives to another text: its units are their own lists, one level down."""
    resets: bool = False
    """True where another document's text begins here: no numbering goes on across it. It is no unit by itself."""


class Open(NamedTuple):
    """A unit that is open where the search stands."""

    marker: Marker
    quoted: bool


class Unit(NamedTuple):
    """A candidate that was taken for a unit: where, its marker, and how many units hold it."""

    candidate: Candidate
    marker: Marker
    level: int


class _Trail(NamedTuple):
    unit: Unit
    before: _Trail | None


class _Reading(NamedTuple):
    """One way to read all that came before: its score, the open units from the root in, the units taken."""

    score: float
    stack: tuple[Open, ...]
    trail: _Trail | None


_Step = tuple[float, _Reading, Marker | None, int]
"""The score of a reading with the next candidate taken as a marker at a level, or left out (None)."""


def search(candidates: Sequence[Candidate], scores: Sequence[float]) -> list[Unit]:
    """The best tree over `candidates`, whose own log-odds are `scores`, as its units in reading order."""
    beam = [_Reading(0.0, (), None)]
    for candidate, score in zip(candidates, scores, strict=True):
        if candidate.resets:
            beam = [_Reading(beam[0].score, (), beam[0].trail)]
            continue
        steps = _steps(beam, candidate, score)
        if len(steps) > 1:
            steps.sort(key=itemgetter(0), reverse=True)
        beam = _kept(steps, candidate) if len(steps) > 1 else [_after(steps[0], candidate)]
    return _units(beam[0].trail)


def _only_continuation(stack: tuple[Open, ...], candidate: Candidate) -> tuple[Marker, int] | None:
    """The one list that a line goes on without a gap, where no other reading of it does."""
    found: tuple[Marker, int] | None = None
    for marker in candidate.readings:
        kind, ordinal = marker.kind, marker.ordinal
        last = ordinal[-1]
        for level, (sibling, quoted) in enumerate(stack):
            if sibling.kind != kind or quoted != candidate.quoted:
                continue
            if last <= 1 or marker.misread or len(sibling.ordinal) != len(ordinal):
                return None
            if sibling.ordinal[-1] + 1 == last and sibling.style == marker.style:
                if found is not None:
                    return None
                found = marker, level
            elif found is None and gap(kind, sibling.ordinal, ordinal) == 0:
                return None
    return found


def _units(trail: _Trail | None) -> list[Unit]:
    units = []
    while trail is not None:
        units.append(trail.unit)
        trail = trail.before
    units.reverse()
    return units


def _kept(steps: list[_Step], candidate: Candidate) -> list[_Reading]:
    """The readings after the best of `steps`, which are in order: one for each state, none too far behind."""
    kept: list[_Reading] = []
    seen: set[tuple[Open, ...]] = set()
    floor = steps[0][0] - _MARGIN
    for step in steps:
        if step[0] < floor:
            break
        reading = _after(step, candidate)
        if reading.stack in seen:
            continue
        seen.add(reading.stack)
        kept.append(reading)
        if len(kept) == _WIDTH:
            break
    return kept


def _after(step: _Step, candidate: Candidate) -> _Reading:
    """The reading that a step leads to."""
    score, reading, marker, level = step
    if marker is None:
        return new(_Reading, (score, reading.stack, reading.trail))
    stack = (*reading.stack[:level], new(Open, (marker, candidate.quoted)))
    trail = new(_Trail, (new(Unit, (candidate, marker, level)), reading.trail))
    return new(_Reading, (score, stack, trail))


def _steps(beam: list[_Reading], candidate: Candidate, own: float) -> list[_Step]:
    """Every way to go on from each reading."""
    steps: list[_Step] = []
    inline = candidate.place == "inline"
    sure = own >= _SURE and not inline
    for reading in beam:
        before = reading.score
        certain = _only_continuation(reading.stack, candidate) if sure else None
        if certain is not None:
            steps.append((before + own + _FOLLOWS, reading, *certain))
            continue
        steps.append((before, reading, None, 0))
        for marker in candidate.readings:
            score = before + own - (_MISREAD if marker.misread else 0.0)
            first = marker.ordinal[-1] == 1
            follows = False
            for level, worth in _as_sibling(reading.stack, marker, candidate.quoted):
                follows = follows or worth > 0
                steps.append((score + worth, reading, marker, level))
            if first or not (follows or inline or marker.misread):
                child = _as_child(reading, marker, candidate.quoted)
                if child is not None:
                    steps.append((score + child[1], reading, marker, child[0]))
    return steps


def _as_sibling(stack: tuple[Open, ...], marker: Marker, quoted: bool) -> list[tuple[int, float]]:
    """(level, worth) for each open list of the marker's kind that it may continue."""
    ways = []
    kind, ordinal = marker.kind, marker.ordinal
    for level in range(len(stack) - 1, -1, -1):
        sibling, within = stack[level]
        if sibling.kind != kind or within != quoted:
            continue
        missing = gap(kind, sibling.ordinal, ordinal)
        if missing is None or (marker.misread and missing):
            continue
        ways.append((level, _continuity(missing, marker) - (1.0 if sibling.style != marker.style else 0.0)))
    return ways


def _continuity(missing: int, marker: Marker) -> float:
    """What it is worth that a marker stands `missing` numbers behind the one before it in its list."""
    if missing == 0:
        return _FOLLOWS
    if marker.kind == "annex":
        return 0.5
    if missing > 0:
        return -1.0 - 0.8 * min(missing, 6)
    if missing == -1:
        return 1.0 if marker.kind == "article" and marker.label[-1].islower() else -2.5
    return -3.0 if marker.ordinal[-1] == 1 else -5.0


def _as_child(reading: _Reading, marker: Marker, quoted: bool) -> tuple[int, float] | None:
    """(level, worth) for opening a new list with `marker` below an open unit."""
    stack = reading.stack
    if marker.kind in {"annex", "attached"}:
        return None if any(unit.marker.kind == marker.kind for unit in stack) else (0, 0.0)
    if quoted and stack and not stack[-1].quoted:
        return len(stack), 0.0
    if len(stack) >= _DEEPEST:
        return None
    opening = _opening(reading, marker)
    if len(marker.ordinal) > 1:
        level, worth = _below_its_prefix(stack, marker)
        return level, worth + (opening if worth else 0.6 * opening)
    if marker.kind in _CHAPTERS:
        return _level_by_rank(stack, marker), opening - (0.5 if stack and stack[-1].marker.kind not in _WORDED else 0.0)
    return len(stack), opening + _nesting(stack, marker)


def _below_its_prefix(stack: tuple[Open, ...], marker: Marker) -> tuple[int, float]:
    """The level below the unit that `2.1` or `I.1` names by its first part; below the innermost list without one."""
    prefix = marker.ordinal[:-1]
    for level in range(len(stack), 0, -1):
        unit = stack[level - 1].marker
        if unit.ordinal == prefix:
            return level, 0.0 if unit.kind != "bracket" else -1.0
        if len(prefix) > 1 and unit.ordinal == prefix[-1:]:
            return level, -0.5
    return _level_by_rank(stack, marker), -2.0


def _level_by_rank(stack: tuple[Open, ...], marker: Marker) -> int:
    """The level below the innermost open unit of a kind that holds the marker's."""
    level = len(stack)
    while level and RANK[stack[level - 1].marker.kind] >= RANK[marker.kind]:
        level -= 1
    return level


def _nesting(stack: tuple[Open, ...], marker: Marker) -> float:
    """What speaks against a list of this kind below the innermost open unit."""
    if not stack:
        return 0.0
    top = stack[-1].marker.kind
    kind, style = marker.kind, marker.style
    worth = 0.0
    for unit, _ in stack:
        if unit.kind == kind and unit.style == style:
            worth -= 2.0
            break
    if RANK[kind] <= RANK[top]:
        worth -= 1.0 if kind == "upper" and top == "roman" else 2.5
    if kind in _WORDED and top not in _WORDED and top != "roman":
        worth -= 1.5
    return worth


def _opening(reading: _Reading, marker: Marker) -> float:
    """What speaks against a list that begins with this number."""
    first = marker.ordinal[-1]
    if first == 1:
        return 0.0
    last = _last_of(reading.trail, marker)
    if last is not None and last + 1 == first:
        return 1.5 if marker.kind == "article" else -0.5
    return -3.0 if first == 2 else -3.5


def _last_of(trail: _Trail | None, marker: Marker) -> int | None:
    """The number of the last unit of the marker's kind and length, closed or open."""
    kind, length = marker.kind, len(marker.ordinal)
    for _ in range(_LOOK_BACK):
        if trail is None:
            return None
        unit = trail.unit.marker
        if unit.kind == kind and len(unit.ordinal) == length:
            return unit.ordinal[-1]
        trail = trail.before
    return None
