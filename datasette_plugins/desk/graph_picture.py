"""Where the nodes and lines of the graph lie: one column for each level of government, lines from citing to cited."""

from __future__ import annotations

import math
import textwrap
from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from datasette_plugins.desk.words import Words

COLUMN_WIDTH, GAP_X = 224, 90
TOP, MARGIN = 40, 14
WIDEST_BOW = 70
ROW, ROOMY_ROW, ROOMY = 26, 42, 9
SWEEPS = 6
_LABEL = 32
_NARROW = frozenset(" .,:;/|()-–…ijltfr'1I")
COLUMNS = ("central", "province", "district", "commune", "other")


def _letter_width(letter: str) -> float:
    """About how wide a letter of a label is, in pixels."""
    if letter in _NARROW:
        return 4.4
    return 8.9 if letter.isupper() else 7.1


@dataclass(frozen=True, slots=True)
class Node:
    """A work, or a group of works. `column` is the place of its level."""

    id: str
    column: int
    label: str
    hint: str
    href: str
    state: str
    count: int


@dataclass(frozen=True, slots=True)
class Edge:
    """What cites what, and how often."""

    source: str
    target: str
    weight: int
    relation: str
    relation_name: str


@dataclass(frozen=True, slots=True)
class Dot:
    """A node where it is drawn."""

    node: Node
    x: int
    y: int
    radius: float
    label: str

    @property
    def text_width(self) -> int:
        """About how wide its label is drawn."""
        return min(COLUMN_WIDTH, round(sum(_letter_width(letter) for letter in self.label)) + 8)

    @property
    def right(self) -> int:
        """Where lines to the right begin: behind the label."""
        return self.x + 13 + self.text_width


@dataclass(frozen=True, slots=True)
class Curve:
    """An edge where it is drawn."""

    path: str
    width: float
    relation: str
    source: str
    target: str
    hint: str


@dataclass(frozen=True, slots=True)
class Picture:
    """The whole drawing, in pixels."""

    width: int
    height: int
    dots: list[Dot]
    curves: list[Curve]
    heads: list[tuple[int, str]]


def draw(nodes: Sequence[Node], edges: Sequence[Edge], words: Words) -> Picture:
    """The picture. Empty columns take no room; within a column the order keeps lines short."""
    used = sorted({node.column for node in nodes})
    place = {column: number for number, column in enumerate(used)}
    columns = _ordered(nodes, edges)
    tallest = max((len(column) for column in columns.values()), default=0)
    first = {node.id for node in nodes if used and node.column == used[0]}
    bowed = any(edge.source in first and edge.target in first for edge in edges)
    left = MARGIN + (WIDEST_BOW if bowed else 0)
    row = ROOMY_ROW if tallest <= ROOMY else ROW
    most = max((node.count for node in nodes), default=1) or 1
    dots: dict[str, Dot] = {}
    for column, members in columns.items():
        x = left + 10 + place[column] * (COLUMN_WIDTH + GAP_X)
        offset = (tallest - len(members)) * row // 2
        for number, node in enumerate(members):
            y = TOP + offset + number * row + row // 2
            radius = round(3.5 + 5.5 * math.sqrt(max(node.count, 0) / most), 1)
            dots[node.id] = Dot(node, x, y, radius, textwrap.shorten(node.label, _LABEL, placeholder="…"))
    heads = [(left + place[column] * (COLUMN_WIDTH + GAP_X), words.code("level", COLUMNS[column])) for column in used]
    width = left + MARGIN + len(used) * COLUMN_WIDTH + max(0, len(used) - 1) * GAP_X + 24
    return Picture(width, TOP + tallest * row + MARGIN, list(dots.values()), _curves(edges, dots), heads)


def _ordered(nodes: Sequence[Node], edges: Sequence[Edge]) -> dict[int, list[Node]]:
    """The nodes of each column, each near the middle of what it is linked to."""
    columns: dict[int, list[Node]] = defaultdict(list)
    for node in nodes:
        columns[node.column].append(node)
    near: dict[str, list[str]] = defaultdict(list)
    for edge in edges:
        near[edge.source].append(edge.target)
        near[edge.target].append(edge.source)
    height = {
        node.id: number / max(len(column), 1) for column in columns.values() for number, node in enumerate(column)
    }
    for _ in range(SWEEPS):
        for key, column in columns.items():
            middle = {node.id: _middle(node.id, near[node.id], height) for node in column}
            columns[key] = sorted(column, key=lambda node: (middle[node.id], node.id))
            height.update({node.id: number / len(column) for number, node in enumerate(columns[key])})
    return dict(sorted(columns.items()))


def _middle(key: str, near: Sequence[str], height: Mapping[str, float]) -> float:
    """The mean height of what a node is linked to; its own where that is nothing."""
    heights = [height[other] for other in near if other in height]
    return sum(heights) / len(heights) if heights else height[key]


def _curves(edges: Sequence[Edge], dots: dict[str, Dot]) -> list[Curve]:
    heaviest = max((edge.weight for edge in edges), default=1)
    out: list[Curve] = []
    for edge in edges:
        source, target = dots.get(edge.source), dots.get(edge.target)
        if source is None or target is None or source is target:
            continue
        width = round(1 + 3 * math.sqrt(edge.weight / heaviest), 2) if heaviest > 1 else 1.2
        hint = f"{source.node.label} → {target.node.label}"
        if edge.relation_name:
            hint += f" ({edge.relation_name})"
        out.append(Curve(_path(source, target), width, edge.relation, edge.source, edge.target, hint))
    return out


def _path(source: Dot, target: Dot) -> str:
    """A curve from the side of one to the side of the other; within a column it bows out to the left."""
    if source.x == target.x:
        bow = source.x - min(WIDEST_BOW, 18 + abs(source.y - target.y) // 5)
        return f"M{source.x},{source.y} C{bow},{source.y} {bow},{target.y} {target.x},{target.y}"
    start, end = (source.x, target.right) if source.x > target.x else (source.right, target.x)
    middle = (start + end) // 2
    return f"M{start},{source.y} C{middle},{source.y} {middle},{target.y} {end},{target.y}"
