"""Builds a corpus database: files ▶ read and extract ▶ store ▶ link ▶ chain ▶ audit ▶ search index.

The database is built aside, in the folder where it will stand, and moved into place whole: a reader of the old one is
never disturbed, and a build that fails leaves everything as it was.
"""

from __future__ import annotations

import csv
import json
import os
import sqlite3
import time
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import UTC, datetime
from pathlib import Path

from sqlite_utils import Database

from corpus import schema
from corpus.audit import audit
from corpus.chain import follow_chains
from corpus.link import link
from corpus.reading import Extract, Reading, Task, own_extractor, read_all
from corpus.store import Row, Rows, document_id, merge, write
from extract.records import KehoachError
from rules.units import load_units

Progress = Callable[[str, int, int], None]
"""Called with the stage, how much of it is done, and how much there is in all (0: not known)."""

STAGES = ("read", "link", "chain", "audit", "index")
_FLUSH = 2_000
"""Files between two writes to the database."""


@dataclass(frozen=True, slots=True, kw_only=True)
class BuildReport:
    """What a build did. `errors` are (path, code, sentence) of the files that could not be read."""

    db: Path
    files: int
    documents: int
    added: int
    changed: int
    removed: int
    failed: int
    findings: int
    errors: tuple[tuple[str, str, str], ...]
    seconds: Mapping[str, float] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class _Plan:
    """Where a build reads from and writes to."""

    files: tuple[str, ...]
    db: Path
    aside: Path
    originals: Path
    manifest: Mapping[str, tuple[str, str, str]]
    units: Path | None


def build(
    paths: Sequence[Path | str],
    db: Path | str,
    *,
    manifest: Path | str | None = None,
    units: Path | str | None = None,
    workers: int | None = None,
    progress: Progress | None = None,
    extract: Extract | None = None,
) -> BuildReport:
    """Reads `paths` (directories are walked) into the corpus database `db`, and their originals beside it.

    `manifest` is a CSV file with the columns path, address, supplier, received; `units` one with further
    administrative units; `workers` is the number of processes, by default one a core. `KehoachError` says what is
    wrong with the arguments; what is wrong with a single file stands in `BuildReport.errors`.
    """
    plan = _plan(paths, Path(db), manifest, units)
    say = progress or (lambda stage, done, total: None)
    workers = workers if workers is not None else os.cpu_count() or 1
    started = _now()
    try:
        with _database(plan.aside) as (connection, tables):
            clock = _Clock()
            schema.create_tables(tables)
            task = Task(
                originals=plan.originals,
                built_at=started,
                extractor=_extractor_version(),
                extract=extract or own_extractor(plan.units),
            )
            loader = _Loader(connection, plan, started)
            for i, reading in enumerate(read_all(plan.files, task, workers), 1):
                loader.take(reading)
                say("read", i, len(plan.files))
            loader.finish()
            clock.lap("read")
            if not loader.documents:
                raise KehoachError("nothing-readable", _nothing_readable(plan, loader.errors))
            findings = _work_out(connection, tables, plan.units, say, clock)
            report = loader.report(findings, clock.seconds)
            _record_run(connection, report, started, plan)
        os.replace(plan.aside, plan.db)
    except BaseException:
        _discard(plan)
        raise
    return report


def _work_out(
    connection: sqlite3.Connection, tables: Database, units: Path | None, say: Progress, clock: _Clock
) -> int:
    """Everything that needs all documents: links, chains, findings across documents, indexes. Returns the findings."""
    say("link", 0, 0)
    link(connection)
    clock.lap("link")
    say("chain", 0, 0)
    follow_chains(connection)
    clock.lap("chain")
    say("index", 0, 0)
    schema.create_indexes(tables)
    connection.commit()
    clock.lap("index")
    say("audit", 0, 0)
    audit(connection, load_units(units))
    connection.execute("analyze")
    connection.commit()
    clock.lap("audit")
    count: int = connection.execute("select count(*) from findings").fetchone()[0]
    return count


class _Clock:
    """Seconds spent by stage."""

    def __init__(self) -> None:
        self.seconds: dict[str, float] = {}
        self._since = time.perf_counter()

    def lap(self, stage: str) -> None:
        now = time.perf_counter()
        self.seconds[stage] = self.seconds.get(stage, 0.0) + now - self._since
        self._since = now


def _now() -> str:
    return datetime.now(UTC).isoformat(timespec="seconds")


def _extractor_version() -> str:
    from extract.pipeline import VERSION

    return VERSION


def _plan(paths: Sequence[Path | str], db: Path, manifest: Path | str | None, units: Path | str | None) -> _Plan:
    files = find_files([Path(path) for path in paths])
    folder = db.absolute().parent
    if not folder.is_dir():
        raise KehoachError("no-folder", f"There is no folder {folder} to put the database in. Make it first.")
    if db.is_dir():
        raise KehoachError("is-directory", f"{db} is a directory. Give the name of a database file.")
    if not os.access(folder, os.W_OK) or (db.exists() and not os.access(db, os.W_OK)):
        raise KehoachError("cannot-write", f"{db} cannot be written. Choose another place, or change its permissions.")
    if db.exists() and not _is_database(db):
        raise KehoachError("not-a-database", f"{db} is there and is no database. It is left alone; give another name.")
    return _Plan(
        files=files,
        db=db,
        aside=folder / f".{db.name}.building-{os.getpid()}",
        originals=originals_folder(db),
        manifest=read_manifest(Path(manifest)) if manifest else {},
        units=Path(units) if units else None,
    )


def _is_database(path: Path) -> bool:
    with path.open("rb") as file:
        head = file.read(16)
    return head in (b"", b"SQLite format 3\x00")


def originals_folder(db: Path) -> Path:
    """`plans.files` beside `plans.db`."""
    return db.with_name(f"{db.stem}.files")


def find_files(paths: Sequence[Path]) -> tuple[str, ...]:
    """The files under `paths` in a fixed order: those named, and in directories those of a kind that is read.

    `KehoachError` where a path does not exist or there is nothing to read.
    """
    from extract.readers import SUFFIXES

    found: dict[str, None] = {}
    for path in paths:
        if path.is_dir():
            for folder, folders, names in os.walk(path):
                folders[:] = sorted(
                    name for name in folders if not name.startswith(".") and not name.endswith(".files")
                )
                for name in sorted(names):
                    if not name.startswith(".") and Path(name).suffix.lower() in SUFFIXES:
                        found[os.path.join(folder, name)] = None
        elif path.exists():
            found[str(path)] = None
        else:
            raise KehoachError("not-found", f"There is no {path}. Check the path.")
    if not found:
        kinds = ", ".join(sorted(SUFFIXES))
        where = ", ".join(str(path) for path in paths) or "no path given"
        raise KehoachError(
            "nothing-to-read", f"There is nothing to read in {where}. Files of these kinds are read: {kinds}."
        )
    return tuple(found)


def read_manifest(path: Path) -> dict[str, tuple[str, str, str]]:
    """(address, supplier, received) by absolute path. Paths in the file are relative to it or to the working folder."""
    try:
        with path.open(encoding="utf-8-sig", newline="") as file:
            rows = list(csv.DictReader(file))
    except (OSError, UnicodeDecodeError, csv.Error) as fault:
        raise KehoachError("bad-manifest", f"The manifest {path} cannot be read: {fault}.") from None
    if rows and "path" not in rows[0]:
        raise KehoachError(
            "bad-manifest",
            f"The manifest {path} has no column 'path'; its columns are path, address, supplier, received.",
        )
    out: dict[str, tuple[str, str, str]] = {}
    for row in rows:
        told = (row.get("address") or "", row.get("supplier") or "", row.get("received") or "")
        out.setdefault(str(Path(row["path"]).absolute()), told)
        out[str((path.parent / row["path"]).resolve())] = told
    return out


@contextmanager
def _database(path: Path) -> Iterator[tuple[sqlite3.Connection, Database]]:
    """A new database for one writer: no journal, since a half-built file is thrown away."""
    try:
        connection = sqlite3.connect(path)
        connection.execute("pragma journal_mode = off")
        connection.execute("pragma synchronous = off")
        connection.execute("pragma cache_size = -200000")
    except sqlite3.OperationalError as fault:
        raise KehoachError("cannot-write", f"{path.parent} cannot be written: {fault}. Choose another place.") from None
    try:
        yield connection, Database(connection)
        connection.commit()
    except sqlite3.OperationalError as fault:
        if "disk" in str(fault) or "full" in str(fault):
            raise KehoachError("disk-full", f"{path.parent} is full. Make room, then build again.") from None
        raise
    finally:
        connection.close()


def _discard(plan: _Plan) -> None:
    """Takes away what an unfinished build has left, and an originals folder that nothing points to."""
    plan.aside.unlink(missing_ok=True)
    if not plan.db.exists() and plan.originals.is_dir():
        for path in sorted(plan.originals.rglob("*"), reverse=True):
            path.rmdir() if path.is_dir() else path.unlink()
        plan.originals.rmdir()


class _Loader:
    """Takes readings in the order of their files and writes them in bulk. Copies become one document."""

    def __init__(self, connection: sqlite3.Connection, plan: _Plan, seen_at: str) -> None:
        self._connection = connection
        self._plan = plan
        self._seen_at = seen_at
        self._rows: Rows = {}
        self._waiting = 0
        self._ids: dict[str, str] = {}
        self._by_hash: dict[str, str] = {}
        self.errors: list[tuple[str, str, str]] = []

    @property
    def documents(self) -> int:
        """How many documents there are."""
        return len(self._ids)

    def take(self, reading: Reading) -> None:
        """Adds a reading's rows, its document once."""
        if reading.failure:
            failure = reading.failure
            self.errors.append((reading.path, failure.code, failure.message))
            row: Row = (reading.path, reading.sha256, failure.code, failure.message, self._seen_at)
            merge(self._rows, {"errors": [row]})
        elif reading.sha256:
            ident = self._by_hash.get(reading.sha256)
            if ident is None:
                ident = document_id(reading.sha256, self._ids)
                self._ids[ident] = reading.sha256
                self._by_hash[reading.sha256] = ident
                merge(self._rows, _with_id(reading.rows, document_id(reading.sha256), ident))
            merge(self._rows, {"files": [self._file_row(reading, ident)]})
        self._waiting += 1
        if self._waiting >= _FLUSH:
            self.finish()

    def _file_row(self, reading: Reading, ident: str) -> Row:
        told = self._plan.manifest.get(str(Path(reading.path).resolve())) or ("", "", "")
        origin, supplier, received = (text or None for text in told)
        path, size, modified = reading.path, reading.size, reading.modified
        return (path, ident, origin, supplier, received, size, modified, reading.media_type)

    def finish(self) -> None:
        """Writes what is waiting."""
        write(self._connection, self._rows)
        self._connection.commit()
        self._rows, self._waiting = {}, 0

    def report(self, findings: int, seconds: Mapping[str, float]) -> BuildReport:
        """What was done."""
        return BuildReport(
            db=self._plan.db,
            files=len(self._plan.files),
            documents=self.documents,
            added=self.documents,
            changed=0,
            removed=0,
            failed=len(self.errors),
            findings=findings,
            errors=tuple(self.errors),
            seconds=dict(seconds),
        )


def _with_id(rows: Rows, short: str, ident: str) -> Rows:
    """`rows` with the id `ident` where another document has the shorter one."""
    if short == ident:
        return rows
    return {table: [tuple(ident if v == short else v for v in row) for row in found] for table, found in rows.items()}


def _nothing_readable(plan: _Plan, errors: Sequence[tuple[str, str, str]]) -> str:
    path, _, message = errors[0]
    count = len(plan.files)
    if count == 1:
        return f"{path} cannot be read. {message}"
    return f"None of the {count} files can be read. The first is {path}: {message}"


def _record_run(connection: sqlite3.Connection, report: BuildReport, started: str, plan: _Plan) -> None:
    options = json.dumps({"units": str(plan.units) if plan.units else None, "manifest": bool(plan.manifest)})
    row: Row = (1, started, _now(), _extractor_version(), report.documents, report.added, 0, 0, report.failed, options)
    write(connection, {"runs": [row]})
    connection.execute("update findings set first_seen = 1")
