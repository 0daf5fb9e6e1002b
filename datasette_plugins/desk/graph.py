"""The graph of citations: groups of works first (level, province, type), then works, then the whole corpus."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any, cast
from urllib.parse import urlencode

from datasette_plugins.desk import graph_data, graph_files, graph_picture, names, web
from datasette_plugins.desk.cube import Cube
from datasette_plugins.desk.frame import words_of
from datasette_plugins.desk.graph_data import FILTERS, Shown
from datasette_plugins.desk.graph_picture import Edge, Node
from datasette_plugins.desk.links import Links
from datasette_plugins.desk.ports import Context, Datasette, Request, Response, Row
from datasette_plugins.desk.store import Desk, Figure
from datasette_plugins.desk.web import Filters, Leaf
from datasette_plugins.desk.words import Words

FEW_WORKS = 90
"""A corpus whose graph has no more works than this is shown work by work at once."""
MOST_DOTS = 90
"""The picture that is drawn without scripts shows no more nodes than this."""
_PLACES = ("level", "type", "province", "year")
_KEPT = 4
"""How many pictures of the whole corpus are kept for the next reader."""
_EVIDENCE = """with wanted(source, target, relation) as (values {})
    select e.source, e.target, e.relation, e.citation, c.document, c.quote from wanted w
    cross join edges e on e.source = w.source and e.target = w.target and e.relation = w.relation
    join citations c on c.id = e.citation"""


def view_of(filters: Filters, nodes: Cube) -> graph_data.View:
    """What is asked for; else the works of a small corpus or of a filter, else groups."""
    asked = filters.get("view")
    if asked in ("groups", "works", "whole"):
        return cast(graph_data.View, asked)
    narrowed = any(filters.get(name) for name in (*_PLACES, "work"))
    return "works" if narrowed or nodes.total({}) <= FEW_WORKS else "groups"


async def shown_of(desk: Desk, filters: Filters) -> Shown:
    """What the picture of these filters shows."""
    nodes = await desk.once(graph_data.NODES)
    view = view_of(filters, nodes)
    total = graph_data.matching(nodes, filters)
    if view == "groups":
        return graph_data.groups(nodes, await desk.once(graph_data.LINKS), filters)
    if view == "works":
        return await desk.read(lambda reader: graph_data.works(reader, filters, total))
    name = f"graph?{urlencode([(key, filters.get(key)) for key in (*_PLACES, 'relation')])}"
    return await desk.once_of_some(Figure(name, lambda reader: graph_data.whole(reader, filters, total)), _KEPT)


def _href(filters: Filters, links: Links) -> Callable[[Row], str]:
    def href(row: Row) -> str:
        if "rank" in row:
            return links.document(row["document"]) if row["document"] else links.work(row["id"])
        inside = {"level": row["level"] or "-", "type": row["doc_type"] or "-"}
        if row["province"] == "*" and row["provinces"] > 1:
            return filters.url(view="groups", split=None, province=None, **inside)
        province = None if row["province"] == "*" else row["province"] or "-"
        return filters.url(view="works", split=None, province=province, **inside)

    return href


def picture(shown: Shown, words: Words, href: Callable[[Row], str]) -> graph_picture.Picture:
    """The picture for readers without scripts: the nodes with the most links."""
    nodes = []
    for row in shown.nodes[:MOST_DOTS]:
        level = row["level"]
        column = graph_files.LEVELS.index(level) if level in graph_files.LEVELS else len(graph_files.LEVELS)
        text = graph_files.label(row, words)
        hint = graph_files.full_label(row, words)
        if "rank" not in row:
            hint += ": " + words("graph.group_hint", n=row["count"], held=row["held"])
        state = "in_corpus" if row["held"] else "cited"
        nodes.append(Node(row["id"], column, text, hint, href(row), state, int(row["count"])))
    edges = [
        Edge(nodes[s].id, nodes[t].id, n, kind, words.code("relation", kind) if kind else "")
        for s, t, kind, n in shown.links
        if s < len(nodes) and t < len(nodes)
    ]
    return graph_picture.draw(nodes, edges, words)


def _rows(shown: Shown, leaf: Leaf, words: Words, href: Callable[[Row], str]) -> list[Row]:
    """One page of the table: the links of the picture, with both ends."""
    out: list[Row] = []
    for source, target, relation, weight in shown.links[leaf.offset : leaf.offset + leaf.size]:
        ends = shown.nodes[source], shown.nodes[target]
        parts: Mapping[str, int] = shown.relations.get((source, target)) or {relation: weight}
        out.append(
            {
                "names": [graph_files.full_label(end, words) for end in ends],
                "hrefs": [href(end) for end in ends],
                "key": (ends[0]["id"], ends[1]["id"], relation),
                "relations": sorted(parts.items(), key=lambda item: (-item[1], item[0])),
                "weight": weight,
            }
        )
    return out


async def _with_evidence(desk: Desk, rows: list[Row], links: Links) -> None:
    """Adds to each link between works the passage that it comes from."""
    if not rows:
        return
    sql = _EVIDENCE.format(", ".join(["(?, ?, ?)"] * len(rows)))
    found = await desk.read(lambda reader: reader.all(sql, [part for row in rows for part in row["key"]]))
    known = {(row["source"], row["target"], row["relation"]): row for row in found}
    for row in rows:
        evidence = known.get(row["key"])
        if evidence:
            row["quote"] = evidence["quote"]
            row["evidence"] = links.document(evidence["document"], evidence["citation"])


async def _facets(desk: Desk, filters: Filters) -> Context:
    nodes, size = await desk.once(graph_data.NODES), await desk.once(graph_data.SIZE)
    links = await desk.once(graph_data.LINKS)
    set_here = {name: filters.get(name) for name in _PLACES if filters.get(name)}
    return {
        **{name: nodes.facet(name, set_here, in_order=name in ("province", "year")) for name in _PLACES},
        "relation": links.facet("relation", {}),
        "works": nodes.total({}),
        "links": size,
    }


async def page(request: Request, datasette: Datasette) -> Response:
    """``/-/kehoach/graph``."""
    desk = await web.desk_for(datasette, request)
    words, links = words_of(request), Links(datasette, desk.name)
    filters = web.filters_of(datasette, request, "graph", FILTERS)
    shown, href = await shown_of(desk, filters), _href(filters, links)
    leaf = Leaf(web.page_number(request), len(shown.links))
    rows = _rows(shown, leaf, words, href)
    if shown.view != "groups":
        await _with_evidence(desk, rows, links)
    query = filters.url(view=shown.view, split=filters.get("split") or None).partition("?")[2]
    context: dict[str, Any] = {
        "shown": shown,
        "picture": picture(shown, words, href) if shown.view != "whole" else None,
        "dots": MOST_DOTS,
        "rows": rows,
        "leaf": leaf,
        "facets": await _facets(desk, filters),
        "filters": filters,
        "query": query,
        "drawn": sorted({kind for *_, kind, _ in shown.links if kind}) if shown.view == "works" else [],
        "name_of": lambda row: names.of_work(row, words),
        "doc_type": lambda code: names.doc_type(code, words),
        "links": links,
    }
    return await web.html(datasette, request, "kehoach/graph.html", context)


async def _answer(request: Request, datasette: Datasette) -> tuple[Shown, Words, Callable[[Row], str]]:
    desk = await web.desk_for(datasette, request)
    filters = web.filters_of(datasette, request, "graph", FILTERS)
    return await shown_of(desk, filters), words_of(request), _href(filters, Links(datasette, desk.name))


def _file(body: str | bytes, kind: str, name: str = "") -> Response:
    from datasette import Response as Answer

    headers = {"content-disposition": f'attachment; filename="{name}"'} if name else {}
    return cast(Response, Answer(body, headers=headers, content_type=f"{kind}; charset=utf-8"))


async def as_json(request: Request, datasette: Datasette) -> Response:
    """``/-/kehoach/graph.json``: what the script of the page draws."""
    shown, words, href = await _answer(request, datasette)
    return _file(graph_files.as_json(shown, words, href), "application/json")


async def as_csv(request: Request, datasette: Datasette) -> Response:
    """``/-/kehoach/graph.csv``: the links that the picture shows, with the names of both ends."""
    shown, words, _ = await _answer(request, datasette)
    return _file(graph_files.as_csv(shown, words), "text/csv", "graph.csv")


async def as_graphml(request: Request, datasette: Datasette) -> Response:
    """``/-/kehoach/graph.graphml``: nodes and links that the picture shows."""
    shown, words, _ = await _answer(request, datasette)
    return _file("".join(graph_files.as_graphml(shown, words)), "application/graphml+xml", "graph.graphml")
