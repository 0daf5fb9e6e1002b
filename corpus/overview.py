"""What the pages would else count at every visit, worked out once for each build: the graph, tallies, agencies, bars.

Everything here follows from the other tables: it is made anew whole, or brought in line with what changed.
"""

from __future__ import annotations

import sqlite3
from collections.abc import Iterator
from contextlib import contextmanager

from corpus import agencies, money, tallies
from corpus.checks import Corpus
from corpus.checks.superior import matching_targets
from corpus.graph_apart import Draw, drawn_here
from corpus.ordered import Order, add_ordered, write_ordered
from corpus.store import Row
from rules.units import Gazetteer

_ORDER = {"below": 0, "above": 1, "equal": 2}
_IN_ORDER = Order(
    "target_pairs",
    """select rowid from target_pairs where relation = :relation and (target, superior) < (:target, :superior)
       order by target desc, superior desc limit 1""",
    "select rowid from target_pairs where relation = :relation order by target, superior limit 1",
    """select max(rowid) from target_pairs where (relation = 'below' and :relation != 'below')
       or (relation = 'above' and :relation = 'equal')""",
)
_HEADS = """create temp table heads as select id, doc_type, issuer_level, year, province, version_of from documents"""
_PLANS = " where id in (select id from temp.touched_plans)"


def fill(connection: sqlite3.Connection, units: Gazetteer) -> None:
    """Makes the tables of the overview anew."""
    with _heads(connection):
        drawn = drawn_here(connection)
        money.fill(connection, units)
        _targets(connection, units)
        agencies.fill(connection)
        tallies.fill(connection, drawn)


def fill_touched(connection: sqlite3.Connection, units: Gazetteer, draw: Draw = drawn_here) -> None:
    """Brings the tables of the overview in line, as the tables of `corpus.touched` tell what changed.

    `draw` puts the graph in its tables.
    """
    with _heads(connection, _PLANS):
        drawn = draw(connection)
        money.fill_touched(connection, units)
        _touched_targets(connection, units)
        agencies.fill_touched(connection)
        tallies.fill_touched(connection, drawn)


@contextmanager
def _heads(connection: sqlite3.Connection, where: str = "") -> Iterator[None]:
    """Has the table `temp.heads`: documents are long rows, which are read once instead of for each fact."""
    connection.execute("drop table if exists temp.heads")
    connection.execute(_HEADS + where)
    connection.execute("create unique index temp.heads_id on heads (id)")
    yield
    connection.commit()
    connection.execute("drop table temp.heads")


def _targets(connection: sqlite3.Connection, units: Gazetteer) -> None:
    """Each target of a plan with the target of the plan above it that is about the same, the lower ones first."""
    connection.execute("delete from target_pairs")
    rows = _pairs(Corpus(connection, units))
    rows.sort(key=lambda row: (_ORDER[str(row[2])], row[0], row[1]))
    write_ordered(connection, _IN_ORDER, rows)


def _touched_targets(connection: sqlite3.Connection, units: Gazetteer) -> None:
    """The same for the documents that are touched."""
    sql = """select t.id from temp.touched_documents d cross join {}.targets t on t.document = d.id"""
    for schema in ("main", "old"):
        gone = connection.execute(sql.format(schema)).fetchall()
        connection.executemany("delete from target_pairs where target = ?", gone)
    add_ordered(connection, _IN_ORDER, _pairs(Corpus(connection, units, partial=True)))


def _pairs(corpus: Corpus) -> list[Row]:
    return [
        (
            target["id"],
            superior["id"],
            _compared(target["value"], superior["value"]),
            target["value"] - superior["value"],
            round(likeness, 2),
        )
        for target, superior, likeness in matching_targets(corpus)
    ]


def _compared(own: float, superior: float) -> str:
    if own == superior:
        return "equal"
    return "below" if own < superior else "above"
