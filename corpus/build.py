"""Builds a corpus database: files ▶ read and extract ▶ store ▶ link ▶ chain ▶ audit ▶ search index.

The database is built aside and moved into place whole: readers of the old one are never disturbed. Only files that
are new or changed are read; a build that was killed is gone on with by the next one, with the same result.
"""

from __future__ import annotations

import gc
import json
import os
import sqlite3
import time
from collections.abc import Callable, Iterator, Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor
from contextlib import closing, contextmanager
from dataclasses import dataclass, field
from datetime import UTC, datetime
from pathlib import Path

from corpus import fulltext, history, overview, schema, touched
from corpus.aside import Aside, Stamp, opened
from corpus.audit import audit, audit_touched, find_apart, prepare, store
from corpus.chain import follow_chains, follow_touched
from corpus.code import digest
from corpus.graph_apart import Draw, drawn_apart, drawn_here
from corpus.inputs import Plan, find_files, originals_folder, plan_of, read_manifest
from corpus.link import link
from corpus.loading import Loader
from corpus.on_ray import Cluster, read_on_ray
from corpus.read_ahead import ReadAhead, Readings
from corpus.reading import DISK_FULL, Extract, Task, extractor_version, own_extractor, read_all
from corpus.relink import Relinked, relink
from corpus.review import apply_corrections, apply_states, read_decisions, review_path
from corpus.sensitive import Warned, warnings
from corpus.store import Row, write
from extract.records import KehoachError
from rules.units import load_units

Progress = Callable[[str, int, int], None]
"""Called with the stage, how much of it is done, and how much there is in all (0: not known)."""

STAGES = ("read", "link", "chain", "index", "audit", "overview")
_Stages = Sequence[tuple[str, Callable[[], object]]]
TOGETHER = 3_000
"""Documents from which the audit runs in processes of its own: to start them takes a second."""


@dataclass(frozen=True, slots=True, kw_only=True)
class BuildReport:
    """What a build did.

    `errors` are (path, code, sentence) of the files that could not be read; `sensitive` are those with a mark of
    secrecy or personal numbers.
    """

    db: Path
    files: int
    documents: int
    added: int
    changed: int
    removed: int
    failed: int
    findings: int
    errors: tuple[tuple[str, str, str], ...]
    sensitive: tuple[Warned, ...] = ()
    seconds: Mapping[str, float] = field(default_factory=dict)


def build(
    paths: Sequence[Path | str],
    db: Path | str,
    *,
    manifest: Path | str | None = None,
    units: Path | str | None = None,
    workers: int | None = None,
    progress: Progress | None = None,
    extract: Extract | None = None,
    models: bool = True,
    cluster: Cluster | None = None,
) -> BuildReport:
    """Reads `paths` (directories are walked) into the corpus database `db`, and their originals beside it.

    Afterwards the database holds these files and no others. `manifest` is a CSV file with the columns path, address,
    supplier, received; `units` one with further administrative units; `workers` is the number of processes, by
    default one a core; without `models` the rules decide alone; with a `cluster`, files are read there.
    `KehoachError` says what is wrong with the arguments; what is wrong with a single file stands in
    `BuildReport.errors`.
    """
    plan = plan_of(paths, Path(db), manifest, units)
    say = progress or (lambda stage, done, total: None)
    version = extractor_version(models)
    run = _Run(plan, workers if workers is not None else os.cpu_count() or 1, say, version, cluster)
    had_originals = plan.originals.exists()
    try:
        reading = run.reading(extract or own_extractor(plan.units, models))
        with opened(plan.db, Stamp(version, plan.units_stamp), reading.begin) as aside, closing(reading):
            return run.on(aside, reading)
    except KehoachError:
        if not had_originals:
            _discard(plan.originals)
        raise


def _now() -> str:
    return datetime.now(UTC).isoformat(timespec="seconds")


class _Run:
    """One build, stage by stage, with the time that each takes."""

    def __init__(self, plan: Plan, workers: int, say: Progress, version: str, cluster: Cluster | None) -> None:
        self._plan = plan
        self._workers = workers
        self._cluster = cluster
        self._say = say
        self._version = version
        self._started = _now()
        self._seconds: dict[str, float] = {}
        self._since = time.perf_counter()

    def reading(self, extract: Extract) -> ReadAhead:
        """The reading of the plan's files, which may begin before there is a database to write to."""
        task = Task(originals=self._plan.originals, built_at=self._started, extractor=self._version, extract=extract)
        return ReadAhead(self._plan, lambda files: self._readings(files, task), lambda: self._say("copy", 0, 0))

    def on(self, aside: Aside, reading: ReadAhead) -> BuildReport:
        """Brings the database `aside` in line with the plan's files."""
        past = reading.past or history.before(self._plan.db)
        base = aside.base if _is_complete(aside.connection) else None
        loader = self._read(aside.connection, reading)
        if not loader.documents:
            raise KehoachError("nothing-readable", _nothing_readable(self._plan, loader.errors))
        decisions = read_decisions(review_path(self._plan.db.absolute()))
        corrected = apply_corrections(aside.connection, decisions)
        if corrected or loader.changed or not _is_complete(aside.connection):
            fulltext.forget(aside.connection, corrected)
            _set_complete(aside.connection, False)
            if base is None or not self._work_out_touched(aside, base):
                self._work_out(aside)
        aside.connection.commit()
        apply_states(aside.connection, decisions)
        _keep_units(aside.connection, self._plan.units)
        report = self._report(aside.connection, loader, past)
        self._record(aside.connection, report, past)
        return report

    def _read(self, connection: sqlite3.Connection, ahead: ReadAhead) -> Loader:
        loader = Loader(connection, self._plan, self._started, ahead.known)
        files = loader.to_read() if ahead.files is None else ahead.files
        loader.drop_others()
        if files or loader.changed:
            _set_complete(connection, False)
        for i, reading in enumerate(ahead.readings(files), 1):
            if reading.failure and reading.failure.code == DISK_FULL:
                raise KehoachError(DISK_FULL, f"{self._plan.originals} is full. Make room, then build again.")
            loader.take(reading)
            self._say("read", i, len(files))
        loader.finish()
        loader.drop_orphans()
        loader.refresh_origins()
        self._lap("read")
        return loader

    def _readings(self, files: Sequence[str], task: Task) -> Readings:
        if self._cluster:
            yield from read_on_ray(files, task, self._cluster, beside=self._plan.db, workers=self._workers)
        else:
            yield from read_all(files, task, self._workers)

    def _work_out_touched(self, aside: Aside, base: Path) -> bool:
        """What the documents that came and went have a bearing on. Returns False where they are too many."""
        connection, units = aside.connection, load_units(self._plan.units)
        with touched.beside(connection, base), _no_search_for_cycles():
            if not touched.find_changed(connection):
                return False
            linked: list[Relinked] = []
            self._do(
                connection,
                (
                    ("link", lambda: linked.append(relink(connection))),
                    ("chain", lambda: touched.fill(connection, linked[0])),
                    ("chain", lambda: follow_touched(connection, linked[0].works)),
                ),
            )
            with self._graph(aside) as draw:
                self._do(
                    connection,
                    (
                        ("audit", lambda: fulltext.follow_corrections(connection)),
                        ("audit", lambda: audit_touched(connection, units)),
                        ("overview", lambda: overview.fill_touched(connection, units, draw)),
                    ),
                )
        _set_complete(connection, True)
        return True

    @contextmanager
    def _graph(self, aside: Aside) -> Iterator[Draw]:
        """How the graph is drawn: where there is enough to do, in a process that begins at once."""
        if self._workers < 2 or _documents(aside.connection) < TOGETHER:
            yield drawn_here
            return
        with _read_meanwhile(aside.connection), drawn_apart(aside.path) as draw:
            yield draw

    def _work_out(self, aside: Aside) -> None:
        """Everything that needs all documents: links, chains, indexes, findings across documents."""
        connection = aside.connection
        stages: _Stages = (
            ("link", lambda: link(connection)),
            ("chain", lambda: follow_chains(connection)),
            ("index", lambda: _index(aside)),
            ("audit", lambda: self._audit(aside)),
            ("overview", lambda: overview.fill(connection, load_units(self._plan.units))),
        )
        self._do(connection, stages)
        _set_complete(connection, True)

    def _do(self, connection: sqlite3.Connection, stages: _Stages) -> None:
        for stage, work in stages:
            self._say(stage, 0, 0)
            work()
            connection.commit()
            self._lap(stage)

    def _audit(self, aside: Aside) -> None:
        """The audit, and the full-text index: side by side where there is enough to do."""
        connection, units = aside.connection, self._plan.units
        if self._workers < 2 or _documents(connection) < TOGETHER:
            fulltext.bring_up_to_date(connection)
            audit(connection, load_units(units))
            return
        prepare(connection)
        with _read_meanwhile(connection), ThreadPoolExecutor(1) as beside:
            indexing = beside.submit(fulltext.bring_up_to_date_at, aside.path)
            found = list(find_apart(aside.path, units, self._workers))
            indexing.result()
        for findings in found:
            store(connection, findings)

    def _lap(self, stage: str) -> None:
        now = time.perf_counter()
        self._seconds[stage] = self._seconds.get(stage, 0.0) + now - self._since
        self._since = now

    def _report(self, connection: sqlite3.Connection, loader: Loader, past: history.History) -> BuildReport:
        files = dict(connection.execute("select path, document from files"))
        added, changed, removed = past.count(files)
        (findings,) = connection.execute("select count(*) from findings").fetchone()
        return BuildReport(
            db=self._plan.db,
            files=len(self._plan.files),
            documents=loader.documents,
            added=added,
            changed=changed,
            removed=removed,
            failed=len(loader.errors),
            findings=findings,
            errors=tuple(loader.errors),
            sensitive=warnings(connection),
            seconds=dict(self._seconds),
        )

    def _record(self, connection: sqlite3.Connection, report: BuildReport, past: history.History) -> None:
        """The run itself, and what changed among the findings since the one before."""
        past.record(connection)
        options = json.dumps({"units": self._plan.units_stamp or None, "manifest": bool(self._plan.manifest)})
        row: Row = (
            *(past.run, self._started, _now(), self._version, report.documents),
            *(report.added, report.changed, report.removed, report.failed, options),
        )
        write(connection, {"runs": [row]})


def _index(aside: Aside) -> None:
    """Indexes, made once."""
    schema.create_indexes(aside.database)
    aside.connection.execute("analyze")  # before the audit: its joins are planned by it


@contextmanager
def _no_search_for_cycles() -> Iterator[None]:
    """Rows come by the hundred thousand, and none of them points back: to look for circles in them finds nothing."""
    was_enabled = gc.isenabled()
    gc.disable()
    try:
        yield
    finally:
        if was_enabled:
            gc.enable()


@contextmanager
def _read_meanwhile(connection: sqlite3.Connection) -> Iterator[None]:
    """Commits, and lets others read the database as it is then while this connection writes."""
    connection.commit()
    connection.execute("pragma main.journal_mode = wal")
    _is_complete(connection)  # a read opens the log here, so that it is closed and removed here as well
    try:
        yield
        connection.commit()
    finally:
        connection.rollback()
        connection.execute("pragma main.journal_mode = truncate")


def _documents(connection: sqlite3.Connection) -> int:
    (count,) = connection.execute("select count(*) from documents").fetchone()
    return int(count)


def _is_complete(connection: sqlite3.Connection) -> bool:
    """Whether this code has worked out links, chains and findings of the documents that are stored."""
    row = connection.execute("select value from build_state where key = 'complete'").fetchone()
    return row is not None and row[0] == digest()


def _keep_units(connection: sqlite3.Connection, units: Path | None) -> None:
    """Keeps the further units of the build: who shows the database must know of the same ones."""
    text = units.read_text(encoding="utf-8-sig") if units else ""
    connection.execute("insert or replace into build_state values (?, ?)", (schema.UNITS_KEY, text))


def _set_complete(connection: sqlite3.Connection, complete: bool) -> None:
    connection.execute("insert or replace into build_state values ('complete', ?)", (digest() if complete else "",))
    connection.commit()


def _discard(originals: Path) -> None:
    """Takes away an originals folder that nothing points to."""
    for path in sorted(originals.rglob("*"), reverse=True) if originals.is_dir() else ():
        path.rmdir() if path.is_dir() else path.unlink()
    if originals.is_dir():
        originals.rmdir()


def _nothing_readable(plan: Plan, errors: Sequence[tuple[str, str, str]]) -> str:
    path, _, message = errors[0]
    if len(plan.files) == 1:
        return f"{path} cannot be read. {message}"
    return f"None of the {len(plan.files)} files can be read. The first is {path}: {message}"


__all__ = ["BuildReport", "Progress", "build", "find_files", "originals_folder", "read_manifest"]
