"""Scanned pages by the `tesseract` command: words with their boxes, one thread a process."""

from __future__ import annotations

import io
import os
import shutil
import subprocess
from collections.abc import Iterator
from typing import TYPE_CHECKING

from extract.readers.glyphs import Glyph, Line, Print, as_print
from extract.records import ReadError

if TYPE_CHECKING:
    import pypdfium2

DPI = 200
SECONDS_A_PAGE = 120
_HOW = "Install it: apt-get install tesseract-ocr tesseract-ocr-vie"


def read_page(page: pypdfium2.PdfPage) -> list[Print]:
    """The lines that Tesseract reads on a page. Raises `ReadError` ocr-unavailable where it is not installed."""
    program = shutil.which("tesseract")
    if program is None:
        raise ReadError("ocr-unavailable", f"The file is a scan, and Tesseract is not installed. {_HOW}")
    picture = io.BytesIO()
    page.render(scale=DPI / 72, grayscale=True).to_pil().save(picture, "PNG", compress_level=1)
    command = [program, "-", "-", "-l", "vie", "--dpi", str(DPI), "--psm", "3", "tsv"]
    environment = {**os.environ, "OMP_THREAD_LIMIT": "1"}
    try:
        done = subprocess.run(
            command, input=picture.getvalue(), capture_output=True, timeout=SECONDS_A_PAGE, check=False, env=environment
        )
    except subprocess.TimeoutExpired:
        raise ReadError("ocr-timeout", "A scanned page took too long. Give a cleaner or smaller scan.") from None
    if done.returncode:
        said = done.stderr.decode("utf-8", "replace")
        if "vie" in said:
            raise ReadError("ocr-unavailable", f"Tesseract has no Vietnamese data. {_HOW}")
        raise ReadError("ocr-failed", "Tesseract could not read a page of this scan. Give a cleaner copy.")
    return list(map(as_print, _lines(done.stdout.decode("utf-8", "replace"))))


def _lines(table: str) -> Iterator[Line]:
    """The lines of print in Tesseract's table of words; each sign gets its share of its word's box."""
    scale = 72 / DPI
    line: Line = []
    current: tuple[str, ...] = ()
    for row in table.splitlines()[1:]:
        cells = row.split("\t", 11)
        if len(cells) < 12 or cells[0] != "5" or not cells[11].strip():
            continue
        where = tuple(cells[1:5])
        if where != current and line:
            yield line
            line = []
        current = where
        if line:
            line.append(Glyph(" ", -1.0, -1.0, -1.0, -1.0))
        x, top, width, height = (float(value) * scale for value in cells[6:10])
        word = cells[11].strip()
        step = width / len(word)
        line.extend(Glyph(sign, x + i * step, top, x + (i + 1) * step, top + height) for i, sign in enumerate(word))
    if line:
        yield line
