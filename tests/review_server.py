"""`kehoach serve --review` as a process of its own, with an account beside the one that the link signs in."""

from __future__ import annotations

import re
import shutil
import subprocess
import sys
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

from datasette_plugins.desk import accounts
from tests.review_client import PASSWORD

if TYPE_CHECKING:
    pass


ROOT = Path(__file__).resolve().parent.parent


@dataclass(frozen=True, slots=True)
class Served:
    """A server that is open for review: its address, its one-time link, its database."""

    address: str
    link: str
    db: Path


def start(database: Path, folder: Path, *options: str) -> tuple[Served, subprocess.Popen[str]]:
    """`kehoach serve --review` over a copy of the database and the originals beside it."""
    db = folder / "plans.db"
    shutil.copy(database, db)
    shutil.copytree(database.with_suffix(".files"), db.with_suffix(".files"))
    accounts.put(folder / accounts.FILE, "binh", "Trần Văn Bình", PASSWORD)
    process = subprocess.Popen(
        [sys.executable, "-m", "kehoach", "serve", str(db), "--port", "0", "--as", "Lê Thị Chủ", "--review", *options],
        cwd=ROOT,
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        text=True,
    )
    assert process.stdout is not None
    address = process.stdout.readline().strip()
    match = re.search(r"http://\S+", process.stdout.readline())
    assert match, address
    return Served(address, match.group(), db), process
