"""Speed of a whole build: ``python -m bench.build [COUNT ...]`` (by default 1000).

For each count a corpus of linked plans is made and built with two processes. Beside documents a second end to end
stand, from the same run, extraction alone (no storing) and a bare `executemany` of the same rows; then a hundred
documents are added, and the time beyond copying the file is given.
"""

from __future__ import annotations

import resource
import shutil
import sqlite3
import sys
import tempfile
import time
from collections.abc import Iterator
from pathlib import Path

from bench.generate import plans, text_of, write
from corpus.build import build
from corpus.reading import Task, own_extractor, read_all
from corpus.schema import TABLES

WORKERS = 2
ADDED = 100
_BULK = ("documents", "sections", "citations", "budgets", "deadlines", "assignments", "targets")


def seconds(start: float) -> float:
    """Since `start`, by the clock on the wall."""
    return time.perf_counter() - start


def extraction_alone(files: list[str]) -> float:
    """Documents a second of reading and extracting with the same processes, rows thrown away."""
    task = Task(originals=None, built_at="", extractor="", extract=own_extractor(None, models=False))
    start = time.perf_counter()
    count = sum(1 for _ in read_all(files, task, WORKERS))
    return count / seconds(start)


def bare_inserts(db: Path, folder: Path) -> float:
    """Documents a second of inserting the same rows into tables without keys."""
    source = sqlite3.connect(db)
    rows = {name: source.execute(f'select * from "{name}"').fetchall() for name in _BULK}
    target = sqlite3.connect(folder / "bare.db")
    columns = {spec.name: spec.column_types for spec in TABLES}
    for name in _BULK:
        target.execute(f'create table "{name}" ({", ".join(f"c{i}" for i in range(len(columns[name])))})')
    start = time.perf_counter()
    for name, found in rows.items():
        target.executemany(f'insert into "{name}" values ({", ".join("?" * len(columns[name]))})', found)
    target.commit()
    return len(rows["documents"]) / seconds(start)


def add_more(folder: Path, count: int, db: Path) -> tuple[float, float]:
    """Seconds to build with a hundred more documents, and to copy the database file alone."""
    import random

    rng = random.Random(99)
    more = folder / "in" / "more"
    more.mkdir()
    for i, plan in enumerate(plans(count + ADDED)):
        if i >= count:
            (more / f"{i:06d}.txt").write_text(text_of(plan, rng), encoding="utf-8")
    start = time.perf_counter()
    shutil.copyfile(db, folder / "copy.db")
    copying = seconds(start)
    start = time.perf_counter()
    build([folder / "in"], db, workers=WORKERS, models=False)
    return seconds(start), copying


def measure(count: int) -> Iterator[str]:
    """Builds a corpus of `count` documents and says what was measured."""
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        write(folder / "in", count)
        files = sorted(str(path) for path in (folder / "in").rglob("*.txt"))
        size = sum(Path(path).stat().st_size for path in files)
        yield f"{count} documents, {size / 1e6:.0f} MB, {WORKERS} processes"
        start = time.perf_counter()
        report = build([folder / "in"], folder / "plans.db", workers=WORKERS, models=False)
        yield f"  end to end        {count / seconds(start):8.0f} documents/s"
        for stage, took in report.seconds.items():
            yield f"    {stage:15} {took:8.1f} s"
        yield f"  extraction alone  {extraction_alone(files):8.0f} documents/s"
        yield f"  bare executemany  {bare_inserts(report.db, folder):8.0f} documents/s"
        peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024
        yield f"  peak memory       {peak:8.0f} MB in the main process"
        yield f"  database          {report.db.stat().st_size / 1e6:8.0f} MB"
        adding, copying = add_more(folder, count, report.db)
        yield f"  adding {ADDED}        {adding - copying:8.1f} s beyond {copying:.1f} s of copying the file"


def main() -> None:
    """The command."""
    for count in [int(text) for text in sys.argv[1:]] or [1000]:
        for line in measure(count):
            print(line, flush=True)


if __name__ == "__main__":
    main()
