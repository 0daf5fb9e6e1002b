"""Several processes that serve one corpus on one port, so that all cores of the machine answer.

One process of Python keeps about one core busy. The processes share the socket that listens: who is free takes the next
visitor, and visitors who wait are not lost where a process ends. Each keeps what it works out for itself; what was
decided is read from `review.db` by all.
"""

from __future__ import annotations

import logging
import os
import secrets
import socket
import tempfile
import threading
import time
from collections.abc import Sequence
from dataclasses import dataclass, field
from multiprocessing import get_context, parent_process
from multiprocessing.connection import wait
from multiprocessing.context import SpawnProcess
from pathlib import Path

from datasette_plugins.desk.reviewing import Review
from extract.records import KehoachError

log = logging.getLogger(__name__)
LARGE = 256 * 1024 * 1024
"""Bytes of a database from which on more than one process serves it by itself: some 7,000 documents."""
MOST = 4
"""Processes that are started without being asked for: each takes memory for what it works out beforehand."""
SHORT_LIVED = 10.0
"""Seconds. A process that ends sooner would end again: it is not replaced."""
_GRACE = 6.0
"""Seconds that a process is given to answer its last visitors."""


@dataclass(frozen=True, slots=True)
class Served:
    """What each process is told: the database, the path below which it is served, and what all of them share."""

    db: Path
    base_url: str
    owner: str | None = None
    """With review: whom the link signs in."""
    token: str | None = None
    ticket: Path | None = None
    """A file that goes away when the link is used."""
    secret: str = field(default_factory=lambda: secrets.token_hex(32))
    """Signs the sessions and the forms."""


def number_for(db: Path) -> int:
    """How many processes serve `db` where nobody says: one for each core, at most `MOST`; one for a small database.

    >>> number_for(Path(__file__))
    1
    """
    if db.stat().st_size < LARGE:
        return 1
    cores = len(os.sched_getaffinity(0)) if hasattr(os, "sched_getaffinity") else os.cpu_count() or 1
    return max(1, min(cores, MOST))


def serve(sock: socket.socket, db: Path, base_url: str, review: Review | None, number: int) -> None:
    """Serves on `sock` by `number` processes until Ctrl-C or SIGTERM.

    A process that ends by itself is replaced. Raises `KehoachError` where one ends soon after it began.
    """
    with tempfile.TemporaryDirectory(prefix="kehoach-serve-") as folder:
        ticket = Path(folder, "ticket") if review else None
        if ticket is not None:
            ticket.touch(mode=0o600)
        served = Served(db, base_url, review.owner if review else None, review.token if review else None, ticket)
        children = [_Child.begin(sock, served) for _ in range(number)]
        try:
            while True:
                wait([child.process.sentinel for child in children])
                children = [_kept(child, sock, served) for child in children]
        finally:
            _end([child.process for child in children])


@dataclass(frozen=True, slots=True)
class _Child:
    process: SpawnProcess
    began: float

    @classmethod
    def begin(cls, sock: socket.socket, served: Served) -> _Child:
        process = get_context("spawn").Process(target=_run, args=(sock, served), name="kehoach serve")
        process.start()
        return cls(process, time.monotonic())


def _kept(child: _Child, sock: socket.socket, served: Served) -> _Child:
    """The child, or the one that takes its place where it has ended."""
    if child.process.is_alive():
        return child
    child.process.join()
    code = child.process.exitcode or 0
    how = f"by signal {-code}" if code < 0 else f"with code {code}"
    if time.monotonic() - child.began < SHORT_LIVED:
        raise KehoachError("server-ended", f"A process of the server ended {how} soon after it began. Start it again.")
    log.warning("a process of the server ended %s and was replaced", how)
    return _Child.begin(sock, served)


def _end(processes: Sequence[SpawnProcess]) -> None:
    """Ends the processes: those that do not end in time are killed."""
    for process in processes:
        process.terminate()
    until = time.monotonic() + _GRACE
    for process in processes:
        process.join(max(0.0, until - time.monotonic()))
        if process.is_alive():
            process.kill()
            process.join()


def _run(sock: socket.socket, served: Served) -> None:
    """One process: serves until it is told to end, or the process that began it has gone."""
    from datasette_plugins.desk.serve import asgi, review_for, run

    threading.Thread(target=_end_with_parent, daemon=True).start()
    review = None
    if served.owner is not None:
        review = review_for(served.db, served.owner)
        review.token, review.ticket = served.token, served.ticket
    run(sock, asgi(served.db, served.base_url, review, served.secret))


def _end_with_parent() -> None:
    """Waits for the end of the process that began this one, which may have been killed."""
    import signal

    parent = parent_process()
    if parent is not None:
        wait([parent.sentinel])
        os.kill(os.getpid(), signal.SIGTERM)
