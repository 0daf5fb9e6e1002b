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

    `source` has what is counted of all documents, with their heads `d`. `came` has what is counted of the documents
    `{documents}` of the database `{schema}`. Where both are empty, `corpus.graph` counts.
    """

    columns: Mapping[str, str]
    source: str = ""
    came: str = ""
    where: str = "1"


_OF_DOCUMENT = {"level": "d.issuer_level", "year": "d.year"}
_OF_NODE = ("level", "province", "type")
_CAME = "from temp.{documents} t cross join {schema}.documents d on d.id = t.id"


def _of_facts(table: str) -> Mapping[str, str]:
    """Each row `f` of a table counts by itself."""
    return {
        "source": f"from {table} f join heads d on d.id = f.document",
        "came": f"{_CAME} cross join {{schema}}.{table} f on f.document = t.id",
    }


TALLIES = {
    "graph": Tally(dict.fromkeys((*_OF_NODE, "year", "held"), "")),
    "graph-links": Tally(
        dict.fromkeys(("relation", *(f"{e}_{n}" for e in ("source", "target") for n in _OF_NODE)), "")
    ),
    "documents": Tally({**_OF_DOCUMENT, "province": "d.province", "type": "d.doc_type"}, "from heads d", _CAME),
    "deadlines": Tally(
        {
            "kind": "f.kind",
            "year": "substr(f.to_day, 1, 4)",
            "month": "substr(f.to_day, 6, 2)",
            "level": "d.issuer_level",
            "province": "d.province",
        },
        **_of_facts("deadlines"),
    ),
    "recurring": Tally(
        {"rrule": "f.rrule", **_OF_DOCUMENT, "province": "d.province"},
        **_of_facts("deadlines"),
        where="f.rrule is not null",
    ),
    "money": Tally({"kind": "f.kind", "fund": "f.fund_kind", **_OF_DOCUMENT}, **_of_facts("budgets")),
    "targets": Tally(
        {"relation": "p.relation", **_OF_DOCUMENT, "province": "d.province"},
        "from target_pairs p join targets f on f.id = p.target join heads d on d.id = f.document",
        f"{_of_facts('targets')['came']} cross join {{schema}}.target_pairs p on p.target = f.id",
    ),
}
_MOVING = frozenset({"targets"})
"""What may be otherwise for any document that is touched, not only for those that came and went."""


def fill(connection: sqlite3.Connection, graph: Mapping[str, Counter[Row]]) -> None:
    """Makes the table `tallies` anew; `graph` holds those of the graph. Needs `heads` of `corpus.overview`."""
    connection.execute("delete from tallies")
    for name, tally in TALLIES.items():
        if tally.source:
            _write(connection, name, tally, _counted(connection, tally, f"{tally.source} where {tally.where}"))
        else:
            _write(connection, name, tally, _in_rows(graph[name]))


def fill_touched(connection: sqlite3.Connection, graph: Mapping[str, Counter[Row]]) -> None:
    """Takes away what documents of `temp.gone` counted in `tallies`, and adds what those of `temp.new` count."""
    held: dict[str, Counter[str]] = {name: Counter() for name in TALLIES}
    for name, keys, count in connection.execute("select name, keys, n from tallies"):
        held[name][keys] = count
    connection.execute("delete from tallies")
    for name, tally in TALLIES.items():
        if not tally.source:
            _write(connection, name, tally, _in_rows(graph[name]))
            continue
        for schema, documents, sign in (("old", "gone", -1), ("main", "new", 1)):
            place = {"schema": schema, "documents": "touched_documents" if name in _MOVING else documents}
            for row in _counted(connection, tally, f"{tally.came.format_map(place)} where {tally.where}"):
                held[name][_keys(tally, row)] += sign * int(str(row[-1]))
        counted = Counter({tuple(json.loads(keys).values()): count for keys, count in held[name].items()})
        _write(connection, name, tally, _in_rows(counted))


def _in_rows(counted: Mapping[Row, int]) -> list[Row]:
    """What was counted, as rows in their order."""
    return sorted(((*key, count) for key, count in counted.items() if count), key=_in_order)


def _counted(connection: sqlite3.Connection, tally: Tally, source: str) -> list[Row]:
    places = ", ".join(str(place + 1) for place in range(len(tally.columns)))
    sql = f"select {', '.join(tally.columns.values())}, count(*) {source} group by {places} order by {places}"
    return connection.execute(sql).fetchall()


def _in_order(row: Row) -> list[tuple[int, float, str]]:
    """Values as the database orders them: nothing, then numbers, then texts."""
    return [(0, 0.0, "") if v is None else (2, 0.0, v) if isinstance(v, str) else (1, float(v), "") for v in row[:-1]]


def _keys(tally: Tally, row: Row) -> str:
    return json.dumps(dict(zip(tally.columns, row, strict=False)), ensure_ascii=False, separators=(",", ":"))


def _write(connection: sqlite3.Connection, name: str, tally: Tally, found: Iterable[Row]) -> None:
    write(connection, {"tallies": [(name, _keys(tally, row), row[-1]) for row in found]})
