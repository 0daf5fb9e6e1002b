"""Speed of a whole build: ``python -m bench.build [COUNT ...]`` (by default 1000).

For each count a corpus of linked plans is made and built with two processes, by the rules alone. Beside documents a
second end to end stand, from the same run, extraction alone (no storing) and a bare `executemany` of the same rows, of
10,000 documents at most; then a hundred documents are added, and the time beyond copying the file is given. Processors'
time is given too: it can be compared on a machine that has other work.
"""

from __future__ import annotations

import argparse
import multiprocessing
import os
import resource
import shutil
import sqlite3
import tempfile
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

from bench.generate import plans, text_of, write
from corpus.reading import Task, own_extractor, read_all
from corpus.schema import TABLES

if TYPE_CHECKING:
    from corpus.build import BuildReport

WORKERS = 2
ADDED = 100
_SOME = 10_000
"""How many documents are enough to tell the speed of extraction alone and of bare inserts."""
_BULK = ("documents", "sections", "citations", "budgets", "deadlines", "assignments", "targets")


def seconds(start: float) -> float:
    """Since `start`, by the clock on the wall."""
    return time.perf_counter() - start


def extraction_alone(files: list[str]) -> None:
    """Reads and extracts with the same processes, the rows thrown away."""
    task = Task(originals=None, built_at="", extractor="", extract=own_extractor(None, models=False))
    for _ in read_all(files, task, WORKERS):
        pass


def bare_inserts(db: Path, folder: Path) -> float:
    """Documents a second of inserting the same rows (of `_SOME` documents at most) into tables without keys."""
    source = sqlite3.connect(db)
    source.execute("create temp table some as select id from documents limit ?", (_SOME,))
    rows = {
        name: source.execute(
            f'select * from "{name}" where {"id" if name == "documents" else "document"} in (select id from temp.some)'
        ).fetchall()
        for name in _BULK
    }
    target = sqlite3.connect(folder / "bare.db")
    columns = {spec.name: spec.column_types for spec in TABLES}
    for name in _BULK:
        target.execute(f'create table "{name}" ({", ".join(f"c{i}" for i in range(len(columns[name])))})')
    start = time.perf_counter()
    for name, found in rows.items():
        target.executemany(f'insert into "{name}" values ({", ".join("?" * len(columns[name]))})', found)
    target.commit()
    return len(rows["documents"]) / seconds(start)


def add_more(folder: Path, count: int, db: Path) -> Iterator[str]:
    """Builds with a hundred more documents, and says what it took beyond copying the database file alone."""
    import random

    rng = random.Random(99)
    more = folder / "in" / "more"
    more.mkdir()
    for i, plan in enumerate(plans(count + ADDED)):
        if i >= count:
            (more / f"{i:06d}.txt").write_text(text_of(plan, rng), encoding="utf-8")
    copying = taken(lambda: shutil.copyfile(db, folder / "copy.db"))
    reports: list[BuildReport] = []
    adding = taken(lambda: reports.append(build_here(folder)))
    beyond = Taken(adding.clock - copying.clock, adding.processors - copying.processors)
    yield (
        f"  adding {ADDED}        {beyond.clock:8.1f} s, {beyond.processors:.1f} s of a processor, beyond "
        f"{copying.clock:.1f} s of copying the file"
    )
    for stage, took in reports[0].seconds.items():
        yield f"    {stage:15} {took:8.1f} s"


@dataclass(frozen=True, slots=True)
class Taken:
    """What a piece of work took: seconds by the clock, and of processors, its child processes among them."""

    clock: float
    processors: float

    def line(self, name: str, count: int) -> str:
        """A line of the report for so many documents."""
        a_document = 1000 * self.processors / count
        return f"  {name:17} {count / self.clock:8.0f} documents/s, {a_document:7.2f} ms of a processor each"


def processors() -> float:
    """Seconds of processors that this process and its children that ended have taken."""
    kinds = (resource.RUSAGE_SELF, resource.RUSAGE_CHILDREN)
    return sum(used.ru_utime + used.ru_stime for used in map(resource.getrusage, kinds))


def taken(work: Callable[[], object]) -> Taken:
    """Does it, and says what it took."""
    start, before = time.perf_counter(), processors()
    work()
    return Taken(seconds(start), processors() - before)


class Memory(threading.Thread):
    """The most memory that this process and its children hold at once, in bytes shared among them counted once."""

    def __init__(self) -> None:
        super().__init__(daemon=True)
        self.most = 0
        self.ended = threading.Event()

    def run(self) -> None:
        """Looks four times a second."""
        while not self.ended.wait(0.25):
            pids = [os.getpid(), *(child.pid for child in multiprocessing.active_children())]
            self.most = max(self.most, sum(proportional(pid) for pid in pids if pid))


def proportional(pid: int) -> int:
    """The proportional set size of a process in bytes; 0 where it has ended."""
    try:
        told = Path(f"/proc/{pid}/smaps_rollup").read_text(encoding="ascii")
    except OSError:
        return 0
    return next(int(line.split()[1]) * 1024 for line in told.splitlines() if line.startswith("Pss:"))


def measure(count: int, folder: Path) -> Iterator[str]:
    """Builds a corpus of `count` documents in `folder` and says what was measured."""
    write(folder / "in", count)
    files = sorted(str(path) for path in (folder / "in").rglob("*.txt"))
    size = sum(Path(path).stat().st_size for path in files)
    yield f"{count} documents, {size / 1e6:.0f} MB, {WORKERS} processes"
    reports: list[BuildReport] = []
    memory = Memory()
    memory.start()
    whole = taken(lambda: reports.append(build_here(folder)))
    memory.ended.set()
    memory.join()
    (report,) = reports
    yield whole.line("end to end", count)
    for stage, took in report.seconds.items():
        yield f"    {stage:15} {took:8.1f} s"
    some = files[:_SOME]
    alone = taken(lambda: extraction_alone(some))
    yield alone.line("extraction alone", len(some))
    share = alone.processors / len(some) * count / whole.processors
    yield f"  share of it       {share:8.2f} of the processors' time is extraction"
    yield f"  bare executemany  {bare_inserts(report.db, folder):8.0f} documents/s"
    yield f"  peak memory       {memory.most / 1e6:8.0f} MB in all processes"
    yield f"  database          {report.db.stat().st_size / 1e6:8.0f} MB"
    yield from add_more(folder, count, report.db)


def build_here(folder: Path) -> BuildReport:
    """Builds ``in`` under `folder` into ``plans.db`` beside it, by the rules alone."""
    from corpus.build import build  # workers import this module, and need nothing of what writes a database

    return build([folder / "in"], folder / "plans.db", workers=WORKERS, models=False)


@contextmanager
def kept_or_temporary(kept: Path | None) -> Iterator[Path]:
    """A folder to work in: one that is kept, or one that is removed at the end."""
    if kept:
        kept.mkdir(parents=True, exist_ok=True)
        yield kept
        return
    with tempfile.TemporaryDirectory() as name:
        yield Path(name)


def main() -> None:
    """The command."""
    options = argparse.ArgumentParser(description="Measures whole builds.")
    options.add_argument("counts", nargs="*", type=int, default=[1000], metavar="COUNT")
    options.add_argument("--keep", type=Path, help="A folder for the corpora and databases, to be kept.")
    given = options.parse_args()
    for count in given.counts:
        kept = given.keep / str(count) if given.keep else None
        with kept_or_temporary(kept) as folder:
            for line in measure(count, folder):
                print(line, flush=True)


if __name__ == "__main__":
    main()
