"""Readings into the database: new files in, changed ones replaced, removed ones out, copies as one document."""

from __future__ import annotations

import sqlite3
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from itertools import islice
from pathlib import Path

from corpus import fulltext
from corpus.inputs import Plan
from corpus.reading import Reading, seen_of
from corpus.schema import TABLES
from corpus.store import Row, Rows, document_id, merge, unpack, write

FLUSH = 50
"""Files whose rows are written at once: workers go on meanwhile with what they were given."""
COMMIT = 1_000
_TENTH = 10
"""A commit comes after so many files, or a tenth of all documents: what a killed build has to read again at most.

Each commit of a large database costs more, since keys of documents are spread over all of their index.
"""
_OF_DOCUMENT = tuple(
    spec.name for spec in TABLES if ("document", "documents") in spec.links and spec.name not in ("findings", "works")
)


@dataclass(slots=True)
class Known:
    """What a database holds of files and documents."""

    files: dict[str, tuple[str, int, str | None]]
    """The document, the size and the time of change of each, by path."""
    ids: dict[str, str]
    """The hash of each document, by its id."""

    @classmethod
    def of(cls, connection: sqlite3.Connection) -> Known:
        """What is in the database."""
        files = {row[0]: row[1:] for row in connection.execute("select path, document, size, modified from files")}
        return cls(files, dict(connection.execute("select id, sha256 from documents")))

    def to_read(self, paths: Iterable[str]) -> list[str]:
        """The files that are new, or whose size or time of change differ from what is stored."""
        return [path for path in paths if path not in self.files or self.files[path][1:] != seen_of(path)]


class Loader:
    """Takes readings in the order of their files and writes them in bulk."""

    def __init__(self, connection: sqlite3.Connection, plan: Plan, seen_at: str, known: Known | None = None) -> None:
        self._connection = connection
        self._plan = plan
        self._seen_at = seen_at
        self._rows: Rows = {}
        self._waiting = 0
        self._uncommitted = 0
        self._known = known or Known.of(connection)
        self._files, self._ids = self._known.files, self._known.ids
        self._by_hash = {sha256: ident for ident, sha256 in self._ids.items()}
        self.errors: list[tuple[str, str, str]] = []
        self.changed = False
        """Whether anything was put in or taken out."""

    @property
    def documents(self) -> int:
        """How many documents there are."""
        return len(self._ids)

    def to_read(self) -> list[str]:
        """The files that are new, or whose size or time of change differ from what is stored.

        Those that could not be read are tried again.
        """
        return self._known.to_read(self._plan.files)

    def drop_others(self) -> None:
        """Takes out what stands in the database of files that are not of this build, and of those not readable."""
        wanted = set(self._plan.files)
        for path in [path for path in self._files if path not in wanted]:
            self._drop_file(path)
        self._connection.execute("delete from errors")
        self.finish()

    def take(self, reading: Reading) -> None:
        """Adds a reading's rows, its document once."""
        if reading.path in self._files:
            self._drop_file(reading.path)
        if reading.failure:
            failure = reading.failure
            self.errors.append((reading.path, failure.code, failure.message))
            row: Row = (reading.path, reading.sha256, failure.code, failure.message, self._seen_at)
            merge(self._rows, {"errors": [row]})
        elif reading.sha256:
            self._add(reading, reading.sha256)
        self._waiting += 1
        if self._waiting >= FLUSH:
            self._write()
        if self._uncommitted >= max(COMMIT, len(self._ids) // _TENTH):
            self.finish()

    def _add(self, reading: Reading, sha256: str) -> None:
        ident = self._by_hash.get(sha256)
        if ident is None:
            ident = document_id(sha256, self._ids)
            self._ids[ident] = sha256
            self._by_hash[sha256] = ident
            merge(self._rows, _with_id(unpack(reading.rows), document_id(sha256), ident))
        self._files[reading.path] = (ident, reading.size, reading.modified)
        origin, supplier, received = self._origin(reading.path)
        path, size, modified = reading.path, reading.size, reading.modified
        row: Row = (path, ident, origin, supplier, received, size, modified, reading.media_type)
        merge(self._rows, {"files": [row]})
        self.changed = True

    def _origin(self, path: str) -> tuple[str | None, str | None, str | None]:
        """Address, supplier and day of receipt, as the manifest tells them."""
        if not self._plan.manifest:
            return None, None, None
        told = self._plan.manifest.get(str(Path(path).resolve()), ("", "", ""))
        return told[0] or None, told[1] or None, told[2] or None

    def _drop_file(self, path: str) -> None:
        """Takes a file out; its document goes at the end where no other file holds it."""
        del self._files[path]
        self._connection.execute("delete from files where path = ?", (path,))
        self.changed = True

    def finish(self) -> None:
        """Writes what is waiting and commits."""
        self._write()
        self._connection.commit()
        self._uncommitted = 0

    def _write(self) -> None:
        write(self._connection, self._rows)
        self._uncommitted += self._waiting
        self._rows, self._waiting = {}, 0

    def drop_orphans(self) -> None:
        """Takes out the documents that no file holds any more."""
        held = {document for document, *_ in self._files.values()}
        orphans = sorted(ident for ident in self._ids if ident not in held)
        for batch in _batches(orphans, 500):
            drop_documents(self._connection, batch)
        for ident in orphans:
            del self._by_hash[self._ids.pop(ident)]
        self._connection.commit()

    def refresh_origins(self) -> None:
        """Where files came from, as the manifest of this build tells."""
        rows = [(*self._origin(path), path) for path in (self._files if self._plan.manifest else ())]
        self._connection.executemany("update files set origin = ?, supplier = ?, received = ? where path = ?", rows)


def drop_documents(connection: sqlite3.Connection, documents: Sequence[str]) -> None:
    """Deletes documents with all that was found in them, in one transaction."""
    marks = ", ".join("?" * len(documents))
    if fulltext.exists(connection):
        fulltext.take_out(connection, documents)
    connection.execute(
        f"delete from finding_evidence where finding in (select id from findings where document in ({marks}))",
        documents,
    )
    connection.execute(f"delete from findings where document in ({marks})", documents)
    for table in _OF_DOCUMENT:
        connection.execute(f'delete from "{table}" where document in ({marks})', documents)
    connection.execute(f"delete from documents where id in ({marks})", documents)
    fulltext.lower_mark(connection)
    connection.commit()


def _batches(items: Iterable[str], size: int) -> Iterable[list[str]]:
    left = iter(items)
    while batch := list(islice(left, size)):
        yield batch


def _with_id(rows: Rows, short: str, ident: str) -> Rows:
    """`rows` with the id `ident` where another document has the shorter one."""
    if short == ident:
        return rows
    return {table: [tuple(ident if v == short else v for v in row) for row in found] for table, found in rows.items()}
