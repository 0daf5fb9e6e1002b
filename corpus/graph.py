"""The graph of citations as it is drawn: every work with its rank, its province and its place on the map.

Rank 0 is the work with the most links; the works that a picture shows are those of the lowest ranks. Places are
worked out here, so that the browser only draws: what the centre issued lies in the middle, each province in a disc
of its own around it, in a disc the province's works inside, those of its communes outside, each near what it
carries out.
"""

from __future__ import annotations

import math
import sqlite3
from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace

from corpus.identity import fold
from corpus.store import Row, write
from rules.loader import table

GOLDEN = (math.sqrt(5) - 1) / 2
GAP = 6.0
"""The space between two discs; two works lie about 1 apart."""
_HOPS = 4
_FIRST_RING, _MORE_IN_NEXT = 8, 6
_LEVELS = {"central": 0, "province": 1, "district": 2, "commune": 3}
_WORKS = """select w.id, w.issuer_level, w.doc_type, w.year, w.document is not null, w.cited_by, w.territory, d.province
    from works w left join heads d on d.id = w.document"""
_LINKS = """select work, sum(n) from (select source as work, count(*) as n from edges group by 1
    union all select target, count(*) from edges group by 1) group by 1"""
_CITING = """select e.target, min(d.province), max(d.province)
    from works t left join heads h on h.id = t.document cross join edges e on e.target = t.id
    cross join works s on s.id = e.source cross join heads d on d.id = s.document
    where h.province is null and coalesce(t.issuer_level, '') not in ('central', 'province') and d.province is not null
    group by 1"""
_ABOVE = """select e.source, e.target from edges e join works t on t.id = e.target
    where e.relation = 'implements' and t.issuer_level in ('province', 'district') order by e.source, e.target desc"""
_EDGES = """insert into graph_edges select s.rank, t.rank, e.relation, e.weight from edges e
    join graph_nodes s on s.work = e.source join graph_nodes t on t.work = e.target order by 1, 2, 3"""
_IMPLEMENTS = "select source, target from edges where relation = 'implements'"

Point = tuple[float, float]


@dataclass(frozen=True, slots=True)
class Node:
    """A work of the graph. `level` and `province` are None where they are not known."""

    work: str
    level: str | None
    doc_type: str | None
    province: str | None
    year: int | None
    held: int
    links: int


def fill(connection: sqlite3.Connection) -> None:
    """Makes `graph_nodes` and `graph_edges` anew. Needs the table `heads` of `corpus.overview`."""
    connection.execute("delete from graph_nodes")
    connection.execute("delete from graph_edges")
    nodes = _nodes(connection)
    ranks = {node.work: rank for rank, node in enumerate(nodes)}
    parents: dict[int, int] = {}
    for source, target in connection.execute(_IMPLEMENTS):
        above = ranks[target]
        parents[ranks[source]] = min(above, parents.get(ranks[source], above))
    places = positions(nodes, parents)
    rows: list[Row] = [
        (rank, *_columns(node), round(x, 2), round(y, 2))
        for rank, (node, (x, y)) in enumerate(zip(nodes, places, strict=True))
    ]
    write(connection, {"graph_nodes": rows})
    connection.execute(_EDGES)


def _columns(node: Node) -> Row:
    return (node.work, node.level, node.province, node.doc_type, node.year, node.held, node.links)


def _nodes(connection: sqlite3.Connection) -> list[Node]:
    """All works, those with the most links first."""
    links = dict(connection.execute(_LINKS))
    citing = {work: low for work, low, high in connection.execute(_CITING) if low == high}
    names = _province_names(connection)
    found: list[tuple[int, Node]] = []
    above = dict(connection.execute(_ABOVE))
    for work, level, doc_type, year, held, cited_by, territory, province in connection.execute(_WORKS):
        if province is None and level == "province":
            province = names.get(territory or "")
        elif province is None and level != "central":
            province = citing.get(work)
        found.append((cited_by or 0, Node(work, level, doc_type, province, year, held, links.get(work, 0))))
    known = {node.work: node.province for _, node in found if node.province}
    found = [(cited_by, node if node.province else _in_province(node, known, above)) for cited_by, node in found]
    found.sort(key=lambda pair: (-pair[1].links, -pair[0], pair[1].work))
    return [node for _, node in found]


def _in_province(node: Node, known: Mapping[str, str], above: Mapping[str, str]) -> Node:
    """A unit's work whose province is told nowhere has that of the plan that it carries out, hop by hop."""
    if node.province or node.level not in ("district", "commune"):
        return node
    work = node.work
    for _ in range(_HOPS):
        work = above.get(work, "")
        if work in known:
            return replace(node, province=known[work])
    return node


def _province_names(connection: sqlite3.Connection) -> dict[str, str]:
    """The name of each province by its folded name: as documents write it, else as the list of provinces does."""
    listed = {fold(row["name"]): row["name"] for row in table("provinces.csv")}
    held = connection.execute("select distinct province from documents where province is not null order by 1")
    return {**listed, **{fold(name): name for (name,) in held}}


def positions(nodes: Sequence[Node], parents: Mapping[int, int]) -> list[Point]:
    """The place of each node, in the order of `nodes`. `parents`: the rank of what a node carries out, by its rank.

    The same nodes and parents give the same places.
    """
    discs: dict[str, list[int]] = defaultdict(list)
    for rank, node in enumerate(nodes):
        discs["" if node.level == "central" else node.province or "?"].append(rank)
    inner = {name: _disc(nodes, ranks, parents) for name, ranks in discs.items()}
    radii = {name: max((math.hypot(x, y) for x, y in places.values()), default=0) + 1 for name, places in inner.items()}
    centres = _around(radii)
    out: list[Point] = [(0.0, 0.0)] * len(nodes)
    for name, places in inner.items():
        left, top = centres[name]
        for rank, (x, y) in places.items():
            out[rank] = (left + x, top + y)
    return out


def _disc(nodes: Sequence[Node], ranks: Iterable[int], parents: Mapping[int, int]) -> dict[int, Point]:
    """The places of one disc around its own middle: a ring for each level, the highest inside."""
    levels: dict[int, list[int]] = defaultdict(list)
    for rank in ranks:
        levels[_LEVELS.get(nodes[rank].level or "", len(_LEVELS))].append(rank)
    angles: dict[int, float] = {}
    places: dict[int, Point] = {}
    inside = 0.0
    for _, members in sorted(levels.items()):
        members.sort(key=lambda rank: (angles.get(parents.get(rank, -1), math.tau), rank))
        outside = math.sqrt(inside**2 + len(members) / math.pi * 1.25)
        for number, rank in enumerate(members):
            angle = math.tau * (number + 0.5) / len(members)
            share = (number * GOLDEN + 0.5) % 1
            distance = math.sqrt(inside**2 + share * (outside**2 - inside**2))
            angles[rank] = angle
            places[rank] = (distance * math.cos(angle), distance * math.sin(angle))
        inside = outside + 1
    return places


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
