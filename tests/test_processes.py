"""Several processes on one port: they end together, one that dies is replaced, and what is decided is decided once."""

from __future__ import annotations

import os
import re
import signal
import sqlite3
import subprocess
import sys
import threading
import time
from collections.abc import Iterator
from contextlib import closing, contextmanager
from html import unescape
from pathlib import Path

import httpx
import pytest

from corpus.review import read_decisions, review_path
from datasette_plugins.desk import processes
from tests import desk_corpus
from tests.patience import SECONDS, waited
from tests.serving import ROOT, address_in

K = "/-/kehoach"
SERVING = "spawn_main"
pytestmark = pytest.mark.skipif(not Path("/proc/self/task").is_dir(), reason="looks into /proc")


@pytest.fixture(scope="module")
def database(tmp_path_factory: pytest.TempPathFactory) -> Path:
    path = tmp_path_factory.mktemp("processes") / "plans.db"
    desk_corpus.make(path)
    return path


@contextmanager
def server(database: Path, *options: str, number: int = 2) -> Iterator[subprocess.Popen[str]]:
    command = [sys.executable, "-m", "kehoach", "serve", str(database), "--port", "0", "--processes", str(number)]
    process = subprocess.Popen(
        [*command, *options], cwd=ROOT, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True
    )
    try:
        yield process
    finally:
        process.kill()
        process.communicate(timeout=SECONDS)


def said(process: subprocess.Popen[str]) -> str:
    assert process.stdout is not None
    return address_in(process.stdout.readline())


def serving(process: subprocess.Popen[str]) -> list[int]:
    """The processes that answer, or soon will."""
    children = Path(f"/proc/{process.pid}/task/{process.pid}/children").read_text().split()
    return [int(pid) for pid in children if SERVING in command_of(pid)]


def command_of(pid: str) -> str:
    """The command of a process; nothing where it has ended."""
    try:
        return Path(f"/proc/{pid}/cmdline").read_text()
    except (FileNotFoundError, ProcessLookupError):
        return ""


def both(process: subprocess.Popen[str]) -> list[int]:
    """The two processes that answer, when both were begun: one may answer before the other is there."""
    assert waited(lambda: len(serving(process)) == 2), serving(process)
    return serving(process)


def is_gone(pid: int) -> bool:
    try:
        return Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()[0] == "Z"
    except (FileNotFoundError, ProcessLookupError):
        return True


@pytest.mark.parametrize("how", [signal.SIGTERM, signal.SIGINT, signal.SIGKILL], ids=lambda how: how.name)
def test_all_end_with_the_one_that_was_started(database: Path, how: signal.Signals) -> None:
    with server(database) as process:
        address = said(process)
        assert httpx.get(address, timeout=SECONDS).status_code == 200
        children = both(process)
        process.send_signal(how)
        assert process.wait(timeout=SECONDS) == (-signal.SIGKILL if how is signal.SIGKILL else 0)
        assert waited(lambda: all(is_gone(pid) for pid in children))
        if how is not signal.SIGKILL:
            assert process.stderr is not None
            assert process.stderr.read() == ""
        with pytest.raises(httpx.ConnectError):
            httpx.get(address)


def test_a_process_that_dies_is_replaced(database: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("PYTHONDONTWRITEBYTECODE", "1")
    with server(database) as process:
        address = said(process)
        assert httpx.get(address, timeout=SECONDS).status_code == 200
        first = both(process)
        time.sleep(processes.SHORT_LIVED)
        os.kill(first[0], signal.SIGKILL)
        assert waited(lambda: len(set(serving(process)) - set(first)) == 1)
        assert all(httpx.get(address, timeout=SECONDS).status_code == 200 for _ in range(6))
        process.terminate()
        _, told = process.communicate(timeout=SECONDS)
    assert told == "a process of the server ended by signal 9 and was replaced\n"


def test_a_process_that_dies_at_once_ends_the_server(database: Path) -> None:
    with server(database) as process:
        said(process)
        others = both(process)
        os.kill(others[0], signal.SIGKILL)
        _, told = process.communicate(timeout=SECONDS)
        assert process.returncode not in (0, None)
        assert "A process of the server ended by signal 9 soon after it began. Start it again." in told
        assert "Traceback" not in told
        assert waited(lambda: all(is_gone(pid) for pid in others))


class Reviewer:
    """Someone who opens a connection of their own for each thing they do, so that any process may answer."""

    def __init__(self, link: str) -> None:
        self.root = link.partition(K)[0]
        self.link = link
        self.cookies: dict[str, str] = {}

    def sign_in(self) -> int:
        """Follows the link; the status of its answer."""
        answer = httpx.get(self.link, timeout=SECONDS)
        self.cookies |= dict(answer.cookies)
        return answer.status_code

    def get(self, path: str) -> str:
        answer = httpx.get(self.root + path, cookies=self.cookies, timeout=SECONDS)
        assert answer.status_code == 200, path
        return answer.text

    def decide(self, finding: str, note: str) -> int:
        page = self.get(f"{K}/finding/{finding}")
        fields = {name: field(page, name) for name in ("form_token", "seen")} | {"kind": "note", "note": note}
        answer = httpx.post(
            f"{self.root}{K}/finding/{finding}/decide", data=fields, cookies=self.cookies, timeout=SECONDS
        )
        return answer.status_code


def field(page: str, name: str) -> str:
    match = re.search(rf'name="{name}" value="([^"]*)"', page)
    assert match, name
    return unescape(match[1])


def at_once(jobs: list[threading.Thread]) -> None:
    for job in jobs:
        job.start()
    for job in jobs:
        job.join(timeout=SECONDS)


def test_several_processes_review_as_one(database: Path) -> None:
    with closing(sqlite3.connect(database)) as db:
        findings = [str(row[0]) for row in db.execute("select id from findings order by id limit 2")]
    with server(database, "--review", "--as", "Lê Thị Chủ", number=3) as process:
        said(process)
        link = said(process)
        people = [Reviewer(link) for _ in range(6)]
        statuses: list[int] = []
        at_once([threading.Thread(target=lambda one=one: statuses.append(one.sign_in())) for one in people])
        assert sorted(statuses) == [302, *[403] * 5], "the link signs in once, whichever process is asked"
        reviewer = next(one for one in people if one.cookies.get("ds_actor"))
        assert all("Lê Thị Chủ" in reviewer.get(f"{K}/findings") for _ in range(12)), "every process knows the session"
        notes = [f"ghi chú số {number:02d}" for number in range(24)]
        sent: list[tuple[str, int]] = []

        def send(note: str, finding: str) -> None:
            sent.append((note, reviewer.decide(finding, note)))

        at_once([threading.Thread(target=send, args=(note, findings[n % 2])) for n, note in enumerate(notes)])
        taken = [note for note, status in sent if status == 302]
        assert {status for _, status in sent} <= {302, 409}, "a note is taken, or its writer told what came between"
        assert len(sent) == len(notes)
        assert taken
        kept = [decision.note for decision in read_decisions(review_path(database))]
        assert sorted(map(str, kept)) == sorted(taken), "every note that was taken is kept, once"
        last = [
            [note for note in taken if note in reviewer.get(f"{K}/finding/{key}")] for key in findings for _ in "123"
        ]
        assert all(sorted(last[n] + last[n + 3]) == sorted(taken) for n in range(3)), "every process shows them all"


def test_a_small_database_is_served_by_one_process(database: Path) -> None:
    assert processes.number_for(database) == 1


def test_a_large_database_is_served_by_a_process_for_each_core(database: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(processes, "LARGE", 1)
    for cores, number in ((1, 1), (2, 2), (16, processes.MOST)):
        monkeypatch.setattr(os, "sched_getaffinity", lambda _, cores=cores: set(range(cores)), raising=False)
        assert processes.number_for(database) == number
