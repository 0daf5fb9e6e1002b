"""What a change of a few documents can have a bearing on, so that the rest need not be worked out anew.

The database of the build before is attached as `old`. Tables of the connection's own hold what is touched:

- `new` documents that came or were corrected, `gone` those that went or were corrected;
- `moved` both, and all whose own work or the work of whose citations is another than before;
- `touched_works` all works that these documents are, or cite, or did, and works told apart by the date or words of one;
- `touched_documents` these documents and those that cite a work whose row says something else than before.
"""

from __future__ import annotations

import json
import sqlite3
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from pathlib import Path

from corpus.relink import Relinked
from corpus.schema import BY_NAME
from corpus.store import Row
from corpus.temporary import small_table

SHARE = 0.2
"""Where more than this share of the documents came or went, everything is worked out."""
_TABLES = ("new", "gone", "moved", "touched_works", "touched_documents")
_COUNTED = frozenset({"citations", "cited_by", "dates", "issuers", "types"})
"""Columns of works that tell how many say something; no document's own findings depend on them."""
_COLUMNS = tuple(BY_NAME["works"].column_types)
_CORRECTIONS = "select target_table, target, field, value, original, original_by from {}.corrections"


@contextmanager
def beside(connection: sqlite3.Connection, base: Path) -> Iterator[None]:
    """Has the database `base` attached as `old`, to be read only, and the tables of what is touched, empty."""
    connection.commit()
    connection.execute("attach ? as old", (f"{base.absolute().as_uri()}?mode=ro",))
    for name in _TABLES:
        small_table(connection, name)
    yield
    connection.commit()
    connection.execute("detach old")


def find_changed(connection: sqlite3.Connection) -> bool:
    """Fills `new` and `gone`. Returns whether they are few enough for the rest to be left as it is."""
    corrected = list(_corrected(connection))
    for name, one, other in (("new", "main", "old"), ("gone", "old", "main")):
        connection.execute(
            f"insert into temp.{name} select id from {one}.documents except select id from {other}.documents"
        )
        sql = f"insert or ignore into temp.{name} select id from {one}.documents where id = ?"
        connection.executemany(sql, corrected)
    sql = """select (select count(*) from temp.new) + (select count(*) from temp.gone),
                    (select count(*) from documents)"""
    changed, documents = connection.execute(sql).fetchone()
    return bool(changed <= SHARE * documents)


def _corrected(connection: sqlite3.Connection) -> Iterator[tuple[str]]:
    """Documents that a correction was made in, taken back in, or changed in."""
    before, now = (set(connection.execute(_CORRECTIONS.format(schema))) for schema in ("old", "main"))
    for table, target, *_ in before ^ now:
        for schema in ("old", "main"):
            column = "id" if table == "documents" else "document"
            yield from connection.execute(f'select {column} from {schema}."{table}" where id = ?', (target,))


def fill(connection: sqlite3.Connection, relinked: Relinked) -> None:
    """Fills `moved`, `touched_works` and `touched_documents` from what linking changed."""
    run = connection.execute
    _add(connection, "moved", relinked.documents)
    for schema in ("main", "old"):
        run(f"""insert or ignore into temp.touched_works select c.work from temp.moved m
                cross join {schema}.citations c on c.document = m.id where +c.work is not null""")
        run(f"""insert or ignore into temp.touched_works select d.work from temp.moved m
                cross join {schema}.documents d on d.id = m.id where +d.work is not null""")
    _add(connection, "touched_works", relinked.works)
    _add(connection, "touched_works", _told_apart(connection, relinked))
    run("insert into temp.touched_documents select id from temp.moved")
    citing = """insert or ignore into temp.touched_documents
                select document from citations where work = ?"""
    connection.executemany(citing, [(work,) for work in sorted(_read_by_documents(connection, relinked))])


def _add(connection: sqlite3.Connection, table: str, found: Iterable[str]) -> None:
    connection.executemany(f"insert or ignore into temp.{table} values (?)", [(one,) for one in found])


def _read_by_documents(connection: sqlite3.Connection, relinked: Relinked) -> set[str]:
    """Works of which something changed that findings on a document that cites them may depend on."""
    found = {work for work, rows in relinked.works.items() if _plain(rows[0]) != _plain(rows[1])}
    own = "select d.work from temp.new n cross join documents d on d.id = n.id where +d.work is not null"
    return found | {work for (work,) in connection.execute(own)}


def _plain(row: Row | None) -> Row | None:
    return row and tuple(value for name, value in zip(_COLUMNS, row, strict=True) if name not in _COUNTED)


def _told_apart(connection: sqlite3.Connection, relinked: Relinked) -> Iterator[str]:
    """Works with several dates one of which is that of a changed work, and works told in the same words as one."""
    rows = [dict(zip(_COLUMNS, row, strict=True)) for pair in relinked.works.values() for row in pair if row]
    days = {row["issued_on"] for row in rows}
    for work, dates in connection.execute("select id, dates from works where dates like '%,%'"):
        if not days.isdisjoint(json.loads(dates)):
            yield work
    cited = {(row["code"], row["year"], row["issuer"]) for row in rows if row["code"] and row["state"] == "cited"}
    twins = "select id from works where code = ? and +year is ? and +issuer is ? and state = 'cited'"
    for told in cited:
        yield from (work for (work,) in connection.execute(twins, told))


__all__ = ["SHARE", "beside", "fill", "find_changed"]
