"""The full-text index, kept in step with the documents: it holds no text of its own."""

from __future__ import annotations

import sqlite3
from collections.abc import Sequence
from contextlib import closing
from pathlib import Path

from corpus.schema import FTS_COLUMNS, FTS_TABLE

_COLUMNS = ", ".join(FTS_COLUMNS)
_MARK = "indexed_up_to"
_STALE = "was_indexed_up_to"
"""The mark of an index that does not fit corrections: it is filled anew."""


def exists(connection: sqlite3.Connection) -> bool:
    """Whether the index has been made."""
    sql = "select 1 from sqlite_master where name = ?"
    return connection.execute(sql, (FTS_TABLE,)).fetchone() is not None


def bring_up_to_date(connection: sqlite3.Connection) -> None:
    """Fills the index where it is new, else adds the documents that came since."""
    known = connection.execute("select 1 from build_state where key = ?", (_MARK,)).fetchone()
    if known:
        add_new(connection)
    else:
        rebuild(connection)


def bring_up_to_date_at(db: Path) -> None:
    """`bring_up_to_date` through a connection of its own."""
    with closing(sqlite3.connect(db)) as connection:
        connection.execute("pragma synchronous = off")
        connection.execute("pragma cache_size = -65536")
        bring_up_to_date(connection)
        connection.commit()


def rebuild(connection: sqlite3.Connection) -> None:
    """Fills the index from all documents."""
    connection.execute(f"insert into {FTS_TABLE}({FTS_TABLE}) values ('rebuild')")
    _remember(connection)


def add_new(connection: sqlite3.Connection) -> None:
    """Adds the documents that came since the index was last in step."""
    row = connection.execute("select value from build_state where key = ?", (_MARK,)).fetchone()
    connection.execute(
        f"insert into {FTS_TABLE}(rowid, {_COLUMNS}) select rowid, {_COLUMNS} from documents where rowid > ?",
        (int(row[0]) if row else 0,),
    )
    _remember(connection)


def forget(connection: sqlite3.Connection, corrected: bool) -> None:
    """Where corrections changed what is indexed: the index is filled anew, unless `follow_corrections` mends it."""
    if corrected:
        connection.execute("delete from build_state where key = ?", (_STALE,))
        connection.execute("update build_state set key = ? where key = ?", (_STALE, _MARK))


def follow_corrections(connection: sqlite3.Connection) -> None:
    """Brings the index in line with corrected documents, those of both `temp.new` and `temp.gone`, and new ones."""
    connection.execute("update build_state set key = ? where key = ?", (_MARK, _STALE))
    corrected = "where id in (select id from temp.new) and id in (select id from temp.gone)"
    connection.execute(
        f"insert into {FTS_TABLE}({FTS_TABLE}, rowid, {_COLUMNS}) "
        f"select 'delete', rowid, {_COLUMNS} from old.documents {corrected}"
    )
    connection.execute(
        f"insert into {FTS_TABLE}(rowid, {_COLUMNS}) select rowid, {_COLUMNS} from main.documents {corrected}"
    )
    bring_up_to_date(connection)


def take_out(connection: sqlite3.Connection, documents: Sequence[str]) -> None:
    """Takes documents out, before they are deleted in the same transaction."""
    row = connection.execute("select value from build_state where key = ?", (_MARK,)).fetchone()
    last = int(row[0]) if row else 0
    connection.executemany(
        f"insert into {FTS_TABLE}({FTS_TABLE}, rowid, {_COLUMNS}) select 'delete', rowid, {_COLUMNS} from documents "
        "where id = ? and rowid <= ?",
        [(document, last) for document in documents],
    )


def lower_mark(connection: sqlite3.Connection) -> None:
    """After deletions: a number that is given anew counts as new."""
    connection.execute(
        "update build_state set value = min(cast(value as integer), (select coalesce(max(rowid), 0) from documents)) "
        "where key = ?",
        (_MARK,),
    )


def _remember(connection: sqlite3.Connection) -> None:
    connection.execute("insert or replace into build_state select ?, coalesce(max(rowid), 0) from documents", (_MARK,))
