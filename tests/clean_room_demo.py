"""Start `make demo` as a user would, open its pages, press Ctrl-C, and see that it ends cleanly.

    python3 clean_room_demo.py TREE [PORT]

Standard library only: it runs where nothing is installed. Used by clean_room.sh.
"""

from __future__ import annotations

import html
import os
import random
import re
import signal
import socket
import subprocess
import sys
import tempfile
import time
import urllib.request
from pathlib import Path
from typing import IO

SECONDS_TO_START = 900
SECONDS_TO_STOP = 120
PAGES = 5


class DemoError(Exception):
    """The demo did not do what it should."""


def until_it_serves(demo: subprocess.Popen[bytes], said: IO[bytes], address: str) -> None:
    """Wait for the address in what the demo says."""
    end = time.monotonic() + SECONDS_TO_START
    while address not in words(said):
        if demo.poll() is not None:
            raise DemoError(f"it ended with {demo.returncode} before it served")
        if time.monotonic() > end:
            raise DemoError(f"it did not print {address} within {SECONDS_TO_START} s")
        time.sleep(0.5)


def words(said: IO[bytes]) -> str:
    """Return what the demo has said so far."""
    return Path(said.name).read_text("utf-8", "replace")


def open_page(address: str) -> str:
    """Return a page; its failure is the demo's."""
    for attempt in range(10):
        try:
            with urllib.request.urlopen(address, timeout=120) as answer:
                return str(answer.read().decode("utf-8"))
        except ConnectionRefusedError as error:
            if attempt == 9:
                raise DemoError(f"{address}: {error}") from error
        except OSError as error:
            if "refused" not in str(error) or attempt == 9:
                raise DemoError(f"{address}: {error}") from error
        time.sleep(1)
    raise AssertionError("unreachable")


def look_around(address: str) -> int:
    """Open the home page and the first pages that it links to; return how many were opened."""
    home = open_page(address)
    hrefs = [html.unescape(href) for href in re.findall(r'<a[^>]+href="(/[^"#]*)"', home)]
    pages = [href for href in dict.fromkeys(hrefs) if href != "/"][:PAGES]
    if not pages:
        raise DemoError("its home page links to nothing")
    for href in pages:
        open_page(address.rstrip("/") + href)
    return 1 + len(pages)


def interrupt(demo: subprocess.Popen[bytes]) -> int:
    """Press Ctrl-C, which reaches every process of the terminal, and return the exit code."""
    os.killpg(demo.pid, signal.SIGINT)
    try:
        return demo.wait(SECONDS_TO_STOP)
    except subprocess.TimeoutExpired:
        os.killpg(demo.pid, signal.SIGKILL)
        raise DemoError(f"it did not stop within {SECONDS_TO_STOP} s of Ctrl-C") from None


def try_demo(tree: str, port: int, said: IO[bytes]) -> str:
    """Run the demo of the tree from start to end; return a sentence on what was seen."""
    address = f"http://127.0.0.1:{port}"
    begun = time.monotonic()
    demo = subprocess.Popen(
        ["make", "-C", tree, "demo", f"PORT={port}"],
        stdin=subprocess.DEVNULL,
        stdout=said,
        stderr=subprocess.STDOUT,
        start_new_session=True,
        # A shell starts what runs in its background with SIGINT ignored; a terminal does not.
        preexec_fn=lambda: signal.signal(signal.SIGINT, signal.SIG_DFL),
    )
    try:
        until_it_serves(demo, said, address)
        opened = look_around(address)
        served = time.monotonic() - begun
        code = interrupt(demo)
    finally:
        if demo.poll() is None:
            os.killpg(demo.pid, signal.SIGKILL)
    if code not in (0, 130, -signal.SIGINT):
        raise DemoError(f"it ended with {code} on Ctrl-C")
    if noise := re.search(r"Traceback|\*\*\*|KeyboardInterrupt", words(said)):
        raise DemoError(f"it said {noise[0]!r}")
    with socket.socket() as probe:
        if probe.connect_ex(("127.0.0.1", port)) == 0:
            raise DemoError(f"something still listens on port {port}")
    return f"make demo served {opened} pages {served:.0f} s after it was started and stopped cleanly on Ctrl-C"


def free_port() -> int:
    """Return a port that nothing listens on, below those that the system gives to programs that ask for any."""
    for _ in range(100):
        port = random.randrange(20_000, 32_000)
        with socket.socket() as probe:
            if probe.connect_ex(("127.0.0.1", port)) != 0:
                return port
    raise SystemExit("no port is free")


def main() -> int:
    """Try the demo; 1 with the reason and its last words where it failed."""
    port = int(sys.argv[2]) if len(sys.argv) > 2 else free_port()
    with tempfile.NamedTemporaryFile(prefix="demo-", suffix=".log") as said:
        try:
            sys.stdout.write(try_demo(sys.argv[1], port, said) + ".\n")
        except DemoError as error:
            sys.stderr.write(f"make demo: {error}. It said:\n{words(said)[-3000:]}\n")
            return 1
    return 0


if __name__ == "__main__":
    sys.exit(main())
