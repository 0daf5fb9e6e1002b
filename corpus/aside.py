"""The database that a build works on, beside the one that readers have open.

A build works on a hidden copy in the same folder and moves it into place when it is whole. The copy survives a build
that was killed: the next one goes on with it, where it was made by the same program over the same units. One build
at a time: the lock is held by the process and goes with it.
"""

from __future__ import annotations

import fcntl
import os
import shutil
import sqlite3
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from pathlib import Path

from sqlite_utils import Database

from corpus import schema
from extract.records import KehoachError


@dataclass(frozen=True, slots=True)
class Stamp:
    """What the stored facts were made with. Facts of another stamp are made anew."""

    extractor: str
    units: str
    schema: str = schema.VERSION

    def rows(self) -> dict[str, str]:
        """The rows of `build_state` that tell it."""
        return {"extractor": self.extractor, "units": self.units, "schema": self.schema}


@dataclass(frozen=True, slots=True)
class Aside:
    """An open database that is being built. `fresh` where it began empty.

    `base` is the database that it was copied from just now; none where an interrupted build is gone on with.
    """

    connection: sqlite3.Connection
    database: Database
    path: Path
    fresh: bool
    base: Path | None


COPYING, DRAWING = ".copying", ".graph"
SCRATCH = (COPYING, DRAWING)
"""Files beside a database that is being built, which go with the build."""


@contextmanager
def opened(db: Path, stamp: Stamp, meanwhile: Callable[[], None] = lambda: None) -> Iterator[Aside]:
    """The database to build on: what an interrupted build left, else a copy of `db`, else a new one.

    While `db` is copied, `meanwhile` is done; where it is not copied, it is not done.
    At the end it takes the place of `db`. What the user must put right (`KehoachError`) leaves no trace of a database
    that was begun; after anything else it is kept to go on with.
    """
    path = db.absolute().with_name(f".{db.name}.building")
    with _lock(path):
        for name in SCRATCH:
            Path(f"{path}{name}").unlink(missing_ok=True)  # of a build that was killed: nothing goes on with them
        begun = path.exists()
        left = path.exists() and _can_go_on(path, stamp)
        connection, fresh = _start(db, path, stamp, meanwhile)
        try:
            yield Aside(connection, Database(connection), path, fresh, None if left or fresh else db.absolute())
            connection.commit()
            connection.execute("pragma main.journal_mode = delete")
            connection.close()
        except KehoachError:
            connection.close()
            if not begun:
                _remove(path)
            raise
        except sqlite3.OperationalError as fault:
            connection.close()
            if "full" in str(fault):
                raise KehoachError("disk-full", f"{path.parent} is full. Make room, then build again.") from None
            raise
        except BaseException:
            connection.close()
            raise
        os.replace(path, db)


def scratch(path: Path, name: str) -> Path:
    """Where a build at `path` puts what it does not keep; `name` is one of `SCRATCH`."""
    return path.with_name(f"{path.name}{name}")


def _remove(path: Path) -> None:
    for suffix in ("", "-journal", "-wal", "-shm"):
        Path(f"{path}{suffix}").unlink(missing_ok=True)


@contextmanager
def _lock(path: Path) -> Iterator[None]:
    """Held while a build works; `KehoachError` where another one does."""
    name = path.with_name(f"{path.name}.lock")
    try:
        handle = os.open(name, os.O_CREAT | os.O_RDWR, 0o600)
    except OSError as fault:
        raise KehoachError("cannot-write", f"{path.parent} cannot be written: {fault.strerror}.") from None
    try:
        try:
            fcntl.flock(handle, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            raise KehoachError(
                "being-built", "Another build of this database is under way. Wait until it ends."
            ) from None
        try:
            yield
        finally:
            with suppress(FileNotFoundError):
                name.unlink()
    finally:
        os.close(handle)


def _start(db: Path, path: Path, stamp: Stamp, meanwhile: Callable[[], None]) -> tuple[sqlite3.Connection, bool]:
    """An open database with the tables: one that can be gone on with, or a new one."""
    if path.exists() and not _can_go_on(path, stamp):
        _remove(path)
    if not path.exists() and db.exists() and db.stat().st_size and _can_go_on(db, stamp):
        _copy(db, path, meanwhile)
    fresh = not path.exists()
    try:
        connection = sqlite3.connect(path.absolute().as_uri(), uri=True)  # so that another one can be read beside it
        connection.execute("pragma journal_mode = truncate")
        connection.execute("pragma synchronous = off")
        connection.execute("pragma cache_size = -262144")
        if fresh:
            schema.create_tables(Database(connection))
            connection.executemany("insert into build_state values (?, ?)", stamp.rows().items())
            connection.commit()
    except sqlite3.OperationalError as fault:
        raise KehoachError("cannot-write", f"{path.parent} cannot be written: {fault}. Choose another place.") from None
    return connection, fresh


def _copy(db: Path, path: Path, meanwhile: Callable[[], None]) -> None:
    """Copies `db` to `path` in a thread of its own, which waits for the disk, and does `meanwhile` beside it."""
    copying = scratch(path, COPYING)
    try:
        with ThreadPoolExecutor(1) as beside:
            copied = beside.submit(shutil.copyfile, db, copying)
            meanwhile()
            copied.result()
    except BaseException:
        copying.unlink(missing_ok=True)
        raise
    os.replace(copying, path)


def _can_go_on(path: Path, stamp: Stamp) -> bool:
    """Whether a database is sound and was made with the same stamp."""
    try:
        connection = sqlite3.connect(path)
        try:
            held = dict(connection.execute("select key, value from build_state"))
            return all(held.get(key) == value for key, value in stamp.rows().items())
        finally:
            connection.close()
    except sqlite3.DatabaseError:
        return False
