"""The search for the tree of numbered units over the whole sequence of candidate markers.

A candidate opens a unit if it continues a numbering of its kind, or begins one, well enough to outweigh what its
line says against it. The search keeps the few best readings of all that came before (a beam), so that `V.` is decided
by what stands before *and* behind it. Scores are natural log-odds, set by reading documents; their sum is compared.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Literal, NamedTuple

from extract.markers import RANK, Kind, Marker, gap

Place = Literal["line", "wrapped", "inline"]
_MARGIN = 7.0
_MISREAD = 1.5
"""What it costs to take a sign for a look-alike."""
_WIDTH = 12
_DEEPEST = 9
_WORDED: frozenset[Kind] = frozenset({"part", "chapter", "division", "subdivision", "article", "annex", "attached"})


@dataclass(frozen=True, slots=True)
class Candidate:
    """A place where a unit may begin.

    `place` says whether it begins a line of its own, a line that may be a sentence's continuation, or stands inside
    a line. `above` is the text just before it, `rest` the text behind the marker up to the line's end, both cut;
    `filled` says that the line above reaches the page's right margin; `attached` that it stands behind the signature.
    """

    start: int
    readings: tuple[Marker, ...]
    place: Place
    above: str
    rest: str
    blanks: int
    filled: bool
    attached: bool
    capital: bool = False
    """True where the marker's word is printed in capitals (`PHỤ LỤC`)."""
    in_table: bool = False
    resets: bool = False
    """True where another document's text begins here: no numbering goes on across it. It is no unit by itself."""


class Frame(NamedTuple):
    """An open unit on the way from the root to where the search stands."""

    kind: Kind
    style: str
    ordinal: tuple[int, ...]


class Unit(NamedTuple):
    """A candidate that was taken for a unit: its marker, and how many units hold it."""

    marker: Marker
    level: int


class _Trail(NamedTuple):
    unit: Unit
    before: _Trail | None


class _Reading(NamedTuple):
    score: float
    stack: tuple[Frame, ...]
    trail: _Trail | None


def search(candidates: Sequence[Candidate], scores: Sequence[float]) -> list[Unit]:
    """The best tree over `candidates`, whose own log-odds are `scores`, as its units in reading order."""
    beam = [_Reading(0.0, (), None)]
    for candidate, score in zip(candidates, scores, strict=True):
        if candidate.resets:
            beam = [_Reading(reading.score, (), reading.trail) for reading in beam[:1]]
            continue
        grown = list(beam)
        for reading in beam:
            grown.extend(_taken(reading, candidate, score))
        beam = _best(grown) if len(grown) > 1 else grown
    return _units(beam[0].trail)


def _units(trail: _Trail | None) -> list[Unit]:
    units = []
    while trail is not None:
        units.append(trail.unit)
        trail = trail.before
    units.reverse()
    return units


def _best(readings: list[_Reading]) -> list[_Reading]:
    """The best reading for each state, best first, without those too far behind."""
    readings.sort(key=lambda reading: -reading.score)
    floor = readings[0].score - _MARGIN
    kept: list[_Reading] = []
    seen: set[tuple[Frame, ...]] = set()
    for reading in readings:
        if reading.score < floor or len(kept) == _WIDTH:
            break
        if reading.stack not in seen:
            seen.add(reading.stack)
            kept.append(reading)
    return kept


def _taken(reading: _Reading, candidate: Candidate, score: float) -> Iterator[_Reading]:
    """Every way to take `candidate` for a unit after `reading`."""
    stack = reading.stack
    for marker in candidate.readings:
        ways = [*_as_sibling(stack, marker)]
        if (candidate.place != "inline" and not marker.misread) or marker.ordinal[-1] == 1:
            ways.extend(_as_child(reading, marker))
        for level, worth in ways:
            frame = Frame(marker.kind, marker.style, marker.ordinal)
            trail = _Trail(Unit(marker, level), reading.trail)
            yield _Reading(reading.score + score + worth, (*stack[:level], frame), trail)


def _as_sibling(stack: tuple[Frame, ...], marker: Marker) -> Iterator[tuple[int, float]]:
    """(level, worth) for each open list of the marker's kind that it may continue."""
    for level in range(len(stack) - 1, -1, -1):
        frame = stack[level]
        if frame.kind != marker.kind:
            continue
        missing = gap(marker.kind, frame.ordinal, marker.ordinal)
        if missing is None:
            continue
        if marker.misread and missing != 0:
            continue
        worth = _continuity(missing, marker) - (1.0 if frame.style != marker.style else 0.0)
        yield level, worth - (_MISREAD if marker.misread else 0.0)


def _continuity(missing: int, marker: Marker) -> float:
    if marker.kind == "annex":
        return 2.0 if missing == 0 else 0.5
    if missing == 0:
        return 2.0
    if missing > 0:
        return -1.0 - 0.8 * min(missing, 6)
    if missing == -1:
        return -2.5
    return -3.0 if marker.ordinal[-1] == 1 else -5.0


def _as_child(reading: _Reading, marker: Marker) -> Iterator[tuple[int, float]]:
    """(level, worth) for opening a new list with `marker` below an open unit."""
    stack = reading.stack
    if len(stack) >= _DEEPEST:
        return
    if marker.kind in {"annex", "attached"}:
        if not any(frame.kind == marker.kind for frame in stack):
            yield 0, 0.0
        return
    if len(marker.ordinal) > 1:
        level, worth = _below_its_prefix(stack, marker)
    else:
        level, worth = len(stack), _nesting(stack, marker)
    yield level, worth + _opening(reading, marker) - (_MISREAD if marker.misread else 0.0)


def _below_its_prefix(stack: tuple[Frame, ...], marker: Marker) -> tuple[int, float]:
    """The level below the unit that `2.1` or `I.1` names by its first part; below the innermost list without one."""
    prefix = marker.ordinal[:-1]
    for level in range(len(stack), 0, -1):
        frame = stack[level - 1]
        if frame.ordinal == prefix:
            return level, 0.0 if frame.kind != "bracket" else -1.0
        if frame.ordinal == prefix[-1:] and len(prefix) > 1:
            return level, -0.5
    level = len(stack)
    while level and RANK[stack[level - 1].kind] >= RANK[marker.kind]:
        level -= 1
    return level, -2.0


def _nesting(stack: tuple[Frame, ...], marker: Marker) -> float:
    """What speaks against a list of this kind below the innermost open unit."""
    if not stack:
        return 0.0
    top = stack[-1]
    worth = 0.0
    if any(frame.kind == marker.kind and frame.style == marker.style for frame in stack):
        worth -= 2.0
    if RANK[marker.kind] <= RANK[top.kind]:
        worth -= 1.0 if marker.kind == "upper" and top.kind == "roman" else 2.5
    if marker.kind in _WORDED and top.kind not in _WORDED and top.kind != "roman":
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
    for _ in range(400):
        if trail is None:
            return None
        unit = trail.unit.marker
        if unit.kind == marker.kind and len(unit.ordinal) == len(marker.ordinal):
            return unit.ordinal[-1]
        trail = trail.before
    return None
