"""Scanned pages by the `tesseract` command: one thread a process, several pages a call, no files in between."""

from __future__ import annotations

import io
import os
import shutil
import subprocess
from collections.abc import Sequence
from itertools import groupby
from typing import TYPE_CHECKING, NamedTuple

from extract.readers.glyphs import Print
from extract.readers.ocr_ink import Ink
from extract.readers.ocr_lines import Word, is_doubtful_code, lines_of, words_of
from extract.records import ReadError

if TYPE_CHECKING:
    import pypdfium2
    from PIL.Image import Image

DPI = 200
MOST_PIXELS = 24_000_000
"""Of a page: one larger than A3 at 200 dpi is rendered more coarsely, since what is written that large can be read that
way. Of the pages of a call together: so many are held at a time."""
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

Edges = tuple[float, float, float, float]


class Scan(NamedTuple):
    """The picture of a page in grey: the page's number, its size in points, the picture's dots an inch."""

    number: int
    width: float
    height: float
    dpi: int
    picture: Image


def scan_of(page: pypdfium2.PdfPage, number: int) -> Scan:
    """The page of this number as a picture."""
    width, height = page.get_size()
    dpi = round(min(DPI, _POINTS * (MOST_PIXELS / max(width * height, 1.0)) ** 0.5))
    return Scan(number, width, height, dpi, _picture(page, dpi))


def is_full(scans: Sequence[Scan]) -> bool:
    """Whether another page as large as the last would be more than is read in one call."""
    sizes = [scan.picture.width * scan.picture.height for scan in scans]
    return bool(sizes) and sum(sizes) + sizes[-1] > MOST_PIXELS


def read_scans(document: pypdfium2.PdfDocument, scans: Sequence[Scan]) -> list[list[Print] | ReadError]:
    """For each page of `document` the lines that Tesseract reads on it, with boxes and doubts, or why there are none.

    The codes of the `ReadError`: ocr-unavailable where Tesseract or its Vietnamese data is missing, ocr-timeout,
    ocr-failed.
    """
    program = shutil.which("tesseract")
    if program is None:
        fault = ReadError("ocr-unavailable", f"The file is a scan, and Tesseract is not installed. {_HOW}")
        return [fault for _ in scans]
    out: list[list[Print] | ReadError] = []
    for _, group in groupby(scans, key=lambda scan: scan.dpi):
        out += _read_together(program, document, list(group))
    return out


def _read_together(
    program: str, document: pypdfium2.PdfDocument, scans: Sequence[Scan]
) -> list[list[Print] | ReadError]:
    """The pages in one call; where that fails each alone, so that one bad page costs no other."""
    try:
        tables = _tesseract(program, [scan.picture for scan in scans], scans[0].dpi, _PAGE)
        pages = [list(words_of(table, _POINTS / scan.dpi)) for table, scan in zip(tables, scans, strict=True)]
        _read_closer(program, document, scans, pages)
    except ReadError as fault:
        if len(scans) == 1:
            return [fault]
        return [read for scan in scans for read in _read_together(program, document, [scan])]
    return [
        list(lines_of(words, scan.number, scan.height, Ink(scan.picture, scan.dpi)))
        for words, scan in zip(pages, scans, strict=True)
    ]


def _read_closer(
    program: str, document: pypdfium2.PdfDocument, scans: Sequence[Scan], pages: Sequence[list[Word]]
) -> None:
    """Doubtful codes once more, alone and larger: what is read with more confidence stands, doubtful or not."""
    places: list[tuple[list[Word], int]] = []
    pictures: list[Image] = []
    for scan, words in zip(scans, pages, strict=True):
        doubtful = [i for i, word in enumerate(words) if is_doubtful_code(word)][:MOST_CLOSER]
        if not doubtful:
            continue
        page = document[scan.number - 1]
        try:
            pictures += [_picture(page, CLOSER_DPI, _around(words[i], scan)) for i in doubtful]
        finally:
            page.close()
        places += [(words, i) for i in doubtful]
    if not places:
        return
    for (words, i), table in zip(places, _tesseract(program, pictures, CLOSER_DPI, _LINE), strict=True):
        again = list(words_of(table, 1.0))
        if len(again) == 1 and again[0].confidence >= words[i].confidence + _SURER:
            words[i] = words[i]._replace(words=again[0].words, confidence=again[0].confidence)


def _around(word: Word, scan: Scan) -> Edges:
    """What is to be taken off the page's left, foot, right and head to leave a word with a little room."""
    left, foot, right, head = word.x0, scan.height - word.bottom, scan.width - word.x1, word.top
    return max(left - _ROOM, 0.0), max(foot - _ROOM, 0.0), max(right - _ROOM, 0.0), max(head - _ROOM, 0.0)


def _picture(page: pypdfium2.PdfPage, dpi: int, crop: Edges = (0.0, 0.0, 0.0, 0.0)) -> Image:
    """The page in grey, less what `crop` takes off its sides; pdfium itself turns colour into grey more slowly."""
    bitmap = page.render(scale=dpi / _POINTS, crop=crop)
    try:
        picture: Image = bitmap.to_pil().convert("L")
        return picture
    finally:
        bitmap.close()


def as_tiff(pictures: Sequence[Image]) -> bytes:
    """Pictures as the pages of one TIFF, packed in no way: nothing that has to be unpacked."""
    out = io.BytesIO()
    pictures[0].save(out, "TIFF", save_all=True, append_images=list(pictures[1:]))
    return out.getvalue()


def _tesseract(program: str, pictures: Sequence[Image], dpi: int, mode: str) -> list[str]:
    """Tesseract's table of words for each picture."""
    command = [program, "-", "-", "-l", "vie", "--dpi", str(dpi), "--psm", mode, "tsv"]
    environment = {**os.environ, "OMP_THREAD_LIMIT": "1"}
    seconds = SECONDS_A_PAGE * len(pictures)
    try:
        done = subprocess.run(
            command, input=as_tiff(pictures), capture_output=True, timeout=seconds, check=False, env=environment
        )
    except subprocess.TimeoutExpired:
        raise ReadError("ocr-timeout", "A scanned page took too long. Give a cleaner or smaller scan.") from None
    if done.returncode:
        if b"vie" in done.stderr:
            raise ReadError("ocr-unavailable", f"Tesseract has no Vietnamese data. {_HOW}")
        raise ReadError("ocr-failed", "Tesseract could not read a page of this scan. Give a cleaner copy.")
    return _parted(done.stdout.decode("utf-8", "replace"), len(pictures))


def _parted(table: str, pages: int) -> list[str]:
    """The rows of each page, by the second column of Tesseract's table."""
    rows: list[list[str]] = [[] for _ in range(pages)]
    for row in table.splitlines():
        page = row.split("\t", 2)[1:2]
        if page and page[0].isdecimal() and 1 <= int(page[0]) <= pages:
            rows[int(page[0]) - 1].append(row)
    return ["\n".join(page) for page in rows]
