"""Plain charts: groups of bars beside their names and sums, drawn on the server."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from datasette_plugins.desk import formats
from datasette_plugins.desk.words import Words

BAR, GAP = 17, 3
_LEAST = 0.8
"""A bar that would be shorter is drawn this long, so that it can be seen and clicked."""


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
    """A bar where it is drawn: `y` in pixels, `length` in hundredths of the room for bars, however wide that is."""

    bar: Bar
    y: int
    length: float
    text: str


@dataclass(frozen=True, slots=True)
class Group:
    """The bars of one year or source, and how many pixels high they are."""

    name: str
    height: int
    bars: list[Drawn]


@dataclass(frozen=True, slots=True)
class Chart:
    """The whole drawing."""

    groups: list[Group]


def draw(groups: Sequence[tuple[str, Sequence[Bar]]], words: Words) -> Chart:
    """A chart of named groups; lengths are in proportion to sums, from nothing."""
    most = max((bar.value for _, bars in groups for bar in bars), default=0) or 1
    found: list[Group] = []
    for name, bars in groups:
        drawn = [
            Drawn(
                bar,
                number * (BAR + GAP),
                round(max(_LEAST, 100 * bar.value / most), 2),
                formats.short_money(bar.value, words.language),
            )
            for number, bar in enumerate(bars)
        ]
        found.append(Group(name, len(bars) * (BAR + GAP) - GAP, drawn))
    return Chart(found)
