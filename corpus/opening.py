"""Opens databases that are only read."""

from __future__ import annotations

import sqlite3
from pathlib import Path
from typing import TYPE_CHECKING

from extract.records import KehoachError

if TYPE_CHECKING:
    from sqlite_utils import Database


def read_only(db: Path) -> sqlite3.Connection:
    """A connection to `db`, whatever signs its path has, that cannot write. `sqlite3.Error` where there is no file."""
    return sqlite3.connect(f"{db.resolve().as_uri()}?mode=ro", uri=True)


def open_corpus(path: Path) -> Database:
    """The built database at `path`, read-only. Raises `KehoachError` where there is none."""
    from sqlite_utils import Database

    if not path.is_file():
        raise KehoachError("no-database", f"There is no database at {path}. Make one: kehoach build FOLDER --db {path}")
    return Database(read_only(path))
