"""The canonical text as HTML, with its facts marked, overlapping ones too.

The text is cut wherever a fact, a heading or a page begins or ends. Every piece that lies in a fact becomes one link;
a piece in several facts leads to the one that ranks first and names them all. Joined together, the pieces are the
text, character for character, so that copying a passage gives the canonical text.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from html import escape
from itertools import pairwise

RANKS = ("citation", "budget", "deadline", "target", "reference", "assignment", "finding", "unread", "header", "hit")
"""Which fact a place leads to that lies in several: the card of a fact names the findings that touch it."""
MAX_LABEL = 160
WIDE = 240
"""A mark longer than this stands behind the others: a copied passage does not hide the citations in it."""


@dataclass(frozen=True, slots=True)
class Mark:
    """A fact in the text: where it stands, what it is, where its link leads, and what the link says on hovering."""

    id: str
    kind: str
    start: int
    end: int
    href: str
    label: str = ""
    level: str = ""
    """Of a finding: its severity."""

    @property
    def rank(self) -> tuple[bool, int]:
        """Of several marks in one place the least leads."""
        return self.end - self.start > WIDE, RANKS.index(self.kind) if self.kind in RANKS else len(RANKS)


@dataclass(frozen=True, slots=True)
class Heading:
    """The first line of a section."""

    id: str
    start: int
    end: int
    depth: int


@dataclass(frozen=True, slots=True)
class PageBreak:
    """Where a page begins."""

    number: int
    start: int


@dataclass(frozen=True, slots=True)
class Layers:
    """All that is drawn over a stretch of text."""

    marks: Sequence[Mark] = ()
    headings: Sequence[Heading] = ()
    breaks: Sequence[PageBreak] = ()
    page_word: str = ""
    page_href: str = ""
    """Where a page's break leads, before its number: to its picture."""


def _clipped(layers: Layers, start: int, end: int) -> Layers:
    def inside(item: Mark | Heading) -> bool:
        return item.start < end and item.end > start and item.start < item.end

    return Layers(
        marks=sorted((mark for mark in layers.marks if inside(mark)), key=lambda mark: (mark.start, -mark.end)),
        headings=_apart(heading for heading in layers.headings if inside(heading)),
        breaks=[item for item in layers.breaks if start <= item.start < end],
        page_word=layers.page_word,
        page_href=layers.page_href,
    )


def _apart(headings: Iterable[Heading]) -> list[Heading]:
    """Headings in their order; one that begins inside another is left out."""
    out: list[Heading] = []
    for heading in sorted(headings, key=lambda item: (item.start, -item.end)):
        if not out or heading.start >= out[-1].end:
            out.append(heading)
    return out


def render(text: str, layers: Layers, start: int = 0, end: int | None = None) -> str:
    """The HTML of ``text[start:end]``. Offsets of the layers count in `text`."""
    end = len(text) if end is None else min(end, len(text))
    layers = _clipped(layers, start, end)
    cuts = {start, end}
    spans = [(mark.start, mark.end) for mark in layers.marks] + [(line.start, line.end) for line in layers.headings]
    for first, last in spans:
        cuts.update((max(first, start), min(last, end)))
    cuts.update(item.start for item in layers.breaks)
    out: list[str] = []
    drawing = _Drawing(layers)
    for left, right in pairwise(sorted(cuts)):
        drawing.piece(out, left, right, text[left:right])
    drawing.close(out)
    return "".join(out)


class _Drawing:
    """Walks over the pieces from left to right and knows which facts are open."""

    def __init__(self, layers: Layers) -> None:
        self.marks = list(reversed(layers.marks))
        self.headings = list(reversed(layers.headings))
        self.breaks = {item.start: item.number for item in layers.breaks}
        self.page_word, self.page_href = layers.page_word, layers.page_href
        self.open: list[Mark] = []
        self.heading: Heading | None = None

    def piece(self, out: list[str], left: int, right: int, text: str) -> None:
        """Draws the text from `left` to `right`."""
        self.open = [mark for mark in self.open if mark.end > left]
        if self.heading and self.heading.end <= left:
            self.close(out)
        if left in self.breaks:
            number = self.breaks[left]
            label = f"{escape(self.page_word)} {number}"
            if self.page_href:
                to = f' href="{escape(self.page_href)}{number}" aria-label="{label}"'
                out.append(f'<a class="page-break" id="p-{number}" data-label="{label}"{to}></a>')
            else:
                out.append(f'<span class="page-break" id="p-{number}" data-label="{label}"></span>')
        while self.headings and self.headings[-1].start <= left:
            self.heading = self.headings.pop()
            level = min(self.heading.depth + 2, 6)
            out.append(f'<span class="heading" role="heading" aria-level="{level}" id="s-{escape(self.heading.id)}">')
        while self.marks and self.marks[-1].start <= left:
            mark = self.marks.pop()
            self.open.append(mark)
            out.append(f'<span class="anchor" id="f-{escape(mark.id)}"></span>')
        out.append(_linked(self.open, text) if self.open and text.strip() else escape(text))

    def close(self, out: list[str]) -> None:
        """Ends the heading that is open."""
        if self.heading:
            out.append("</span>")
            self.heading = None


def _linked(marks: Sequence[Mark], text: str) -> str:
    ranked = sorted(marks, key=lambda mark: mark.rank)
    classes = ["m", *(f"m-{mark.kind}" for mark in ranked), *(f"m-{mark.level}" for mark in ranked if mark.level)]
    if ranked[0].rank[0]:
        classes.append("m-wide")
    title = " · ".join(mark.label for mark in ranked if mark.label)
    if len(title) > MAX_LABEL:
        title = title[: MAX_LABEL - 1] + "…"
    css = escape(" ".join(dict.fromkeys(classes)))
    facts = escape(" ".join(mark.id for mark in ranked))
    return (
        f'<a class="{css}" href="{escape(ranked[0].href)}" data-f="{facts}" title="{escape(title)}">{escape(text)}</a>'
    )
