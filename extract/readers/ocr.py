"""Scanned pages by the `tesseract` command: one thread a process, no files in between."""

from __future__ import annotations

import os
import shutil
import subprocess
from typing import TYPE_CHECKING

from extract.readers.glyphs import Print
from extract.readers.ocr_lines import lines_of, words_of
from extract.records import ReadError

if TYPE_CHECKING:
    import pypdfium2

DPI = 200
MOST_PIXELS = 24_000_000
"""A page larger than A3 at 200 dpi is rendered more coarsely: what is written that large can be read that way."""
SECONDS_A_PAGE = 60
_POINTS = 72
_HOW = "Install it: apt-get install tesseract-ocr tesseract-ocr-vie"


def read_page(page: pypdfium2.PdfPage, number: int) -> list[Print]:
    """The lines that Tesseract reads on the page of this number, with boxes and doubts.

    Raises `ReadError`: ocr-unavailable where Tesseract or its Vietnamese data is missing, ocr-timeout, ocr-failed.
    """
    program = shutil.which("tesseract")
    if program is None:
        raise ReadError("ocr-unavailable", f"The file is a scan, and Tesseract is not installed. {_HOW}")
    width, height = page.get_size()
    scale = min(DPI / _POINTS, (MOST_PIXELS / max(width * height, 1.0)) ** 0.5)
    table = _tesseract(program, _picture(page, scale), round(scale * _POINTS))
    return list(lines_of(words_of(table, 1 / scale), number, height))


def _picture(page: pypdfium2.PdfPage, scale: float) -> bytes:
    """The page in grey as a PGM file: nothing is packed that Tesseract would have to unpack."""
    bitmap = page.render(scale=scale, grayscale=True)
    try:
        picture = bitmap.to_pil().convert("L")
        pixels: bytes = picture.tobytes()
        return b"P5\n%d %d\n255\n" % picture.size + pixels
    finally:
        bitmap.close()


def _tesseract(program: str, picture: bytes, dpi: int) -> str:
    command = [program, "-", "-", "-l", "vie", "--dpi", str(dpi), "--psm", "3", "tsv"]
    environment = {**os.environ, "OMP_THREAD_LIMIT": "1"}
    try:
        done = subprocess.run(
            command, input=picture, capture_output=True, timeout=SECONDS_A_PAGE, check=False, env=environment
        )
    except subprocess.TimeoutExpired:
        raise ReadError("ocr-timeout", "A scanned page took too long. Give a cleaner or smaller scan.") from None
    if done.returncode:
        if b"vie" in done.stderr:
            raise ReadError("ocr-unavailable", f"Tesseract has no Vietnamese data. {_HOW}")
        raise ReadError("ocr-failed", "Tesseract could not read a page of this scan. Give a cleaner copy.")
    return done.stdout.decode("utf-8", "replace")
