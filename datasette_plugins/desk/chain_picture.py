"""Where the boxes and lines of a chain lie: superiors above, the document in the middle, those below it beneath."""

from __future__ import annotations

import textwrap
from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Protocol

from datasette_plugins.desk.words import Words

BOX_WIDTH, BOX_HEIGHT = 232, 94
GAP_X, GAP_Y, GAP_ROW = 20, 52, 16
LABEL_WIDTH, MARGIN = 108, 12
IN_ROW = 4
MOST_IN_HOP = 12
_LINE = 34  # characters of the box's second line that fit its width


class Placed(Protocol):
    """What is drawn as a box."""

    work: str
    hop: int
    short: str
    issuer: str
    issued_on: str
    state: str
    href: str
    name: str
    relation: str
    parents: list[str]
    guess: float | None


@dataclass(frozen=True, slots=True)
class Box:
    """A box of the picture: the node, its left upper corner, its lines of text."""

    node: Placed | None
    x: int
    y: int
    title: str
    lines: tuple[str, ...]
    state: str
    href: str

    @property
    def middle(self) -> int:
        """The middle of its width."""
        return self.x + BOX_WIDTH // 2


@dataclass(frozen=True, slots=True)
class Line:
    """A line from the upper box to the lower one, as the path of SVG."""

    path: str
    state: str
    guess: bool
    hint: str


@dataclass(frozen=True, slots=True)
class Band:
    """A hop of the chain: its name and the height that it takes."""

    label: str
    y: int
    height: int


@dataclass(frozen=True, slots=True)
class Picture:
    """The whole drawing, in pixels."""

    width: int
    height: int
    boxes: list[Box]
    lines: list[Line]
    bands: list[Band]
    hidden: int


def draw(root: Placed, up: Sequence[Placed], down: Sequence[Placed], words: Words) -> Picture:
    """The picture of a chain. A hop with too many boxes shows the first and says how many are in the list alone."""
    hops: dict[int, list[Placed]] = defaultdict(list)
    for node in (*up, root, *down):
        hops[node.hop].append(node)
    widest = min(IN_ROW, max(min(len(nodes), MOST_IN_HOP) for nodes in hops.values()))
    width = LABEL_WIDTH + 2 * MARGIN + widest * BOX_WIDTH + (widest - 1) * GAP_X
    boxes: list[Box] = []
    bands: list[Band] = []
    hidden, y = 0, MARGIN
    for hop, nodes in sorted(hops.items(), reverse=True):
        shown = nodes if len(nodes) <= MOST_IN_HOP else nodes[: MOST_IN_HOP - 1]
        hidden += len(nodes) - len(shown)
        row_boxes, height = _hop(shown, len(nodes) - len(shown), y, width, words)
        boxes.extend(row_boxes)
        bands.append(Band(_band(hop, words), y, height))
        y += height + GAP_Y
    lines = list(_lines(boxes, root, words))
    return Picture(width, y - GAP_Y + MARGIN, boxes, lines, bands, hidden)


def _band(hop: int, words: Words) -> str:
    if hop == 0:
        return words("chain.this")
    return words("chain.above" if hop > 0 else "chain.below", hop=abs(hop))


def _hop(nodes: Sequence[Placed], more: int, top: int, width: int, words: Words) -> tuple[list[Box], int]:
    cells: list[Placed | None] = [*nodes, *([None] if more else [])]
    out: list[Box] = []
    rows = [cells[first : first + IN_ROW] for first in range(0, len(cells), IN_ROW)]
    for number, row in enumerate(rows):
        used = len(row) * BOX_WIDTH + (len(row) - 1) * GAP_X
        left = LABEL_WIDTH + MARGIN + (width - LABEL_WIDTH - 2 * MARGIN - used) // 2
        y = top + number * (BOX_HEIGHT + GAP_ROW)
        for place, node in enumerate(row):
            x = left + place * (BOX_WIDTH + GAP_X)
            out.append(_box(node, x, y, words) if node else _more(more, x, y, words))
    return out, len(rows) * (BOX_HEIGHT + GAP_ROW) - GAP_ROW


def _more(count: int, x: int, y: int, words: Words) -> Box:
    return Box(None, x, y, words("chain.more", n=count), (words("chain.in_list"),), "more", "#list")


def _box(node: Placed, x: int, y: int, words: Words) -> Box:
    from datasette_plugins.desk import formats

    title = textwrap.shorten(node.short, 30, placeholder="…")
    issuer = textwrap.wrap(node.issuer, _LINE)[:2] or [words("none")]
    state = words.code("chain_state", node.state)
    last = " · ".join(part for part in (formats.day(node.issued_on, words.language), state) if part)
    return Box(node, x, y, title, (*issuer, last), node.state, node.href)


def _lines(boxes: Iterable[Box], root: Placed, words: Words) -> Iterable[Line]:
    """A chain's lines run from a box to the parents that name it; below the document a parent is the one above."""
    placed = {box.node.work: box for box in boxes if box.node}
    for box in placed.values():
        node = box.node
        if node is None or node.work == root.work:
            continue
        for parent in node.parents:
            other = placed.get(parent)
            if other is None or other is box or other.y == box.y:
                continue
            upper, lower = (box, other) if box.y < other.y else (other, box)
            start, end = upper.y + BOX_HEIGHT, lower.y
            bend = max((end - start) // 2, 12)
            path = (
                f"M{lower.middle},{end} C{lower.middle},{end - bend} {upper.middle},{start + bend + 6}"
                f" {upper.middle},{start + 6}"
            )
            hint = f"{words.code('relation', node.relation)}: {upper.title} ← {lower.title}"
            yield Line(path, node.state, node.guess is not None, hint)
