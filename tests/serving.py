"""`kehoach serve` as a process of its own, for tests that look at its pages from outside."""

from __future__ import annotations

import re
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent


@contextmanager
def served(database: Path, *options: str) -> Iterator[str]:
    """The address of `kehoach serve` over a database, until it is left."""
    process = subprocess.Popen(
        [sys.executable, "-m", "kehoach", "serve", str(database), "--port", "0", *options],
        cwd=ROOT,
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        text=True,
    )
    try:
        assert process.stdout is not None
        line = process.stdout.readline()
        match = re.search(r"http://127\.0\.0\.1:\d+/", line)
        assert match, line
        yield match.group()
    finally:
        process.terminate()
        assert process.wait(timeout=15) in (0, -15)
