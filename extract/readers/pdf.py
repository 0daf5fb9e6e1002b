"""PDF by pdfium: text with a box for every sign, tables by their ruling lines, pages without text by OCR."""

from __future__ import annotations

import ctypes
from collections.abc import Iterator
from typing import TYPE_CHECKING

from extract.readers.assemble import Assembler
from extract.readers.glyphs import Glyph, lines_of
from extract.readers.pdf_rules import Rule, ruling_lines
from extract.records import ReadError, Source

if TYPE_CHECKING:
    import pypdfium2

MAX_PAGES = 3000
"""Beyond this a file is refused: no plan is that long, and reading it would hold up all others."""
_LEAST_LETTERS = 20
"""A page with fewer letters than this, and a picture on it, is a scan."""
def read(data: bytes, path: str, sha256: str) -> Source:
    """A PDF with pages, boxes and tables. Raises `ReadError` (encrypted, malformed, too-many-pages, ...)."""
    document = _open(data)
    try:
        pages = len(document)
        if pages > MAX_PAGES:
            raise ReadError("too-many-pages", f"The file has {pages} pages; at most {MAX_PAGES} are read. Split it.")
        out = Assembler()
        rules: dict[int, list[Rule]] = {}
        for number in range(1, pages + 1):
            rules[number] = _read_page(document, number, out)
        signed_at = _signing_time(document)
    finally:
        document.close()
    source = out.source(path, sha256, "application/pdf", signed_at)
    if not any(rules.values()):
        return source
    from extract.readers.pdf_tables import with_tables

    return with_tables(source, rules)


def _open(data: bytes) -> pypdfium2.PdfDocument:
    import pypdfium2
    import pypdfium2.raw as raw

    try:
        return pypdfium2.PdfDocument(data)
    except pypdfium2.PdfiumError:
        reason = raw.FPDF_GetLastError()
    if reason in (raw.FPDF_ERR_PASSWORD, raw.FPDF_ERR_SECURITY):
        raise ReadError("encrypted", "The PDF is locked by a password. Ask for a copy without one.")
    raise ReadError("malformed", "The PDF is broken and cannot be opened. Ask for it to be sent again.")


def _read_page(document: pypdfium2.PdfDocument, number: int, out: Assembler) -> list[Rule]:
    """Adds one page to `out` and gives its ruling lines."""
    import pypdfium2
    import pypdfium2.raw as raw

    try:
        page = document[number - 1]
    except pypdfium2.PdfiumError:
        out.warn(f"page {number} cannot be opened")
        out.page(number, 0.0, 0.0, [], ocr=False)
        return []
    try:
        width, height = page.get_size()
        original = page.get_textpage().count_chars()
        if raw.FPDFPage_GetAnnotCount(page.raw):
            # Numbers and days that were stamped on signing stand in annotations: pdfium reads them once flattened.
            raw.FPDFPage_Flatten(page.raw, raw.FLAT_NORMALDISPLAY)
            page.close()
            page = document[number - 1]
        glyphs = list(_glyphs(page, height))
        if sum(glyph.sign.isalpha() for glyph in glyphs[:original]) >= _LEAST_LETTERS or not _has_picture(page):
            out.page(number, width, height, lines_of(glyphs, original, width), ocr=False)
            return ruling_lines(page)
        from extract.readers.ocr import read_page

        out.page(number, width, height, read_page(page), ocr=True)
        return []
    finally:
        page.close()


def _glyphs(page: pypdfium2.PdfPage, height: float) -> Iterator[Glyph]:
    """Every sign of a page with its box, in pdfium's order; a box of no width where pdfium made the sign up."""
    import pypdfium2.raw as raw

    text = page.get_textpage()
    handle, box = text.raw, raw.FS_RECTF()
    pointer = ctypes.byref(box)
    sign_at, box_at = raw.FPDFText_GetUnicode, raw.FPDFText_GetLooseCharBox
    left, bottom, right, top = page.get_bbox()
    for i in range(text.count_chars()):
        code = sign_at(handle, i)
        if not code or 0xD800 <= code <= 0xDFFF:
            continue
        if box_at(handle, i, pointer) and box.right > box.left:
            yield Glyph(chr(code), box.left - left, top - box.top, box.right - left, top - box.bottom)
        else:
            yield Glyph(chr(code), -1.0, -1.0, -1.0, -1.0)


def _has_picture(page: pypdfium2.PdfPage) -> bool:
    import pypdfium2.raw as raw

    return any(True for _ in page.get_objects(filter=[raw.FPDF_PAGEOBJ_IMAGE], max_depth=3))


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


__all__ = ["MAX_PAGES", "read"]
