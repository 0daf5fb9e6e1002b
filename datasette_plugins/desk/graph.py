"""The graph of citations: groups of works first (level and type), then works; with the table that says the same."""

from __future__ import annotations

import csv
import io
from collections import Counter
from collections.abc import Container
from dataclasses import dataclass
from typing import cast

from datasette_plugins.desk import formats, graph_picture, names, web
from datasette_plugins.desk.frame import words_of
from datasette_plugins.desk.graph_picture import Edge, Node
from datasette_plugins.desk.links import Links
from datasette_plugins.desk.ports import Datasette, Request, Response, Row
from datasette_plugins.desk.store import Desk, Figure, Reader
from datasette_plugins.desk.web import Filters, Leaf
from datasette_plugins.desk.words import Words

FILTERS = ("view", "relation", "level", "type", "year", "work")
LEVELS = ("central", "province", "district", "commune")
FEW_WORKS = 90
"""A corpus whose graph has no more works than this is shown work by work at once."""
MOST_NODES = 90
MOST_DRAWN = 600
MOST = 10_000
"""How far the rows of the table are counted."""
_ENDS = ("source", "target")
_JOINED = "from edges e join works s on s.id = e.source join works t on t.id = e.target"
_ORDER = "order by t.cited_by desc, e.target, e.source"
_ROWS = f"""select e.source, e.target, e.relation, e.weight, e.citation, c.document as citing, c.quote {_JOINED}
    left join citations c on c.id = e.citation where {{where}} {_ORDER} limit ? offset ?"""
_DRAWN = f"select e.source, e.target, e.relation, e.weight {_JOINED} where {{where}} {_ORDER} limit ?"
_WORK_COLUMNS = {"level": "w.issuer_level", "type": "w.doc_type", "year": "w.year", "work": "w.id"}
_WORK = "id, label, doc_type, code, name, symbol, issuer, issuer_level, issued_on, state, document as held, cited_by"


@dataclass(frozen=True, slots=True)
class Loaded:
    """What the page of the graph shows."""

    view: str
    nodes: list[Node]
    edges: list[Edge]
    rows: list[Row]
    leaf: Leaf
    works: int
    links: int
    left_out: int
    relations: list[Row]
    focus: Row | None = None


def summary(reader: Reader) -> dict[str, object]:
    """The size of the graph and its relations: worked out once for each build."""
    return {
        "works": int(reader.value("select count(*) from works") or 0),
        "links": int(reader.value("select count(*) from edges") or 0),
        "relations": reader.all("select relation as value, count(*) as n from edges group by 1 order by 2 desc"),
        "levels": reader.all("select issuer_level as value, count(*) as n from works group by 1"),
        "types": reader.all("select doc_type as value, count(*) as n from works group by 1 order by 2 desc"),
        "years": reader.all(
            "select year as value, count(*) as n from works where year is not null group by 1 order by 1"
        ),
    }


def group_rows(reader: Reader) -> list[Row]:
    """The citations between groups of works, by relation: worked out once for each build."""
    return reader.all(
        """select e.relation, s.issuer_level as source_level, s.doc_type as source_type, t.issuer_level as target_level,
        t.doc_type as target_type, count(*) as pairs, sum(e.weight) as weight
        from edges e join works s on s.id = e.source join works t on t.id = e.target group by 1, 2, 3, 4, 5
        order by 7 desc"""
    )


def group_sizes(reader: Reader) -> list[Row]:
    """How many works each group has: worked out once for each build."""
    return reader.all(
        """select issuer_level, doc_type, count(*) as n, sum(document is not null) as held from works group by 1, 2"""
    )


SUMMARY = Figure("graph", summary)
GROUPS = Figure("graph-groups", group_rows)
SIZES = Figure("graph-sizes", group_sizes)


def _group_key(level: object, doc_type: object) -> str:
    return f"{level or '-'}/{doc_type or '-'}"


def groups(
    rows: list[Row], sizes: list[Row], filters: Filters, words: Words
) -> tuple[list[Node], list[Edge], list[Row]]:
    """The picture and the table of groups."""
    wanted = [row for row in rows if filters.get("relation") in ("", row["relation"])]
    weights: Counter[tuple[str, str]] = Counter()
    for row in wanted:
        source = _group_key(row["source_level"], row["source_type"])
        target = _group_key(row["target_level"], row["target_type"])
        weights[source, target] += int(row["weight"] or 0)
    used = {key for pair in weights for key in pair}
    nodes = [
        Node(
            id=key,
            column=_column(row["issuer_level"]),
            label=f"{names.doc_type(row['doc_type'], words)} {formats.number(row['n'], words.language)}",
            hint=words("graph.group_hint", n=row["n"], held=row["held"] or 0),
            href=filters.url(view="works", level=row["issuer_level"] or "-", type=row["doc_type"] or "-"),
            state="in_corpus" if row["held"] else "cited",
            count=int(row["n"]),
        )
        for row in sizes
        if (key := _group_key(row["issuer_level"], row["doc_type"])) in used
    ]
    edges = [Edge(source, target, weight, "", "") for (source, target), weight in weights.most_common(200)]
    return nodes, edges, wanted


def _column(level: object) -> int:
    return LEVELS.index(str(level)) if level in LEVELS else len(LEVELS)


def _edge_filter(filters: Filters) -> tuple[str, list[object]]:
    """The SQL that keeps edges one of whose ends the filters let through."""
    parts: list[str] = []
    parameters: list[object] = []
    if filters.get("relation"):
        parts.append("e.relation = ?")
        parameters.append(filters.get("relation"))
    if filters.get("work"):
        parts.append("(e.source = ? or e.target = ?)")
        parameters += [filters.get("work")] * 2
    ends: list[str] = []
    for end in ("s", "t"):
        columns = {key: column.replace("w.", f"{end}.") for key, column in _WORK_COLUMNS.items() if key != "work"}
        where, values = filters.conditions(columns)
        if where != "1":
            ends.append(f"({where})")
            parameters += values
    if ends:
        parts.append(f"({' or '.join(ends)})")
    return " and ".join(parts) or "1", parameters


def works(reader: Reader, filters: Filters, number: int, words: Words, links: Links, facts: Row) -> Loaded:
    """The picture and the table of works: those cited most, with what they are linked to."""
    where, parameters = _edge_filter(filters)
    total = int(reader.value(f"select count(*) from (select 1 {_JOINED} where {where} limit ?)", [*parameters, MOST]))
    leaf = Leaf(number, total)
    rows = reader.all(_ROWS.format(where=where), [*parameters, leaf.size, leaf.offset])
    drawn = reader.all(_DRAWN.format(where=where), [*parameters, MOST_DRAWN])
    chosen = _chosen(drawn)
    focus = filters.get("work")
    ids = dict.fromkeys([*chosen, *(row[end] for row in rows for end in _ENDS), *([focus] if focus else [])])
    known = reader.named(f"select {_WORK} from works where id in ({{}})", list(ids))
    for row in rows:
        row["source_work"], row["target_work"] = known.get(row["source"]), known.get(row["target"])
        row["evidence"] = links.document(row["citing"], row["citation"]) if row["citing"] else ""
    return Loaded(
        view="works",
        nodes=[_work_node(known[key], words, links) for key in chosen if key in known],
        edges=_work_edges(drawn, chosen, words),
        rows=rows,
        leaf=leaf,
        works=int(cast(int, facts["works"])),
        links=int(cast(int, facts["links"])),
        left_out=len({row[end] for row in drawn for end in _ENDS}) - len(chosen),
        relations=cast(list[Row], facts["relations"]),
        focus=known.get(focus),
    )


def _work_edges(rows: list[Row], chosen: Container[str], words: Words) -> list[Edge]:
    """The edges between works that are drawn."""
    return [
        Edge(
            row["source"],
            row["target"],
            int(row["weight"] or 1),
            str(row["relation"]),
            words.code("relation", row["relation"]),
        )
        for row in rows
        if row["source"] in chosen and row["target"] in chosen
    ]


def _chosen(rows: list[Row]) -> dict[str, None]:
    """The works with the most links among these rows, as many as a picture bears."""
    degree: Counter[str] = Counter()
    for row in rows:
        degree[row["source"]] += 1
        degree[row["target"]] += 1
    return dict.fromkeys(key for key, _ in degree.most_common(MOST_NODES))


def _work_node(row: Row, words: Words, links: Links) -> Node:
    return Node(
        id=row["id"],
        column=_column(row["issuer_level"]),
        label=names.short(row, words),
        hint=names.of_work(row, words),
        href=links.document(row["held"]) if row["held"] else links.work(row["id"]),
        state=str(row["state"] or ""),
        count=int(row["cited_by"] or 0),
    )


async def _loaded(desk: Desk, filters: Filters, number: int, words: Words, links: Links) -> Loaded:
    facts = await desk.once(SUMMARY)
    small = cast(int, facts["works"]) <= FEW_WORKS
    narrowed = any(filters.get(name) for name in ("level", "type", "year", "work"))
    view = filters.get("view") or ("works" if small or narrowed else "groups")
    if view == "works":
        return await desk.read(lambda reader: works(reader, filters, number, words, links, facts))
    rows, sizes = await desk.once(GROUPS), await desk.once(SIZES)
    nodes, edges, table = groups(rows, sizes, filters, words)
    leaf = Leaf(number, len(table))
    return Loaded(
        view="groups",
        nodes=nodes,
        edges=edges,
        rows=table[leaf.offset : leaf.offset + leaf.size],
        leaf=leaf,
        works=cast(int, facts["works"]),
        links=cast(int, facts["links"]),
        left_out=0,
        relations=cast(list[Row], facts["relations"]),
    )


async def page(request: Request, datasette: Datasette) -> Response:
    """``/-/kehoach/graph``."""
    desk = await web.desk_for(datasette, request)
    words, links = words_of(request), Links(datasette, desk.name)
    filters = web.filters_of(datasette, request, "graph", FILTERS)
    loaded = await _loaded(desk, filters, web.page_number(request), words, links)
    return await web.html(
        datasette,
        request,
        "kehoach/graph.html",
        {
            "loaded": loaded,
            "facts": await desk.once(SUMMARY),
            "picture": graph_picture.draw(loaded.nodes, loaded.edges, words),
            "drawn": sorted({edge.relation for edge in loaded.edges if edge.relation}),
            "filters": filters,
            "name_of": lambda row: names.of_work(row, words),
            "short_of": lambda row: names.short(row, words),
            "doc_type": lambda code: names.doc_type(code, words),
            "links": links,
        },
    )


async def as_csv(request: Request, datasette: Datasette) -> Response:
    """``/-/kehoach/graph.csv``: the links that the picture draws, with the names of both ends."""
    from datasette import Response as Answer

    desk = await web.desk_for(datasette, request)
    words, links = words_of(request), Links(datasette, desk.name)
    filters = web.filters_of(datasette, request, "graph", FILTERS)
    loaded = await _loaded(desk, filters, 1, words, links)
    labels = {node.id: node.hint if loaded.view == "works" else node.label for node in loaded.nodes}
    out = io.StringIO()
    writer = csv.writer(out)
    writer.writerow(("source", "target", "relation", "weight", "source_label", "target_label"))
    for edge in loaded.edges:
        row = (edge.source, edge.target, edge.relation, edge.weight, labels[edge.source], labels[edge.target])
        writer.writerow([_harmless(cell) for cell in row])
    headers = {"content-disposition": 'attachment; filename="graph.csv"'}
    return cast(Response, Answer(out.getvalue(), headers=headers, content_type="text/csv; charset=utf-8"))


def _harmless(cell: object) -> object:
    """A cell that no spreadsheet takes for a formula."""
    return f"'{cell}" if isinstance(cell, str) and cell[:1] in ("=", "+", "-", "@", "\t", "\r") else cell
