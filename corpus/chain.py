"""The chain of implementation: which higher plan each document carries out, hop by hop to the centre, and downward.

Upward edges are those of `implements`; where a document has none, plans that it names as its basis or guide stand in
(then directives, resolutions and decisions). A plan that names nothing higher ends in a row without a work.
"""

from __future__ import annotations

import json
import sqlite3
from collections import defaultdict, deque
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Literal

from corpus.likeness import Titles
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


class Graph:
    """The edges between works, upward (what a work carries out) and downward (who carries it out)."""

    def __init__(self, connection: sqlite3.Connection) -> None:
        self.nodes = {
            ident: Node(doc_type, level, state == "in_corpus", _conflicting(dates))
            for ident, doc_type, level, state, dates in connection.execute(
                "select id, doc_type, issuer_level, state, dates from works"
            )
        }
        edges: dict[str, list[Edge]] = defaultdict(list)
        sql = """select e.source, e.target, e.relation, e.citation from edges e join citations c on c.id = e.citation
                 where e.relation in ('implements', 'legal_basis', 'guided_by')
                 order by e.source, c.document, c.position"""
        for source, target, relation, citation in connection.execute(sql):
            edges[source].append(Edge(target, relation, citation))
        self._edges = edges

    def up(self, work: str) -> tuple[Edge, ...]:
        """The edges to the works that `work` carries out, in the order of its text."""
        edges = self._edges.get(work, ())
        implements = tuple(edge for edge in edges if edge.relation == "implements")
        if implements:
            return _once(implements)
        for kinds in (types("plans"), types("orders")):
            found = tuple(
                e for e in edges if self.nodes[e.target].doc_type in kinds and not self._is_lower(e.target, work)
            )
            if found:
                return _once(found)
        return ()

    def _is_lower(self, target: str, work: str) -> bool:
        above, below = self.nodes[target].level, self.nodes[work].level
        return above is not None and below is not None and RANK[above] > RANK[below]

    def chain(self, start: str) -> Iterator[Hop]:
        """The hops upward from the work `start`, nearest first."""
        reached: dict[str, str | None] = {start: None}
        queue = deque([(start, 0)])
        while queue:
            work, number = queue.popleft()
            edges = self.up(work) if number < MAX_HOPS else ()
            if not edges and self.nodes[work].doc_type == "KH" and self.nodes[work].in_corpus:
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
        node = self.nodes[work]
        if node.conflicting:
            return "conflicting"
        return "in_corpus" if node.in_corpus else "only_cited"


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
    graph = Graph(connection)
    titles = Titles(connection)
    rows: list[Row] = []
    for document, work in connection.execute("select id, work from documents where work is not null order by id"):
        seen: set[tuple[int, str | None]] = set()
        for hop in graph.chain(work):
            if (hop.number, hop.work) in seen:
                continue
            seen.add((hop.number, hop.work))
            rows.append((document, hop.number, hop.work, hop.via, hop.relation, hop.state, hop.parent, None))
            if hop.state == "missing" and hop.number == 1:
                guesses = titles.likely_superiors(document)
                rows += [(document, 1, other, None, None, "in_corpus", work, score) for other, score in guesses]
    write(connection, {"chains": rows})


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
