"""Kills builds and compares what comes of them: ``python -m bench.kill [ROUNDS]`` (20 by default).

Each round starts a build of linked plans, kills it with SIGKILL at a random moment, builds again to the end, and
compares all exports with those of one undisturbed build. One round more kills a worker instead, one fills the disk
(a limit on file size stands for it). A reader of an older database looks on all the while and must see no fault.
"""

from __future__ import annotations

import contextlib
import os
import random
import resource
import shutil
import signal
import sqlite3
import subprocess
import sys
import tempfile
import threading
import time
from pathlib import Path

from bench.generate import write
from corpus.build import build
from corpus.export import FACTS, records
from corpus.opening import read_only

COUNT = 150
COMMIT = 20
"""Files between two commits here, so that most rounds leave something half-read to go on with."""
_CODE = (
    f"import sys\nimport corpus.loading\ncorpus.loading.COMMIT = {COMMIT}\nfrom corpus.build import build\n"
    "if __name__ == '__main__':\n    build([sys.argv[1]], sys.argv[2], workers=2)\n"
)
ROOT = Path(__file__).resolve().parent.parent


def dump(db: Path) -> str:
    """All exports of a database in one text."""
    connection = read_only(db)
    try:
        return "\n".join(repr(record) for what in FACTS for record in records(connection, what))
    finally:
        connection.close()


def start(folder: Path, db: Path, limit: int | None = None) -> subprocess.Popen[bytes]:
    """A build in a process group of its own; `limit` bounds the size of any file it writes."""

    def bound() -> None:
        os.setsid()
        if limit is not None:
            resource.setrlimit(resource.RLIMIT_FSIZE, (limit, limit))
            signal.signal(signal.SIGXFSZ, signal.SIG_IGN)

    script = folder.parent / "one_build.py"
    script.write_text(_CODE, encoding="utf-8")
    environment = {**os.environ, "PYTHONPATH": str(ROOT)}
    command = [sys.executable, str(script), str(folder), str(db)]
    return subprocess.Popen(command, preexec_fn=bound, env=environment, stderr=subprocess.DEVNULL)


def kill(process: subprocess.Popen[bytes], after: float) -> None:
    """SIGKILL to the build and its workers after so many seconds."""
    with contextlib.suppress(subprocess.TimeoutExpired):
        process.wait(after)
    with contextlib.suppress(ProcessLookupError):
        os.killpg(process.pid, signal.SIGKILL)
    process.wait()


def kill_worker(process: subprocess.Popen[bytes], after: float) -> int:
    """SIGKILL to one child of the build after so many seconds; returns how the build ended."""
    time.sleep(after)
    found = subprocess.run(["pgrep", "-P", str(process.pid)], capture_output=True, text=True, check=False)
    for child in found.stdout.split()[-1:]:
        with contextlib.suppress(ProcessLookupError):
            os.kill(int(child), signal.SIGKILL)
    return process.wait()


class Reader(threading.Thread):
    """Asks the database at `db` again and again; whatever goes wrong stands in `faults`."""

    def __init__(self, db: Path) -> None:
        super().__init__(daemon=True)
        self.db = db
        self.ended = threading.Event()
        self.asked = 0
        self.faults: list[str] = []

    def run(self) -> None:
        """Reads documents, findings and the search index, each time through a new connection."""
        while not self.ended.wait(0.02):
            try:
                with contextlib.closing(read_only(self.db)) as connection:
                    held = connection.execute("select count(*), sum(length(text)) from documents").fetchone()
                    connection.execute("select count(*) from findings join documents on documents.id = document")
                    connection.execute("select count(*) from documents_fts where documents_fts match 'ke'").fetchone()
                if not held[0]:
                    self.faults.append("no documents")
            except sqlite3.Error as fault:
                self.faults.append(str(fault))
            self.asked += 1


def disturbed(number: int, rounds: int, folder: Path, moment: float) -> str:
    """One build that comes to harm, the way its number says; returns what happened."""
    db = folder / "plans.db"
    if number < rounds:
        kill(start(folder / "in", db), moment)
        return f"killed after {moment:.2f} s"
    if number == rounds:
        ended = kill_worker(start(folder / "in", db), moment)
        assert ended == 0, "a build must outlive its worker"
        return f"a worker killed after {moment:.2f} s, the build ended with {ended}"
    ended = start(folder / "in", db, limit=1_000_000).wait()
    assert ended != 0, "a build on a full disk must say so"
    return f"disk full, the build ended with {ended}"


def main() -> None:
    """The command."""
    rounds = int(sys.argv[1]) if len(sys.argv) > 1 else 20
    rng = random.Random(5)
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        write(folder / "in", COUNT)
        begin = time.perf_counter()
        assert start(folder / "in", folder / "whole.db").wait() == 0
        took = time.perf_counter() - begin
        wanted = dump(folder / "whole.db")
        print(f"undisturbed: {took:.1f} s, {len(wanted):,} signs of exports")
        old = build([next((folder / "in").rglob("*.txt"))], folder / "old.db", workers=1).db
        for number in range(rounds + 2):
            shutil.copy(old, folder / "plans.db.new")
            os.replace(folder / "plans.db.new", folder / "plans.db")
            reader = Reader(folder / "plans.db")
            reader.start()
            kept = sqlite3.connect(f"file:{folder / 'plans.db'}?mode=ro", uri=True)
            told = disturbed(number, rounds, folder, took * rng.random())
            left = (folder / ".plans.db.building").exists()
            build([folder / "in"], folder / "plans.db", workers=2)
            assert kept.execute("select count(*) from documents").fetchone() == (1,), "who had the old one keeps it"
            kept.close()
            reader.ended.set()
            reader.join()
            same = dump(folder / "plans.db") == wanted
            gone_on = "gone on with" if left else "nothing was left half-way"
            print(f"{told}, {gone_on}: {'the same' if same else 'DIFFERENT'}; asked {reader.asked} times meanwhile")
            if not same or reader.faults:
                raise SystemExit("; ".join(reader.faults[:3]) or 1)
            shutil.rmtree(folder / "plans.files", ignore_errors=True)


if __name__ == "__main__":
    main()
