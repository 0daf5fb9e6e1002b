"""Plain charts: groups of bars beside their names and sums, drawn on the server."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from datasette_plugins.desk import formats
from datasette_plugins.desk.words import Words

WIDTH = 452
NAME_WIDTH, SUM_WIDTH = 146, 124
BAR, GAP, GROUP_GAP = 17, 3, 12
_LEAST = 1.5
"""A bar that would be thinner is drawn this long, so that it can be seen and clicked."""


@dataclass(frozen=True, slots=True)
class Bar:
    """A sum: of plans or of allotments, how many facts it adds up, and where they are."""

    part: str
    label: str
    value: int
    count: int
    href: str


@dataclass(frozen=True, slots=True)
class Drawn:
    """A bar where it is drawn."""

    bar: Bar
    y: int
    length: float
    text: str


@dataclass(frozen=True, slots=True)
class Group:
    """The bars of one year or source."""

    name: str
    y: int
    bars: list[Drawn]


@dataclass(frozen=True, slots=True)
class Chart:
    """The whole drawing, in pixels."""

    width: int
    height: int
    left: int
    """Where bars begin."""
    groups: list[Group]


def draw(groups: Sequence[tuple[str, Sequence[Bar]]], words: Words) -> Chart:
    """A chart of named groups; lengths are in proportion to sums, from nothing."""
    most = max((bar.value for _, bars in groups for bar in bars), default=0) or 1
    room = WIDTH - NAME_WIDTH - SUM_WIDTH
    found: list[Group] = []
    y = 4
    for name, bars in groups:
        drawn = [
            Drawn(
                bar,
                y + number * (BAR + GAP),
                round(max(_LEAST, room * bar.value / most), 1),
                formats.short_money(bar.value, words.language),
            )
            for number, bar in enumerate(bars)
        ]
        height = len(bars) * (BAR + GAP) - GAP
        found.append(Group(name, y + height // 2 + 4, drawn))
        y += height + GROUP_GAP
    return Chart(WIDTH, max(y - GROUP_GAP + 4, 8), NAME_WIDTH, found)
