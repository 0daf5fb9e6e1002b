"""The corpus database behind the pages: which one it is, reading from it, and noticing that it was built anew."""

from __future__ import annotations

import asyncio
import os
import sqlite3
import time
from collections.abc import Callable, Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, Generic, TypeVar, cast

from datasette_plugins.desk.compat import OWN_DATABASES
from datasette_plugins.desk.ports import Database, Datasette, Row

T = TypeVar("T")
Parameters = Sequence[object] | Mapping[str, object]
Stamp = tuple[int, int, int]
NEEDED = frozenset({"documents", "works", "citations", "findings", "finding_evidence", "runs"})
TIME_LIMIT_MS = 4000
STEPS = 50_000
"""Steps of SQLite between two looks at the clock: some milliseconds."""
_ATTRIBUTE = "_kehoach_desk"
_KNOWN = "_kehoach_is_corpus"


@dataclass(frozen=True, slots=True)
class Reader:
    """Queries of one page, on one connection, in one thread."""

    connection: sqlite3.Connection

    def all(self, sql: str, parameters: Parameters = ()) -> list[Row]:
        """The rows of a query."""
        cursor = self.connection.execute(sql, parameters)
        names = [column[0] for column in cursor.description]
        return [dict(zip(names, row, strict=True)) for row in cursor.fetchall()]

    def one(self, sql: str, parameters: Parameters = ()) -> Row | None:
        """The first row of a query."""
        rows = self.all(sql, parameters)
        return rows[0] if rows else None

    def value(self, sql: str, parameters: Parameters = ()) -> Any:
        """The first column of the first row; None where there is no row."""
        row = self.connection.execute(sql, parameters).fetchone()
        return row[0] if row else None

    def named(self, sql: str, ids: Sequence[str], key: str = "id") -> dict[str, Row]:
        """The rows of a query with one ``in ({})`` for these ids, by `key`."""
        if not ids:
            return {}
        rows = self.all(sql.format(", ".join("?" * len(ids))), list(ids))
        return {row[key]: row for row in rows}


@dataclass(frozen=True, slots=True)
class Figure(Generic[T]):
    """Something that is the same for every reader until the next build: its name and how it is worked out."""

    name: str
    load: Callable[[Reader], T]


@dataclass(slots=True)
class Kept(Generic[T]):
    """A value that is worked out once for each build of the database."""

    stamp: Stamp | None = None
    value: T | None = None
    lock: asyncio.Lock = field(default_factory=asyncio.Lock)


@dataclass(slots=True)
class Desk:
    """The corpus that one Datasette serves."""

    datasette: Datasette
    name: str
    path: str | None
    stamp: Stamp
    kept: dict[str, Kept[Any]] = field(default_factory=dict)
    warming: asyncio.Task[None] | None = None
    warmed: Stamp | None = None

    @property
    def originals(self) -> Path | None:
        """The folder of the files that were read, beside the database."""
        return Path(self.path).with_suffix(".files") if self.path else None

    async def read(self, load: Callable[[Reader], T]) -> T:
        """What `load` gives, run in a thread on a connection that only reads and that stops after a time."""
        return await self.datasette.get_database(self.name).execute_fn(lambda conn: _within_time(conn, load))

    async def once(self, figure: Figure[T]) -> T:
        """The figure, kept until the database is built anew."""
        kept = cast("Kept[T]", self.kept.setdefault(figure.name, Kept()))
        async with kept.lock:
            if kept.stamp != self.stamp or kept.value is None:
                stamp, database = self.stamp, self.datasette.get_database(self.name)
                kept.value = await database.execute_fn(lambda conn: figure.load(Reader(conn)))
                kept.stamp = stamp
            return kept.value

    async def once_of_some(self, figure: Figure[T], most: int) -> T:
        """As `once`; of the figures whose names are alike up to a `?`, no more than `most` are kept."""
        found = await self.once(figure)
        family = figure.name.partition("?")[0] + "?"
        others = [name for name in self.kept if name.startswith(family) and name != figure.name]
        for name in others[: max(0, len(others) - most + 1)]:
            self.kept.pop(name, None)
        return found


def _within_time(connection: sqlite3.Connection, load: Callable[[Reader], T]) -> T:
    """What `load` gives. Datasette's own limit looks at the clock fifty times as often, and takes the lock of Python
    from the pages that are written at the same time each time."""
    deadline = time.perf_counter() + TIME_LIMIT_MS / 1000
    connection.set_progress_handler(lambda: time.perf_counter() >= deadline, STEPS)
    try:
        return load(Reader(connection))
    finally:
        connection.set_progress_handler(None, 0)


def _stamp(path: str | None) -> Stamp:
    if path is None:
        return (0, 0, 0)
    try:
        stat = os.stat(path)
    except OSError:
        return (0, 0, 0)
    return (stat.st_ino, stat.st_mtime_ns, stat.st_size)


def attach(datasette: Datasette) -> None:
    """Finds the corpus: the first database that is served and is not Datasette's own."""
    names = [name for name in datasette.databases if name not in OWN_DATABASES]
    if not names:
        return
    database = datasette.databases[names[0]]
    setattr(datasette, _ATTRIBUTE, Desk(datasette, names[0], database.path, _stamp(database.path)))


def desk_of(datasette: Datasette) -> Desk | None:
    """The corpus of this Datasette; None where it serves none."""
    return cast("Desk | None", getattr(datasette, _ATTRIBUTE, None))


def refresh(datasette: Datasette) -> None:
    """Opens the database anew where a build has put another file in its place.

    Datasette keeps one connection a thread, so the new file gets new threads; requests that are under way end on the
    old file.
    """
    desk = desk_of(datasette)
    if desk is None or desk.path is None:
        return
    stamp = _stamp(desk.path)
    if stamp in (desk.stamp, (0, 0, 0)):
        return
    from datasette.database import Database as FileDatabase

    server = cast(Any, datasette)  # the parts of Datasette that only a change of database needs
    server.remove_database(desk.name)
    server.add_database(FileDatabase(server, desk.path, is_mutable=True), name=desk.name)
    old = server.executor
    if old is not None:
        server.executor = ThreadPoolExecutor(max_workers=server.setting("num_sql_threads"))
        old.shutdown(wait=False)
    desk.stamp = stamp


async def is_corpus(database: Database) -> bool:
    """Whether the database has the tables that the pages read. Asked once: a new build is opened as another one."""
    if not getattr(database, _KNOWN, False):
        setattr(database, _KNOWN, set(await database.table_names()) >= NEEDED)
    return bool(getattr(database, _KNOWN))
