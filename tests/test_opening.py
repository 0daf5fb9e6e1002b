"""Databases that are only read, whatever their paths hold."""

from __future__ import annotations

import sqlite3
from contextlib import closing
from pathlib import Path

import pytest

from corpus.opening import open_corpus, read_only
from extract.records import KehoachError


@pytest.mark.parametrize("name", ["plans.db", "a #1.db", "nháp?.db", "100%41.db"])
def test_any_path_is_read_and_never_written(name: str, tmp_path: Path) -> None:
    path = tmp_path / name
    with closing(sqlite3.connect(path)) as made:
        made.execute("create table one (value)")
        made.execute("insert into one values (7)")
        made.commit()
    with closing(read_only(path)) as connection:
        assert connection.execute("select value from one").fetchall() == [(7,)]
        with pytest.raises(sqlite3.OperationalError, match="readonly"):
            connection.execute("delete from one")


def test_what_is_not_there_is_not_made(tmp_path: Path) -> None:
    with pytest.raises(sqlite3.OperationalError):
        read_only(tmp_path / "absent.db")
    with pytest.raises(KehoachError, match="kehoach build FOLDER"):
        open_corpus(tmp_path / "absent.db")
    assert list(tmp_path.iterdir()) == []
