"""Reading many files in worker processes: each file to rows, or to the reason why it cannot be read.

Workers are few and reused, with limits of time, memory and pages for each file (`extract.readers.limits`).
"""

from __future__ import annotations

import errno
import hashlib
import os
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from functools import partial
from pathlib import Path

from corpus.store import NO_ROWS, document_id, keep_original, pack, rows_of
from extract.readers.limits import is_plain, run_limited
from extract.records import Document, Failure, KehoachError, ReadError

DISK_FULL = "disk-full"
"""The code of a failure that is not the file's own: the build must end."""
_CRASHED = "crashed"
_FULL = frozenset({errno.ENOSPC, errno.EDQUOT, errno.EFBIG})

Extract = Callable[[bytes, str], Document]
"""Bytes and the path to record, to a document. Must be importable, for workers to have it."""


@dataclass(frozen=True, slots=True)
class Reading:
    """What became of one file. `rows` are packed (`corpus.store.pack`); there are none where `failure` is set."""

    path: str
    sha256: str | None
    media_type: str | None
    size: int
    modified: str | None
    rows: bytes
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
    seen = seen_of(path)
    return seen[1] if seen else None


def seen_of(path: str) -> tuple[int, str] | None:
    """The bytes that a file has and when it was last changed, to the microsecond; None where it is gone."""
    try:
        found = os.stat(path)
    except OSError:
        return None
    changed = datetime.fromtimestamp(found.st_mtime_ns // 1000 / 1e6, UTC)
    return found.st_size, changed.isoformat(timespec="microseconds")


def extract_bytes(data: bytes, name: str, *, units: Path | None = None, models: bool = True) -> Document:
    """The document in `data` by the project's own readers and finders, with or without what was learned."""
    from extract.decisions import RULES
    from extract.pipeline import extract
    from extract.readers import read_bytes
    from models.shipped import shipped
    from rules.units import load_units

    return extract(read_bytes(data, name), load_units(units), shipped() if models else RULES)


def extractor_version(models: bool) -> str:
    """The version of the rules, and of the learned parts where they decide too."""
    from extract.pipeline import VERSION
    from models.shipped import shipped

    return f"{VERSION} {shipped().version}" if models else VERSION


def own_extractor(units: Path | None, models: bool = True) -> Extract:
    """`extract_bytes` over the units of the file `units`."""
    return partial(extract_bytes, units=units, models=models)


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
            return Reading(path, sha256, None, size, modified, NO_ROWS, document.error)
        if task.originals:
            keep_original(task.originals, sha256, data)
    except KehoachError as fault:
        return Reading(path, sha256, None, size, modified, NO_ROWS, Failure(code=fault.code, message=fault.message))
    except OSError as fault:
        if fault.errno in _FULL:
            return Reading(path, sha256, None, size, modified, NO_ROWS, Failure(code=DISK_FULL, message=str(fault)))
        return Reading(path, sha256, None, size, modified, NO_ROWS, _unexpected(fault))
    except RecursionError:
        failure = Failure(
            code="too-deep", message="The file is nested too deeply to be read. Save it anew and try again."
        )
        return Reading(path, sha256, None, size, modified, NO_ROWS, failure)
    except Exception as fault:  # a fault in a parser must cost one file, not the build
        return Reading(path, sha256, None, size, modified, NO_ROWS, _unexpected(fault))
    rows = rows_of(document, ident=document_id(sha256), built_at=task.built_at, extractor=task.extractor)
    return Reading(path, sha256, document.source.media_type, size, modified, pack(rows))


def _unexpected(fault: Exception) -> Failure:
    said = " ".join(str(fault).split())[:200]
    message = f"Reading stopped at a fault of the program ({type(fault).__name__}: {said}). Please report it."
    return Failure(code="internal-error", message=message)


def read_all(paths: Sequence[str], task: Task, workers: int) -> Iterator[Reading]:
    """Reads all files in limited worker processes, nearly in their order. With one worker plain text stays in this one.

    A file whose worker died is tried once more at the end: something else may have killed it.
    """
    work = partial(read_file, task=task)
    alone = is_plain if workers < 2 else None
    again: list[str] = []
    for path, reading in run_limited(work, paths, workers=max(workers, 1), alone=alone):
        if isinstance(reading, ReadError) and reading.code == _CRASHED:
            again.append(path)
        else:
            yield _told(path, reading)
    for path, reading in run_limited(work, again):
        yield _told(path, reading)


def _told(path: str, reading: Reading | ReadError) -> Reading:
    """A reading, or the failure of a file that went beyond its limits."""
    if isinstance(reading, Reading):
        return reading
    return Reading(path, None, None, 0, None, NO_ROWS, Failure(code=reading.code, message=reading.message))
