"""PDF by pdfium: text with a box for every sign, tables by their ruling lines, pages without text by OCR."""

from __future__ import annotations

import ctypes
from collections.abc import Callable, Iterable
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, NamedTuple

from extract.readers.assemble import Assembler
from extract.readers.garble import is_rubbish, lacks_marks
from extract.readers.glyphs import Print, mended, with_stamps
from extract.readers.pdf_rules import Rule, ruling_lines
from extract.readers.pdf_text import Frame, Signs, frame_of, signs_of
from extract.records import ReadError, Source

if TYPE_CHECKING:
    import pypdfium2

    from extract.readers.ocr import Scan

MAX_PAGES = 3000
"""Beyond this a file is refused: no plan is that long, and reading it would hold up all others."""
_COVERS = 0.5
"""A picture over this share of the page is the page; a text with it is what some program read from it."""
_SPECK = 1e-6
_MOST_OBJECTS, _DEEPEST = 200, 5
"""How much of an annotation is looked at for words."""
_LEAST_LETTERS = 20
"""A page with fewer letters than this, and a picture on it, is a scan."""

Look = Callable[["pypdfium2.PdfPage", Frame, int], None]
"""Looks at a page while it is open; takes the page, its visible rectangle and its number."""


def read(data: bytes, path: str, sha256: str) -> Source:
    """A PDF with pages, boxes and tables. Raises `ReadError` (encrypted, malformed, too-many-pages, ...)."""
    rules: dict[int, list[Rule]] = {}

    def look(page: pypdfium2.PdfPage, frame: Frame, number: int) -> None:
        rules[number] = ruling_lines(page, frame)

    source = text_and_boxes(data, path, sha256, look)
    if not any(rules.values()):
        return source
    from extract.readers.pdf_tables import with_tables

    return with_tables(source, rules)


def text_and_boxes(data: bytes, path: str, sha256: str, look: Look | None = None) -> Source:
    """A PDF with pages and boxes, without tables. `look` is shown each page that has a text of its own."""
    document = open_document(data)
    try:
        pages = len(document)
        if pages > MAX_PAGES:
            raise ReadError("too-many-pages", f"The file has {pages} pages; at most {MAX_PAGES} are read. Split it.")
        out = Assembler()
        reader = _Reader(document, out, look)
        for number in range(1, pages + 1):
            reader.page(number)
        reader.finish()
        signed_at = _signing_time(document)
    finally:
        document.close()
    source = out.source(path, sha256, "application/pdf", signed_at)
    if out.fault and not source.text.strip():
        raise out.fault
    return source


def open_document(data: bytes) -> pypdfium2.PdfDocument:
    """The PDF in `data`, opened. Raises `ReadError` (encrypted, malformed)."""
    import pypdfium2
    import pypdfium2.raw as raw

    try:
        return pypdfium2.PdfDocument(data)
    except pypdfium2.PdfiumError:
        reason = raw.FPDF_GetLastError()
    if reason in (raw.FPDF_ERR_PASSWORD, raw.FPDF_ERR_SECURITY):
        raise ReadError("encrypted", "The PDF is locked by a password. Ask for a copy without one.")
    raise ReadError("malformed", "The PDF is broken and cannot be opened. Ask for it to be sent again.")


class _Waiting(NamedTuple):
    """A page that goes to Tesseract: its picture, and its own lines for where that cannot be read."""

    scan: Scan
    frame: Frame
    lines: list[Print]


@dataclass(slots=True)
class _Reader:
    """Adds pages to `out` in order. Scans wait for each other, since Tesseract takes several at a time."""

    document: pypdfium2.PdfDocument
    out: Assembler
    look: Look | None
    waiting: list[_Waiting] = field(default_factory=list)

    def page(self, number: int) -> None:
        """Reads one page."""
        import pypdfium2

        try:
            page = self.document[number - 1]
        except pypdfium2.PdfiumError:
            self.finish()
            self.out.warn(f"Page {number} is broken and was not read.")
            self.out.page(number, 0.0, 0.0, [], ocr=False)
            return
        try:
            page, original = self._with_stamps(page, number)
            frame = frame_of(page)
            text = page.get_textpage()
            signs = signs_of(text, frame)
            text.close()
            if _is_scan(page, signs.text[:original], frame):
                self._scan(page, number, frame, list(_lines(signs, original)))
                return
            self.finish()
            self.out.page(number, frame.width, frame.height, _lines(signs, original), ocr=False)
            if self.look:
                self.look(page, frame, number)
        finally:
            page.close()

    def _with_stamps(self, page: pypdfium2.PdfPage, number: int) -> tuple[pypdfium2.PdfPage, int | None]:
        """The page with what was stamped on it as its own, and how many signs it had before, if it has stamps."""
        import pypdfium2.raw as raw

        if not _has_stamps(page):
            return page, None
        # Numbers and days that were stamped on signing stand in annotations: pdfium reads them once flattened.
        original = _count(page)
        raw.FPDFPage_Flatten(page.raw, raw.FLAT_NORMALDISPLAY)
        page.close()
        return self.document[number - 1], original

    def _scan(self, page: pypdfium2.PdfPage, number: int, frame: Frame, lines: list[Print]) -> None:
        from extract.readers.ocr import is_full, scan_of

        self.waiting.append(_Waiting(scan_of(page, number), frame, lines))
        if is_full([one.scan for one in self.waiting]):
            self.finish()

    def finish(self) -> None:
        """Reads the scans that wait."""
        if not self.waiting:
            return
        from extract.readers.ocr import read_scans

        waiting, self.waiting = self.waiting, []
        for (scan, frame, own), read in zip(
            waiting, read_scans(self.document, [one.scan for one in waiting]), strict=True
        ):
            if isinstance(read, ReadError):
                self.out.lost(scan.number, read)
            lines, ocr = (own, False) if isinstance(read, ReadError) else (read, True)
            self.out.page(scan.number, frame.width, frame.height, lines, ocr=ocr)


def _is_scan(page: pypdfium2.PdfPage, text: str, frame: Frame) -> bool:
    """Whether what the page shows is to be had from its picture: no text, or a text layer that is rubbish."""
    if not has_letters(text):
        return _largest_picture(page) > 0
    if is_rubbish(text):
        return True
    return lacks_marks(text) and _largest_picture(page) > _COVERS * frame.width * frame.height


def _has_stamps(page: pypdfium2.PdfPage) -> bool:
    """Whether the page's annotations show words (a number, a day, a signature's lines), not pictures alone."""
    import pypdfium2.raw as raw

    for i in range(raw.FPDFPage_GetAnnotCount(page.raw)):
        annotation = raw.FPDFPage_GetAnnot(page.raw, i)
        try:
            objects = range(min(raw.FPDFAnnot_GetObjectCount(annotation), _MOST_OBJECTS))
            if any(_has_words(raw.FPDFAnnot_GetObject(annotation, k), _DEEPEST) for k in objects):
                return True
        finally:
            raw.FPDFPage_CloseAnnot(annotation)
    return False


def _has_words(item: ctypes.c_void_p, depth: int) -> bool:
    import pypdfium2.raw as raw

    kind = raw.FPDFPageObj_GetType(item)
    if kind != raw.FPDF_PAGEOBJ_FORM or not depth:
        return bool(kind == raw.FPDF_PAGEOBJ_TEXT)
    objects = range(min(raw.FPDFFormObj_CountObjects(item), _MOST_OBJECTS))
    return any(_has_words(raw.FPDFFormObj_GetObject(item, k), depth - 1) for k in objects)


def _count(page: pypdfium2.PdfPage) -> int:
    """How many signs a page has."""
    text = page.get_textpage()
    try:
        return int(text.count_chars())
    finally:
        text.close()


def has_letters(text: str) -> bool:
    """Whether a page's text holds more letters than a stamp or a page number."""
    return sum(map(str.isalpha, text[:2000])) >= _LEAST_LETTERS


def _lines(signs: Signs, original: int | None) -> Iterable[Print]:
    """The lines of a page; `original` signs are its own, those behind them were stamped on."""
    if original is None or original >= len(signs.text):
        return signs.prints() if signs.is_plain else mended(signs.glyphs())
    own, stamped = signs.parted(original)
    lines = list(own.prints() if own.is_plain else mended(own.glyphs()))
    return with_stamps(lines, mended(stamped.glyphs()))


def _largest_picture(page: pypdfium2.PdfPage) -> float:
    """The area in square points of the largest picture on the page; 0 where there is none."""
    import pypdfium2.raw as raw

    areas = [0.0]
    for picture in page.get_objects(filter=[raw.FPDF_PAGEOBJ_IMAGE], max_depth=3):
        left, bottom, right, top = picture.get_bounds()
        areas.append(max((right - left) * (top - bottom), _SPECK))
    return max(areas)


def _signing_time(document: pypdfium2.PdfDocument) -> str | None:
    """The first digital signature's own time, ISO 8601, from its dictionary (`D:20260415105335+07'00'`)."""
    import pypdfium2.raw as raw

    for i in range(max(raw.FPDF_GetSignatureCount(document.raw), 0)):
        signature = raw.FPDF_GetSignatureObject(document.raw, i)
        size = raw.FPDFSignatureObj_GetTime(signature, None, 0)
        if size <= 1:
            continue
        buffer = ctypes.create_string_buffer(size)
        raw.FPDFSignatureObj_GetTime(signature, buffer, size)
        digits = buffer.value.decode("ascii", "ignore").removeprefix("D:")
        if len(digits) >= 14 and digits[:14].isdigit():
            d = digits
            zone = d[14:20].replace("'", ":").rstrip(":")
            return f"{d[:4]}-{d[4:6]}-{d[6:8]}T{d[8:10]}:{d[10:12]}:{d[12:14]}{zone}"
    return None
