"""Reading many files in worker processes: each file to rows, or to the reason why it cannot be read.

Workers are few and reused. A file that takes a worker down with it (a crash in a parser's C code, memory) is tried
once more alone, and ends as an error of its own; the others go on.
"""

from __future__ import annotations

import errno
import hashlib
import multiprocessing
from collections import deque
from collections.abc import Callable, Iterable, Iterator, Sequence
from concurrent.futures import Future, ProcessPoolExecutor
from concurrent.futures.process import BrokenProcessPool
from dataclasses import dataclass
from datetime import UTC, datetime
from functools import partial
from pathlib import Path

from corpus.store import Rows, document_id, keep_original, rows_of
from extract.records import Document, Failure, KehoachError

BATCH = 16
"""Files a task: enough to make the way between processes cheap, few enough to keep all workers busy."""

DISK_FULL = "disk-full"
"""The code of a failure that is not the file's own: the build must end."""
_FULL = frozenset({errno.ENOSPC, errno.EDQUOT, errno.EFBIG})

Extract = Callable[[bytes, str], Document]
"""Bytes and the path to record, to a document. Must be importable, for workers to have it."""


@dataclass(frozen=True, slots=True)
class Reading:
    """What became of one file. `rows` is empty where `failure` is set."""

    path: str
    sha256: str | None
    media_type: str | None
    size: int
    modified: str | None
    rows: Rows
    failure: Failure | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Task:
    """What every worker needs to know: where originals go, when the build began, what extracts."""

    originals: Path | None
    built_at: str
    extractor: str
    extract: Extract


def modified_of(path: str) -> str | None:
    """When a file was last changed, to the microsecond; None where it is gone."""
    try:
        seconds = Path(path).stat().st_mtime_ns // 1000 / 1e6
    except OSError:
        return None
    return datetime.fromtimestamp(seconds, UTC).isoformat(timespec="microseconds")


def extract_bytes(data: bytes, name: str, *, units: Path | None = None) -> Document:
    """The document in `data` by the project's own readers and finders."""
    from extract.pipeline import extract
    from extract.readers import read_bytes
    from rules.units import load_units

    return extract(read_bytes(data, name), load_units(units))


def own_extractor(units: Path | None) -> Extract:
    """`extract_bytes` over the units of the file `units`."""
    return partial(extract_bytes, units=units)


def read_file(path: str, task: Task) -> Reading:
    """Reads one file. Never raises for what the file holds."""
    from extract.readers import load

    modified = modified_of(path)  # before reading: a change that comes later is seen by the next build
    sha256, size = None, 0
    try:
        data = load(Path(path))
        sha256, size = hashlib.sha256(data).hexdigest(), len(data)
        document = task.extract(data, path)
        if document.error:
            return Reading(path, sha256, None, size, modified, {}, document.error)
        if task.originals:
            keep_original(task.originals, sha256, data)
    except KehoachError as fault:
        return Reading(path, sha256, None, size, modified, {}, Failure(code=fault.code, message=fault.message))
    except OSError as fault:
        if fault.errno in _FULL:
            return Reading(path, sha256, None, size, modified, {}, Failure(code=DISK_FULL, message=str(fault)))
        return Reading(path, sha256, None, size, modified, {}, _unexpected(fault))
    except RecursionError:
        failure = Failure(
            code="too-deep", message="The file is nested too deeply to be read. Save it anew and try again."
        )
        return Reading(path, sha256, None, size, modified, {}, failure)
    except Exception as fault:  # a fault in a parser must cost one file, not the build
        return Reading(path, sha256, None, size, modified, {}, _unexpected(fault))
    rows = rows_of(document, ident=document_id(sha256), built_at=task.built_at, extractor=task.extractor)
    return Reading(path, sha256, document.source.media_type, size, modified, rows)


def _unexpected(fault: Exception) -> Failure:
    said = " ".join(str(fault).split())[:200]
    message = f"Reading stopped at a fault of the program ({type(fault).__name__}: {said}). Please report it."
    return Failure(code="internal-error", message=message)


def _read_batch(paths: Sequence[str], task: Task) -> list[Reading]:
    return [read_file(path, task) for path in paths]


def read_all(paths: Sequence[str], task: Task, workers: int) -> Iterator[Reading]:
    """Reads all files, in their order. With `workers` below 2 everything happens in this process."""
    if workers < 2 or len(paths) < 2:
        yield from (read_file(path, task) for path in paths)
        return
    size = max(1, min(BATCH, len(paths) // (workers * 2)))
    batches = [paths[i : i + size] for i in range(0, len(paths), size)]
    yield from _Pool(workers, task).run(batches)


class _Pool:
    """Worker processes that are replaced where one of them dies."""

    def __init__(self, workers: int, task: Task) -> None:
        self._workers = workers
        self._task = task

    def _start(self, workers: int) -> ProcessPoolExecutor:
        return ProcessPoolExecutor(workers, mp_context=multiprocessing.get_context("spawn"))

    def run(self, batches: Iterable[Sequence[str]]) -> Iterator[Reading]:
        """The readings of all batches in their order; no more than a few batches are under way at a time."""
        waiting = deque(batches)
        under_way: deque[tuple[Sequence[str], Future[list[Reading]]]] = deque()
        pool = self._start(self._workers)
        try:
            while waiting or under_way:
                while waiting and len(under_way) < self._workers * 3:
                    batch = waiting.popleft()
                    under_way.append((batch, pool.submit(_read_batch, batch, self._task)))
                batch, future = under_way.popleft()
                try:
                    yield from future.result()
                except BrokenProcessPool:
                    pool.shutdown(wait=False, cancel_futures=True)
                    yield from self._one_by_one(batch)
                    pool = self._start(self._workers)
                    under_way = deque((other, pool.submit(_read_batch, other, self._task)) for other, _ in under_way)
        finally:
            pool.shutdown(wait=True, cancel_futures=True)

    def _one_by_one(self, batch: Sequence[str]) -> Iterator[Reading]:
        """Each file of a batch in a worker that may die without harm to the others."""
        pool = self._start(1)
        for path in batch:
            try:
                yield from pool.submit(_read_batch, [path], self._task).result()
            except BrokenProcessPool:
                message = (
                    "The program that read this file died. The file may be damaged or too large; convert it first."
                )
                yield Reading(path, None, None, 0, None, {}, Failure(code="worker-died", message=message))
                pool = self._start(1)
        pool.shutdown(wait=True)
