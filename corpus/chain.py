"""The chain of implementation: which higher plan each document carries out, hop by hop to the centre, and downward.

Upward edges are those of `implements`; where a document has none, plans that it names as its basis or guide stand in
(then directives, resolutions and decisions). A plan that names nothing higher ends in a row without a work.
"""

from __future__ import annotations

import json
import sqlite3
from collections import defaultdict, deque
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Literal

from corpus.likeness import Titles
from corpus.schema import BY_NAME
from corpus.store import Row, write
from rules.hierarchy import types
from rules.units import RANK

State = Literal["in_corpus", "only_cited", "conflicting", "missing", "cyclic"]
MAX_HOPS = 12


@dataclass(frozen=True, slots=True)
class Edge:
    """A citation from work to work that a chain may follow."""

    target: str
    relation: str
    citation: str


@dataclass(frozen=True, slots=True)
class Node:
    """What a chain needs to know of a work."""

    doc_type: str | None
    level: str | None
    in_corpus: bool
    conflicting: bool


@dataclass(frozen=True, slots=True)
class Hop:
    """One step of a chain. `work` is None where a plan names nothing higher."""

    number: int
    work: str | None
    via: str | None
    relation: str | None
    state: State
    parent: str


_NODES = "select id, doc_type, issuer_level, state, dates"
_EDGES = """select e.source, e.target, e.relation, e.citation from edges e join citations c on c.id = e.citation
    where e.relation in ('implements', 'legal_basis', 'guided_by') and {where}
    order by e.source, c.document, c.position"""


def node_of(doc_type: str | None, level: str | None, state: str, dates: str | None) -> Node:
    """What a chain needs to know of a row of `works`."""
    return Node(doc_type, level, state == "in_corpus", _conflicting(dates))


class Graph:
    """The edges between works, upward (what a work carries out) and downward (who carries it out)."""

    def __init__(self, connection: sqlite3.Connection) -> None:
        self._nodes: dict[str, Node] = {row[0]: node_of(*row[1:]) for row in connection.execute(f"{_NODES} from works")}
        self._edges: dict[str, list[Edge]] = defaultdict(list)
        for source, *edge in connection.execute(_EDGES.format(where=1)):
            self._edges[source].append(Edge(*edge))

    def node(self, work: str) -> Node:
        """What is known of a work."""
        return self._nodes[work]

    def edges(self, work: str) -> Sequence[Edge]:
        """The edges from a work, in the order of its text."""
        return self._edges.get(work, ())

    def up(self, work: str) -> tuple[Edge, ...]:
        """The edges to the works that `work` carries out, in the order of its text."""
        edges = self.edges(work)
        implements = tuple(edge for edge in edges if edge.relation == "implements")
        if implements:
            return _once(implements)
        for kinds in (types("plans"), types("orders")):
            found = tuple(
                e for e in edges if self.node(e.target).doc_type in kinds and not self._is_lower(e.target, work)
            )
            if found:
                return _once(found)
        return ()

    def _is_lower(self, target: str, work: str) -> bool:
        above, below = self.node(target).level, self.node(work).level
        return above is not None and below is not None and RANK[above] > RANK[below]

    def chain(self, start: str) -> Iterator[Hop]:
        """The hops upward from the work `start`, nearest first."""
        reached: dict[str, str | None] = {start: None}
        queue = deque([(start, 0)])
        while queue:
            work, number = queue.popleft()
            edges = self.up(work) if number < MAX_HOPS else ()
            if not edges and self.node(work).doc_type == "KH" and self.node(work).in_corpus:
                yield Hop(number + 1, None, None, None, "missing", work)
            for edge in edges:
                if edge.target in reached:
                    if _is_ancestor(edge.target, work, reached):
                        yield Hop(number + 1, edge.target, edge.citation, edge.relation, "cyclic", work)
                    continue
                reached[edge.target] = work
                yield Hop(number + 1, edge.target, edge.citation, edge.relation, self._state(edge.target), work)
                queue.append((edge.target, number + 1))

    def _state(self, work: str) -> State:
        node = self.node(work)
        if node.conflicting:
            return "conflicting"
        return "in_corpus" if node.in_corpus else "only_cited"


class NearGraph(Graph):
    """The same, read from the database as far as it is asked for."""

    def __init__(self, connection: sqlite3.Connection) -> None:
        self._connection = connection
        self._nodes, self._edges = {}, {}

    def node(self, work: str) -> Node:
        """What is known of a work."""
        if work not in self._nodes:
            row = self._connection.execute(f"{_NODES} from works where id = ?", (work,)).fetchone()
            self._nodes[work] = node_of(*row[1:])
        return self._nodes[work]

    def edges(self, work: str) -> Sequence[Edge]:
        """The edges from a work, in the order of its text."""
        if work not in self._edges:
            rows = self._connection.execute(_EDGES.format(where="e.source = ?"), (work,))
            self._edges[work] = [Edge(*row[1:]) for row in rows]
        return self._edges[work]


def _once(edges: tuple[Edge, ...]) -> tuple[Edge, ...]:
    return tuple({edge.target: edge for edge in reversed(edges)}.values())[::-1]


def _is_ancestor(work: str, of: str | None, reached: dict[str, str | None]) -> bool:
    while of is not None:
        if of == work:
            return True
        of = reached[of]
    return False


def _conflicting(dates: str | None) -> bool:
    return sum(len(date) == 10 for date in json.loads(dates)) > 1 if dates else False


def follow_chains(connection: sqlite3.Connection) -> None:
    """Fills the table `chains` anew for every document.

    Where a plan names nothing higher, what its title makes likely is offered in rows of their own, with `guess`.
    """
    connection.execute("delete from chains")
    documents = connection.execute("select id, work from documents where work is not null order by id")
    write(connection, {"chains": _rows(Graph(connection), documents)})
    _guess(connection)


def _rows(graph: Graph, documents: Iterable[tuple[str, str]]) -> Iterator[Row]:
    """The rows of the chains of (document, work)."""
    for document, work in documents:
        seen: set[tuple[int, str | None]] = set()
        for hop in graph.chain(work):
            if (hop.number, hop.work) not in seen:
                seen.add((hop.number, hop.work))
                yield (document, hop.number, hop.work, hop.via, hop.relation, hop.state, hop.parent, None)


def _guess(connection: sqlite3.Connection) -> None:
    """What the titles of plans that name nothing higher make likely, after what their chains hold."""
    connection.execute("delete from chains where guess is not null")
    sql = "select document, parent from chains where state = 'missing' and hop = 1 order by document"
    missing = connection.execute(sql).fetchall()
    titles = Titles(connection) if missing else None
    rows: list[Row] = []
    for document, work in missing if titles else ():
        guesses = titles.likely_superiors(document) if titles else ()
        rows += [(document, 1, other, None, None, "in_corpus", work, score) for other, score in guesses]
    write(connection, {"chains": rows})


def follow_touched(connection: sqlite3.Connection, works: Mapping[str, tuple[Row | None, Row | None]]) -> None:
    """Follows anew the chains that hold something that changed, and adds their documents to `touched_documents`.

    `works` are the rows of works that changed, as they were and as they are; `temp.sources` holds the works whose edges
    were made anew, `temp.moved` the documents whose own work may be another. What is likely is weighed anew for all:
    each title counts for the weight of its words.
    """
    changed = {work for work, rows in works.items() if _as_node(rows[0]) != _as_node(rows[1])}
    reached = changed | {work for (work,) in connection.execute("select id from temp.sources")}
    fresh = sorted(reached)
    below = """select distinct source from edges where target = ?
               and relation in ('implements', 'legal_basis', 'guided_by')"""
    while fresh:
        found = {source for work in fresh for (source,) in connection.execute(below, (work,))}
        fresh = sorted(found - reached)
        reached |= found
    documents = {document for (document,) in connection.execute("select id from temp.moved")}
    for work in sorted(reached):
        documents |= {row[0] for row in connection.execute("select id from documents where work = ?", (work,))}
    connection.executemany("delete from chains where document = ?", [(one,) for one in sorted(documents)])
    connection.executemany("insert or ignore into temp.touched_documents values (?)", [(one,) for one in documents])
    own = "select id, work from documents where id = ? and work is not null"
    held = [row for one in sorted(documents) for row in connection.execute(own, (one,))]
    write(connection, {"chains": _rows(NearGraph(connection), held)})
    _guess(connection)


def _as_node(row: Row | None) -> Node | None:
    if row is None:
        return None
    told = dict(zip(BY_NAME["works"].column_types, row, strict=True))
    doc_type, level, state, dates = (told[name] for name in ("doc_type", "issuer_level", "state", "dates"))
    return node_of(doc_type, level, state, dates)  # type: ignore[arg-type]  # columns of text


def downward(connection: sqlite3.Connection, work: str) -> list[tuple[int, str, str, str]]:
    """(hop, work, work above it, citation) of all works that carry out `work`, nearest first."""
    found: list[tuple[int, str, str, str]] = []
    seen, frontier = {work}, [work]
    for hop in range(1, MAX_HOPS + 1):
        following: list[str] = []
        for above in frontier:
            sql = "select source, citation from edges where target = ? and relation = 'implements' order by source"
            for source, citation in connection.execute(sql, (above,)):
                if source not in seen:
                    seen.add(source)
                    found.append((hop, source, above, citation))
                    following.append(source)
        frontier = following
    return found
