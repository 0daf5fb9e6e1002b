"""What a picture of the graph shows: groups of works, some hundred works, or the whole corpus.

Every form of it (picture, table, JSON, CSV, GraphML) is made from the same `Shown`.
"""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Literal

from datasette_plugins.desk.cube import Cube, Key, wanted
from datasette_plugins.desk.ports import Row
from datasette_plugins.desk.store import Figure, Reader
from datasette_plugins.desk.web import Filters

View = Literal["groups", "works", "whole"]
FILTERS = ("view", "split", "relation", "level", "type", "province", "year", "work")
FEW = 300
"""The most works or groups that are laid out in the browser."""
MANY = 20_000
"""The most works of the picture of the whole corpus."""
READABLE_GROUPS = 60
"""Groups are told apart by province at once where there are no more of them than this."""
_SEEDS = 150
_PER_TARGET = 25
_NODE_NAMES = ("level", "province", "type", "year", "held")
_ENDS = ("level", "province", "type")
_LINK_NAMES = ("relation", *(f"source_{name}" for name in _ENDS), *(f"target_{name}" for name in _ENDS))
_COLUMNS = {"level": "n.level", "type": "n.doc_type", "province": "n.province", "year": "n.year"}
_WORK = """select n.rank, n.work as id, n.level, n.doc_type, n.province, n.year, n.held, n.links as count, n.x, n.y,
    w.label, w.code, w.name, w.symbol, w.issuer, w.issued_on, w.state, w.document
    from graph_nodes n join works w on w.id = n.work"""

Link = tuple[int, int, str, int]
"""The places of both ends in `Shown.nodes`, the relation (empty: several), how often."""


@dataclass(frozen=True, slots=True)
class Shown:
    """Nodes and links of a picture. `matching`: how many works the filters let through, shown or not."""

    view: View
    nodes: list[Row]
    links: list[Link]
    matching: int
    split: bool = False
    relations: Mapping[tuple[int, int], Mapping[str, int]] = field(default_factory=dict)
    """Of links between groups: how often in each relation."""
    focus: Row | None = None


def _node_cube(reader: Reader) -> Cube:
    return Cube.stored(reader, "graph", _NODE_NAMES)


def _link_cube(reader: Reader) -> Cube:
    return Cube.stored(reader, "graph-links", _LINK_NAMES)


def _size(reader: Reader) -> int:
    return int(reader.value("select count(*) from graph_edges") or 0)


NODES = Figure("graph-nodes", _node_cube)
LINKS = Figure("graph-links", _link_cube)
SIZE = Figure("graph-size", _size)


def matching(nodes: Cube, filters: Filters) -> int:
    """How many works the filters let through."""
    return nodes.total({name: filters.get(name) for name in _COLUMNS if filters.get(name)})


def is_split(nodes: Cube, filters: Filters) -> bool:
    """Whether groups are told apart by province: as asked for, else where one group was opened or there are few."""
    if filters.get("split") in ("0", "1"):
        return filters.get("split") == "1"
    if filters.get("level") and filters.get("type"):
        return True
    return len(nodes.by(_ENDS, {})) <= READABLE_GROUPS


def groups(nodes: Cube, links: Cube, filters: Filters) -> Shown:
    """Groups of works by level, province and type, with the citations between them.

    Groups that the filters name are told apart by province; of the others, those that they are linked to are shown
    for all provinces together.
    """
    split = is_split(nodes, filters)
    chosen = {name: filters.get(name) for name in _ENDS if filters.get(name)}

    def key(level: object, province: object, doc_type: object) -> Key:
        told = {"level": level, "province": province, "type": doc_type}
        fits = all(wanted(told[name]) == value for name, value in chosen.items())  # type: ignore[arg-type]
        return (fits, level, province if split and fits else "*", doc_type)  # type: ignore[return-value]

    weights: dict[tuple[Key, Key], Counter[str]] = defaultdict(Counter)
    for found, n in links.counts.items():
        source, target = key(*found[1:4]), key(*found[4:7])
        if filters.get("relation") in ("", found[0]) and (source[0] or target[0]):
            weights[source, target][str(found[0])] += n
    used = {end for pair in weights for end in pair}
    sizes: dict[Key, Counter[str]] = defaultdict(Counter)
    for (level, province, doc_type, _year, held), n in nodes.counts.items():
        name = key(level, province, doc_type)
        sizes[name]["count"] += n
        sizes[name]["held"] += n if held else 0
        sizes[name][f"in {province}"] = 1
    most = sorted((name for name in sizes if name in used), key=lambda name: (-sizes[name]["count"], str(name)))[:FEW]
    place = {name: number for number, name in enumerate(most)}
    kept = {
        (place[source], place[target]): relations
        for (source, target), relations in weights.items()
        if source in place and target in place
    }
    edges: list[Link] = [(s, t, filters.get("relation"), relations.total()) for (s, t), relations in kept.items()]
    edges.sort(key=lambda link: (-link[3], link[:2]))
    return Shown("groups", [_group(name, sizes[name]) for name in most], edges, nodes.total({}), split, kept)


def _group(name: Key, size: Counter[str]) -> Row:
    _, level, province, doc_type = name
    provinces = sum(1 for key in size if key.startswith("in "))
    return {
        "id": f"{level or '-'}/{province or '-'}/{doc_type or '-'}",
        "level": level,
        "province": province,
        "doc_type": doc_type,
        "count": size["count"],
        "held": size["held"],
        "provinces": provinces,
    }


def _placed(reader: Reader, ranks: Sequence[int]) -> list[Row]:
    return reader.all(f"{_WORK} where n.rank in ({', '.join(map(str, ranks))}) order by n.rank")


def _links_among(reader: Reader, nodes: Sequence[Row], relation: str) -> list[Link]:
    """All links with both ends among these works."""
    place = {row["rank"]: number for number, row in enumerate(nodes)}
    found = reader.connection.execute(
        f"select source, target, relation, weight from graph_edges where source in ({', '.join(map(str, place))})"
    )
    return [
        (place[source], place[target], kind, weight)
        for source, target, kind, weight in found
        if target in place and relation in ("", kind)
    ]


def works(reader: Reader, filters: Filters, total: int) -> Shown:
    """Some hundred works: those that the filters let through with the most links, and what they are linked to."""
    relation = filters.get("relation")
    focus = reader.value("select rank from graph_nodes where work = ?", (filters.get("work"),))
    where, parameters = filters.conditions(_COLUMNS)
    if filters.get("work"):
        ranks = _around(reader, int(focus), relation) if focus is not None else []
    elif where != "1":
        ranks = _with_neighbours(reader, where, parameters, relation)
    elif relation:
        ranks = _of_relation(reader, relation)
    else:
        ranks = list(range(FEW))
    nodes = _placed(reader, ranks)
    links = _links_among(reader, nodes, relation)
    if relation:
        nodes, links = _linked_only(nodes, links, focus)
    around = next((row for row in nodes if row["rank"] == focus), None)
    return Shown("works", nodes, links, len(nodes) if around else total, focus=around)


def _around(reader: Reader, rank: int, relation: str) -> list[int]:
    """A work with what it is linked to, those with the most links first."""
    parameters = {"rank": rank, "relation": relation, "most": FEW - 1}
    rows = reader.connection.execute(
        """select other from (select target as other from graph_edges
        where source = :rank and :relation in ('', relation) union select * from (select source from graph_edges
        where target = :rank and :relation in ('', relation) order by rowid limit :most)) order by other limit :most""",
        parameters,
    )
    return [rank, *(other for (other,) in rows if other != rank)]


def _with_neighbours(reader: Reader, where: str, parameters: Sequence[object], relation: str) -> list[int]:
    """The works of the lowest ranks that the filters let through, and those that most of them are linked to."""
    sql = f"select rank from graph_nodes n where {where} order by rank limit {_SEEDS}"
    seeds = [row["rank"] for row in reader.all(sql, parameters)]
    near: Counter[int] = Counter()
    for seed in seeds:
        for other, kind in reader.connection.execute(
            f"""select target, relation from graph_edges where source = :seed union all select * from (
            select source, relation from graph_edges where target = :seed order by rowid limit {_PER_TARGET})""",
            {"seed": seed},
        ):
            near[other] += relation in ("", kind)
    known = set(seeds)
    others = sorted((rank for rank, n in near.items() if n and rank not in known), key=lambda rank: (-near[rank], rank))
    return [*seeds, *others[: FEW - len(seeds)]]


def _of_relation(reader: Reader, relation: str) -> list[int]:
    """Works with links of one relation: those named by the most others, each with some of those that name it."""
    chosen: dict[int, None] = {}
    taken: Counter[int] = Counter()
    for source, target in reader.connection.execute(
        "select source, target from graph_edges where relation = ? order by target, rowid", (relation,)
    ):
        if taken[target] < _PER_TARGET:
            taken[target] += 1
            chosen[target] = chosen[source] = None
            if len(chosen) >= FEW:
                break
    return list(chosen)[:FEW]


def _linked_only(nodes: list[Row], links: list[Link], focus: object) -> tuple[list[Row], list[Link]]:
    used = {end for link in links for end in link[:2]}
    kept = [number for number, row in enumerate(nodes) if number in used or row["rank"] == focus]
    place = {number: new for new, number in enumerate(kept)}
    return [nodes[number] for number in kept], [(place[s], place[t], kind, n) for s, t, kind, n in links]


def whole(reader: Reader, filters: Filters, total: int) -> Shown:
    """Every work that the filters let through, up to 20,000 of those with the most links, and the links among them."""
    where, parameters = filters.conditions(_COLUMNS)
    nodes = reader.all(f"{_WORK} where {where} order by n.rank limit {MANY}", parameters)
    return Shown("whole", nodes, _links_between(reader, nodes, where, parameters, filters.get("relation")), total)


def _links_between(
    reader: Reader, nodes: Sequence[Row], where: str, parameters: Iterable[object], relation: str
) -> list[Link]:
    if not nodes:
        return []
    place = {row["rank"]: number for number, row in enumerate(nodes)}
    last = nodes[-1]["rank"]
    rows = reader.connection.execute(
        f"""select e.source, e.target, e.relation, e.weight from graph_nodes n
        join graph_edges e on e.source = n.rank where {where} and n.rank <= ? and e.target <= ?
        order by e.source, e.target, e.relation""",
        [*parameters, last, last],
    )
    return [
        (place[source], place[target], kind, weight)
        for source, target, kind, weight in rows
        if target in place and relation in ("", kind)
    ]
