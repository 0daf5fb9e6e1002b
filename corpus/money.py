"""Sums that may be added up: of each document its greatest total, and its greatest sum of each source alone.

A document names the same money several times, in words, in tables, as a total and in parts; adding up all of it counts
it twice. What is kept here is at most one sum of a document for each bar of a chart, none of them from a table's cells,
and nothing of a document that is another version of one. A document that another one names as the source of its money
allots (`allotment`); every other one plans (`plan`).
"""

from __future__ import annotations

import json
import sqlite3
from collections.abc import Iterator

from corpus.checks import Corpus
from corpus.checks.superior import allotments
from corpus.ordered import Order, add_ordered, write_ordered
from corpus.store import Row, Value, put_in_order, write
from rules.units import Gazetteer

_FUNDING = """select distinct w.document from edges e join works w on w.id = e.target
    where e.relation = 'funded_by' and w.document is not null"""
_TOUCHED_FUNDING = """select w.document from temp.touched_plans t cross join works w on w.document = t.id
    where exists (select 1 from edges e where e.target = w.id and e.relation = 'funded_by')"""
_SUMS = """select f.id, f.document, f.kind, f.vnd, f.funding_sources, d.issuer_level, d.year, d.province
    from budgets f join heads d on d.id = f.document
    where f.vnd is not null and f.vnd_max is null and f.kind in ('total', 'item') and not f.in_table
    and d.version_of is null and {where} order by f.document, f.position"""
_ORDER = Order(
    "sums",
    """select rowid from sums where bar = :bar and vnd >= :vnd and (vnd > :vnd or fact < :fact)
       order by vnd, fact desc limit 1""",
    "select rowid from sums where bar = :bar order by vnd desc, fact limit 1",
    "select max(rowid) from sums where bar = (select max(bar) from sums where bar < :bar)",
)
"""By bar, of each the greatest sum first."""
_MOST_VND = 9_000_000_000_000_000
"""Nine million billion đồng, several thousand times the budget of the state: above it a sum was misread."""


def bar(part: str, source: str | None, level: str | None, year: int | None) -> str:
    """The name of a bar: ``plan/province/2024`` or ``plan/province/2024/socialised``; ``-`` for what is unknown."""
    return "/".join((part, level or "-", str(year or "-"), *([source] if source else [])))


def fill(connection: sqlite3.Connection, units: Gazetteer) -> None:
    """Makes `sums` and `allotments` anew. Needs the table `heads` of `corpus.overview`."""
    connection.execute("delete from sums")
    connection.execute("delete from allotments")
    rows = sorted(_sums(connection), key=lambda row: (row[3], -int(str(row[6])), row[0]))
    write_ordered(connection, _ORDER, rows)
    write(connection, {"allotments": _allotments(Corpus(connection, units))})


def _allotments(corpus: Corpus) -> list[Row]:
    return [
        (plan["document"], plan["id"], plan["vnd"], above["document"], above["id"], above["vnd"])
        for plan, above in allotments(corpus)
    ]


def fill_touched(connection: sqlite3.Connection, units: Gazetteer) -> None:
    """Brings `sums` and `allotments` in line with what is touched (`corpus.touched`, `corpus.audit`)."""
    connection.execute("delete from sums where document in (select id from temp.touched_plans)")
    connection.execute("delete from allotments where document in (select id from temp.touched_documents)")
    add_ordered(
        connection,
        _ORDER,
        list(_sums(connection, "f.document in (select id from temp.touched_plans)", _TOUCHED_FUNDING)),
    )
    write(connection, {"allotments": _allotments(Corpus(connection, units, partial=True))})
    put_in_order(connection, "allotments", "document, rowid")


def _sums(connection: sqlite3.Connection, where: str = "1", funded_by: str = _FUNDING) -> Iterator[Row]:
    funding = {document for (document,) in connection.execute(funded_by)}
    best: dict[tuple[str, str | None], tuple[Value, ...]] = {}
    for fact, document, kind, vnd, sources, level, year, province in connection.execute(_SUMS.format(where=where)):
        named = json.loads(sources) if sources else []
        wanted = [None] if kind == "total" else []
        for source in [*wanted, *(named if len(named) == 1 else [])]:
            key = (document, source)
            if vnd <= _MOST_VND and (key not in best or vnd > int(str(best[key][1]))):
                best[key] = (fact, vnd, level, year, province)
    for (document, source), (fact, vnd, level, year, province) in best.items():
        part = "allotment" if document in funding else "plan"
        name = bar(part, source, str(level) if level else None, int(str(year)) if year else None)
        yield (fact, document, part, name, source, level, vnd, year, province)
