"""`kehoach serve` as a process of its own, for tests that look at its pages from outside."""

from __future__ import annotations

import re
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import IO

from tests.patience import SECONDS

ROOT = Path(__file__).resolve().parent.parent


@contextmanager
def started(database: Path, *options: str) -> Iterator[IO[str]]:
    """What `kehoach serve` over a database says, until it is left."""
    process = subprocess.Popen(
        [sys.executable, "-m", "kehoach", "serve", str(database), "--port", "0", *options],
        cwd=ROOT,
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        text=True,
    )
    try:
        assert process.stdout is not None
        yield process.stdout
    finally:
        process.terminate()
        assert process.wait(timeout=SECONDS) in (0, -15)


def address_in(line: str) -> str:
    """The address that a line gives."""
    match = re.search(r"http://127\.0\.0\.1:\d+/\S*", line)
    assert match, line
    return match.group()


@contextmanager
def served(database: Path, *options: str) -> Iterator[str]:
    """The address of `kehoach serve` over a database, until it is left."""
    with started(database, *options) as said:
        yield address_in(said.readline())


@contextmanager
def reviewed(database: Path, reviewer: str) -> Iterator[tuple[str, str]]:
    """The address of a server that is open for review, and the link that signs the reviewer in, once."""
    with started(database, "--review", "--as", reviewer) as said:
        yield address_in(said.readline()), address_in(said.readline())
