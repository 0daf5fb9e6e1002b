"""The agencies that are charged with something: how often, in how many documents, from which day to which."""

from __future__ import annotations

import sqlite3
from collections.abc import Iterable

from corpus.identity import fold
from corpus.store import Row, write

_COUNTS = """select agency, sum(duty), sum(coalesce(role = 'lead', 0)), sum(coalesce(role = 'coordinate', 0)),
    sum(not duty), count(distinct document), min(to_day), max(to_day) from (
    select agency, role, 1 as duty, document, null as to_day from {assignments} where agency is not null
    union all select agency, null, 0, document, to_day from {deadlines} where agency is not null)
    group by agency"""
_DAYS = "select min(to_day), max(to_day) from deadlines where agency = ?"

Counts = tuple[int, int, int, int, int]
"""Tasks, of them leading and coordinating; deadlines; documents."""


def fill(connection: sqlite3.Connection) -> None:
    """Makes the table `agencies` anew."""
    _write(connection, connection.execute(_COUNTS.format(assignments="assignments", deadlines="deadlines")))


def fill_touched(connection: sqlite3.Connection) -> None:
    """Takes away what documents of `temp.gone` counted in `agencies`, and adds what those of `temp.new` count."""
    sql = "select agency, tasks, lead, coordinate, deadlines, documents, first_day, last_day from agencies"
    held: dict[str, tuple[Counts, tuple[str | None, ...]]] = {
        row[0]: (row[1:6], row[6:]) for row in connection.execute(sql)
    }
    for schema, documents, sign in (("old", "gone", -1), ("main", "new", 1)):
        facts = {
            name: f"temp.{documents} t cross join {schema}.{name} f on f.document = t.id"
            for name in ("assignments", "deadlines")
        }
        for agency, *counts in connection.execute(_COUNTS.format(**facts)).fetchall():
            before = held[agency][0] if agency in held else (0, 0, 0, 0, 0)
            now = tuple(one + sign * other for one, other in zip(before, counts[:5], strict=True))
            held[agency] = now, connection.execute(_DAYS, (agency,)).fetchone()
    _write(connection, [(agency, *counts, *days) for agency, (counts, days) in held.items() if counts[4]])


def _write(connection: sqlite3.Connection, counted: Iterable[Row]) -> None:
    connection.execute("delete from agencies")
    found = sorted(counted, key=lambda row: (-int(str(row[5])), -int(str(row[1])), str(row[0])))
    rows: list[Row] = [(rank, row[0], fold(str(row[0])), *row[1:]) for rank, row in enumerate(found, 1)]
    write(connection, {"agencies": rows})
