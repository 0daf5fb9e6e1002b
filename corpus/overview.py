"""What the pages would else count at every visit, worked out once for each build: the graph, tallies, agencies, bars.

Everything here follows from the other tables and is made anew whole; no fact is kept here alone.
"""

from __future__ import annotations

import json
import sqlite3
from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from corpus import graph, money
from corpus.checks import Corpus
from corpus.checks.superior import matching_targets
from corpus.identity import fold
from corpus.store import Row, write
from rules.units import Gazetteer


@dataclass(frozen=True, slots=True)
class Tally:
    """Counts of a list by every combination of what it is filtered by: a column's SQL by its name."""

    columns: Mapping[str, str]
    source: str
    count: str = "count(*)"


_OF_DOCUMENT = {"level": "d.issuer_level", "year": "d.year"}
_OF_NODE = {"level": "level", "province": "province", "type": "doc_type"}
TALLIES = {
    "graph": Tally(
        {"level": "level", "province": "province", "type": "doc_type", "year": "year", "held": "held"},
        "from graph_nodes",
    ),
    "graph-links": Tally(
        {
            "relation": "e.relation",
            **{f"source_{name}": f"s.{column}" for name, column in _OF_NODE.items()},
            **{f"target_{name}": f"t.{column}" for name, column in _OF_NODE.items()},
        },
        "from graph_edges e join graph_nodes s on s.rank = e.source join graph_nodes t on t.rank = e.target",
        "sum(e.weight)",
    ),
    "documents": Tally({**_OF_DOCUMENT, "province": "d.province", "type": "d.doc_type"}, "from heads d"),
    "deadlines": Tally(
        {
            "kind": "f.kind",
            "year": "substr(f.to_day, 1, 4)",
            "month": "substr(f.to_day, 6, 2)",
            "level": "d.issuer_level",
            "province": "d.province",
        },
        "from deadlines f join heads d on d.id = f.document",
    ),
    "recurring": Tally(
        {"rrule": "f.rrule", **_OF_DOCUMENT, "province": "d.province"},
        "from deadlines f join heads d on d.id = f.document where f.rrule is not null",
    ),
    "money": Tally(
        {"kind": "f.kind", "fund": "f.fund_kind", **_OF_DOCUMENT},
        "from budgets f join heads d on d.id = f.document",
    ),
    "targets": Tally(
        {"relation": "p.relation", **_OF_DOCUMENT, "province": "d.province"},
        "from target_pairs p join targets f on f.id = p.target join heads d on d.id = f.document",
    ),
}
_AGENCIES = """select agency, sum(duty), sum(coalesce(role = 'lead', 0)), sum(coalesce(role = 'coordinate', 0)),
    sum(not duty), count(distinct document), min(to_day), max(to_day) from (
    select agency, role, 1 as duty, document, null as to_day from assignments where agency is not null
    union all select agency, null, 0, document, to_day from deadlines where agency is not null)
    group by agency"""


_HEADS = """create temp table heads as select id, doc_type, issuer_level, year, province, version_of from documents"""


def fill(connection: sqlite3.Connection, units: Gazetteer) -> None:
    """Makes the tables of the overview anew."""
    connection.execute("drop table if exists temp.heads")
    connection.execute(_HEADS)  # documents are long rows, each on a page of its own: read once instead of for each fact
    connection.execute("create unique index temp.heads_id on heads (id)")
    graph.fill(connection)
    money.fill(connection, units)
    _targets(connection, units)
    _agencies(connection)
    _tallies(connection)
    connection.commit()
    connection.execute("drop table temp.heads")


def _targets(connection: sqlite3.Connection, units: Gazetteer) -> None:
    """Each target of a plan with the target of the plan above it that is about the same, the lower ones first."""
    connection.execute("delete from target_pairs")
    order = {"below": 0, "above": 1, "equal": 2}
    rows: list[Row] = [
        (
            target["id"],
            superior["id"],
            _compared(target["value"], superior["value"]),
            target["value"] - superior["value"],
            round(likeness, 2),
        )
        for target, superior, likeness in matching_targets(Corpus(connection, units))
    ]
    rows.sort(key=lambda row: (order[str(row[2])], row[0], row[1]))
    write(connection, {"target_pairs": rows})


def _compared(own: float, superior: float) -> str:
    if own == superior:
        return "equal"
    return "below" if own < superior else "above"


def _agencies(connection: sqlite3.Connection) -> None:
    connection.execute("delete from agencies")
    found = sorted(connection.execute(_AGENCIES), key=lambda row: (-row[5], -row[1], row[0]))
    rows: list[Row] = [(rank, row[0], fold(row[0]), *row[1:]) for rank, row in enumerate(found, 1)]
    write(connection, {"agencies": rows})


def _tallies(connection: sqlite3.Connection) -> None:
    connection.execute("delete from tallies")
    for name, tally in TALLIES.items():
        places = ", ".join(str(place + 1) for place in range(len(tally.columns)))
        found = connection.execute(
            f"select {', '.join(tally.columns.values())}, {tally.count} {tally.source}"
            f" group by {places} order by {places}"
        )
        write(connection, {"tallies": _tally_rows(name, tuple(tally.columns), found)})


def _tally_rows(name: str, columns: Iterable[str], found: Iterable[Row]) -> list[Row]:
    return [
        (name, json.dumps(dict(zip(columns, row, strict=False)), ensure_ascii=False, separators=(",", ":")), row[-1])
        for row in found
    ]
