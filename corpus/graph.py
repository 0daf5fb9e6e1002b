"""The graph of citations as it is drawn: every work with its rank, its province and its place on the map.

Rank 0 is the work with the most links; the works that a picture shows are those of the lowest ranks. Places are
worked out here, so that the browser only draws: what the centre issued lies in the middle, each province in a disc
of its own around it, in a disc the province's works inside, those of its communes outside, each near what it
carries out.
"""

from __future__ import annotations

import math
import sqlite3
from collections import Counter, defaultdict
from collections.abc import Iterable, Mapping, Sequence
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from corpus.identity import fold
from corpus.store import Row, write_anew
from rules.loader import table

GOLDEN = (math.sqrt(5) - 1) / 2
GAP = 6.0
"""The space between two discs; two works lie about 1 apart."""
_HOPS = 4
_FIRST_RING, _MORE_IN_NEXT = 8, 6
_LEVELS = {"central": 0, "province": 1, "district": 2, "commune": 3}
_WORKS = """select id, issuer_level, doc_type, year, document is not null, cited_by, territory, document from works"""
_EDGES = "select source, target, relation, weight from edges"
_IMPLEMENTS = "implements"

Point = tuple[float, float]
Numbers = NDArray[np.int64]
Places = NDArray[np.float64]


class Node(NamedTuple):
    """A work of the graph. `level` and `province` are None where they are not known."""

    work: str
    level: str | None
    doc_type: str | None
    province: str | None
    year: int | None
    held: int
    links: int


Counts = Mapping[str, Counter[Row]]
"""By the name of a tally, how many there are of each combination."""


class Drawing(NamedTuple):
    """The rows of `graph_nodes` and `graph_edges`, and what the tallies `graph` and `graph-links` count."""

    nodes: Iterable[Row]
    edges: Iterable[Row]
    counts: Counts


def fill(connection: sqlite3.Connection) -> Counts:
    """Makes `graph_nodes` and `graph_edges` anew. Returns what the tallies `graph` and `graph-links` count."""
    drawing = draw(connection)
    write_anew(connection, "graph_nodes", drawing.nodes)
    write_anew(connection, "graph_edges", drawing.edges)
    return drawing.counts


def draw(connection: sqlite3.Connection) -> Drawing:
    """The graph of the works and edges in the database."""
    works = connection.execute(_WORKS).fetchall()
    edges = _Edges(connection, [row[0] for row in works])
    ranked = _ranked(works, edges.links, _provinces(connection, works, edges))
    nodes = [node for _, node in ranked]
    rank = np.empty(len(works), dtype=np.int64)
    rank[[number for number, _ in ranked]] = np.arange(len(works))
    source, target = rank[edges.source], rank[edges.target]
    places = positions(nodes, _parents(source, target, edges.implements))
    order = np.lexsort((edges.relation, target, source))
    told = (source[order], target[order], edges.weight[order])
    first, second, weights = (column.tolist() for column in told)
    names = [edges.relations[number] for number in edges.relation[order].tolist()]
    counted: Counter[Row] = Counter((node.level, node.province, node.doc_type, node.year, node.held) for node in nodes)
    return Drawing(
        [(number, *_columns(node), *places[number]) for number, node in enumerate(nodes)],
        zip(first, second, names, weights, strict=True),
        {"graph": counted, "graph-links": _counted_links(nodes, edges, source, target)},
    )


class _Edges:
    """The edges between works, as columns of numbers: works by their place in the list that is given."""

    def __init__(self, connection: sqlite3.Connection, works: Sequence[str]) -> None:
        number = {work: place for place, work in enumerate(works)}
        rows = connection.execute(_EDGES).fetchall()
        columns = list(zip(*rows, strict=True)) if rows else [(), (), (), ()]
        self.source, self.target = (_numbers(map(number.__getitem__, ends)) for ends in columns[:2])
        self.relations = sorted(set(columns[2]), key=str)
        """The names of relations in order; `relation` holds places in this list."""
        places = {name: place for place, name in enumerate(self.relations)}
        self.relation = _numbers(map(places.__getitem__, columns[2]))
        self.weight = _numbers(columns[3])
        self.implements = self.relation == places.get(_IMPLEMENTS, -1)
        both = np.concatenate((self.source, self.target))
        self.links: list[int] = np.bincount(both, minlength=len(works)).tolist()
        """How many edges each work is an end of."""


def _numbers(found: Iterable[int]) -> Numbers:
    return np.fromiter(found, dtype=np.int64)


def _columns(node: Node) -> Row:
    return (node.work, node.level, node.province, node.doc_type, node.year, node.held, node.links)


def _ranked(works: Sequence[Row], links: Sequence[int], provinces: Sequence[str | None]) -> list[tuple[int, Node]]:
    """(place in the list, node) of all works, those with the most links first, then those that most documents cite."""
    cited_by = -_numbers(int(str(row[5] or 0)) for row in works)
    order = np.lexsort((np.array([str(row[0]) for row in works], dtype=np.str_), cited_by, -np.array(links)))
    found = []
    for i in order.tolist():
        work, level, kind, year, held, *_ = works[i]
        node = Node(work, level, kind, provinces[i], year, held, links[i])
        found.append((i, node))
    return found


def _provinces(connection: sqlite3.Connection, works: Sequence[Row], edges: _Edges) -> list[str | None]:
    """The province of each work: its document's, else the one that its issuer or those that cite it tell."""
    own = dict(connection.execute("select id, province from documents where province is not null"))
    names = _province_names(own.values())
    held = [own.get(str(row[7])) for row in works]
    citing = _citing(held, edges)
    found = list(held)
    for i, (_, level, _, _, _, _, territory, _) in enumerate(works):
        if held[i] is None and level == "province":
            found[i] = names.get(str(territory or ""))
        elif held[i] is None and level != "central":
            found[i] = citing.get(i)
    above = _above(works, edges)
    known = list(found)
    for i, row in enumerate(works):
        if not known[i] and row[1] in ("district", "commune"):
            found[i] = _of_above(i, known, above)
    return found


def _citing(held: Sequence[str | None], edges: _Edges) -> dict[int, str]:
    """Works that are cited from one province alone, with that: by the documents in the corpus that cite them."""
    names = sorted({name for name in held if name is not None})
    number = {name: place for place, name in enumerate(names)}
    own = np.array([number[name] if name is not None else -1 for name in held], dtype=np.int64)
    told = own[edges.source] if len(held) else own
    source, target = told[told >= 0], edges.target[told >= 0]
    low, high = np.full(len(held), len(names)), np.full(len(held), -1)
    np.minimum.at(low, target, source)
    np.maximum.at(high, target, source)
    return {int(work): names[int(low[work])] for work in np.flatnonzero(low == high)}


def _above(works: Sequence[Row], edges: _Edges) -> dict[int, int]:
    """The plan of a province or district that each work carries out: of several that of the first id."""
    above: dict[int, int] = {}
    ends = edges.source[edges.implements].tolist(), edges.target[edges.implements].tolist()
    for source, target in zip(*ends, strict=True):
        if works[target][1] in ("province", "district"):
            known = above.get(source)
            if known is None or str(works[target][0]) < str(works[known][0]):
                above[source] = target
    return above


def _of_above(work: int, known: Sequence[str | None], above: Mapping[int, int]) -> str | None:
    """A unit's work whose province is told nowhere has that of the plan that it carries out, hop by hop."""
    for _ in range(_HOPS):
        work = above.get(work, -1)
        if work < 0:
            return None
        if known[work]:
            return known[work]
    return None


def _parents(source: Numbers, target: Numbers, implements: Numbers) -> dict[int, int]:
    """The rank of what a work carries out by its own rank: of several the lowest."""
    order = np.lexsort((-target[implements], source[implements]))
    ends = source[implements][order].tolist(), target[implements][order].tolist()
    return dict(zip(*ends, strict=True))


def _counted_links(nodes: Sequence[Node], edges: _Edges, source: Numbers, target: Numbers) -> Counter[Row]:
    """How often works of one level, province and type cite those of another, by relation."""
    places: dict[Row, int] = {}
    group = np.array([places.setdefault((n.level, n.province, n.doc_type), len(places)) for n in nodes], dtype=np.int64)
    keys = (edges.relation * len(places) + group[source]) * len(places) + group[target]
    found, of_key = np.unique(keys, return_inverse=True)
    totals = np.zeros(len(found), dtype=np.int64)
    np.add.at(totals, of_key, edges.weight)
    groups = list(places)
    counted: Counter[Row] = Counter()
    for key, total in zip(found.tolist(), totals.tolist(), strict=True):
        rest, other = divmod(key, len(places))
        relation, one = divmod(rest, len(places))
        counted[(edges.relations[relation], *groups[one], *groups[other])] = total
    return counted


def _province_names(held: Iterable[str]) -> dict[str, str]:
    """The name of each province by its folded name: as documents write it, else as the list of provinces does."""
    listed = {fold(row["name"]): row["name"] for row in table("provinces.csv")}
    return {**listed, **{fold(name): name for name in sorted(set(held))}}


def positions(nodes: Sequence[Node], parents: Mapping[int, int]) -> list[Point]:
    """The place of each node, in the order of `nodes`. `parents`: the rank of what a node carries out, by its rank.

    The same nodes and parents give the same places, to two decimals.
    """
    discs: dict[str, list[int]] = defaultdict(list)
    for rank, node in enumerate(nodes):
        discs["" if node.level == "central" else node.province or "?"].append(rank)
    tiers = np.array([_LEVELS.get(node.level or "", len(_LEVELS)) for node in nodes], dtype=np.int64)
    above = np.full(len(nodes), len(nodes), dtype=np.int64)
    above[list(parents)] = list(parents.values())
    inner = {name: _disc(tiers, np.array(ranks), above) for name, ranks in discs.items()}
    radii = {name: float(np.hypot(places[1], places[2]).max()) + 1 for name, places in inner.items()}
    centres = _around(radii)
    out = np.empty((2, len(nodes)))
    for name, (ranks, *places) in inner.items():
        out[:, ranks] = np.array(centres[name])[:, None] + np.array(places)
    return list(zip(*out.round(2).tolist(), strict=True))


def _disc(tiers: Numbers, ranks: Numbers, above: Numbers) -> tuple[Numbers, Places, Places]:
    """The ranks of one disc, and their places around its own middle: a ring for each level, the highest inside."""
    angles = np.full(len(tiers) + 1, math.tau)
    x, y = np.empty(len(tiers)), np.empty(len(tiers))
    inside = 0.0
    for tier in np.unique(tiers[ranks]):
        members = ranks[tiers[ranks] == tier]
        members = members[np.lexsort((members, angles[above[members]]))]
        outside = math.sqrt(inside**2 + len(members) / math.pi * 1.25)
        number = np.arange(len(members))
        angles[members] = angle = math.tau * (number + 0.5) / len(members)
        distance = np.sqrt(inside**2 + (number * GOLDEN + 0.5) % 1 * (outside**2 - inside**2))
        x[members], y[members] = distance * np.cos(angle), distance * np.sin(angle)
        inside = outside + 1
    return ranks, x[ranks], y[ranks]


def _around(radii: Mapping[str, float]) -> dict[str, Point]:
    """Where the middles of the discs lie: the centre's own at 0, the others in rings around it, the largest first."""
    centres = {"": (0.0, 0.0)}
    waiting = sorted((name for name in radii if name), key=lambda name: (-radii[name], name))
    reach, many = radii.get("", 0.0) + GAP, _FIRST_RING
    while waiting:
        ring, waiting = waiting[:many], waiting[many:]
        room = sum(2 * radii[name] + GAP for name in ring)
        distance = max(reach + radii[ring[0]], room / math.tau * 1.1 if len(ring) > 2 else 0)
        angle = -math.pi / 2
        for number, name in enumerate(ring):
            share = math.tau * (2 * radii[name] + GAP) / room
            angle += share / 2 if number else 0
            centres[name] = (distance * math.cos(angle), distance * math.sin(angle))
            angle += share / 2
        reach, many = distance + radii[ring[0]] + GAP, many + _MORE_IN_NEXT
    return centres
