"""The chain of implementation of a document: the plans above it and those that carry it out, as picture and list."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass, field

from datasette_plugins.desk import chain_picture, names, web
from datasette_plugins.desk.frame import words_of
from datasette_plugins.desk.links import Links, decoded
from datasette_plugins.desk.lookup import find
from datasette_plugins.desk.ports import Datasette, Request, Response, Row
from datasette_plugins.desk.store import Reader
from datasette_plugins.desk.words import Words

DEEPEST = 6
MOST_BELOW = 400
_WORK = """w.label, w.doc_type, w.code, w.name, w.symbol, w.issuer, w.issuer_level, w.issued_on, w.document as held,
    w.state as work_state"""
_UP = f"""select ch.hop, ch.work, ch.via, ch.relation, ch.state, ch.parent, ch.guess, c.document as citing, c.quote,
    {_WORK} from chains ch left join works w on w.id = ch.work left join citations c on c.id = ch.via
    where ch.document = ? order by ch.hop, w.issuer_level, w.issued_on"""
_DOWN = f"""with recursive down(work, hop, parent, via, relation) as (
    select source, 1, target, citation, relation from edges where target = :work and relation = 'implements'
    union
    select e.source, down.hop + 1, e.target, e.citation, e.relation from edges e join down on e.target = down.work
    where e.relation = 'implements' and down.hop < {DEEPEST}
    limit {MOST_BELOW})
    select down.*, c.document as citing, c.quote, null as guess, {_WORK}
    from down join works w on w.id = down.work left join citations c on c.id = down.via
    where down.work <> :work order by down.hop, w.issuer, w.issued_on"""
_BESIDE = f"""select e.relation, e.target as work, e.citation as via, c.quote, {_WORK}
    from edges e join works w on w.id = e.target left join citations c on c.id = e.citation
    where e.source = ? and e.relation not in ('implements', 'mentions') order by e.relation, w.issued_on"""


@dataclass(slots=True)
class Node:
    """A work in the chain. `hop` counts up from the document (positive) and down (negative)."""

    work: str
    hop: int
    name: str
    short: str
    issuer: str
    level: str
    issued_on: str
    state: str
    href: str
    parents: list[str] = field(default_factory=list)
    relation: str = ""
    evidence: str = ""
    quote: str = ""
    guess: float | None = None
    held: str = ""
    """The id of its document, where that is in the corpus."""


@dataclass(frozen=True, slots=True)
class Loaded:
    """What the page of a chain shows."""

    root: Node
    document: Row | None
    work: Row | None
    up: list[Node]
    down: list[Node]
    beside: list[Row]
    missing: bool
    cut: int
    """The number of works below after which the list stops; 0 where it holds all."""

    @property
    def hops_up(self) -> list[tuple[int, list[Node]]]:
        """The nodes above, the highest first."""
        return by_hop(self.up)

    @property
    def hops_down(self) -> list[tuple[int, list[Node]]]:
        """The nodes below, the nearest first."""
        return by_hop(self.down)


def by_hop(nodes: Iterable[Node]) -> list[tuple[int, list[Node]]]:
    """Nodes by hop, from the top of the picture to its foot."""
    groups: dict[int, list[Node]] = defaultdict(list)
    for node in nodes:
        groups[node.hop].append(node)
    return sorted(groups.items(), reverse=True)


def _node(row: Row, hop: int, state: str, words: Words, links: Links) -> Node:
    evidence = links.document(row["citing"], row["via"]) if row["citing"] and row["via"] else ""
    return Node(
        work=str(row["work"]),
        hop=hop,
        name=names.of_work(row, words),
        short=names.short(row, words),
        issuer=str(row["issuer"] or ""),
        level=str(row["issuer_level"] or ""),
        issued_on=str(row["issued_on"] or ""),
        state=state,
        href=links.document(row["held"]) if row["held"] else links.work(row["work"]),
        parents=[str(row["parent"])] if row["parent"] else [],
        relation=str(row["relation"] or ""),
        evidence=evidence,
        quote=str(row["quote"] or ""),
        guess=row["guess"],
        held=str(row["held"] or ""),
    )


def _merged(nodes: Iterable[Node]) -> list[Node]:
    """Each work once, at the hop nearest to the document, with all the parents that name it."""
    out: dict[str, Node] = {}
    for node in nodes:
        known = out.setdefault(node.work, node)
        known.parents.extend(parent for parent in node.parents if parent not in known.parents)
    return list(out.values())


def _root(document: Row | None, work: Row | None, words: Words, links: Links) -> Node:
    row = document or work or {}
    return Node(
        work=str(row.get("work") or row.get("id") or ""),
        hop=0,
        name=names.full(row, words) if document else names.of_work(row, words),
        short=names.short(row, words),
        issuer=str(row.get("issuer") or ""),
        level=str(row.get("issuer_level") or ""),
        issued_on=str(row.get("issued_on") or ""),
        state="in_corpus" if document else "only_cited",
        href=links.document(row["id"]) if document else links.work(row.get("id")),
    )


def load(reader: Reader, document: Row | None, work: Row | None, words: Words, links: Links) -> Loaded:
    """The chain above and below a document, or below a work that is only cited."""
    root = _root(document, work, words, links)
    above = reader.all(_UP, (document["id"],)) if document else []
    below = reader.all(_DOWN, {"work": root.work}) if root.work else []
    up = [_node(row, int(row["hop"]), str(row["state"] or ""), words, links) for row in above if row["work"]]
    for node in up:
        node.parents = node.parents or [root.work]
    down = [_node(row, -int(row["hop"]), "in_corpus" if row["held"] else "only_cited", words, links) for row in below]
    return Loaded(
        root=root,
        document=document,
        work=work,
        up=_merged(node for node in up if node.work != root.work),
        down=_merged(down),
        beside=reader.all(_BESIDE, (root.work,)) if root.work else [],
        missing=document is not None and not any(row["work"] for row in above),
        cut=MOST_BELOW if len(below) >= MOST_BELOW else 0,
    )


async def _answer(request: Request, datasette: Datasette, loaded: Loaded, links: Links) -> Response:
    words = words_of(request)
    return await web.html(
        datasette,
        request,
        "kehoach/chain.html",
        {
            "loaded": loaded,
            "document": loaded.document,
            "name": loaded.root.name,
            "short": loaded.root.short,
            "picture": chain_picture.draw(loaded.root, loaded.up, loaded.down, words),
            "name_of": lambda row: names.of_work(row, words),
            "links": links,
            "tab": "chain",
        },
    )


async def of_document(request: Request, datasette: Datasette) -> Response:
    """``/-/kehoach/document/<id>/chain``."""
    desk = await web.desk_for(datasette, request)
    words, links = words_of(request), Links(datasette, desk.name)

    def loading(reader: Reader) -> Loaded | None:
        document = find(reader, decoded(request.url_vars["id"]))
        if document is None:
            return None
        work = reader.one("select * from works where id = ?", (document["work"],))
        return load(reader, document, work, words, links)

    loaded = await desk.read(loading)
    if loaded is None:
        raise web.not_found(request, "fault.no_document")
    return await _answer(request, datasette, loaded, links)


async def of_work(request: Request, datasette: Datasette) -> Response:
    """``/-/kehoach/work/<id>/chain``; a work that is in the corpus has the chain of its document."""
    desk = await web.desk_for(datasette, request)
    words, links = words_of(request), Links(datasette, desk.name)

    def loading(reader: Reader) -> Loaded | None:
        work = reader.one("select * from works where id = ?", (decoded(request.url_vars["id"]),))
        return load(reader, None, work, words, links) if work else None

    loaded = await desk.read(loading)
    if loaded is None:
        raise web.not_found(request, "fault.no_work")
    held = loaded.work["document"] if loaded.work else None
    return web.redirect(links.chain(held)) if held else await _answer(request, datasette, loaded, links)
