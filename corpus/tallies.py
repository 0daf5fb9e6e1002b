"""Counts of what lists are filtered by, worked out once for each build.

Counts of facts are brought up to date by those of the documents that came and went; the others are made anew.
"""

from __future__ import annotations

import json
import sqlite3
from collections import Counter
from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from corpus.store import Row, write


@dataclass(frozen=True, slots=True)
class Tally:
    """Counts of a list by every combination of what it is filtered by: a column's SQL by its name.

    Where `facts` names a table, each of its rows `f` counts by itself with the head `d` of its document.
    """

    columns: Mapping[str, str]
    source: str = ""
    count: str = "count(*)"
    facts: str = ""
    where: str = "1"


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
        facts="deadlines",
    ),
    "recurring": Tally(
        {"rrule": "f.rrule", **_OF_DOCUMENT, "province": "d.province"},
        facts="deadlines",
        where="f.rrule is not null",
    ),
    "money": Tally(
        {"kind": "f.kind", "fund": "f.fund_kind", **_OF_DOCUMENT},
        facts="budgets",
    ),
    "targets": Tally(
        {"relation": "p.relation", **_OF_DOCUMENT, "province": "d.province"},
        "from target_pairs p join targets f on f.id = p.target join heads d on d.id = f.document",
    ),
}


def fill(connection: sqlite3.Connection) -> None:
    """Makes the table `tallies` anew. Needs the table `heads` of `corpus.overview`."""
    connection.execute("delete from tallies")
    for name, tally in TALLIES.items():
        facts = f"from {tally.facts} f join heads d on d.id = f.document where {tally.where}"
        _write(connection, name, tally, _counted(connection, tally, facts if tally.facts else tally.source))


def fill_touched(connection: sqlite3.Connection) -> None:
    """Takes away what documents of `temp.gone` counted in `tallies`, and adds what those of `temp.new` count."""
    held: dict[str, Counter[str]] = {name: Counter() for name in TALLIES}
    for name, keys, count in connection.execute("select name, keys, n from tallies"):
        held[name][keys] = count
    connection.execute("delete from tallies")
    for name, tally in TALLIES.items():
        if not tally.facts:
            _write(connection, name, tally, _counted(connection, tally, tally.source))
            continue
        for schema, documents, sign in (("old", "gone", -1), ("main", "new", 1)):
            facts = f"""from temp.{documents} t cross join {schema}.{tally.facts} f on f.document = t.id
                        cross join {schema}.documents d on d.id = f.document where {tally.where}"""
            for row in _counted(connection, tally, facts):
                held[name][_keys(tally, row)] += sign * int(str(row[-1]))
        rows = [(*json.loads(keys).values(), count) for keys, count in held[name].items() if count]
        _write(connection, name, tally, sorted(rows, key=_in_order))


def _counted(connection: sqlite3.Connection, tally: Tally, source: str) -> list[Row]:
    places = ", ".join(str(place + 1) for place in range(len(tally.columns)))
    sql = f"select {', '.join(tally.columns.values())}, {tally.count} {source} group by {places} order by {places}"
    return connection.execute(sql).fetchall()


def _in_order(row: Row) -> list[tuple[int, float, str]]:
    """Values as the database orders them: nothing, then numbers, then texts."""
    return [(0, 0.0, "") if v is None else (2, 0.0, v) if isinstance(v, str) else (1, float(v), "") for v in row[:-1]]


def _keys(tally: Tally, row: Row) -> str:
    return json.dumps(dict(zip(tally.columns, row, strict=False)), ensure_ascii=False, separators=(",", ":"))


def _write(connection: sqlite3.Connection, name: str, tally: Tally, found: Iterable[Row]) -> None:
    write(connection, {"tallies": [(name, _keys(tally, row), row[-1]) for row in found]})
