"""Reading in worker processes with limits of time, memory and pages for each file.

A file is what its sender made of it: a parser may hang, take all memory or crash on it. So files are read in workers
that are reused while they behave, and killed with all that they started and replaced when one file goes beyond its
limits; that file ends in a `ReadError`, the others go on. What a worker leaves in its temporary folder goes with it.

    for path, read in read_limited(["a.pdf", "b.docx"], workers=2):
        ...  # a Source, or the ReadError that says why there is none
"""

from __future__ import annotations

import os
import shutil
import signal
import sys
import tempfile
import threading
import time
from collections import deque
from collections.abc import Callable, Iterable, Iterator
from contextlib import suppress
from dataclasses import dataclass
from multiprocessing import get_context
from multiprocessing.connection import Connection, wait
from pathlib import Path
from typing import Generic, TypeVar

from extract.records import KehoachError, ReadError, Source

R = TypeVar("R")
Work = Callable[[str], R]
"""What is done with a path in a worker; must be importable, for workers to have it."""

_LOOK = 0.2
"""Seconds between two looks at the memory and the time of busy workers."""
_GRACE = 2.0
"""Seconds that an idle worker has to end by itself."""
_AHEAD = 16
"""Files a worker may be ahead of the one whose turn it is."""
_BUSY = 0.1
"""Seconds of work that a worker is given in advance, so that it never waits for the process that asks."""
_PLAIN = 5_000_000
"""Bytes of plain text that are read without a worker: nothing in it can harm."""
_WORN = 0.5
"""A worker that keeps more than this share of the memory allowed after a file is replaced."""
_MEGABYTE = 1024 * 1024


@dataclass(frozen=True, slots=True, kw_only=True)
class Limits:
    """What a file may take. Time grows with a PDF's pages, since each may be a scan."""

    seconds: float = 120.0
    seconds_a_page: float = 5.0
    most_seconds: float = 1800.0
    megabytes: int = 1500
    address_megabytes: int = 6000
    """Address space of a worker and of each program that it calls: a net under `megabytes`, which is resident."""

    def seconds_for(self, pages: int) -> float:
        """The time that a file of so many pages may take."""
        return min(self.seconds + pages * self.seconds_a_page, max(self.most_seconds, self.seconds))


@dataclass(frozen=True, slots=True)
class _Fault:
    code: str
    message: str


@dataclass(frozen=True, slots=True)
class _Allowed:
    """How long the file at hand may take."""

    seconds: float


def read_limited(
    paths: Iterable[str | Path], *, workers: int = 1, limits: Limits | None = None
) -> Iterator[tuple[str, Source | ReadError]]:
    """Each path with its `Source`, or with the `ReadError` that says why there is none, in the order of `paths`."""
    yield from run_limited(_read, map(str, paths), workers=workers, limits=limits, alone=is_plain)


def run_limited(
    work: Work[R],
    paths: Iterable[str],
    *,
    workers: int = 1,
    limits: Limits | None = None,
    alone: Callable[[str], bool] | None = None,
) -> Iterator[tuple[str, R | ReadError]]:
    """Each path with what `work` gives for it in a limited worker, or with a `ReadError`, in the order of `paths`.

    Paths for which `alone` holds are worked on in this process. Codes beside those of `work` itself: timeout, memory,
    crashed, too-deep, internal-error.
    """
    pool = _Pool(work, max(workers, 1), limits or Limits())
    try:
        yield from pool.run(iter(paths), alone or _never)
    finally:
        pool.close()


def _never(path: str) -> bool:
    return False


def is_plain(path: str) -> bool:
    """Whether a file is plain text of no great length, by its first bytes."""
    from extract.readers import sniff

    try:
        if os.path.getsize(path) > _PLAIN:
            return False
        with open(path, "rb") as file:
            head = file.read(4096)
    except OSError:
        return True  # why it cannot be read is soon said
    return sniff(head) == "text" and b"\x00" not in head


def _read(path: str) -> Source:
    from extract.readers import read

    return read(path, name=path.encode("utf-8", "surrogateescape").decode("utf-8", "replace"))


def _done(work: Work[R], path: str) -> R | _Fault:
    """What `work` gives, or its fault: whatever a parser raises must cost one file only."""
    try:
        return work(path)
    except KehoachError as fault:
        return _Fault(fault.code, fault.message)
    except MemoryError:
        return _Fault("memory", _TOO_MUCH)
    except RecursionError:
        return _Fault("too-deep", "The file is nested too deeply to be read. Save it anew and try again.")
    except Exception as fault:
        said = " ".join(str(fault).split())[:200]
        return _Fault("internal-error", f"Reading stopped at a fault of the program ({type(fault).__name__}: {said}).")


_TOO_MUCH = "Reading the file takes more memory than it may. It may be damaged; convert it, or split it."
_TOO_LONG = "Reading the file took longer than {:.0f} seconds. It may be damaged; convert it, or split it."
_DIED = "The program that read this file died of it. The file may be damaged; open it and save it anew."


def _pages(path: str) -> int:
    """The pages of a PDF that can be opened; else 0."""
    with open(path, "rb") as file:
        if b"%PDF-" not in file.read(1024):
            return 0
    import pypdfium2

    try:
        document = pypdfium2.PdfDocument(path)
    except (pypdfium2.PdfiumError, FileNotFoundError):
        return 0
    try:
        return len(document)
    finally:
        document.close()


def _serve(pipe: Connection, work: Work[R], folder: str, limits: Limits) -> None:
    """A worker's life: a path comes in; what was made of it goes out, before it the seconds that its pages may take."""
    with suppress(OSError):
        os.setsid()  # what it starts (Tesseract, LibreOffice) can be killed with it
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    os.environ["TMPDIR"] = tempfile.tempdir = folder
    _limit_address_space(limits.address_megabytes * _MEGABYTE)
    try:
        pipe.send(_Allowed(limits.seconds))  # the time of the first file begins when it can be worked on
        while True:
            path = pipe.recv()
            with suppress(OSError):
                pages = _pages(path)
                if pages:
                    pipe.send(_Allowed(limits.seconds_for(pages)))
            pipe.send(_done(work, path))
    except (EOFError, OSError):  # nobody is there any more: the end, or a death of the process that asked
        shutil.rmtree(folder, ignore_errors=True)


def _limit_address_space(limit: int) -> None:
    if sys.platform == "win32":
        return
    import resource

    with suppress(ValueError, OSError):
        resource.setrlimit(resource.RLIMIT_AS, (limit, limit))
    with suppress(ValueError, OSError):
        resource.setrlimit(resource.RLIMIT_CORE, (0, 0))


class _Worker(Generic[R]):
    """One process with its pipe, its temporary folder, and its files: the one that it is at, and those that follow."""

    def __init__(self, work: Work[R], limits: Limits) -> None:
        self.limits = limits
        self.folder = tempfile.mkdtemp(prefix="kehoach-read-")
        context = get_context("spawn")
        self.pipe, theirs = context.Pipe()
        self.process = context.Process(target=_serve, args=(theirs, work, self.folder, limits), daemon=True)
        self.process.start()
        theirs.close()
        self.files: deque[tuple[int, str]] = deque()
        self.allowed = limits.seconds
        self.since = 0.0
        self.pace = _BUSY
        """Seconds that it takes for a file, the last ones counting most."""

    def has_room(self) -> bool:
        """Whether it has less to do than it may have in advance."""
        return len(self.files) < 1 + min(int(_BUSY / self.pace), _AHEAD // 2)

    def give(self, number: int, path: str) -> None:
        """Has it work on the path that stands at `number`, after those that it has already."""
        if not self.files:
            self.allowed, self.since = self.limits.seconds, time.monotonic()
        self.files.append((number, path))
        with suppress(OSError):  # one that died meanwhile is found by its closed pipe
            self.pipe.send(path)

    def finished(self) -> int:
        """The number of the file that it has come to an end with; the next one's time begins."""
        now = time.monotonic()
        self.pace = max(0.7 * self.pace + 0.3 * (now - self.since), 0.001)
        self.allowed, self.since = self.limits.seconds, now
        return self.files.popleft()[0]

    def over_limit(self) -> _Fault | None:
        """Which limit its file has passed, if any."""
        if time.monotonic() - self.since > self.allowed:
            return _Fault("timeout", _TOO_LONG.format(self.allowed))
        if _resident(self.process.pid) > self.limits.megabytes * _MEGABYTE:
            return _Fault("memory", _TOO_MUCH)
        return None

    def end(self) -> None:
        """Ends it with all that it started, and removes what it left."""
        idle = not self.files
        self.pipe.close()
        if idle:
            self.process.join(_GRACE)
        for pid in _session(self.process.pid):
            with suppress(ProcessLookupError, PermissionError):
                os.kill(pid, signal.SIGKILL)
        if self.process.is_alive():
            self.process.kill()
        self.process.join()
        self.process.close()
        shutil.rmtree(self.folder, ignore_errors=True)


def _session(leader: int | None) -> list[int]:
    """The processes of the session that `leader` leads, whatever groups they made for themselves."""
    found = []
    for folder in Path("/proc").glob("[0-9]*"):
        with suppress(OSError, IndexError, ValueError):
            fields = (folder / "stat").read_text(encoding="utf-8", errors="replace").rpartition(")")[2].split()
            if int(fields[3]) == leader:
                found.append(int(folder.name))
    return found


def _resident(pid: int | None) -> int:
    """The resident memory of a process in bytes; 0 where the system does not say."""
    try:
        with open(f"/proc/{pid}/statm", "rb") as file:
            return int(file.read().split()[1]) * os.sysconf("SC_PAGE_SIZE")
    except (OSError, IndexError, ValueError):
        return 0


class _Pool(Generic[R]):
    """Workers that are started when they are first needed and replaced when one is lost."""

    def __init__(self, work: Work[R], workers: int, limits: Limits) -> None:
        self.work = work
        self.limits = limits
        self.most = workers
        self.workers: list[_Worker[R]] = []
        self.done: dict[int, R | _Fault] = {}
        self.looked = 0.0

    def run(self, paths: Iterator[str], alone: Callable[[str], bool]) -> Iterator[tuple[str, R | ReadError]]:
        """The results in the order of `paths`."""
        under_way: deque[tuple[int, str]] = deque()
        waiting: deque[tuple[int, str]] = deque()
        number, more = 0, True
        while True:
            while more and len(under_way) < self.most * _AHEAD:
                path = next(paths, None)
                if path is None:
                    more = False
                    break
                under_way.append((number, path))
                if alone(path):
                    self.done[number] = _done(self.work, path)
                else:
                    waiting.append((number, path))
                number += 1
            if not under_way:
                return
            self._hand_out(waiting)
            while under_way and under_way[0][0] in self.done:
                number_, path = under_way.popleft()
                made = self.done.pop(number_)
                yield path, ReadError(made.code, made.message) if isinstance(made, _Fault) else made
            if any(worker.files for worker in self.workers):
                self._look(waiting)

    def _hand_out(self, waiting: deque[tuple[int, str]]) -> None:
        while waiting:
            least = min(self.workers, key=lambda worker: len(worker.files), default=None)
            if least is None or (least.files and len(self.workers) < self.most):
                least = _Worker(self.work, self.limits)
                self.workers.append(least)
            elif not least.has_room():
                return
            least.give(*waiting.popleft())

    def _look(self, waiting: deque[tuple[int, str]]) -> None:
        """Takes what workers have to say, for a moment; ends those that died or went over a limit."""
        busy = {worker.pipe: worker for worker in self.workers if worker.files}
        heard = wait(list(busy), _LOOK)
        for pipe in heard:
            if isinstance(pipe, Connection):
                self._hear(busy[pipe], waiting)
        now = time.monotonic()
        if now - self.looked < _LOOK:
            return
        self.looked = now
        for worker in [worker for worker in self.workers if worker.files]:
            fault = worker.over_limit()
            if fault:
                self._lose(worker, fault, waiting)

    def _hear(self, worker: _Worker[R], waiting: deque[tuple[int, str]]) -> None:
        try:
            said = worker.pipe.recv()
        except (EOFError, OSError):
            self._lose(worker, _Fault("crashed", _DIED), waiting)
            return
        if isinstance(said, _Allowed):
            worker.allowed, worker.since = said.seconds, time.monotonic()
        elif worker.files:
            self.done[worker.finished()] = said
            if _resident(worker.process.pid) > _WORN * self.limits.megabytes * _MEGABYTE:
                self._dismiss(worker, waiting)

    def _lose(self, worker: _Worker[R], fault: _Fault, waiting: deque[tuple[int, str]]) -> None:
        if worker.files:
            self.done[worker.finished()] = fault
        self._dismiss(worker, waiting)

    def _dismiss(self, worker: _Worker[R], waiting: deque[tuple[int, str]]) -> None:
        """Ends a worker; what it had not come to is given to others."""
        waiting.extendleft(reversed(worker.files))
        self.workers.remove(worker)
        worker.end()

    def close(self) -> None:
        """Ends all workers."""
        while self.workers:
            self.workers.pop().end()


class OneByOne(Generic[R]):
    """One limited worker for questions that come one at a time from several threads, as a server has them.

    The worker starts with the first question, is kept while it behaves, and is replaced after a file that it died of.
    """

    def __init__(self, work: Work[R], limits: Limits | None = None) -> None:
        self._pool = _Pool(work, 1, limits or Limits())
        self._one = threading.Lock()

    def ask(self, question: str) -> R | ReadError:
        """What `work` gives for `question` within the limits, or the `ReadError` that says why there is nothing."""
        with self._one:
            ((_, made),) = self._pool.run(iter([question]), _never)
        return made

    def close(self) -> None:
        """Ends the worker."""
        with self._one:
            self._pool.close()
