"""`kehoach serve`: its address, its end, new builds, other databases, and the plugin in a Datasette of one's own."""

from __future__ import annotations

import os
import re
import shutil
import signal
import socket
import subprocess
import sys
import urllib.request
from pathlib import Path

import pytest

from tests import desk_corpus
from tests.desk_client import Desk
from tests.patience import SECONDS

PACKAGE = Path(__file__).resolve().parent.parent / "datasette_plugins"
K = "/-/kehoach"


@pytest.fixture(scope="module")
def built(tmp_path_factory: pytest.TempPathFactory) -> tuple[Path, dict[str, str]]:
    path = tmp_path_factory.mktemp("desk") / "plans.db"
    return path, desk_corpus.make(path)


def test_a_new_build_is_noticed(tmp_path: Path) -> None:
    path = tmp_path / "plans.db"
    desk_corpus.make(path)
    desk = Desk(path)
    try:
        assert "4 văn bản, nhắc" not in desk.get("/").text
        desk_corpus.make(tmp_path / "new.db", hostile=True)
        os.replace(tmp_path / "new.db", path)
        assert "4 văn bản, nhắc" in desk.get("/").text
        assert desk.get("/plans/documents").text.count("KH-UBND") > 4
    finally:
        desk.close()


def test_another_database_is_refused_in_a_sentence(tmp_path: Path) -> None:
    import sqlite3

    from datasette_plugins.desk.serve import check
    from extract.records import KehoachError

    other = tmp_path / "other.db"
    sqlite3.connect(other).execute("create table t(x)").connection.close()
    text = tmp_path / "text.db"
    text.write_text("no database at all, but long enough to have a header " * 20)
    for path, words in (
        (other, "not made by kehoach build"),
        (text, "cannot be opened"),
        (tmp_path / "no.db", "no data"),
    ):
        with pytest.raises(KehoachError, match=words):
            check(path)


def test_plugins_dir_serves_the_same_pages(built: tuple[Path, dict[str, str]], tmp_path: Path) -> None:
    """Datasette's own command executes every file in the folder: it must register once, with templates and static."""
    command = [shutil.which("datasette", path=str(Path(sys.executable).parent)) or "datasette"]
    for path, words in (
        (f"{K}/findings", "được viện dẫn với hai ngày"),
        ("/-/static-plugins/datasette_plugins.desk/desk.css", "--accent"),
    ):
        done = subprocess.run(
            [*command, str(built[0]), "--plugins-dir", str(PACKAGE), "--get", path],
            cwd=tmp_path,
            capture_output=True,
            text=True,
            timeout=SECONDS,
            check=False,
        )
        assert done.returncode == 0, done.stderr
        assert words in done.stdout


def test_importing_and_executing_the_plugin_registers_it_once() -> None:
    import runpy

    from datasette.plugins import pm

    from datasette_plugins import desk as package
    from datasette_plugins import kehoach_desk

    runpy.run_path(str(PACKAGE / "kehoach_desk.py"))
    assert kehoach_desk.desk is package
    assert list(pm.get_plugins()).count(package) == 1


def start_serving(path: Path, port: str) -> tuple[subprocess.Popen[str], str]:
    """`kehoach serve` as a process of its own, and the first line that it prints."""
    process = subprocess.Popen(
        [sys.executable, "-m", "kehoach", "serve", str(path), "--port", port],
        cwd=PACKAGE.parent,
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        text=True,
    )
    assert process.stdout is not None
    return process, process.stdout.readline()


@pytest.mark.skipif(os.name != "posix", reason="signals")
@pytest.mark.parametrize("name", ["SIGINT", "SIGTERM"])
def test_serving_prints_its_address_and_stops_without_a_word(built: tuple[Path, dict[str, str]], name: str) -> None:
    process, line = start_serving(built[0], "0")
    address = line.strip()
    assert re.fullmatch(r"http://127\.0\.0\.1:\d+/", address)
    with urllib.request.urlopen(address, timeout=SECONDS) as answer:
        assert answer.status == 200, "who asks as soon as the address is printed waits for the answer"
    process.send_signal(getattr(signal, name))
    said, _ = process.communicate(timeout=SECONDS)
    assert process.returncode in (0, 130)
    assert "Traceback" not in said
    assert "Error" not in said


def test_a_port_that_is_taken_is_said_in_a_sentence(built: tuple[Path, dict[str, str]]) -> None:
    with socket.socket() as other:
        other.bind(("127.0.0.1", 0))
        other.listen()
        process, line = start_serving(built[0], str(other.getsockname()[1]))
        said, _ = process.communicate(timeout=SECONDS)
    assert process.returncode == 2
    assert "cannot listen on" in line
    assert "Traceback" not in said


def test_answers_leave_at_once_and_do_not_wait_for_the_readers_acknowledgement() -> None:
    """Headers and body go out apart; with Nagle's algorithm on, the second waits 40 ms for every page."""
    import asyncio

    from datasette_plugins.desk.serve import _listening

    async def told() -> int:
        sock = _listening("127.0.0.1", 0)
        seen: asyncio.Future[int] = asyncio.get_running_loop().create_future()

        async def answer(_: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
            own = writer.get_extra_info("socket")
            seen.set_result(own.getsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY))
            writer.close()

        server = await asyncio.start_server(answer, sock=sock)
        async with server:
            _, writer = await asyncio.open_connection(*sock.getsockname())
            found = await seen
            writer.close()
            return found

    assert asyncio.run(told())
