"""The graph drawn in a process of its own: the same rows and counts as drawn here, and none lost where it cannot be."""

from __future__ import annotations

import os
import shutil
import sqlite3
from pathlib import Path

import pytest

from corpus.graph_apart import drawn_apart, drawn_here

TABLES = ("graph_nodes", "graph_edges")


def _rows(connection: sqlite3.Connection) -> list[list[tuple[object, ...]]]:
    return [connection.execute(f"select rowid, * from {table} order by rowid").fetchall() for table in TABLES]


def _indexes(connection: sqlite3.Connection) -> list[tuple[str]]:
    sql = "select name from sqlite_master where type = 'index' and tbl_name in (?, ?) order by 1"
    return connection.execute(sql, TABLES).fetchall()


@pytest.fixture
def db(database: Path, tmp_path: Path) -> Path:
    """A copy of the built sample corpus."""
    return Path(shutil.copyfile(database, tmp_path / "plans.db"))


def test_the_same_rows_and_counts(db: Path) -> None:
    connection = sqlite3.connect(db)
    wanted, indexes = _rows(connection), _indexes(connection)
    assert wanted[0]
    assert wanted[1]
    counts = drawn_here(connection)
    for table in TABLES:
        connection.execute(f"delete from {table}")
    connection.commit()
    with drawn_apart(db) as draw:
        assert draw(connection) == counts
    assert _rows(connection) == wanted
    assert _indexes(connection) == indexes
    assert os.listdir(db.parent) == [db.name]


def test_what_the_process_cannot_do_is_done_here(db: Path) -> None:
    connection = sqlite3.connect(db)
    wanted = _rows(connection)
    elsewhere = db.with_name("none.db")
    with drawn_apart(elsewhere) as draw:
        assert draw(connection) == drawn_here(connection)
    assert _rows(connection) == wanted
