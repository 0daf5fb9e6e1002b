"""Scanned pages by the `tesseract` command: one thread a process, no files in between."""

from __future__ import annotations

import os
import shutil
import subprocess
from typing import TYPE_CHECKING, cast

from extract.readers.glyphs import Print
from extract.readers.ocr_lines import Word, is_doubtful_code, lines_of, words_of
from extract.records import ReadError

if TYPE_CHECKING:
    import pypdfium2

DPI = 200
MOST_PIXELS = 24_000_000
"""A page larger than A3 at 200 dpi is rendered more coarsely: what is written that large can be read that way."""
CLOSER_DPI = 400
MOST_CLOSER = 5
"""So many doubtful codes of a page are read once more; a page with more of them is a bad scan as a whole."""
SECONDS_A_PAGE = 60
_PAGE, _LINE = "3", "7"
"""Tesseract's modes: find the page's own columns; one line."""
_ROOM = 4.0
_SURER = 10.0
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
    table = _tesseract(program, _picture(page, scale), round(scale * _POINTS), _PAGE)
    words = list(words_of(table, 1 / scale))
    doubtful = [i for i, word in enumerate(words) if is_doubtful_code(word)]
    for i in doubtful[:MOST_CLOSER]:
        words[i] = _closer(program, page, words[i])
    return list(lines_of(words, number, height))


def _closer(program: str, page: pypdfium2.PdfPage, word: Word) -> Word:
    """A doubtful code read once more, alone and larger: what is read with more confidence stands, doubtful or not."""
    width, height = page.get_size()
    edges = (word.x0, height - word.bottom, width - word.x1, word.top)
    scale = CLOSER_DPI / _POINTS
    around = (max(edge - _ROOM, 0.0) for edge in edges)
    picture = _picture(page, scale, cast("tuple[float, float, float, float]", tuple(around)))
    again = list(words_of(_tesseract(program, picture, CLOSER_DPI, _LINE), 1 / scale))
    if len(again) != 1 or again[0].confidence < word.confidence + _SURER:
        return word
    return word._replace(words=again[0].words, confidence=again[0].confidence)


def _picture(
    page: pypdfium2.PdfPage, scale: float, crop: tuple[float, float, float, float] = (0.0, 0.0, 0.0, 0.0)
) -> bytes:
    """The page, less what `crop` takes off its sides, in grey as a PGM file: nothing that has to be unpacked."""
    bitmap = page.render(scale=scale, grayscale=True, crop=crop)
    try:
        picture = bitmap.to_pil().convert("L")
        pixels: bytes = picture.tobytes()
        return b"P5\n%d %d\n255\n" % picture.size + pixels
    finally:
        bitmap.close()


def _tesseract(program: str, picture: bytes, dpi: int, mode: str) -> str:
    command = [program, "-", "-", "-l", "vie", "--dpi", str(dpi), "--psm", mode, "tsv"]
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
