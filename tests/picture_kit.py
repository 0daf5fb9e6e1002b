"""Three plans of the samples, two of them PDFs, and the pictures of their pages."""

from __future__ import annotations

import sqlite3
from collections.abc import Iterator
from contextlib import contextmanager
from io import BytesIO
from pathlib import Path

from PIL import Image

from corpus.build import build
from datasette_plugins.desk.page_images import pictures_of
from tests.desk_client import Desk

K = "/-/kehoach"
FILES = Path(__file__).resolve().parent.parent / "corpus" / "samples" / "files"
PLAN = FILES / "kh-tinh-2024.pdf"


def make(path: Path) -> Path:
    """The database of the plans, at this path."""
    build([PLAN, FILES / "kh-xa-khe-may-2024.pdf", FILES / "kh-xa-suoi-nga-2024.docx"], path, workers=1)
    return path


def ids_of(built: Path) -> dict[str, str]:
    """The documents of the plans by the names of their files."""
    with sqlite3.connect(built) as connection:
        return {Path(path).stem: ident for path, ident in connection.execute("select path, document from files")}


@contextmanager
def opened(built: Path) -> Iterator[Desk]:
    """The pages over the plans, and the worker that draws them."""
    desk = Desk(built)
    yield desk
    pictures_of(desk.app).close()
    desk.close()


def drawn(desk: Desk, path: str) -> Image.Image:
    """The picture at this address."""
    answer = desk.loop.run_until_complete(desk.app.client.get(path))
    assert answer.status_code == 200, answer.text[:300]
    assert answer.headers["content-type"] == "image/png"
    return Image.open(BytesIO(answer.content))
